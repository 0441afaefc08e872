"""红色通道: the cases that stand, the page of one with its task force and war room, and the daily reports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from huiyin.complaints.errors import GuardFailed, MayNot, Refused
from huiyin.desk import red
from huiyin.desk.forms.red import CallForm, DecisionForm, DutyDoneForm, MinutesForm
from huiyin.desk.pages import Request, at_desk, needs, show
from huiyin.desk.views.duty import day_asked
from huiyin.org.actors import Actor
from huiyin.org.rules import Right
from huiyin.quality.actions import incidents
from huiyin.quality.models import Duty
from huiyin.redchannel import queries
from huiyin.redchannel.actions import force, paging, rooms
from huiyin.redchannel.models import DailyReport, RedCase, WarRoom


@at_desk
@needs(Right.SEE_QUALITY)
@require_safe
def board(request: Request) -> HttpResponse:
    at = timezone.now()
    return show(request, "desk/red/board.html", red.board(request.user, at), at=at)


@at_desk
@require_safe
def daily(request: Request, day: str) -> HttpResponse:
    """For management: those whom the report is made for."""
    if not queries.is_manager(request.user):
        raise PermissionDenied
    asked = day_asked(day)
    report = DailyReport.objects.filter(day=asked).first() if asked else None
    if report is None:
        raise Http404
    return show(request, "desk/red/daily.html", red.daily(report, request.user), at=timezone.now())


@at_desk
@require_safe
def case(request: Request, number: str) -> HttpResponse:
    return _page(request, _the_case(request, number), at=timezone.now())


def _the_case(request: Request, number: str) -> RedCase:
    found = red.the_case(request.user, number) if "\x00" not in number else None
    if found is None:
        raise Http404
    return found


def _page(
    request: Request, row: RedCase, *, at: datetime, given: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    context = red.page(row, request.user, plan=request.GET.get("plan", ""), forms=given)
    return show(request, "desk/red/case.html", context, at=at, status=status)


def _duty(request: Request, row: RedCase) -> Duty:
    data = request.POST
    written = str(data.get("duty", ""))
    incident = red.incident_of(row, request.user)
    known = incident.duties if incident else Duty.objects.none()
    found = (
        known.filter(pk=int(written)).first() if written.isascii() and written.isdigit() and len(written) < 19 else None
    )
    if found is None:
        raise Http404
    return found


Form = Callable[[Request, RedCase], forms.Form | None]
Act = Callable[[RedCase, Any, Actor, datetime], object]


@dataclass(frozen=True)
class RedDeed:
    """`form` reads what was sent, `do` is the one action behind it."""

    noun: str
    do: Act
    done: Any
    form: Form = lambda request, row: forms.Form(request.POST)


def _name(row: RedCase, form: Any, actor: Actor, at: datetime) -> object:
    return force.name(row, kind=form.plan, lead=form.lead, members=form.members, actor=actor, at=at)


def _call(row: RedCase, form: Any, actor: Actor, at: datetime) -> object:
    return rooms.call(row, **form.cleaned_data, actor=actor, at=at)


def _invite(row: RedCase, form: Any, actor: Actor, at: datetime) -> object:
    return rooms.invite(_of(row), members=[form.cleaned_data["member"]], actor=actor, at=at)


def _invite_form(request: Request, row: RedCase) -> forms.Form:
    room = row.rooms.open().first()
    if room is None:
        return forms.Form(request.POST)  # it has just ended: the action says so
    room.case = row
    return red.invite_form(room, request.POST)


def _join(row: RedCase, form: Any, actor: Actor, at: datetime) -> object:
    return rooms.join(_of(row), actor=actor, at=at)


def _decide(row: RedCase, form: Any, actor: Actor, at: datetime) -> object:
    return rooms.decide(_of(row), text=form.cleaned_data["text"], actor=actor, at=at)


def _end(row: RedCase, form: Any, actor: Actor, at: datetime) -> object:
    return rooms.end(_of(row), minutes=form.cleaned_data["minutes"], actor=actor, at=at)


def _tick(row: RedCase, form: Any, actor: Actor, at: datetime) -> object:
    return incidents.tick_duty(form.row, evidence=form.cleaned_data["evidence"], actor=actor, at=at)


def _of(row: RedCase) -> WarRoom:
    room = row.rooms.open().first()
    if room is None:
        raise GuardFailed("room", _("没有正在进行的会诊。"))
    room.case = row
    return room


DEEDS = {
    deed.noun: deed
    for deed in (
        RedDeed(
            "confirmation", lambda row, form, actor, at: paging.confirm(row, actor=actor, at=at),
            gettext_lazy("已确认，不再呼叫。"),
        ),
        RedDeed("force", _name, gettext_lazy("专项小组已通知。"), lambda r, row: red.force_form(row, r.user, r.POST)),
        RedDeed(
            "formation", lambda row, form, actor, at: force.form(row, actor=actor, at=at),
            gettext_lazy("专项小组已成立。"),
        ),
        RedDeed("rooms", _call, gettext_lazy("已召集会诊。"), lambda r, row: CallForm(r.POST)),
        RedDeed("invitations", _invite, gettext_lazy("已邀请，通知已发出。"), _invite_form),
        RedDeed("joining", _join, gettext_lazy("您已加入会诊。")),
        RedDeed("decisions", _decide, gettext_lazy("决定已记录。"), lambda r, row: DecisionForm(r.POST)),
        RedDeed("end", _end, gettext_lazy("会诊已结束。"), lambda r, row: MinutesForm(r.POST)),
        RedDeed("duties", _tick, gettext_lazy("任务已完成。"), lambda r, row: DutyDoneForm(_duty(r, row), r.POST)),
    )
}  # fmt: skip


@at_desk
@require_POST
def deed(request: Request, number: str, noun: str) -> HttpResponseBase:
    row, at = _the_case(request, number), timezone.now()
    if noun not in DEEDS:
        raise Http404
    wanted = DEEDS[noun]
    form = wanted.form(request, row)
    if form is None:
        raise Http404
    if not form.is_valid():
        return _page(request, row, at=at, given={noun: form}, status=422)
    try:
        wanted.do(row, form, Actor.of(request.user), at)
    except Refused as refusal:
        fresh = _the_case(request, number)
        if not form.fields:  # one press, nothing to correct
            messages.error(request, str(refusal))
            return _page(request, fresh, at=at, status=_status(refusal))
        form.add_error(None, str(refusal))
        return _page(request, fresh, at=at, given={noun: form}, status=_status(refusal))
    messages.success(request, str(wanted.done), extra_tags=f"draft:red:{noun}:{number}")
    return redirect("desk:red-case", number)


def _status(refusal: Refused) -> int:
    return 403 if isinstance(refusal, MayNot) else 422
