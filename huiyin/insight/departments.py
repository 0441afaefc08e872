"""部门看板 (C104, C105): beside one another, of each unit that answers for complaints or works on them, what was
closed, what is overdue now, what passed its audit the first time and how returned goods were dealt with. Only over what
the member may see, each figure with its n.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
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

from huiyin.complaints.actions.returning import RETURN
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.complaints.states import State
from huiyin.dispatch.models import Audit, WorkOrder
from huiyin.dispatch.states import OrderState
from huiyin.insight.attainment import LATE, MET, Period, outcome_of
from huiyin.insight.figures import Percentiles
from huiyin.insight.rates import Aim, Rate, counted
from huiyin.org.models import Member, Unit

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
    period, without those whose time still runs; `return_days`: the median of those dealt with."""

    unit: Unit
    closed: Rate = field(default_factory=Rate)
    overdue: Rate = field(default_factory=Rate)
    first_fix: Rate = field(default_factory=Rate)
    watching: int = 0
    returns: Rate = field(default_factory=Rate)
    return_days: float | None = None


def board(member: Member, period: Period, *, at: datetime) -> list[Line]:
    """The units in the order of their names; five statements, however many complaints."""
    found: dict[int, dict[str, Any]] = {}
    received = received_of(member, period).order_by().values_list("owner_unit")
    for unit, n, hits in received.annotate(n=Count("pk"), hits=Count("pk", filter=_CLOSED)):
        found.setdefault(unit, {})["closed"] = Rate(hits, n)
    open_now = open_of(member, at=at).order_by().values_list("owner_unit")
    for unit, n, hits in open_now.annotate(n=Count("pk"), hits=Count("pk", filter=Q(is_over=True))):
        found.setdefault(unit, {})["overdue"] = Rate(hits, n)
    for unit, fixed in first_fixes(orders_of(member, period, at=at)).items():
        found.setdefault(unit, {}).update(fixed)
    for unit, taken in return_times(returns_of(member, period, at=at)).items():
        found.setdefault(unit, {}).update(taken)
    units = Unit.objects.in_bulk(list(found))
    return sorted((Line(unit=units[pk], **given) for pk, given in found.items()), key=lambda line: line.unit.name)


def arranged(lines: list[Line], sort: str) -> list[Line]:
    """The worst of that figure first, those without any last."""
    if sort not in SORTS:
        return lines
    sign = -1 if sort in WORST_FIRST else 1

    def place(line: Line) -> tuple[float, int, str]:
        rate: Rate = getattr(line, sort)
        return (2.0 if rate.share is None else sign * rate.share), -rate.n, line.unit.name

    return sorted(lines, key=place)


def received_of(member: Member, period: Period, *, unit: int | None = None, outcome: str = "") -> QuerySet[Complaint]:
    found = Complaint.objects.visible_to(member).filter(counted())
    found = found.filter(received_at__gte=period.start, received_at__lt=period.end)
    found = found.filter(owner_unit=unit) if unit else found
    return found.filter({"closed": _CLOSED, "unclosed": ~_CLOSED}.get(outcome, Q()))


def open_of(member: Member, *, at: datetime, unit: int | None = None, outcome: str = "") -> QuerySet[Complaint]:
    """What is open now, each with `is_over`: past its deadline and not answered (K16)."""
    over = Case(
        When(Q(due_at__lt=at) & ~Q(state=State.RESOLVED), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    found = Complaint.objects.visible_to(member).open().filter(counted()).annotate(is_over=over)
    found = found.filter(owner_unit=unit) if unit else found
    return found.filter({"overdue": Q(is_over=True), "intime": Q(is_over=False)}.get(outcome, Q()))


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
    found = found.annotate(
        is_fixed=_flag(~(Q(round__gt=1) | Exists(back) | came_back)),
        is_ripe=_flag(Q(audited_at__lte=at - REOPENS_WITHIN)),
    )
    found = found.filter(unit=unit) if unit else found
    given = {
        "fixed": Q(is_ripe=True, is_fixed=True),
        "unfixed": Q(is_ripe=True, is_fixed=False),
        "watching": Q(is_ripe=False),
    }
    return found.filter(given.get(outcome, Q()))


def first_fixes(orders: QuerySet[Any]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    groups = orders.order_by().values_list("unit", "unit__code", "is_fixed", "is_ripe").annotate(n=Count("pk"))
    for unit, code, is_fixed, is_ripe, n in groups:
        aim = FIRST_FIX if code in TECHNICAL else None
        line = found.setdefault(unit, {"first_fix": Rate(aim=aim), "watching": 0})
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
    found: QuerySet[Any] = received.annotate(outcome=outcome_of(at))
    found = found.filter(complaint__owner_unit=unit) if unit else found
    return found.filter(outcome=outcome) if outcome in (MET, LATE) else found


def return_times(clocks: QuerySet[Any]) -> dict[int, dict[str, Any]]:
    took = ExpressionWrapper(F("stopped_at") - F("started_at"), output_field=DurationField())
    groups = (
        clocks.order_by()
        .values_list("complaint__owner_unit")
        .annotate(
            met=Count("pk", filter=Q(outcome=MET)),
            late=Count("pk", filter=Q(outcome=LATE)),
            middle=Percentiles(took, fractions=(0.5,)),
        )
    )
    return {
        unit: {
            "returns": Rate(met, met + late),
            "return_days": middle[0] / DAY if middle and middle[0] is not None else None,
        }
        for unit, met, late, middle in groups
    }


def whole(lines: list[Line]) -> Line:
    """All units together; a median is not added up."""
    every = Line(Unit())
    for line in lines:
        every = replace(
            every,
            closed=every.closed + line.closed,
            overdue=every.overdue + line.overdue,
            first_fix=every.first_fix + replace(line.first_fix, aim=None),
            watching=every.watching + line.watching,
            returns=every.returns + line.returns,
        )
    return every


def _flag(condition: Q | Exists) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


_CLOSED = Q(state=State.CLOSED)
