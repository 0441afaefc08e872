"""One person's 1+1+1: three counters, what they are made of, and the plan where a year fell short."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.coaching.actions import entering, planning
from huiyin.coaching.errors import GuardFailed, Refused
from huiyin.coaching.models import Entry, Plan
from huiyin.coaching.queries import learners, today
from huiyin.desk import ledger as words
from huiyin.desk.forms.ledger import EntryForm, FinishForm, PlanForm
from huiyin.desk.pages import Request, at_desk, show
from huiyin.org.models import Member

YEARS = 3  # this one, and those before it


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def ledger(request: Request, username: str) -> HttpResponseBase:
    """Posted: one entry more."""
    person, at = _person(request, username), timezone.now()
    if request.method != "POST":
        return _page(request, person, at=at)
    form = EntryForm(request.POST, viewer=request.user)
    if form.is_valid():
        try:
            made = entering.enter(person, **form.cleaned_data, actor=request.user, at=at)
        except GuardFailed as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已登记。"), extra_tags=f"draft:ledger:{person.username}")
            return redirect(_url(person, made.year))
    return _page(request, person, at=at, form=form, status=422)


@at_desk
@require_POST
def strike(request: Request, username: str, pk: int) -> HttpResponseBase:
    person = _person(request, username)
    entry = Entry.objects.visible_to(request.user).filter(pk=pk, member=person).first()
    if entry is None:
        raise Http404
    try:
        entering.strike(entry, because=request.POST.get("because", ""), actor=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已作废，不再计入；记录仍可查看。"))
    return redirect(_url(person, entry.year))


@at_desk
@require_POST
def plan(request: Request, username: str, pk: int) -> HttpResponseBase:
    """What the plan is, or, by the button `finish`, what came of it."""
    person, at = _person(request, username), timezone.now()
    row = Plan.objects.visible_to(request.user).select_related("member").filter(pk=pk, member=person).first()
    if row is None:
        raise Http404
    is_end = "finish" in request.POST
    form: Any = FinishForm(request.POST, plan=row) if is_end else PlanForm(request.POST, plan=row)
    if form.is_valid():
        act = planning.finish if is_end else planning.set_plan
        try:
            act(row, **form.cleaned_data, actor=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("计划已结束。") if is_end else _("计划已保存。"))
            return redirect(_url(person, row.year))
    return _page(request, person, at=at, year=row.year, failed=(row.pk, form), status=422)


def _person(request: Request, username: str) -> Member:
    """Oneself, or somebody whose training one may look at."""
    if username == request.user.username:
        return request.user
    found = None if "\x00" in username else learners(request.user).select_related("unit").filter(username=username[:64])
    person = found.first() if found is not None else None
    if person is None:
        raise Http404
    return person


def _url(person: Member, year: int) -> str:
    return f"{reverse('desk:ledger', args=[person.username])}?year={year}"


def _page(
    request: Request,
    person: Member,
    *,
    at: datetime,
    form: EntryForm | None = None,
    year: int = 0,
    failed: tuple[int, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    this = today(at).year
    years = [this - back for back in range(YEARS)]
    chosen = year or next((each for each in years if str(each) == request.GET.get("year")), this)
    may_keep = entering.may_keep(person, request.user)
    entries = Entry.objects.visible_to(request.user).filter(member=person, year=chosen)
    plans = Plan.objects.visible_to(request.user).filter(member=person).select_related("set_by", "finished_by")
    context = {
        "person": person,
        "years": years,
        **words.of(person, chosen),
        "entries": list(entries.select_related("newcomer", "added_by", "struck_by")[:500]),
        "form": (form or EntryForm(viewer=request.user)) if may_keep else None,
        "plans": [_plan(each, failed, may_keep=may_keep) for each in plans],
        "may_keep": may_keep,
        "is_me": person.pk == request.user.pk,
    }
    return show(request, "desk/courses/ledger.html", context, at=at, status=status)


def _plan(row: Plan, failed: tuple[int, forms.Form] | None, *, may_keep: bool) -> dict[str, Any]:
    given = failed[1] if failed is not None and failed[0] == row.pk else None
    is_open = may_keep and row.finished_at is None
    return {
        "row": row,
        "lacking": words.lacking_words(row.lacking),
        "form": (given if isinstance(given, PlanForm) else PlanForm(plan=row)) if is_open else None,
        "finish_form": (given if isinstance(given, FinishForm) else FinishForm(plan=row)) if is_open else None,
    }
