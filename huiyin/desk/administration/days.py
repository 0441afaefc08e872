"""The company's own days off and days worked, on a calendar of the year."""

import calendar
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.desk.administration.calendars import is_looked_at, looked, shown
from huiyin.desk.administration.forms import DayForm
from huiyin.desk.administration.framing import REFUSALS, asked_of, changes, page_of, refused, sentence, show_settings
from huiyin.desk.pages import Request
from huiyin.org.actors import Actor
from huiyin.org.models import Change, in_language
from huiyin.sla.actions import excepting
from huiyin.sla.almanac import english_name
from huiyin.sla.days import Ruling, Sort
from huiyin.sla.models import DayException
from huiyin.sla.policy import Policy
from huiyin.sla.queries import coverage_warnings, current

MOST = 60
YEARS = range(2020, 2041)


@page_of("days")
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: Request) -> HttpResponseBase:
    at = timezone.now()
    form = DayForm(request.POST or None, label_suffix="", initial={"day": _asked(request.GET.get("day", ""))})
    effect: dict[str, Any] = {}
    mark = looked(form.cleaned_data["day"].isoformat(), form.cleaned_data["is_working"]) if form.is_valid() else ""
    if mark and not ("save" in request.POST and is_looked_at(request, mark)):
        effect = {**shown(request, _with_day(form.cleaned_data), at), "looked": mark}
    elif mark:
        try:
            excepting.set_day(**form.cleaned_data, actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            day = form.cleaned_data["day"]
            messages.success(request, _("%s 已设定。正在计时的不变；要按新日历计，请重算时限。") % day.isoformat())
            return redirect(f"{request.path}?year={day.year}")
    return _page(request, form, effect, at)


def _page(
    request: Request, form: DayForm, effect: Mapping[str, Any], at: datetime, *, of: date | None = None
) -> HttpResponseBase:
    today = timezone.localdate()
    written = {str(year): year for year in YEARS}
    year = written.get(request.GET.get("year", ""), of.year if of else today.year)
    months, asked = _months(year, today), asked_of(request)
    context = {
        "form": form, "year": year, "weekdays": _weekdays(), "asked": asked, "found": _named_so(months, asked),
        "months": months, "warnings": coverage_warnings(today),
        "previous": year - 1 if year - 1 in YEARS else None, "next": year + 1 if year + 1 in YEARS else None,
        "exceptions": DayException.objects.filter(day__year=year).select_related("set_by").order_by("day"),
        "changes": changes(request, Change.Area.DAYS), **effect,
    }  # fmt: skip
    return show_settings(request, "days", context, section="days", at=at, status=422 if form.errors else 200)


def _with_day(given: Mapping[str, Any]) -> Policy:
    """The policy in force as if that day were set."""
    policy, ruling = current(), Ruling(given["is_working"], given["name"])
    exceptions = {**(policy.exceptions or {}), given["day"]: ruling}
    return Policy(policy.body, number=policy.number, exceptions=exceptions)


def _without_day(day: date | None) -> Policy:
    policy = current()
    exceptions = {each: ruling for each, ruling in (policy.exceptions or {}).items() if each != day}
    return Policy(policy.body, number=policy.number, exceptions=exceptions)


def _asked(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _weekdays() -> list[str]:
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]


def _named_so(months: list[dict[str, Any]], asked: str) -> list[dict[str, Any]]:
    """The days of the year that are called so; by their date too."""
    if not asked:
        return []
    cells = (cell for month in months for week in month["weeks"] for cell in week if cell)
    return [cell for cell in cells if asked in str(cell["name"]) or asked in cell["day"].isoformat()][:MOST]


def _months(year: int, today: date) -> list[dict[str, Any]]:
    """Twelve months of weeks; a day knows what it is and whether it is as its weekday says."""
    known = current().calendar
    own = set(DayException.objects.filter(day__year=year).values_list("day", flat=True))
    months = []
    for month in range(1, 13):
        weeks = []
        for week in calendar.Calendar().monthdatescalendar(year, month):
            cells: list[dict[str, Any] | None] = []
            for day in week:
                if day.month != month:
                    cells.append(None)
                    continue
                found = known.day(day)
                is_special = found.sort in (Sort.MAKEUP, Sort.HOLIDAY)
                cells.append(
                    {"day": day, "sort": found.sort.value, "name": in_language(found.name, english_name(found.name)),
                     "is_own": day in own, "is_today": day == today, "is_special": is_special,
                     "is_off": not found.is_working}
                )  # fmt: skip
            weeks.append(cells)
        months.append({"first": date(year, month, 1), "weeks": weeks})
    return months


@page_of("days")
@require_http_methods(["GET", "HEAD", "POST"])
def clear_day(request: Request, day: str) -> HttpResponseBase:
    """What that does to the promises that run is shown before it is done. Who comes back to the look finds the days."""
    found, at = _asked(day), timezone.now()
    if request.method != "POST":
        return redirect("desk:settings-days")
    if found in (current().exceptions or {}) and not is_looked_at(request, looked(day)):
        effect = shown(request, _without_day(found), at)
        return _page(
            request, DayForm(label_suffix=""), {**effect, "cleared": found, "looked": looked(day)}, at, of=found
        )
    try:
        excepting.clear_day(day=found or date.min, actor=Actor.of(request.user), at=at)
    except REFUSALS as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("%s 已恢复为日历本来的安排。") % day)
    return redirect("desk:settings-days")
