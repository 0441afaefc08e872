"""Working time, computed from values only: no database and no clock.

A `Calendar` says which moments count; `Calendar.add` finds a due moment and `Calendar.between` measures back.
Both are monotone, adding twice is adding the sum, and measuring undoes adding (tests/test_engine_laws.py).
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

ZERO = timedelta(0)
ONE_DAY = timedelta(days=1)
LEGAL_DAY_ENDS = time(23, 59, 59)
WEEKDAYS = frozenset({1, 2, 3, 4, 5})


class Unit(StrEnum):
    """How a target counts. Spans of the two day units are whole days."""

    NATURAL_MINUTES = "nm"
    NATURAL_HOURS = "nh"
    BUSINESS_MINUTES = "bm"
    BUSINESS_HOURS = "bh"
    WORKING_DAYS = "wd"
    LEGAL_DAYS = "ld"


NATURAL = frozenset({Unit.NATURAL_MINUTES, Unit.NATURAL_HOURS})
BUSINESS = frozenset({Unit.BUSINESS_MINUTES, Unit.BUSINESS_HOURS})
_ONE = {
    Unit.NATURAL_MINUTES: timedelta(minutes=1),
    Unit.NATURAL_HOURS: timedelta(hours=1),
    Unit.BUSINESS_MINUTES: timedelta(minutes=1),
    Unit.BUSINESS_HOURS: timedelta(hours=1),
    Unit.WORKING_DAYS: ONE_DAY,
    Unit.LEGAL_DAYS: ONE_DAY,
}


class Target(NamedTuple):
    """So much of a unit: `Target.of("wd", 3)`."""

    unit: Unit
    span: timedelta

    @classmethod
    def of(cls, unit: str, amount: float) -> "Target":
        kind = Unit(unit)
        return cls(kind, _ONE[kind] * amount)

    @property
    def amount(self) -> int | float:
        amount = self.span / _ONE[self.unit]
        return int(amount) if amount == int(amount) else amount


class Pause(NamedTuple):
    """A stretch of time that does not count, `end` excluded."""

    start: datetime
    end: datetime


class Sort(StrEnum):
    WORKDAY = "workday"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


class Ruling(NamedTuple):
    """What an almanac says of a day; `is_working` None means: known, and nothing special."""

    is_working: bool | None
    name: str = ""


Almanac = Callable[[date], Ruling | None]
"""None means that the almanac has no data for that day: the calendar then goes by the weekday and says so."""


class Day(NamedTuple):
    day: date
    sort: Sort
    name: str
    is_known: bool

    @property
    def is_working(self) -> bool:
        return self.sort in (Sort.WORKDAY, Sort.MAKEUP)


class Run(NamedTuple):
    """Consecutive days of one sort, both ends included."""

    first: date
    last: date
    sort: Sort
    name: str


class _Year(NamedTuple):
    days: tuple[Day, ...]
    working: tuple[int, ...]


def no_almanac(day: date) -> Ruling | None:
    return None


class Calendar:
    """Opening hours on working days in one time zone.

    `hours` are intervals within a day, in order and apart (a lunch break is the gap between two). `exceptions` are the
    administrator's own days and outrank the almanac. Every moment given must be aware; every moment returned is UTC.
    """

    def __init__(
        self,
        *,
        zone: str,
        hours: Sequence[tuple[time, time]],
        workdays: frozenset[int] = WEEKDAYS,
        almanac: Almanac = no_almanac,
        exceptions: Mapping[date, Ruling] | None = None,
    ) -> None:
        edges = [edge for interval in hours for edge in interval]
        if not edges or any(late <= early for early, late in zip(edges, edges[1:], strict=False)):
            raise ValueError("opening hours must be intervals in order that do not touch")
        if not workdays or not workdays <= frozenset(range(1, 8)):
            raise ValueError("workdays must be ISO weekdays, 1 to 7")
        self.zone = zone
        self.hours = tuple(hours)
        self.workdays = workdays
        self._tz = ZoneInfo(zone)
        self._almanac = almanac
        self._exceptions = dict(exceptions or {})
        self._years: dict[int, _Year] = {}
        self._spans: dict[int, tuple[Pause, ...]] = {}
        self._nth: dict[tuple[int, int], datetime] = {}

    # -- days

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._tz)

    def day(self, day: date) -> Day:
        return self._year(day.year).days[day.timetuple().tm_yday - 1]

    def is_working(self, day: date) -> bool:
        return self.day(day).is_working

    def covers(self, day: date) -> bool:
        """Whether the almanac or the administrator has spoken of that day; if not, only its weekday was looked at."""
        return self.day(day).is_known

    def covered_until(self, day: date) -> date | None:
        """The last day of the unbroken stretch of known days from `day` on, or None if `day` itself is unknown."""
        last = None
        while self.covers(day):
            last = day
            day += ONE_DAY
        return last

    def nth_working_day(self, day: date, count: int) -> date:
        """The working day that is `count` working days after `day`, which is not counted itself."""
        year_number = day.year
        year = self._year(year_number)
        place = bisect_right(year.working, day.toordinal()) + count - 1
        while place >= len(year.working):
            place -= len(year.working)
            year_number += 1
            year = self._year(year_number)
        return date.fromordinal(year.working[place])

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative when `last` is the earlier one."""
        if last < first:
            return -self.working_days_between(last, first)
        passed = sum(len(self._year(number).working) for number in range(first.year, last.year))
        before = bisect_right(self._year(first.year).working, first.toordinal())
        return passed + bisect_right(self._year(last.year).working, last.toordinal()) - before

    def runs(self, first: date, last: date, sorts: frozenset[Sort]) -> list[Run]:
        """The days of these sorts from `first` to `last`, both included, neighbours joined."""
        found: list[Run] = []
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = self.day(date.fromordinal(ordinal))
            if day.sort not in sorts:
                continue
            before = found[-1] if found else None
            if before and before[2:] == (day.sort, day.name) and before.last + ONE_DAY == day.day:
                found[-1] = before._replace(last=day.day)
            else:
                found.append(Run(day.day, day.day, day.sort, day.name))
        return found

    # -- moments

    def add(self, start: datetime, target: Target, pauses: Sequence[Pause] = ()) -> datetime:
        """The due moment: start + target + pauses, all three counted in the target's unit.

        A pause that begins when the target is already due changes nothing: a breach is never undone.
        A zero target is due at once.
        """
        due = self._add(start, target)
        held = ZERO
        for pause in _merged(pauses, start):
            if pause.start >= due:
                break
            held += self._held(start, pause, target.unit)
            due = self._add(start, Target(target.unit, target.span + held))
        return due

    def between(self, start: datetime, end: datetime, unit: Unit, pauses: Sequence[Pause] = ()) -> timedelta:
        """How much of the unit lies between, pauses taken out; negative when `end` is the earlier one.

        Undoes `add`. Legal days may have rolled forward to a working day, so for them it is the days that did pass.
        """
        if end < start:
            return -self.between(end, start, unit, pauses)
        held = ZERO
        for pause in _merged(pauses, start):
            if pause.start < end:
                held += self._held(start, Pause(pause.start, min(pause.end, end)), unit)
        return self._measure(start, end, unit) - held

    def next_time(self, start: datetime, at: time) -> datetime:
        """The first moment after `start` when the clock on the wall shows `at`."""
        local = self.local(start)
        day = local.date() if local.time() < at else local.date() + ONE_DAY
        return self._moment(day, at)

    def working_between(self, start: datetime, end: datetime) -> timedelta:
        """Time inside opening hours."""
        return self._measure(start, end, Unit.BUSINESS_MINUTES)

    # -- within

    def _add(self, start: datetime, target: Target) -> datetime:
        unit, span = target
        if span < ZERO:
            raise ValueError("a target is never negative")
        if unit in NATURAL or not span:
            return start.astimezone(UTC) + span
        if unit in BUSINESS:
            return self._add_opening_time(start, span)
        received = self.local(start).date()
        if unit is Unit.WORKING_DAYS:
            return self._close_of_nth(received, span.days)
        last = received + span
        if not self.is_working(last):
            last = self.nth_working_day(last, 1)
        return self._moment(last, LEGAL_DAY_ENDS)

    def _close_of_nth(self, day: date, count: int) -> datetime:
        key = (day.toordinal(), count)
        due = self._nth.get(key)
        if due is None:
            due = self._nth[key] = self._moment(self.nth_working_day(day, count), self.hours[-1][1])
        return due

    def _add_opening_time(self, start: datetime, span: timedelta) -> datetime:
        moment = start.astimezone(UTC)
        for opened in self._open_from(self.local(start).date()):
            moment = max(moment, opened.start)
            room = opened.end - moment
            if room > ZERO:
                if span <= room:
                    return moment + span
                span -= room
        raise OverflowError("the calendar has no end to this target")

    def _measure(self, start: datetime, end: datetime, unit: Unit) -> timedelta:
        if end < start:
            return -self._measure(end, start, unit)
        if unit in NATURAL:
            return end - start
        if unit in BUSINESS:
            total = ZERO
            for opened in self._open_from(self.local(start).date()):
                if opened.start >= end:
                    break
                total += max(min(opened.end, end) - max(opened.start, start), ZERO)
            return total
        first, last = self.local(start).date(), self.local(end).date()
        if unit is Unit.WORKING_DAYS:
            return timedelta(days=self.working_days_between(first, last))
        return last - first

    def _held(self, start: datetime, pause: Pause, unit: Unit) -> timedelta:
        """What a pause gives back. A day is given back when its close fell inside the pause: then a clock that was
        paused in time is never due before the pause is over."""
        if unit in NATURAL or unit in BUSINESS:
            return self._measure(pause.start, pause.end, unit)
        after_receipt = self._moment(self.local(start).date() + ONE_DAY, time(0))
        if pause.end <= after_receipt:
            return ZERO
        first, last = self.local(max(pause.start, after_receipt)), self.local(pause.end)
        if unit is Unit.LEGAL_DAYS:
            return last.date() - first.date()
        close = self.hours[-1][1]
        from_day = first.date() if first.time() > close else first.date() - ONE_DAY
        to_day = last.date() if last.time() > close else last.date() - ONE_DAY
        return timedelta(days=max(self.working_days_between(from_day, to_day), 0))

    def _open_from(self, day: date) -> Iterator[Pause]:
        # a zone change at midnight can carry an interval of the day before into this day
        ordinal = day.toordinal() - 1
        while ordinal < date.max.toordinal():
            spans = self._spans.get(ordinal)
            if spans is None:
                spans = self._spans[ordinal] = tuple(self._intervals(date.fromordinal(ordinal)))
            yield from spans
            ordinal += 1

    def _intervals(self, day: date) -> Iterator[Pause]:
        if not self.is_working(day):
            return
        last = None
        for opens, closes in self.hours:
            start, end = self._moment(day, opens), self._moment(day, closes)
            start = start if last is None else max(start, last)
            last = end = max(start, end)
            yield Pause(start, end)

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self._tz).astimezone(UTC)

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            first, after = date(number, 1, 1).toordinal(), date(number, 12, 31).toordinal() + 1
            days = tuple(self._judged(date.fromordinal(ordinal)) for ordinal in range(first, after))
            year = _Year(days, tuple(day.day.toordinal() for day in days if day.is_working))
            self._years[number] = year
        return year

    def _judged(self, day: date) -> Day:
        usual = day.isoweekday() in self.workdays
        ruling = self._exceptions.get(day) or self._almanac(day)
        name = ruling.name if ruling else ""
        if ruling is None or ruling.is_working is None:
            return Day(day, Sort.WORKDAY if usual else Sort.WEEKEND, "", ruling is not None)
        if ruling.is_working:
            return Day(day, Sort.WORKDAY if usual else Sort.MAKEUP, name, True)
        return Day(day, Sort.HOLIDAY, name, True)


def _merged(pauses: Iterable[Pause], start: datetime) -> list[Pause]:
    """In order, overlaps joined, what lies before `start` cut off."""
    merged: list[Pause] = []
    for pause in sorted(pauses):
        begins = max(pause.start, start)
        if pause.end <= begins:
            continue
        if merged and begins <= merged[-1].end:
            merged[-1] = Pause(merged[-1].start, max(merged[-1].end, pause.end))
        else:
            merged.append(Pause(begins, pause.end))
    return merged
