"""What a supervisor must see: what breaks next and who has it, what nobody signed for, what is owed, who is away."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Left
from django.urls import reverse

from huiyin.complaints.actions import urging
from huiyin.complaints.actions.clocks import WATCHED
from huiyin.complaints.models import Clock, Complaint
from huiyin.desk.promises import clock_label, clock_names
from huiyin.desk.queries import OPENING
from huiyin.desk.reading import Reader
from huiyin.desk.rows import title_of
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.rules import order_verbs
from huiyin.dispatch.states import OrderState
from huiyin.duty.models import Absence
from huiyin.org.models import Member
from huiyin.org.rules import Right, may
from huiyin.supervision.models import Supervision

MOST = 300  # rows of one board, half of them late where both are many; the rest is told as a number
SIDE = 50  # of each of the other lists
NEAR = timedelta(hours=2)
ON_ROWS = ("nudge", "take_back", "reassign")


@dataclass
class Tally:
    """How much one unit or person has on the board."""

    key: str
    name: str
    is_away: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def late(self) -> int:
        return self.counts["late"]

    @property
    def near(self) -> int:
        return self.counts["near"]

    @property
    def total(self) -> int:
        return self.counts.total()


@dataclass(frozen=True)
class Board:
    rows: list[dict[str, Any]]
    units: list[Tally]
    people: list[Tally]
    has_more: bool
    unsigned: list[dict[str, Any]]
    letters: list[Supervision]
    away: list[Absence]
    late: int
    near: int


def board_of(member: Member, *, hours: int, unit: str = "", person: str = "", at: datetime) -> Board:
    """Of what the member may see. A number of statements that does not depend on how much there is."""
    running = _running(member, at + timedelta(hours=hours))
    away = _away(member, at)
    reader, names = Reader(member), clock_names()
    gone = {each.member_id for each in away}

    def rows_of(found: Sequence[Clock]) -> list[dict[str, Any]]:
        orders = _orders_of(member, found)
        rows = [_row(clock, orders.get(clock.subject), reader, names, at, gone) for clock in found]
        _count_urgings(rows, found)
        return rows

    found, has_more = _worst(running, at)
    rows = rows_of(found)
    units, people = _tallies(rows, "unit"), _tallies(rows, "person")
    if has_more and (unit or person):  # theirs, not what of theirs is among the most urgent of all
        rows = rows_of(_worst(running.filter(_lies_with(unit, person, member)), at)[0])
    chosen = [row for row in rows if unit in ("", row["unit_key"]) and person in ("", row["person_key"])]
    late, near = _counted(running, at) if has_more else (sum(each.late for each in units), sum(u.near for u in units))
    return Board(
        rows=chosen,
        units=units,
        people=people,
        late=late,
        near=near,
        has_more=has_more,
        unsigned=_unsigned(member, reader, at),
        letters=_owed(member),
        away=away,
    )


_WITH = ("complaint__owner_unit", "complaint__assignee", "complaint__reviewer", "complaint__customer")


def _running(member: Member, until: datetime) -> QuerySet[Clock]:
    """Those that are broken, and those that break until then."""
    running = Clock.objects.visible_to(member).running().filter(paused_at=None, due_at__lt=until)
    return running.exclude(code=WATCHED)


def _lies_with(unit: str, person: str, member: Member) -> Q:
    """As `_row` says where it lies, and with whom; `-` is nobody."""
    orders, alone = WorkOrder.objects.visible_to(member), Q(subject="")
    if unit:
        orders, alone = orders.filter(unit__code=unit), alone & Q(complaint__owner_unit__code=unit)
    if person:
        orders = orders.annotate(who=Coalesce("handler__username", "assignee__username", Value("-"))).filter(who=person)
        holders = Coalesce("complaint__assignee__username", "complaint__reviewer__username", Value("-"))
        alone &= Q(
            pk__in=Clock.objects.visible_to(member).running().annotate(who=holders).filter(who=person).values("pk")
        )
    return alone | Q(subject__in=orders.values("number"))


def _counted(running: QuerySet[Clock], at: datetime) -> tuple[int, int]:
    """How many complaints and orders are late, and how many are soon."""

    def due_before(moment: datetime) -> int:
        return running.filter(due_at__lt=moment).order_by().values("complaint_id", "subject").distinct().count()

    late = due_before(at)
    return late, due_before(at + NEAR) - late


def _read(clocks: QuerySet[Clock]) -> list[Clock]:
    wanted = clocks.select_related(*_WITH).defer("complaint__text", "complaint__elements", "complaint__grading")
    return list(wanted.annotate(opening=Left("complaint__text", OPENING)))


def _worst(running: QuerySet[Clock], at: datetime) -> tuple[list[Clock], bool]:
    """Of each complaint and order the promise that is due first, the longest late on top; and whether there are more.
    However much is late, what can still be kept has half of the board. Each part is read by an index."""
    unbroken = running.filter(breached_at=None)
    broken, past, coming = (
        _read(part.order_by("due_at", "id")[: MOST + 1])
        for part in (running.exclude(breached_at=None), unbroken.filter(due_at__lt=at), unbroken.filter(due_at__gte=at))
    )  # what is past and not broken on the record yet waits for the sweep
    firsts: dict[tuple[int, str], Clock] = {}
    for clock in sorted([*broken, *past, *coming], key=lambda each: (each.due_at, each.pk)):
        firsts.setdefault((clock.complaint_id, clock.subject), clock)
    late = [each for each in firsts.values() if each.due_at < at]
    soon = [each for each in firsts.values() if each.due_at >= at]
    room = max(MOST // 2, MOST - len(soon))
    shown = [*late[:room], *soon[: MOST - min(room, len(late))]]
    return shown, max(len(broken), len(past), len(coming), len(firsts)) > MOST


def _orders_of(member: Member, clocks: Iterable[Clock]) -> dict[str, WorkOrder]:
    numbers = {clock.subject for clock in clocks if clock.subject}
    if not numbers:
        return {}
    seen = WorkOrder.objects.visible_to(member).filter(number__in=numbers)
    return {order.number: order for order in seen.select_related("unit", "assignee", "handler", "complaint")}


def _row(
    clock: Clock,
    order: WorkOrder | None,
    reader: Reader,
    names: Mapping[str, str],
    at: datetime,
    gone: set[int],
) -> dict[str, Any]:
    complaint = clock.complaint
    place = order.unit if order else complaint.owner_unit
    person = (order.handler or order.assignee) if order else complaint.assignee or complaint.reviewer
    left = clock.due_at - at
    return {
        "key": f"{complaint.number}-{clock.subject or 'self'}",
        "number": order.number if order else complaint.number,
        "complaint": complaint.number,
        "url": reverse("desk:complaint", args=[complaint.number]),
        "title": title_of(complaint, reader, getattr(clock, "opening", None)),
        "severity": complaint.severity,
        "clock": clock_label(clock.code, names),
        "due_at": clock.due_at,
        "sort": "late" if left < timedelta(0) else "near" if left < NEAR else "later",
        "unit_key": place.code,
        "unit": place.name,
        "person_key": person.username if person else "-",
        "person": person.name if person else "",
        "is_away": person is not None and person.pk in gone,
        "nudges": order.nudge_count if order else 0,
        "acts": acts_on(order, reader.member) if order else _acts_on_complaint(complaint, reader.member),
        "may_supervise": may(reader.member, Right.SUPERVISE),
    }


def acts_on(order: WorkOrder, member: Member) -> list[str]:
    """What may be done from the row."""
    open_to = {verb.name for verb in order_verbs(order, member)}
    return [name for name in ON_ROWS if name in open_to]


def _acts_on_complaint(complaint: Complaint, member: Member) -> list[str]:
    """Where no order has it: whoever it waits for may be urged."""
    return ["urge"] if complaint.state in urging.OURS and urging.may_urge(complaint, member) else []


def _count_urgings(rows: Iterable[dict[str, Any]], clocks: Iterable[Clock]) -> None:
    """How often, of the rows that no order has."""
    alone = {clock.complaint.number: clock.complaint for clock in clocks if not clock.subject}
    times = Counter(urging.urgings(*alone.values()).values_list("complaint__number", flat=True)) if alone else {}
    for row in rows:
        if row["number"] == row["complaint"]:
            row["nudges"] = times.get(row["number"], 0)


def _tallies(rows: Sequence[Mapping[str, Any]], name: str) -> list[Tally]:
    found: dict[str, Tally] = {}
    for row in rows:
        key = row[f"{name}_key"]
        tally = found.setdefault(key, Tally(key, row[name], name == "person" and row["is_away"]))
        tally.counts[row["sort"]] += 1
    return sorted(found.values(), key=lambda each: (-each.late, -each.near, -each.total, each.name))


def _unsigned(member: Member, reader: Reader, at: datetime) -> list[dict[str, Any]]:
    """Past the time for signing, or offered on already; those that nobody is left for come first."""
    waiting = WorkOrder.objects.visible_to(member).filter(state=OrderState.DISPATCHED, complaint__is_open=True)
    late = waiting.filter(Q(sign_due_at__lt=at) | Q(sign_watch__offered__len__gt=0))
    joined = late.select_related("unit", "assignee", "handler", "complaint__customer", "sign_watch").defer(
        "complaint__text", "complaint__elements", "complaint__grading"
    )
    rows = joined.annotate(opening=Left("complaint__text", OPENING)).order_by(
        F("sign_watch__next_at").asc(nulls_first=True), "sign_due_at", "id"
    )
    return [
        {
            "order": order,
            "url": reverse("desk:complaint", args=[order.complaint.number]),
            "title": title_of(order.complaint, reader, getattr(order, "opening", None)),
            "offers": len(order.sign_watch.offered) if hasattr(order, "sign_watch") else 0,
            "is_nobodys": hasattr(order, "sign_watch") and order.sign_watch.next_at is None,
            "acts": acts_on(order, member),
        }
        for order in rows[:SIDE]
    ]


def _owed(member: Member) -> list[Supervision]:
    owed = Supervision.objects.visible_to(member).open().select_related("complaint", "order__unit", "issued_by")
    return list(owed.order_by("answer_by_at", "id")[:SIDE])


def _away(member: Member, at: datetime) -> list[Absence]:
    gone = Absence.objects.visible_to(member).at(at).select_related("member__unit", "deputy")
    return list(gone.order_by("ends_at", "id")[: SIDE * 2])
