"""A week of the roster, for a page: shifts by day, who is on, who is away and who stands in, and what nobody keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from huiyin.duty.models import Absence, Assignment, Desk, Shift
from huiyin.duty.queries import gaps
from huiyin.duty.spans import ONE_DAY, Span, cut
from huiyin.org.models import Member

DAYS = 7


@dataclass(frozen=True)
class Person:
    """One on a shift; `away` where they are not there for part of it, `deputy` who stands in then."""

    member: Member
    assignment: Assignment
    is_away: bool
    deputy: Member | None


@dataclass(frozen=True)
class Cell:
    """One shift on one day; without `span` there is none that day. `missing` are the hours of it that nobody keeps."""

    day: date
    span: Span | None
    people: tuple[Person, ...] = ()
    missing: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Row:
    shift: Shift
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Week:
    """A desk's. `gaps` are the hours of the week without anybody, as the desk's wall clock has them."""

    desk: Desk
    days: tuple[date, ...]
    rows: tuple[Row, ...]
    gaps: tuple[Span, ...] = field(default=())


def weeks(desks: Sequence[Desk], monday: date) -> list[Week]:
    """Each desk's week from that Monday, in the desk's own zone; five statements, however many desks."""
    wide = Span(_at(monday - ONE_DAY, "UTC"), _at(monday + (DAYS + 2) * ONE_DAY, "UTC"))
    missing = gaps(desks, wide.start, wide.end)
    shifts: dict[int, list[Shift]] = {}
    for shift in Shift.objects.filter(desk__in=desks).select_related("desk"):
        shifts.setdefault(shift.desk_id, []).append(shift)
    assigned: dict[int, list[Assignment]] = {}
    kept = Assignment.objects.touching(wide).filter(shift__desk__in=desks, member__is_active=True)
    for each in kept.select_related("shift__desk", "member__unit"):
        assigned.setdefault(each.shift_id, []).append(each)
    away: dict[int, list[Absence]] = {}
    for absence in Absence.objects.touching(wide).select_related("deputy"):
        away.setdefault(absence.member_id, []).append(absence)
    days = tuple(monday + count * ONE_DAY for count in range(DAYS))
    return [_week(desk, days, shifts.get(desk.pk, []), assigned, away, missing.get(desk.pk, [])) for desk in desks]


def _week(
    desk: Desk,
    days: tuple[date, ...],
    shifts: Sequence[Shift],
    assigned: Mapping[int, Sequence[Assignment]],
    away: Mapping[int, Sequence[Absence]],
    missing: Sequence[Span],
) -> Week:
    whole = Span(_at(days[0], desk.time_zone), _at(days[-1] + ONE_DAY, desk.time_zone))
    rows = tuple(
        Row(shift, tuple(_cell(shift, day, assigned.get(shift.pk, ()), away, missing) for day in days))
        for shift in shifts
    )
    return Week(desk, days, rows, tuple(cut(missing, whole)))


def _cell(
    shift: Shift,
    day: date,
    assigned: Sequence[Assignment],
    away: Mapping[int, Sequence[Absence]],
    missing: Sequence[Span],
) -> Cell:
    span = shift.hours().on(day)
    if span is None:
        return Cell(day, None)
    there = [each for each in assigned if _is_on(each, day)]
    people = tuple(_person(each, span, away.get(each.member_id, ())) for each in there)
    return Cell(day, span, people, tuple(cut(missing, span)))


def _is_on(assignment: Assignment, day: date) -> bool:
    is_within = assignment.first <= day and (assignment.last is None or day <= assignment.last)
    return is_within and day.isoweekday() in assignment.weekdays


def _person(assignment: Assignment, span: Span, absences: Sequence[Absence]) -> Person:
    hit = next((each for each in absences if cut([each.span], span)), None)
    return Person(assignment.member, assignment, hit is not None, hit.deputy if hit else None)


def _at(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(zone))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
