"""客户满意度、重复投诉率、部门对比、季度验证: what figures say, each with its n, its interval and the rows behind."""

import csv
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import structlog
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.desk.figure_rows import FIGURES, MOST
from huiyin.desk.pages import Request, at_desk, needs, show
from huiyin.desk.periods import day, days, newest_days, newest_months, number, period_of
from huiyin.desk.reading import Reader
from huiyin.insight import departments as departments_of
from huiyin.insight import effectiveness as effects
from huiyin.insight import intervals, scoring
from huiyin.insight import repeats as again
from huiyin.insight import satisfaction as marks
from huiyin.insight.attainment import Period
from huiyin.insight.rates import month_of
from huiyin.lib import sheets
from huiyin.org.models import Unit
from huiyin.org.rules import Right, may

MONTHS = 6
DAYS = 30

log = structlog.get_logger()


@at_desk
@needs(Right.SEE_FIGURES)
@require_safe
def satisfaction(request: Request) -> HttpResponse:
    """CSAT (K06), NPS (K07), CES (K08)."""
    at = timezone.now()
    period, unit = period_of(request, newest_months(MONTHS)), number(request.GET.get("unit", ""))
    cells = marks.scores(request.user, period, unit=unit)
    by_month, by_unit = _summed(cells, marks.Score(), period, "satisfaction")
    context = {
        **_chosen(period, unit),
        "whole": marks.summed(cells.values()),
        "by_month": by_month,
        "by_unit": by_unit,
        "rows_url": _rows_url("satisfaction", period, unit),
        "aim": marks.AIM,
        "needed": intervals.needed(marks.AIM.share),
        "least": intervals.LEAST,
    }
    return show(request, "desk/reports/satisfaction.html", context, at=at)


@at_desk
@needs(Right.SEE_FIGURES)
@require_safe
def repeats(request: Request) -> HttpResponse:
    """K09, with its definition on the page."""
    at = timezone.now()
    period, unit = period_of(request, newest_months(MONTHS)), number(request.GET.get("unit", ""))
    cells = again.repeats(request.user, period, at=at, unit=unit)
    by_month, by_unit = _summed(cells, again.Repeats(), period, "repeats")
    context = {
        **_chosen(period, unit),
        "whole": again.summed(cells.values()),
        "tables": [(_("按月份"), _("月份"), by_month), (_("按单位"), _("归口单位"), by_unit)],
        "rows_url": _rows_url("repeats", period, unit),
        "aim": again.AIM,
        "window": again.WINDOW.days,
    }
    return show(request, "desk/reports/repeats.html", context, at=at)


@at_desk
@needs(Right.SEE_FIGURES)
@require_safe
def departments(request: Request) -> HttpResponse:
    """Beside one another, sorted by what is asked for."""
    at, period = timezone.now(), period_of(request, newest_days(DAYS))
    lines = departments_of.board(request.user, period, at=at)
    sort = request.GET.get("sort", "")
    sort = sort if sort in departments_of.SORTS else ""
    base = reverse("desk:departments")
    titles = {
        "closed": _("闭环率"),
        "overdue": _("超时占比"),
        "first_fix": _("首次解决率"),
        "returns": _("退换货三天内"),
    }
    context = {
        "period": period,
        "heads": [
            {"label": label, "url": f"{base}?{urlencode({**days(period), 'sort': name})}", "is_current": sort == name}
            for name, label in titles.items()
        ],
        "by_name": f"{base}?{urlencode(days(period))}",
        "sort": sort,
        "lines": [
            {"line": line, "links": _department_links(line, period)} for line in departments_of.arranged(lines, sort)
        ],
        "aim": departments_of.FIRST_FIX,
        "month": (period.first.replace(day=1)).isoformat()[:7],
        "may_export": may(request.user, Right.EXPORT_STATS),
    }
    return show(request, "desk/reports/departments.html", context, at=at)


@at_desk
@needs(Right.EXPORT_STATS)
@require_safe
def scores(request: Request) -> HttpResponseBase:
    """A month's marks of every unit, for the personnel department (docs/figures.md says what each column holds)."""
    at = timezone.now()
    asked = day(f"{request.GET.get('month', '')[:7]}-01") or timezone.localdate()
    month = month_of(asked)
    log.info("exported", member=request.user.username, kind="scores", month=month.first.isoformat()[:7])
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="scores-{month.first:%Y-%m}.csv"'
    writer = csv.writer(response)
    writer.writerow(_TITLES)
    stamp = timezone.localtime(at).isoformat(timespec="minutes")
    for mark in scoring.marks(request.user, month, at=at):
        writer.writerow([sheets.cell(value) for value in (month.first.isoformat()[:7], *_written(mark), stamp)])
    return response


