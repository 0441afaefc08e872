"""值班: the week of every desk, and the hours nobody keeps; desks and shifts are set up here by those who may."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.desk.forms.duty import AssignmentForm, ExistingDesk, NewDesk, ShiftForm
from huiyin.desk.pages import Request, at_desk, needs, show
from huiyin.duty import errors
from huiyin.duty.actions import desks, rostering
from huiyin.duty.models import Assignment, Desk, Shift
from huiyin.duty.queries import desks_manned, gaps
from huiyin.duty.rules import may_roster
from huiyin.duty.weeks import DAYS, monday_of, weeks
from huiyin.lib.phrasing import listed
from huiyin.org.actors import Actor
from huiyin.org.models import Member, Unit
from huiyin.org.models.people import MemberQuerySet
from huiyin.org.rules import Right

SHOWN_GAPS = 6


def day_asked(written: str) -> date | None:
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if 2000 < found.year < 2200 else None


def theirs(request: Request) -> MemberQuerySet:
    """Whose roster this member keeps."""
    member = request.user
    everyone = Member.objects.active()
    if member.may(Right.CONFIGURE) or member.reach.everything:
        return everyone
    return everyone.filter(unit__in=member.reach.unit_ids)


@at_desk
@require_safe
def roster(request: Request) -> HttpResponseBase:
    at, today = timezone.now(), timezone.localdate()
    monday = monday_of(day_asked(request.GET.get("week", "")) or today)
    known = list(Desk.objects.visible_to(request.user).active().select_related("unit"))
    manned, missing = desks_manned(known, at), gaps(known, at)
    names = dict(Member.objects.filter(pk__in=[pk for ids in manned.values() for pk in ids]).values_list("pk", "name"))
    context = {
        "weeks": [
            {"week": week, "now_on": listed(names[pk] for pk in manned.get(week.desk.pk, []) if pk in names),
             "gaps": missing.get(week.desk.pk, [])[:SHOWN_GAPS],
             "more_gaps": max(len(missing.get(week.desk.pk, [])) - SHOWN_GAPS, 0),
             "may_roster": may_roster(Actor.of(request.user), week.desk.unit_id)}
            for week in weeks(known, monday)
        ],
        "monday": monday, "sunday": monday + timedelta(days=DAYS - 1), "today": today,
        "previous": monday - timedelta(days=DAYS), "next": monday + timedelta(days=DAYS),
        "is_this_week": monday == monday_of(today),
        "may_set_up": request.user.may(Right.ROSTER),
    }  # fmt: skip
    return show(request, "desk/duty/roster.html", context, at=at)


def _desk(request: Request, code: str) -> Desk:
    """The desk, for those who may keep its roster."""
    found = Desk.objects.visible_to(request.user).select_related("unit").filter(code=code).first()
    if found is None:
        raise Http404
    if not may_roster(Actor.of(request.user), found.unit_id):
        raise PermissionDenied
    return found


@needs(Right.ROSTER)
@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def new_desk(request: Request) -> HttpResponseBase:
    at, member = timezone.now(), request.user
    units = Unit.objects.active()
    if not (member.may(Right.CONFIGURE) or member.reach.everything):
        units = units.filter(pk__in=member.reach.unit_ids)
    form = NewDesk(request.POST or None, label_suffix="", units=units, initial={"unit": member.unit.code})
    if request.method == "POST" and form.is_valid():
        try:
            made = desks.set_up(**form.cleaned_data, actor=Actor.of(member), at=at)
        except errors.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("值班台已建立，请接着排班次。"))
            return redirect("desk:duty-desk", made.code)
    context = {"form": form, "heading": _("新建值班台")}
    return show(request, "desk/duty/desk_new.html", context, at=at, status=422 if form.errors else 200)


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: Request, code: str) -> HttpResponseBase:
    """One desk: its name and zone, its shifts, and who has them. Three forms, told apart by their button."""
    at, row = timezone.now(), _desk(request, code)
    wanted = request.POST.get("what", "")
    forms = _forms(request, row, wanted)
    if request.method == "POST" and wanted in forms and forms[wanted].is_valid():
        try:
            return _done(request, row, wanted, forms[wanted].cleaned_data, at)
        except errors.Refused as refusal:
            forms[wanted].add_error(None, str(refusal))
    shifts = list(row.shifts.prefetch_related("assignments__member"))
    context = {"desk": row, "shifts": shifts, **{f"{what}_form": form for what, form in forms.items()}}
    is_wrong = any(form.errors for form in forms.values())
    return show(request, "desk/duty/desk.html", context, at=at, status=422 if is_wrong else 200)


def _forms(request: Request, row: Desk, wanted: str) -> dict[str, Any]:
    def given(what: str) -> Any:
        return request.POST if wanted == what else None

    fields = ("name_zh", "name_en", "time_zone", "is_round_the_clock", "is_active")
    first = {"first": day_asked(request.GET.get("day", "")) or timezone.localdate(), "shift": request.GET.get("shift")}
    shifts = row.shifts.all()
    return {
        "describe": ExistingDesk(
            given("describe"), label_suffix="", prefix="d", initial={key: getattr(row, key) for key in fields}
        ),
        "shift": ShiftForm(given("shift"), label_suffix="", prefix="s"),
        "assign": AssignmentForm(
            given("assign"), label_suffix="", prefix="a", people=theirs(request), shifts=shifts, initial=first
        ),
    }


def _done(request: Request, row: Desk, what: str, given: dict[str, Any], at: datetime) -> HttpResponseBase:
    actor = Actor.of(request.user)
    if what == "describe":
        desks.describe(row, **given, actor=actor, at=at)
        messages.success(request, _("已保存。"))
    elif what == "shift":
        made = desks.add_shift(row, **given, actor=actor, at=at)
        messages.success(request, _("已增加班次“%s”。") % made.label)
    else:
        rostering.assign(**given, actor=actor, at=at)
        messages.success(request, _("已排班：%s。") % given["member"].name)
    return redirect("desk:duty-desk", row.code)


@at_desk
@require_POST
def drop_shift(request: Request, code: str, pk: int) -> HttpResponseBase:
    row = _desk(request, code)
    shift = Shift.objects.filter(desk=row, pk=pk).select_related("desk").first()
    if shift is None:
        raise Http404
    desks.drop_shift(shift, actor=Actor.of(request.user), at=timezone.now())
    messages.success(request, _("已删除班次“%s”。") % shift.label)
    return redirect("desk:duty-desk", code)


@at_desk
@require_POST
def take_off(request: Request, pk: int) -> HttpResponseBase:
    found = Assignment.objects.filter(pk=pk).select_related("shift__desk", "member").first()
    if found is None:
        raise Http404
    row = _desk(request, found.shift.desk.code)
    day = day_asked(request.POST.get("day", "")) or max(found.first, timezone.localdate())
    is_only = "only" in request.POST
    try:
        rostering.take_off(found, day=day, only=is_only, actor=Actor.of(request.user), at=timezone.now())
    except errors.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("%(name)s %(day)s 不上这个班。") if is_only else _("%(name)s 从 %(day)s 起不再上这个班。")
        messages.success(request, said % {"name": found.member.name, "day": day.isoformat()})
    if request.POST.get("back") == "desk":
        return redirect("desk:duty-desk", row.code)
    return redirect(f"{reverse('desk:duty')}?week={day.isoformat()}")
