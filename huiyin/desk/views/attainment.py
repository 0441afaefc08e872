"""时限达成率: promises kept and broken, by unit, level and clock, each figure leading to its rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.complaints.models import Complaint
from huiyin.desk.pages import Request, at_desk, needs, show
from huiyin.desk.periods import days, newest_days, number, period_of
from huiyin.desk.promises import clock_label, clock_names
from huiyin.desk.reading import Reader
from huiyin.desk.rows import title_of
from huiyin.dispatch.models import WorkOrder
from huiyin.insight import attainment as figures
from huiyin.insight import elsewhere
from huiyin.insight.attainment import OUTCOMES, Attained, Chosen, Period
from huiyin.insight.rates import Aim, Rate
from huiyin.intake.models import Paper, Waiting
from huiyin.org.rules import Right
from huiyin.quality.models import RootCauseDuty

USUAL = 30
RESOLVE, PROMISE = "CK-RESOLVE", "CK-PROMISE"
# what of kpis.yaml is counted by when it fell due, each with its target
FIGURES: dict[str, tuple[str, Aim | None]] = {
    RESOLVE: ("K03", Aim(0.95)), "CK-INTAKE": ("K25", Aim(0.95)), "CK-OCR": ("K26", None),
    PROMISE: ("K42", Aim(0.98)),
}  # fmt: skip
AIM = 0.95


@at_desk
@needs(Right.SEE_FIGURES)
@require_safe
def attainment(request: Request) -> HttpResponse:
    """K03 where no other promise is chosen."""
    at, member, period = timezone.now(), request.user, _period(request)
    chosen, names = _chosen(request), clock_names()
    # the table by clock shows all of them; the other two what is chosen, resolutions where nothing is
    clock = chosen.clock or RESOLVE
    of_clock = figures.clocks_of(member, period, Chosen(clock=clock), at=at)
    every = figures.clocks_of(member, period, Chosen(), at=at)
    by_clock = [
        *figures.by_clock(every, lambda code: _with_figure(code, names)),
        *elsewhere.by_clock(member, period, lambda code: _with_figure(code, names), at=at),
    ]
    context = {
        "period": period,
        "clock": clock,
        "clock_label": clock_label(clock, names),
        "clocks": [(code, clock_label(code, names)) for code in sorted({RESOLVE, *names} - elsewhere.ELSEWHERE.keys())],
        "figures": _figures(by_clock, period, names),
        "moved": _moved(request, period, at),
        "intakes": [
            _line(each, period, clock=elsewhere.INTAKE, unit=each.key)
            for each in elsewhere.intakes_by_unit(member, period, at=at)
        ],
        "whole": _line(figures.whole(of_clock), period, clock=clock),
        "tables": [
            (
                _("按单位"),
                _("单位"),
                [_line(each, period, clock=clock, unit=each.key) for each in figures.by_unit(of_clock)],
            ),
            (
                _("按等级"),
                _("等级"),
                [_line(each, period, clock=clock, level=each.key) for each in figures.by_level(of_clock, _level)],
            ),
            (
                _("按时限"),
                _("时限"),
                [_line(each, period, clock=each.key) for each in by_clock],
            ),
        ],
        "pauses": figures.pause_use(member, period, at=at),
        "aim": AIM,
    }
    return show(request, "desk/reports/attainment.html", context, at=at)


@at_desk
@needs(Right.SEE_FIGURES)
@require_safe
def rows(request: Request) -> HttpResponse:
    """The promises behind one figure, the longest late first."""
    at, member, period, chosen = timezone.now(), request.user, _period(request), _chosen(request)
    if chosen.clock in elsewhere.ELSEWHERE:
        return _rows_elsewhere(request, period, chosen, at)
    names, reader = clock_names(), Reader(member)
    found = figures.clocks_of(member, period, chosen, at=at)
    joined = found.select_related("complaint__owner_unit", "complaint__customer").order_by("due_at", "id")
    lines = [
        {
            "clock": each,
            "label": clock_label(each.code, names),
            "title": title_of(each.complaint, reader),
            "outcome": _named(getattr(each, "outcome", "")),
            "tone": {"met": "green", "late": "red", "paused": "violet"}.get(getattr(each, "outcome", ""), "grey"),
        }
        for each in joined[: figures.ROWS]
    ]
    back = f"{reverse('desk:attainment')}?{urlencode(days(period))}"
    context = {"lines": lines, "count": found.count(), "most": figures.ROWS, "period": period, "back": back}
    return show(request, "desk/reports/attainment_rows.html", context, at=at)


def _with_figure(code: str, names: dict[str, str]) -> str:
    """With the number of the figure that it is (kpis.yaml)."""
    return f"{clock_label(code, names)} {FIGURES[code][0]}" if code in FIGURES else clock_label(code, names)


def _figures(lines: Sequence[Attained], period: Period, names: dict[str, str]) -> list[dict[str, Any]]:
    """Each of FIGURES with its n, interval and target, whether anything of it fell due or not."""
    found = {line.key: line for line in lines}
    told = []
    for code, (kpi, aim) in FIGURES.items():
        line = found.get(code) or Attained(code, "", 0, 0, 0, 0)
        cells = _line(line, period, clock=code)["cells"][:2]
        told.append({"kpi": kpi, "name": clock_label(code, names), "rate": Rate(line.met, line.n, aim), "cells": cells})
    return told


def _moved(request: Request, period: Period, at: datetime) -> dict[str, Any]:
    """Promises to the customer for which another time was agreed before theirs was up."""
    asked = {**days(period), "clock": PROMISE, "outcome": figures.MOVED}
    count = figures.moved(request.user, period, PROMISE, at=at)
    return {"count": count, "url": f"{reverse('desk:attainment-rows')}?{urlencode(asked)}"}


def _rows_elsewhere(request: Request, period: Period, chosen: Chosen, at: datetime) -> HttpResponse:
    """Behind a figure that no clock rows keep: what its own table has."""
    found = elsewhere.rows_of(request.user, period, chosen.clock, at=at, outcome=chosen.outcome, unit=chosen.unit)
    lines = [
        {
            "title": _title_elsewhere(each),
            "number": _number_elsewhere(each),
            "due": each.due_by,
            "done": each.done_at,
            "outcome": _named(each.verdict),
            "tone": {"met": "green", "late": "red"}.get(each.verdict, "grey"),
        }
        for each in found[: figures.ROWS]
    ]
    context = {
        "lines": lines, "count": found.count(), "most": figures.ROWS, "period": period,
        "label": clock_label(chosen.clock, clock_names()),
        "back": f"{reverse('desk:attainment')}?{urlencode(days(period))}",
    }  # fmt: skip
    return show(request, "desk/reports/attainment_elsewhere.html", context, at=at)


def _title_elsewhere(row: Any) -> str:
    match row:
        case Complaint():
            return _("受理用时 %d 秒") % (row.intake_seconds or 0)
        case Paper():
            return row.label
        case Waiting():
            return f"{row.get_way_display()} {row.reference}"
        case WorkOrder():
            return f"{row.number} {row.unit.name}"
        case RootCauseDuty():
            return f"{row.month:%Y-%m} {row.category.name}"
    return str(row)


def _number_elsewhere(row: Any) -> str:
    """Of the complaint that it leads to, where it is of one."""
    if isinstance(row, Complaint):
        return row.number
    return row.complaint.number if isinstance(row, WorkOrder) else ""


def _level(severity: str) -> str:
    """As its chip says it."""
    return {"1": _("一级"), "2": _("二级"), "3": _("三级")}.get(str(severity), _("四级"))


def _named(outcome: str) -> str:
    return {"met": _("按时"), "late": _("超时"), "running": _("未到期"), "paused": _("暂停中"), "moved": _("改约")}[
        outcome
    ]


def _period(request: Request) -> Period:
    return period_of(request, newest_days(USUAL))


def _chosen(request: Request) -> Chosen:
    given = request.GET
    outcome = given.get("outcome", "")
    clock = given.get("clock", "")[:16].replace("\x00", "")
    return Chosen(number(given.get("unit", "")), number(given.get("level", "")), clock,
                  outcome if outcome in (*OUTCOMES, figures.MOVED) else "")  # fmt: skip


def _line(row: Attained, period: Period, **kept: Any) -> dict[str, Any]:
    rows_url = reverse("desk:attainment-rows")
    cells = [
        {
            "count": getattr(row, outcome),
            "outcome": outcome,
            "url": f"{rows_url}?{urlencode({**days(period), **kept, 'outcome': outcome})}",
        }
        for outcome in OUTCOMES
    ]
    return {"row": row, "cells": cells, "is_short": row.share is not None and row.share < AIM}