_TITLES = (
    "month", "unit_code", "unit", "kpi", "name", "hits", "n", "value", "low95", "high95", "target", "verdict",
    "watching", "final", "data_at",
)  # fmt: skip


def _written(mark: scoring.Mark) -> tuple[Any, ...]:
    rate, found = mark.rate, mark.rate.interval
    names = {
        "K03": _("解决周期达标率"), "K06": _("满意度"), "K09": _("重复投诉率"), "K12": _("部门首次解决率"),
        "K13": _("退换货处理时效"), "closed": _("闭环率"),
        "assessed": _("时限考核记录"),
    }  # fmt: skip
    counted = "" if mark.kpi == "assessed" else rate.n
    figures = ("", "", "") if found is None else tuple(f"{each:.4f}" for each in found)
    return (
        mark.unit.code, mark.unit.name, mark.kpi, names[mark.kpi], rate.hits, counted, *figures,
        rate.aim.percent if rate.aim else "", str(rate.verdict) if rate.aim else "", mark.watching,
        "yes" if mark.is_final else "no",
    )  # fmt: skip


@at_desk
@needs(Right.SEE_FIGURES)
@require_safe
def effectiveness(request: Request) -> HttpResponse:
    """RP-QTR-EFF."""
    at = timezone.now()
    context = {"matrix": effects.matrix(request.user, at=at), "least": intervals.LEAST}
    return show(request, "desk/reports/effectiveness.html", context, at=at)


@at_desk
@needs(Right.SEE_FIGURES)
@require_safe
def rows(request: Request) -> HttpResponse:
    """What one figure is made of, the newest first."""
    at, period, unit = timezone.now(), period_of(request, newest_months(MONTHS)), number(request.GET.get("unit", ""))
    figure = FIGURES.get(request.GET.get("of", ""), FIGURES["satisfaction"])
    outcome = request.GET.get("outcome", "")
    found = figure.rows(request.user, period, at, unit, outcome if outcome in figure.outcomes else "")
    reader = Reader(request.user)
    context = {
        "lines": [figure.line(each, reader) for each in figure.ordered(found)[:MOST]],
        "count": found.count(),
        "most": MOST,
        "period": period,
        "figure": figure,
        "outcome": figure.outcomes.get(outcome, ""),
        "unit": _unit(unit),
        "back": f"{reverse(figure.page)}?{urlencode(days(period))}",
    }
    return show(request, "desk/reports/figure_rows.html", context, at=at)


def _chosen(period: Period, unit: int | None) -> dict[str, Any]:
    return {"period": period, "unit": _unit(unit), "every_unit": f"?{urlencode(days(period))}"}


def _unit(pk: int | None) -> Unit | None:
    return Unit.objects.filter(pk=pk).first() if pk else None


def _summed(
    cells: Mapping[tuple[date, int], Any], nothing: Any, period: Period, of: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The cells by month, and by unit; each line with the address of its rows, a unit's also of its own page."""
    by_month: dict[date, Any] = {}
    by_unit: dict[int, Any] = {}
    for (month, unit), cell in cells.items():
        by_month[month] = by_month.get(month, nothing) + cell
        by_unit[unit] = by_unit.get(unit, nothing) + cell
    units = Unit.objects.in_bulk(list(by_unit))
    only = next(iter(by_unit)) if len(by_unit) == 1 else None
    months = [
        {"month": month, "cell": by_month[month], "rows_url": _rows_url(of, _within(month, period), only)}
        for month in sorted(by_month, reverse=True)
    ]
    lines = [
        {
            "unit": units[pk],
            "cell": cell,
            "rows_url": _rows_url(of, period, pk),
            "url": f"?{urlencode({**days(period), 'unit': pk})}",
        }
        for pk, cell in by_unit.items()
    ]
    return months, sorted(lines, key=lambda line: line["unit"].name)


def _within(month: date, period: Period) -> Period:
    whole = month_of(month)
    return Period(max(whole.first, period.first), min(whole.last, period.last))


def _rows_url(of: str, period: Period, unit: int | None = None) -> str:
    """Ends so that an outcome can be written behind it."""
    given: dict[str, Any] = {"of": of, **days(period), **({"unit": unit} if unit else {})}
    return f"{reverse('desk:figure-rows')}?{urlencode(given)}&outcome="


def _department_links(line: departments_of.Line, period: Period) -> dict[str, str]:
    links = {of: _rows_url(of, period, line.unit.pk) for of in ("received", "open", "orders", "returns", "assessed")}
    return {**links, **{f"{of}_counted": f"{links[of]}counted" for of in ("orders", "returns")}}
