"""部门看板 (C104, C105): the departments beside one another, with their teams: how much of what they had part in is
closed, how much of what they have in hand is overdue, what passed its audit the first time, how returned goods were
dealt with, and its time assessments (C050). Only over what the member may see, each figure with its n.

A complaint counts for the department that owns it, and for each other one that has a work order of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from huiyin.complaints.actions.clocks import RETURN
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.complaints.models.complaint import is_late
from huiyin.complaints.states import State
from huiyin.dispatch.models import Audit, WorkOrder, standing_still
from huiyin.dispatch.states import OrderState
from huiyin.insight.attainment import LATE, MET, Period, outcome_of
from huiyin.insight.figures import Percentiles
from huiyin.insight.rates import Aim, Rate, counted
from huiyin.insight.rounds import flag
from huiyin.org.models import Member, Unit
from huiyin.quality.models import Assessment

TECHNICAL = frozenset({"IT", "RD"})  # whose first fix has a target (C104)
FIRST_FIX = Aim(0.85)
REOPENS_WITHIN = timedelta(days=30)
DAY = timedelta(days=1)
SORTS = ("closed", "overdue", "first_fix", "returns")
WORST_FIRST = ("overdue",)  # of the others the smallest is


@dataclass(frozen=True)
class Line:
    """`closed` of what was received in the period; `overdue` of what is open now; `first_fix` of the orders that passed
    in the period 30 days ago or more, `watching` those that may still come back; `returns` of the goods received in the
    period, without those whose time still runs; `return_days`: the median of those dealt with; `assessed`: the
    complaints of the period with a time assessment that stands against the department."""

    unit: Unit
    closed: Rate = field(default_factory=Rate)
    overdue: Rate = field(default_factory=Rate)
    first_fix: Rate = field(default_factory=Rate)
    watching: int = 0
    returns: Rate = field(default_factory=Rate)
    return_days: float | None = None
    assessed: int = 0


def board(member: Member, period: Period, *, at: datetime) -> list[Line]:
    """In the order of their names; eight statements, however many complaints."""
    closed, overdue = _closed(member, period), _overdue(member, at)
    fixed = first_fixes(orders_of(member, period, at=at))
    returned = return_times(returns_of(member, period, at=at))
    assessed = _assessed(member, period)
    units = Unit.objects.in_bulk(list({*closed, *overdue, *fixed, *returned, *assessed}))
    lines = [
        Line(
            unit=unit,
            closed=closed.get(pk, Rate()),
            overdue=overdue.get(pk, Rate()),
            assessed=assessed.get(pk, 0),
            **fixed.get(pk, {}),
            **returned.get(pk, {}),
        )
        for pk, unit in units.items()
    ]
    return sorted(lines, key=lambda line: line.unit.name)


def arranged(lines: list[Line], sort: str) -> list[Line]:
    """The worst of that figure first, those without any last."""
    if sort not in SORTS:
        return lines
    sign = -1 if sort in WORST_FIRST else 1

    def place(line: Line) -> tuple[float, int, str]:
        rate: Rate = getattr(line, sort)
        return (2.0 if rate.share is None else sign * rate.share), -rate.n, line.unit.name

    return sorted(lines, key=place)


def _closed(member: Member, period: Period) -> dict[int, Rate]:
    owned: QuerySet[Any] = received_of(member, period).annotate(place=_place("owner_unit"))
    found = _rates(owned.order_by().values_list("place").annotate(n=Count("pk"), hits=Count("pk", filter=_CLOSED)))
    received = {"complaint__received_at__gte": period.start, "complaint__received_at__lt": period.end}
    handled = _handled(WorkOrder.objects.visible_to(member).standing().filter(**received))
    hits = Count("complaint", distinct=True, filter=Q(complaint__state=State.CLOSED))
    return _together(found, _rates(handled.annotate(n=Count("complaint", distinct=True), hits=hits)))


def _overdue(member: Member, at: datetime) -> dict[int, Rate]:
    owned: QuerySet[Any] = open_of(member, at=at).annotate(place=_place("owner_unit"))
    over = Count("pk", filter=Q(is_over=True))
    found = _rates(owned.order_by().values_list("place").annotate(n=Count("pk"), hits=over))
    handled = _handled(WorkOrder.objects.visible_to(member).active().filter(complaint__is_open=True))
    hits = Count("complaint", distinct=True, filter=Q(due_at__lt=at) & ~standing_still())
    return _together(found, _rates(handled.annotate(n=Count("complaint", distinct=True), hits=hits)))


def assessed_of(member: Member, period: Period, *, unit: int | None = None, outcome: str = "") -> QuerySet[Complaint]:
    """The complaints of the period with a 时限考核记录 that stands against the department, or against any."""
    records = Assessment.objects.standing().filter(_in("unit", unit) if unit else Q(), complaint=OuterRef("pk"))
    return received_of(member, period).filter(Exists(records))


def _assessed(member: Member, period: Period) -> dict[int, int]:
    received = {"complaint__received_at__gte": period.start, "complaint__received_at__lt": period.end}
    records = Assessment.objects.visible_to(member).standing().filter(counted("complaint__"), **received)
    placed: QuerySet[Any] = records.annotate(place=_place("unit")).order_by()
    return dict(placed.values_list("place").annotate(n=Count("complaint", distinct=True)))


def _handled(orders: QuerySet[WorkOrder]) -> QuerySet[Any, Any]:
    """By department, what is another department's own complaint."""
    placed: QuerySet[Any] = orders.filter(counted("complaint__")).annotate(
        place=_place("unit"), owner=_place("complaint__owner_unit")
    )
    return placed.exclude(place=F("owner")).order_by().values_list("place")


