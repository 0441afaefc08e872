"""Before there is a complaint: who waits to be answered, and which paper waits to be typed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.complaints.errors import Refused
from huiyin.desk.pages import Request, at_desk, needs, show
from huiyin.intake.actions import papers as typing
from huiyin.intake.actions import queueing
from huiyin.intake.models import Paper, Waiting
from huiyin.lib import spans
from huiyin.org.actors import Actor
from huiyin.org.rules import Right
from huiyin.supervision.actions.queueing import need_of, patience

SHOWN = 100
DONE_SHOWN = 20


@at_desk
@needs(Right.FILE_COMPLAINT)
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: Request) -> HttpResponseBase:
    """Those who wait now, the longest first, with how many people the queue needs."""
    at, refusal = timezone.now(), ""
    if request.method == "POST":
        try:
            queueing.enter(
                reference=request.POST.get("reference", "").replace("\x00", "")[:200], unit=request.user.unit,
                way=request.POST.get("way", ""), actor=Actor.of(request.user), at=at,
            )  # fmt: skip
            messages.success(request, _("已开始计时。"))
            return redirect("desk:waiting")
        except Refused as refused:
            refusal = str(refused)
    seen = Waiting.objects.visible_to(request.user).select_related("unit")
    limit = patience()
    context: dict[str, Any] = {
        "rows": [
            {"row": each, "length": spans.words(each.lasted(at)), "is_long": each.lasted(at) > limit}
            for each in seen.waiting().order_by("entered_at")[:SHOWN]
        ],
        "done": [
            {"row": each, "length": spans.words(each.lasted(at)), "is_long": each.lasted(at) > limit}
            for each in seen.exclude(ended_at=None).select_related("answered_by").order_by("-ended_at")[:DONE_SHOWN]
        ],
        "need": need_of(request.user.unit, at=at),
        "limit": spans.words(limit),
        "ways": Waiting.Way.choices,
        "refusal": refusal,
        "typed": request.POST.get("reference", ""),
    }  # fmt: skip
    return show(request, "desk/waiting.html", context, at=at, status=422 if refusal else 200)


@at_desk
@needs(Right.FILE_COMPLAINT)
@require_POST
def answer(request: Request, pk: int) -> HttpResponseBase:
    row = Waiting.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    is_lost = request.POST.get("lost") == "on"
    queueing.answer(row, actor=Actor.of(request.user), at=timezone.now(), is_lost=is_lost)
    messages.success(request, _("已记为未等到。") if is_lost else _("已应答。"))
    return redirect("desk:waiting") if is_lost else redirect("desk:intake")


@at_desk
@needs(Right.FILE_COMPLAINT)
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: Request) -> HttpResponseBase:
    """Letters and forms on paper that are not typed yet, the oldest first."""
    at, refusal = timezone.now(), ""
    if request.method == "POST":
        try:
            label = request.POST.get("label", "").replace("\x00", "")[:400]
            typing.register(label=label, actor=Actor.of(request.user), at=at)
            messages.success(request, _("已登记，录入时限开始走。"))
            return redirect("desk:papers")
        except Refused as refused:
            refusal = str(refused)
    seen = Paper.objects.visible_to(request.user).select_related("unit", "registered_by")
    done = seen.exclude(confirmed_at=None).select_related("complaint", "confirmed_by").order_by("-confirmed_at")
    context = {
        "rows": [{"row": each, "is_late": each.is_late(at)} for each in seen.untyped()[:SHOWN]],
        "done": [
            {"row": each, "is_late": each.is_late(at), "length": spans.words(each.confirmed_at - each.registered_at)}
            for each in done[:DONE_SHOWN]
            if each.confirmed_at
        ],
        "refusal": refusal,
        "typed": request.POST.get("label", ""),
    }
    return show(request, "desk/papers.html", context, at=at, status=422 if refusal else 200)


@at_desk
@needs(Right.FILE_COMPLAINT)
@require_POST
def dismiss(request: Request, pk: int) -> HttpResponse:
    """It was no complaint, or somebody else's: nothing is filed of it."""
    row = Paper.objects.visible_to(request.user).untyped().filter(pk=pk).first()
    if row is None:
        raise Http404
    typing.confirm(row, None, actor=Actor.of(request.user), at=timezone.now())
    messages.success(request, _("已记为不登记投诉。"))
    return redirect("desk:papers")
