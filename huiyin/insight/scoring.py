"""月度部门评分 (C104): what a month's figures are for each unit, one line a unit and figure, for the personnel
department.

What it holds is told in docs/figures.md. A figure whose 30 days of watching are not over is provisional.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from huiyin.insight import attainment, departments, repeats, satisfaction
from huiyin.insight.attainment import Chosen, Period
from huiyin.insight.rates import Aim, Rate, counted
from huiyin.insight.repeats import WINDOW
from huiyin.org.models import Member, Unit

RESOLVED_IN_TIME = Aim(0.95)
RETURNED_IN_TIME: Aim | None = None  # three days is the promise itself; no share of it is set
_Row = tuple[int, str, Rate, bool, int]


@dataclass(frozen=True)
class Mark:
    """`rate` of a figure that only counts has no n: how many, and no share."""

    unit: Unit
    kpi: str
    rate: Rate
    is_final: bool
    watching: int = 0


def marks(member: Member, month: Period, *, at: datetime) -> list[Mark]:
    """By unit and figure; ten statements, however many complaints."""
    is_over = month.end <= at
    is_ripe = month.end + WINDOW <= at
    rows: list[_Row] = [
        *((each.key, "K03", Rate(each.met, each.n, RESOLVED_IN_TIME), is_over, 0) for each in _kept(member, month, at)),
        *_of_cells(member, month, at, is_over=is_over, is_ripe=is_ripe),
    ]
    lines = departments.board(member, month, at=at)
    for line in lines:
        rows.append((line.unit.pk, "closed", line.closed, is_ripe, 0))
        rows.append((line.unit.pk, "K12", line.first_fix, is_ripe, line.watching))
        rows.append((line.unit.pk, "assessed", Rate(line.assessed), is_ripe, 0))
        rows.append((line.unit.pk, "K13", replace(line.returns, aim=RETURNED_IN_TIME), is_ripe, 0))
    units = Unit.objects.in_bulk(sorted({unit for unit, *_mark in rows}))
    found = [
        Mark(units[unit], kpi, rate, is_final, watching)
        for unit, kpi, rate, is_final, watching in rows
        if rate.n or rate.hits or watching
    ]
    return sorted(found, key=lambda mark: (mark.unit.name, mark.unit.pk, mark.kpi))


def _kept(member: Member, month: Period, at: datetime) -> list[attainment.Attained]:
    return attainment.by_unit(
        attainment.clocks_of(member, month, Chosen(clock="CK-RESOLVE"), at=at).filter(counted("complaint__"))
    )


def _of_cells(member: Member, month: Period, at: datetime, *, is_over: bool, is_ripe: bool) -> Iterator[_Row]:
    for (_month, unit), score in satisfaction.scores(member, month).items():
        yield unit, "K06", score.csat, is_over, 0
    for (_month, unit), again in repeats.repeats(member, month, at=at).items():
        yield unit, "K09", again.rate, is_ripe, again.watching
