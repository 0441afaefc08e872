"""The page of one 8D investigation, discipline by discipline."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.complaints.errors import MayNot, Refused
from huiyin.desk.forms.quality import StepForm, TeamForm
from huiyin.desk.pages import Request, at_desk, seen_at, show
from huiyin.org.actors import Actor
from huiyin.org.rules import Right, may
from huiyin.quality.actions import investigating
from huiyin.quality.actions.investigating import TEAM
from huiyin.quality.errors import AlreadyEnded, ChangedMeanwhile, OutOfOrder
from huiyin.quality.labels import label_of
from huiyin.quality.models import Discipline, Investigation, Step


def the_investigation(request: Request, number: str) -> Investigation:
    seen = Investigation.objects.visible_to(request.user).select_related("complaint", "opened_by")
    found = seen.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise Http404
    return found


@at_desk
@require_safe
def investigation(request: Request, number: str) -> HttpResponse:
    return _page(request, the_investigation(request, number), at=timezone.now())


@at_desk
@require_POST
def step(request: Request, number: str, noun: str) -> HttpResponseBase:
    """`noun` is the discipline, small: d1. What is typed is kept; with the button `sign` it is signed off as well."""
    row, at, code = the_investigation(request, number), timezone.now(), noun.upper()
    found = row.steps.filter(code=code).first()
    if found is None:
        raise Http404
    form: Any = TeamForm(request.POST, investigation=row) if code == TEAM else _form(found, request.POST)
    if not form.is_valid():
        return _page(request, row, at=at, opened=(code, form), status=422)
    actor = Actor.of(request.user)
    try:
        _keep(row, code, form, actor, at, seen=seen_at(request))
        if "sign" in request.POST:
            investigating.sign_off(row, code=code, actor=actor, at=at)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, row, at=at, opened=(code, form), status=_status(refusal))
    words = _("%s 已放行。") if "sign" in request.POST else _("%s 已保存。")
    messages.success(request, words % code, extra_tags=f"draft:8d:{row.number}:{code}")
    return redirect("desk:investigation", row.number)


def _keep(row: Investigation, code: str, form: Any, actor: Actor, at: datetime, *, seen: datetime | None) -> None:
    given = form.cleaned_data
    if code != TEAM:
        investigating.save(row, code=code, values=given, actor=actor, at=at, seen=seen)
        return
    investigating.form_team(
        row,
        seats=form.seats,
        scope=given["scope"],
        kickoff_at=given["kickoff_at"],
        kickoff_minutes=given["kickoff_minutes"],
        actor=actor,
        at=at,
        seen=seen,
    )


def _status(refusal: Refused) -> int:
    if isinstance(refusal, MayNot):
        return 403
    return 409 if isinstance(refusal, AlreadyEnded | ChangedMeanwhile | OutOfOrder) else 422


def _form(each: Step, data: Any = None) -> StepForm:
    return StepForm(data, step=each, discipline=Discipline.objects.get(code=each.code))


def _page(
    request: Request, row: Investigation, *, at: datetime, opened: tuple[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    disciplines = {each.code: each for each in Discipline.objects.all()}
    steps = list(row.steps.select_related("signed_by", "saved_by"))
    now_at = opened[0] if opened else next((each.code for each in steps if each.signed_at is None), "")
    may_write = may(request.user, Right.INVESTIGATE) and row.closed_at is None
    context = {
        "investigation": row,
        "steps": [
            _step(each, disciplines[each.code], row, now_at, opened, may_write=may_write, status_of_opened=status)
            for each in steps
        ],
        "team": row.team.all(),
        "may_write": may_write,
    }
    return show(request, "desk/quality/investigation.html", context, at=at, status=status)


def _step(
    each: Step, discipline: Discipline, row: Investigation, now_at: str, opened: tuple[str, Any] | None, *,
    may_write: bool, status_of_opened: int,
) -> dict[str, Any]:  # fmt: skip
    form: Any = None
    is_contested = status_of_opened == 409 and opened is not None and opened[0] == each.code
    if may_write and each.signed_at is None:
        fresh = TeamForm(investigation=row) if each.code == TEAM else StepForm(step=each, discipline=discipline)
        form = opened[1] if opened and opened[0] == each.code else fresh
    return {
        "row": each,
        "discipline": discipline,
        "is_team": each.code == TEAM,
        "is_open": each.code == now_at,
        "form": form,
        "noun": each.code.lower(),
        "is_contested": is_contested,
        "values": [
            {"label": label_of(field["name"]), "words": each.values.get(field["name"], "")}
            for field in discipline.fields
            if each.values.get(field["name"])
        ],
    }
