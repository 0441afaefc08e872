"""The promises that are no clock rows: each is kept by the table of what it measures. Only what the member may see.

Counted like the others (attainment.py): of what fell due in the period, what was done in time, as a share of what was
done in time or late. What only has a length (intake, waiting) falls due at its beginning and the length promised.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from huiyin.complaints.models import Complaint, Event
from huiyin.dispatch.models import WorkOrder
from huiyin.insight.attainment import LATE, MET, OUTCOMES, RUNNING, Attained, Period
from huiyin.intake.models import Paper, Waiting
from huiyin.org.models import Member, Unit
from huiyin.quality.models import RootCauseDuty
from huiyin.redchannel.models import DailyReport
from huiyin.sla.queries import NoPolicy, current

INTAKE, PAPER, QUEUE, ORDER, DAILY, ROOT_CAUSE = "CK-INTAKE", "CK-OCR", "CK-QUEUE", "CK-ORDER", "CK-DAILY", "CK-RCA"
USUAL = {INTAKE: timedelta(minutes=5), QUEUE: timedelta(minutes=15)}
PLACE = Coalesce("received_unit", "owner_unit")
ANSWERS = (Event.Kind.REPLIED, Event.Kind.RESOLVED_ON_SPOT)
LONGEST = timedelta(days=1)  # that an intake is measured (the desk's form)
GRACE = timedelta(minutes=5)  # as DailyReport.is_late has it


class Measured(NamedTuple):
    """Rows with what they were due by and when they were done; both columns or expressions of their own table. Where
    `due` is reckoned from a column that an index can find: that one, and how long after it, at least and at most."""

    rows: QuerySet[Any]
    due: Combinable
    done: Combinable
    column: str = ""
    least: timedelta = timedelta()
    most: timedelta = timedelta()

    def within(self, period: Period) -> QuerySet[Any]:
        """Not yet exact, but few: those of which the column lies where the period can be."""
        if not self.column:
            return self.rows
        start, end = period.start - self.most, period.end - self.least
        return self.rows.filter(**{f"{self.column}__gte": start, f"{self.column}__lt": end})


def _intake(member: Member) -> Measured:
    rows = Complaint.objects.visible_to(member).filter(intake_seconds__isnull=False)
    length = ExpressionWrapper(F("intake_seconds") * Value(timedelta(seconds=1)), output_field=DurationField())
    began = ExpressionWrapper(F("filed_at") - length, output_field=DateTimeField())
    promised = _promised(INTAKE)
    due = ExpressionWrapper(began + Value(promised), output_field=DateTimeField())
    return Measured(rows, due, F("filed_at"), "filed_at", promised - LONGEST, promised)


def _paper(member: Member) -> Measured:
    return Measured(Paper.objects.visible_to(member), F("due_at"), F("confirmed_at"))


def _queue(member: Member) -> Measured:
    promised, rows = _promised(QUEUE), Waiting.objects.visible_to(member)
    return Measured(rows, F("entered_at") + Value(promised), F("ended_at"), "entered_at", promised, promised)


def _order(member: Member) -> Measured:
    """The order's own time is kept by the answer to the customer (A36): the first since it was sent out. What the
    complaint says of its newest round (`replied_at`) is neither this one's nor stays."""
    rows = WorkOrder.objects.visible_to(member).standing().filter(order_due_at__isnull=False)
    given = Event.objects.filter(complaint=OuterRef("complaint"), kind__in=ANSWERS, at__gte=OuterRef("dispatched_at"))
    first = Subquery(given.order_by("at").values("at")[:1])
    return Measured(rows.select_related("complaint", "unit"), F("order_due_at"), first)


def _daily(member: Member) -> Measured:
    rows = DailyReport.objects.all() if member.reach.everything else DailyReport.objects.none()
    return Measured(rows, F("due_at") + Value(GRACE), F("made_at"), "due_at", GRACE, GRACE)


def _root_cause(member: Member) -> Measured:
    return Measured(RootCauseDuty.objects.visible_to(member), F("due_at"), F("approved_at"))


ELSEWHERE: Mapping[str, Callable[[Member], Measured]] = {
    INTAKE: _intake, PAPER: _paper, QUEUE: _queue, ORDER: _order, DAILY: _daily, ROOT_CAUSE: _root_cause
}  # fmt: skip


def rows_of(
    member: Member, period: Period, code: str, *, at: datetime, outcome: str = "", unit: int | None = None
) -> QuerySet[Any]:
    """What fell due in the period, each with `due_by`, `done_at` and `verdict`; the earliest due first. Of `unit`:
    intakes only, of which others are none."""
    measured = ELSEWHERE[code](member)
    late = Q(done_at__gt=F("due_by")) | Q(done_at=None, due_by__lt=at)
    told = Case(
        When(late, then=Value(LATE)), When(done_at__isnull=False, then=Value(MET)), default=Value(RUNNING),
        output_field=CharField(),
    )  # fmt: skip
    found: QuerySet[Any] = measured.within(period)
    found = found.annotate(due_by=measured.due, done_at=measured.done).annotate(verdict=told)
    found = found.filter(due_by__gte=period.start, due_by__lt=period.end)
    if outcome:
        found = found.filter(verdict=outcome)
    if unit and code == INTAKE:
        found = found.annotate(place=PLACE).filter(place=unit)
    return found.order_by("due_by", "pk")


def intakes_by_unit(member: Member, period: Period, *, at: datetime) -> list[Attained]:
    """K25 by who took them in; the worst share first. Two statements."""
    counts = {outcome: Count("pk", filter=Q(verdict=outcome)) for outcome in OUTCOMES}
    taken = rows_of(member, period, INTAKE, at=at).order_by().annotate(place=PLACE)
    rows = list(taken.values_list("place").annotate(**counts))
    units = Unit.objects.in_bulk([place for place, *_counts in rows])
    lines = [Attained(place, units[place].name, *found) for place, *found in rows]
    return sorted(lines, key=lambda line: (line.share if line.share is not None else 2, -line.n, line.name))


def by_clock(member: Member, period: Period, name: Callable[[str], str], *, at: datetime) -> list[Attained]:
    """One line for each that has any; a statement each."""
    counts = {outcome: Count("pk", filter=Q(verdict=outcome)) for outcome in OUTCOMES}
    lines = (
        Attained(code, name(code), **rows_of(member, period, code, at=at).order_by().aggregate(**counts))
        for code in ELSEWHERE
    )
    return [line for line in lines if line.n or line.running]


def _promised(code: str) -> timedelta:
    """The policy's own length; a usual one where it has none."""
    try:
        rules = current().clocks[code].rules
    except (NoPolicy, KeyError):
        return USUAL[code]
    target = rules[0].targets[0] if rules and rules[0].targets else None
    per = {"nm": timedelta(minutes=1), "nh": timedelta(hours=1)}
    return per[target.unit.value] * int(target.amount) if target and target.unit.value in per else USUAL[code]
