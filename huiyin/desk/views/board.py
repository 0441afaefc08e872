"""督办看板: what breaks in the next hours, and what a supervisor may do about it from the row."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.complaints.actions import urging
from huiyin.complaints.errors import MayNot, Refused
from huiyin.desk.board import board_of
from huiyin.desk.order_deeds import ON_ORDERS
from huiyin.desk.pages import Request, at_desk, show, the_complaint
from huiyin.dispatch import rules as order_rules
from huiyin.dispatch.models import WorkOrder
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right, Role, may

HOURS = (2, 4, 8, 24)
FARTHEST = 24 * 14
DEEDS = {deed.noun: deed for deed in ON_ORDERS if deed.verb in {"nudge", "take_back", "reassign"}}


def may_open(member: Member) -> bool:
    """Those who supervise, and the leads of departments: they see what is theirs."""
    return may(member, Right.SUPERVISE) or member.has_role(Role.DEPT_LEAD)


@at_desk
@require_safe
def board(request: Request) -> HttpResponse:
    if not may_open(request.user):
        raise PermissionDenied
    at, hours = timezone.now(), _hours(request)
    unit, person = request.GET.get("unit", "")[:32], request.GET.get("person", "")[:150]
    found = board_of(request.user, hours=hours, unit=unit, person=person, at=at)
    kept = {"unit": unit, "person": person}
    context = {
        "board": found,
        "hours": hours,
        "choices": [{"hours": each, "url": _url(each, **kept), "is_on": each == hours} for each in HOURS],
        "is_own": hours not in HOURS,
        "units": [{"row": each, "url": _url(hours, unit=each.key), "is_on": each.key == unit} for each in found.units],
        "people": [
            {"row": each, "url": _url(hours, person=each.key), "is_on": each.key == person} for each in found.people
        ],
        "clear_url": _url(hours) if unit or person else "",
        "kept": [(name, value) for name, value in kept.items() if value],
        "here": request.get_full_path(),
    }
    return show(request, "desk/board.html", context, at=at)


def _hours(request: Request) -> int:
    asked = request.GET.get("hours", "")
    return min(max(int(asked), 1), FARTHEST) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 4


def _url(hours: int, **kept: str) -> str:
    chosen = {"hours": str(hours), **{name: value for name, value in kept.items() if value}}
    return f"{reverse('desk:board')}?{urlencode(chosen)}"


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Request, number: str, noun: str) -> HttpResponseBase:
    """One thing to the order of one row, or to the complaint itself; what came of it is said in the row."""
    if noun == "urging":
        return _urge(request, number)
    deed = DEEDS.get(noun)
    seen = WorkOrder.objects.visible_to(request.user).select_related("unit", "complaint", "assignee", "handler")
    order = seen.filter(number=number).first() if "\x00" not in number else None
    if deed is None or order is None:
        raise Http404
    order.complaint = the_complaint(request, order.complaint.number)
    form: Any = deed.form(
        request.POST if request.method == "POST" else None, complaint=order.complaint, member=request.user, order=order
    )
    context = {"deed": deed, "order": order, "form": form, "url": request.path}
    at = timezone.now()
    if request.method != "POST":
        return show(request, "desk/board_act.html", context, at=at)
    if not form.is_valid():
        return show(request, "desk/board_act.html", context, at=at, status=422)
    try:
        words = deed.do(order, form.cleaned_data, Actor.of(request.user), at)
    except Refused as refusal:
        status = 403 if isinstance(refusal, MayNot) or not _may(deed.verb, order, request.user) else 422
        return _said(request, context, str(refusal), is_done=False, status=status)
    return _said(request, context, words if isinstance(words, str) else str(deed.done), is_done=True, status=200)


def _urge(request: Request, number: str) -> HttpResponseBase:
    complaint = the_complaint(request, number)
    if request.method != "POST":
        return redirect("desk:deed", complaint.number, "urging")
    try:
        urging.urge(complaint, actor=Actor.of(request.user), at=timezone.now())
        words, status = gettext("已催办，等着办的人会收到通知。"), 200
    except Refused as refusal:
        words, status = str(refusal), 403 if isinstance(refusal, MayNot) else 422
    is_done = status == 200
    if request.htmx:
        context = {"words": words, "is_done": is_done}
        return show(request, "desk/board_outcome.html", context, at=timezone.now(), status=status)
    if status == 403:
        raise PermissionDenied(words)
    (messages.success if is_done else messages.warning)(request, words)
    return redirect("desk:board")


def _may(verb: str, order: WorkOrder, member: Member) -> bool:
    return order_rules.may_do(verb, order, member)


def _said(request: Request, context: dict[str, Any], words: str, *, is_done: bool, status: int) -> HttpResponseBase:
    if request.htmx:
        return show(
            request, "desk/board_outcome.html", {"words": words, "is_done": is_done}, at=timezone.now(), status=status
        )
    if is_done:
        messages.success(request, words)
        return redirect("desk:board")
    messages.warning(request, words)
    return show(request, "desk/board_act.html", context, at=timezone.now(), status=status)