def _rates(rows: Iterable[Any]) -> dict[int, Rate]:
    return {place: Rate(hits, n) for place, n, hits in rows}


def _together(first: dict[int, Rate], second: dict[int, Rate]) -> dict[int, Rate]:
    return {pk: first.get(pk, Rate()) + second.get(pk, Rate()) for pk in {*first, *second}}


def received_of(member: Member, period: Period, *, unit: int | None = None, outcome: str = "") -> QuerySet[Complaint]:
    found = Complaint.objects.visible_to(member).filter(counted())
    found = found.filter(received_at__gte=period.start, received_at__lt=period.end)
    if unit:
        theirs = WorkOrder.objects.standing().filter(_in("unit", unit), complaint=OuterRef("pk"))
        found = found.filter(_in("owner_unit", unit) | Exists(theirs))
    return found.filter({"closed": _CLOSED, "unclosed": ~_CLOSED}.get(outcome, Q()))


def open_of(member: Member, *, at: datetime, unit: int | None = None, outcome: str = "") -> QuerySet[Complaint]:
    """What is open now, each with `is_over` (K16): its owner's where it is past its deadline and not answered, another
    department's where their work order is."""
    found = Complaint.objects.visible_to(member).open().filter(counted())
    is_over = is_late(at)
    if unit:
        theirs = WorkOrder.objects.active().filter(_in("unit", unit), complaint=OuterRef("pk"))
        owned = _in("owner_unit", unit)
        found = found.filter(owned | Exists(theirs))
        is_over = (owned & is_over) | (~owned & Q(Exists(theirs.overdue(at))))
    told: QuerySet[Any] = found.annotate(is_over=flag(is_over))
    return told.filter({"overdue": Q(is_over=True), "intime": Q(is_over=False)}.get(outcome, Q()))


