"""The page of one incident: its checklist, its reports, its complaints, and its end."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.complaints.errors import MayNot, Refused
from huiyin.complaints.models import Complaint
from huiyin.desk import through
from huiyin.desk.forms.quality import ConclusionForm, DutyForm, NewIncidentForm, ReportForm
from huiyin.desk.pages import Request, at_desk, needs, show
from huiyin.desk.reading import Reader
from huiyin.desk.rows import complaint_row
from huiyin.lib.phrasing import noted
from huiyin.org.actors import Actor
from huiyin.org.rules import Right, may
from huiyin.quality.actions import incidents, reporting
from huiyin.quality.models import Duty, Incident
from huiyin.quality.queries import may_own_duties
from huiyin.quality.rules import may_work_on

ROWS = ("customer", "category", "confirmed_category", "owner_unit", "assignee")
Act = Callable[[Incident, Mapping[str, Any], Actor, datetime], object]


def the_incident(request: Request, number: str) -> Incident:
    seen = Incident.objects.visible_to(request.user).select_related("kind", "lead_unit", "opened_by", "ended_by")
    found = seen.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise Http404
    return found


@at_desk
@require_safe
def incident(request: Request, number: str) -> HttpResponse:
    return _page(request, the_incident(request, number), at=timezone.now())


@at_desk
@needs(Right.OPEN_INCIDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """An incident without a complaint yet."""
    at = timezone.now()
    form = NewIncidentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = incidents.open_incident(**form.cleaned_data, actor=Actor.of(request.user), at=at)
            return redirect("desk:incident", made.number)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    status = 422 if request.method == "POST" else 200
    return show(request, "desk/quality/incident_new.html", {"form": form}, at=at, status=status)


@at_desk
@require_POST
def duty(request: Request, number: str, pk: int) -> HttpResponseBase:
    """With evidence the duty is done; without, it gets its owner and its time."""
    row, at = the_incident(request, number), timezone.now()
    line = row.duties.filter(pk=pk).first()
    if line is None:
        raise Http404
    line.incident = row
    form = DutyForm(request.POST, pk=pk, people=_people(row))
    given, actor = form.cleaned_data if form.is_valid() else {}, Actor.of(request.user)
    try:
        if given.get("evidence"):
            incidents.tick_duty(line, evidence=given["evidence"], actor=actor, at=at)
        elif given:
            incidents.assign_duty(line, owner=given["owner"], due_at=given["due_at"], actor=actor, at=at)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, row, at=at, duty_form=(pk, form), status=_status(refusal))
    if not form.is_valid():
        return _page(request, row, at=at, duty_form=(pk, form), status=422)
    return redirect("desk:incident", row.number)


def _report(row: Incident, given: Mapping[str, Any], actor: Actor, at: datetime) -> object:
    return reporting.report(row, text=given["text"], actor=actor, at=at)


def _restore(row: Incident, given: Mapping[str, Any], actor: Actor, at: datetime) -> object:
    return reporting.restore(row, text=given["text"], actor=actor, at=at)


def _mark(row: Incident, given: Mapping[str, Any], actor: Actor, at: datetime) -> object:
    return incidents.set_market_moving(row, actor=actor, at=at)


def _end(row: Incident, given: Mapping[str, Any], actor: Actor, at: datetime) -> object:
    return incidents.end(row, conclusion=given["conclusion"], actor=actor, at=at)


DEEDS: dict[str, tuple[type[forms.Form], Act]] = {
    "reports": (ReportForm, _report),
    "restoration": (ReportForm, _restore),
    "market": (forms.Form, _mark),
    "end": (ConclusionForm, _end),
}


@at_desk
@require_POST
def deed(request: Request, number: str, noun: str) -> HttpResponseBase:
    row, at = the_incident(request, number), timezone.now()
    if noun not in DEEDS:
        raise Http404
    kind, act = DEEDS[noun]
    form = kind(request.POST, auto_id=f"{noun}_%s", label_suffix="")
    if not form.is_valid():
        return _page(request, row, at=at, opened={noun: form}, status=422)
    try:
        act(row, form.cleaned_data, Actor.of(request.user), at)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        row.refresh_from_db()
        return _page(request, row, at=at, opened={noun: form}, status=_status(refusal))
    messages.success(request, _("已记录。"), extra_tags=f"draft:incident:{noun}:{row.number}")
    return redirect("desk:incident", row.number)


def _status(refusal: Refused) -> int:
    return 403 if isinstance(refusal, MayNot) else 422


def _page(
    request: Request,
    row: Incident,
    *,
    at: datetime,
    opened: Mapping[str, forms.Form] | None = None,
    duty_form: tuple[int, DutyForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    may_work = may_work_on(row, request.user) and not row.is_ended
    reader = Reader(request.user)
    seen = Complaint.objects.visible_to(request.user).filter(incident_links__incident=row).select_related(*ROWS)
    fresh = {noun: kind(auto_id=f"{noun}_%s", label_suffix="") for noun, (kind, _act) in DEEDS.items()}
    context = {
        "incident": row,
        "through": through.standing_at(request, f"incident-{row.number}", at=at),
        "joint_units": row.joint_units.all(),
        "duties": _duties(row, duty_form) if may_work else [{"row": each} for each in _lines(row)],
        "reports": row.reports.select_related("author")[:100],
        "complaints": [complaint_row(each, reader) for each in seen.order_by("-received_at")[:100]],
        "notices": row.notices.select_related("member__unit")[:100],
        "may_work": may_work,
        "may_end": may(request.user, Right.OPEN_INCIDENT) and not row.is_ended,
        "forms": {**fresh, **(opened or {})},
        "opened": set(opened or {}),
    }
    return show(request, "desk/quality/incident.html", context, at=at, status=status)


def _lines(row: Incident) -> Any:
    return row.duties.select_related("owner", "done_by")


def _duties(row: Incident, given: tuple[int, DutyForm] | None) -> list[dict[str, Any]]:
    people = _people(row)
    return [
        {"row": each, "form": given[1] if given and given[0] == each.pk else _form(each, people)}
        if each.done_at is None
        else {"row": each}
        for each in _lines(row)
    ]


def _form(each: Duty, people: Any) -> DutyForm:
    return DutyForm(pk=each.pk, people=people, initial={"owner": each.owner_id, "due_at": each.due_at})


def _people(row: Incident) -> list[tuple[Any, str]]:
    found = may_own_duties(row).select_related("unit").order_by("unit__path", "name")
    return [("", ""), *((each.pk, noted(each.name, each.unit.name)) for each in found[:300])]
