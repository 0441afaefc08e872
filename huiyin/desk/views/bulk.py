"""The same thing to several rows at once; each says for itself whether it was done, and if not, why (A45)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.complaints.actions import keeping
from huiyin.complaints.errors import Refused
from huiyin.complaints.models import Complaint
from huiyin.desk import queries
from huiyin.desk.pages import Request, at_desk, show
from huiyin.dispatch.actions import handling
from huiyin.dispatch.models import WorkOrder
from huiyin.org.actors import Actor
from huiyin.org.models import Member

MOST = 200


@at_desk
@require_POST
def sign(request: Request) -> HttpResponse:
    """签收所选: one event for each order."""
    at = timezone.now()
    return _each(
        request, WorkOrder, lambda order: handling.sign(order, actor=Actor.of(request.user), at=at), _("已签收")
    )


@at_desk
@require_POST
def assign(request: Request) -> HttpResponse:
    """指定负责人: the same person for all the chosen complaints, where they may see them."""
    at, given = timezone.now(), request.POST.get("to", "")
    to = Member.objects.visible_to(request.user).active().filter(pk=int(given) if _is_number(given) else 0).first()
    if to is None:
        return _outcome(request, [{"number": "", "is_done": False, "words": _("请选择负责人。")}], status=422)
    person: Member = to
    actor = Actor.of(request.user)
    return _each(
        request,
        Complaint,
        lambda complaint: keeping.assign(complaint, to=person, actor=actor, at=at),
        _("负责人：%s") % person.name,
    )


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 18


def _each(request: Request, model: Any, act: Callable[[Any], object], done: str) -> HttpResponse:
    numbers = list(dict.fromkeys(request.POST.getlist("number")))[:MOST]
    found = queries.by_numbers([number[:40].replace("\x00", "") for number in numbers], model, request.user)
    lines = [_line(number, found.get(number), act, done) for number in numbers]
    return _outcome(request, lines or [{"number": "", "is_done": False, "words": _("没有选择任何一行。")}])


def _line(number: str, row: Any, act: Callable[[Any], object], done: str) -> dict[str, Any]:
    if row is None:
        return {"number": number[:40], "is_done": False, "words": _("没有找到，或您无权查看。")}
    complaint = getattr(row, "complaint", row)
    try:
        act(row)
    except Refused as refusal:
        return {"number": number, "complaint": complaint.number, "is_done": False, "words": str(refusal)}
    return {"number": number, "complaint": complaint.number, "is_done": True, "words": done}


def _outcome(request: Request, lines: list[dict[str, Any]], *, status: int = 200) -> HttpResponse:
    count = sum(1 for line in lines if line["is_done"])
    context = {
        "done": [line for line in lines if line["is_done"]],
        "refused": [line for line in lines if not line["is_done"]],
        "words": _("%(done)d 件完成，%(refused)d 件没有") % {"done": count, "refused": len(lines) - count},
    }
    return show(request, "desk/outcome.html", context, at=timezone.now(), status=status)
