"""季度有效性验证矩阵 (RP-QTR-EFF, C096): did what was done about a kind of complaint help? Repeat rate, satisfaction
and lateness by quarter, this one beside the last three, each with its n; for the measures taken, the quarter before
each beside the newest. Only over what the member may see.

What a difference may mean is said by an interval (Katz): of fewer than ten on either side nothing is said.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce, TruncQuarter
from django.utils import timezone

from huiyin.complaints.models import Complaint
from huiyin.insight import intervals, rounds, satisfaction
from huiyin.insight.attainment import Period
from huiyin.insight.intervals import Change
from huiyin.insight.rates import LEAF, Rate, counted
from huiyin.insight.repeats import AIM as REPEAT_AIM
from huiyin.insight.repeats import resolved_of
from huiyin.insight.satisfaction import AIM as CSAT_AIM
from huiyin.insight.satisfaction import answers_of
from huiyin.org.models import Member
from huiyin.quality.models import RootCauseDuty
from huiyin.triage.models import Category

QUARTERS = 4
MEASURES = 50


@dataclass(frozen=True)
class Cell:
    """Of one kind in one quarter: what was answered then, what of it came back within 30 days (of those whose 30 days
    are over), what was answered too late, each round for itself, or is still owed, and the marks."""

    repeats: Rate = field(default_factory=lambda: Rate(aim=REPEAT_AIM))
    late: Rate = field(default_factory=Rate)
    csat: Rate = field(default_factory=lambda: Rate(aim=CSAT_AIM))

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(self.repeats + other.repeats, self.late + other.late, self.csat + other.csat)


FIGURES = ("repeats", "csat", "late")


@dataclass(frozen=True)
class Row:
    """One kind's cells by quarter, and what changed from the quarter `before` to the newest, by figure."""

    category: Category | None
    cells: Sequence[Cell]
    changes: Mapping[str, Change | None]
    measure: RootCauseDuty | None = None
    before: date | None = None


@dataclass(frozen=True)
class Matrix:
    """`quarters`: the first day of each, the newest last."""

    quarters: Sequence[date]
    whole: Row
    groups: Sequence[Row]
    measures: Sequence[Row]


def matrix(member: Member, *, at: datetime) -> Matrix:
    """Six statements, however many complaints."""
    quarters = _quarters(timezone.localtime(at).date())
    cells = _cells(member, Period(quarters[0], timezone.localtime(at).date()), at)
    categories = Category.objects.select_related("parent").in_bulk(sorted({leaf for _quarter, leaf in cells}))

    def of(kinds: Collection[int]) -> list[Cell]:
        return [_summed(cell for (at, kind), cell in cells.items() if at == day and kind in kinds) for day in quarters]

    heads = {(each.parent or each).pk: each.parent or each for each in categories.values()}
    groups = [
        _row(head, of({pk for pk, each in categories.items() if (each.parent or each).pk == head.pk}), quarters)
        for head in sorted(heads.values(), key=lambda each: each.code)
    ]
    measures = [
        _row(each.category, of({each.category_id}), quarters, measure=each) for each in _measures(member, quarters[0])
    ]
    return Matrix(quarters, _row(None, of(categories), quarters), groups, measures)


def _measures(member: Member, since: date) -> list[RootCauseDuty]:
    """The process redesigns that were approved in these quarters."""
    start = Period(since, since).start
    found = RootCauseDuty.objects.visible_to(member).filter(approved_at__gte=start)
    return list(found.select_related("category", "unit").order_by("-approved_at", "id")[:MEASURES])


def _row(
    category: Category | None, cells: list[Cell], quarters: Sequence[date], *, measure: RootCauseDuty | None = None
) -> Row:
    """What is compared with the newest quarter: the one before, or the one before the measure was approved."""
    place: int | None = len(quarters) - 2
    if measure is not None and measure.approved_at is not None:
        taken = _quarter_of(timezone.localtime(measure.approved_at).date())
        place = quarters.index(taken) - 1 if taken in quarters[1:] else None
    changes: dict[str, Change | None] = dict.fromkeys(FIGURES)
    if place is not None:
        changes = {name: _change(getattr(cells[place], name), getattr(cells[-1], name)) for name in FIGURES}
    return Row(category, cells, changes, measure, None if place is None else quarters[place])


def _change(before: Rate, after: Rate) -> Change | None:
    return intervals.of_shares(before.hits, before.n, after.hits, after.n)


def _cells(member: Member, period: Period, at: datetime) -> dict[tuple[date, int], Cell]:
    found: dict[tuple[date, int], Cell] = {}

    def add(row: Mapping[str, Any], cell: Cell) -> None:
        key = timezone.localtime(row["quarter"]).date(), row["leaf"]
        found[key] = found.get(key, Cell()) + cell

    answered: QuerySet[Any] = resolved_of(member, period, at=at).annotate(
        quarter=TruncQuarter("replied_at"), is_late=rounds.flag(rounds.IS_LATE), stands=rounds.flag(rounds.ANSWERED)
    )
    by_fate = answered.order_by().values("quarter", "is_ripe", "came_back", "is_late", "stands", "leaf")
    for row in by_fate.annotate(count=Count("pk")):
        n = row["count"]
        again = Rate(n if row["came_back"] else 0, n) if row["is_ripe"] else Rate()
        late = Rate(n if row["is_late"] else 0, n) if row["stands"] else Rate()  # else its row is of the next round
        add(row, Cell(repeats=Cell().repeats + again, late=late))
    seen = Complaint.objects.visible_to(member).filter(counted())
    leaf = Coalesce("complaint__confirmed_category", "complaint__category")
    ended: QuerySet[Any] = rounds.earlier(seen, start=period.start, end=period.end).annotate(
        quarter=TruncQuarter("stopped_at"), leaf=leaf
    )
    for row in ended.order_by().values("quarter", "was_late", "leaf").annotate(count=Count("pk")):
        add(row, Cell(late=Rate(row["count"] if row["was_late"] else 0, row["count"])))
    overdue = seen.overdue(at).exclude(rounds.ANSWERED).filter(due_at__gte=period.start)
    owed: QuerySet[Any] = overdue.annotate(quarter=TruncQuarter("due_at"), leaf=LEAF)
    for row in owed.order_by().values("quarter", "leaf").annotate(count=Count("pk")):
        add(row, Cell(late=Rate(row["count"], row["count"])))
    rated: QuerySet[Any] = answers_of(member, period).annotate(quarter=TruncQuarter("resolved_at"), leaf=leaf)
    good = Count("pk", filter=satisfaction.OUTCOMES["good"])
    for row in rated.order_by().values("quarter", "leaf").annotate(count=Count("pk"), good=good):
        add(row, Cell(csat=Cell().csat + Rate(row["good"], row["count"])))
    return found


def _summed(cells: Iterable[Cell]) -> Cell:
    return sum(cells, Cell())


def _quarter_of(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _quarters(today: date) -> list[date]:
    place = today.year * 4 + (today.month - 1) // 3
    return [date(each // 4, each % 4 * 3 + 1, 1) for each in range(place - QUARTERS + 1, place + 1)]