def orders_of(
    member: Member, period: Period, *, at: datetime, unit: int | None = None, outcome: str = ""
) -> QuerySet[WorkOrder]:
    """The orders that passed in the period, with `is_fixed` (K12: never sent back, and the complaint not reopened
    within 30 days) and `is_ripe`: those days are over."""
    back = Audit.objects.filter(work_order=OuterRef("pk"), verdict=Audit.Verdict.SEND_BACK)
    until = ExpressionWrapper(OuterRef("audited_at") + Value(REOPENS_WITHIN), output_field=DateTimeField())
    reopened = Event.objects.filter(complaint=OuterRef("complaint"), kind=Event.Kind.REOPENED)
    reopened = reopened.filter(at__gt=OuterRef("audited_at"), at__lte=until)
    came_back = Q(complaint__reopened_count__gt=0) & Exists(reopened)
    found = WorkOrder.objects.visible_to(member).filter(counted("complaint__"), state=OrderState.PASSED)
    found = found.filter(audited_at__gte=period.start, audited_at__lt=period.end)
    found = found.filter(_in("unit", unit)) if unit else found
    told: QuerySet[Any] = found.annotate(
        is_fixed=flag(~(Q(round__gt=1) | Exists(back) | came_back)),
        is_ripe=flag(Q(audited_at__lte=at - REOPENS_WITHIN)),
    )
    given = {
        "fixed": Q(is_ripe=True, is_fixed=True),
        "unfixed": Q(is_ripe=True, is_fixed=False),
        "counted": Q(is_ripe=True),
        "watching": Q(is_ripe=False),
    }
    return told.filter(given.get(outcome, Q()))


def first_fixes(orders: QuerySet[Any]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    placed = orders.annotate(place=_place("unit"), is_technical=flag(_TECHNICAL)).order_by()
    groups = placed.values_list("place", "is_technical", "is_fixed", "is_ripe").annotate(n=Count("pk"))
    for place, is_technical, is_fixed, is_ripe, n in groups:
        line = found.setdefault(place, {"first_fix": Rate(aim=FIRST_FIX if is_technical else None), "watching": 0})
        if is_ripe:
            line["first_fix"] += Rate(n if is_fixed else 0, n)
        else:
            line["watching"] += n
    return found


def returns_of(
    member: Member, period: Period, *, at: datetime, unit: int | None = None, outcome: str = ""
) -> QuerySet[Clock]:
    """K13: the goods received in the period, with their `outcome`; three days is what CK-RET promises."""
    received = Clock.objects.visible_to(member).filter(code=RETURN)
    received = received.filter(started_at__gte=period.start, started_at__lt=period.end)
    done = Event.objects.filter(
        complaint=OuterRef("complaint"), kind=Event.Kind.RETURN_PROCESSED, at=OuterRef("stopped_at")
    )
    received = received.filter(counted("complaint__")).filter(Q(stopped_at=None) | Exists(done))  # not ended otherwise
    received = received.filter(_in("complaint__owner_unit", unit)) if unit else received
    found: QuerySet[Any] = received.annotate(outcome=outcome_of(at))
    given = {MET: (MET,), LATE: (LATE,), "counted": (MET, LATE)}
    return found.filter(outcome__in=given[outcome]) if outcome in given else found


def return_times(clocks: QuerySet[Any]) -> dict[int, dict[str, Any]]:
    took = ExpressionWrapper(F("stopped_at") - F("started_at"), output_field=DurationField())
    placed = clocks.annotate(place=_place("complaint__owner_unit")).order_by().values_list("place")
    groups = placed.annotate(
        met=Count("pk", filter=Q(outcome=MET)),
        late=Count("pk", filter=Q(outcome=LATE)),
        middle=Percentiles(took, fractions=(0.5,)),
    )
    return {
        place: {
            "returns": Rate(met, met + late),
            "return_days": middle[0] / DAY if middle and middle[0] is not None else None,
        }
        for place, met, late, middle in groups
    }


def _place(unit: str) -> Case:
    """A team counts for its department."""
    is_team = {f"{unit}__kind": Unit.Kind.TEAM, f"{unit}__parent__isnull": False}
    return Case(When(**is_team, then=F(f"{unit}__parent")), default=F(unit))


def _in(unit: str, department: int) -> Q:
    return Q(**{unit: department}) | Q(**{f"{unit}__kind": Unit.Kind.TEAM, f"{unit}__parent": department})


_CLOSED = Q(state=State.CLOSED)
_TECHNICAL = Q(unit__code__in=TECHNICAL) | Q(unit__kind=Unit.Kind.TEAM, unit__parent__code__in=TECHNICAL)
