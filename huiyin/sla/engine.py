"""Working time, computed from values only: no database and no clock.

A `Calendar` says which moments count; `Calendar.add` finds a due moment and `Calendar.between` measures back.
Both are monotone, adding twice is adding the sum, and measuring undoes adding (tests/test_engine_laws.py).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from huiyin.sla.days import ONE_DAY, WEEKDAYS, Almanac, Days, Ruling, by_weekday

ZERO = timedelta(0)
LEGAL_DAY_ENDS = time(23, 59, 59)
WORTH_COUNTING = timedelta(minutes=30)  # a night's promise that grazes the morning is not measured by those minutes


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


class _Openings(NamedTuple):
    """A year's opening hours laid end to end: `used` is how much of them has passed at the close of each."""

    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]
    used: tuple[timedelta, ...]
    days: tuple[int, ...]
    total: timedelta

    def passed(self, moment: datetime) -> timedelta:
        """How much of them lies before the moment."""
        begun = bisect_right(self.opens, moment)
        if not begun:
            return ZERO
        left = self.closes[begun - 1] - moment
        return self.used[begun - 1] - left if left > ZERO else self.used[begun - 1]


class Calendar(Days):
    """Opening hours on working days in one time zone.

    `hours` are intervals within a day, in order and apart (a lunch break is the gap between two). `exceptions` are the
    administrator's own days and outrank the almanac. Every moment given must be aware; every moment returned is UTC.

    It refuses to guess: an answer that hangs on a day nobody has spoken of is BeyondCalendar, whether a moment is asked
    for or a length; `provisional` answers all the same. Natural time asks no calendar.
    """

    def __init__(
        self,
        *,
        zone: str,
        hours: Sequence[tuple[time, time]],
        workdays: frozenset[int] = WEEKDAYS,
        almanac: Almanac = by_weekday,
        exceptions: Mapping[date, Ruling] | None = None,
    ) -> None:
        edges = [edge for interval in hours for edge in interval]
        if not edges or any(late <= early for early, late in pairwise(edges)):
            raise ValueError("opening hours must be intervals in order that do not touch")
        super().__init__(workdays=workdays, almanac=almanac, exceptions=exceptions or {})
        self.zone = zone
        self.hours = tuple(hours)
        self._tz = ZoneInfo(zone)
        self._years_openings: dict[int, _Openings] = {}
        self._nth: dict[tuple[int, int], datetime] = {}

    @cached_property
    def provisional(self) -> "Calendar":
        """The same calendar with every day that nobody has spoken of worked. What is due by it is due at the earliest
        moment it can be, whatever is announced; where all is known both say the same."""
        known = self._almanac
        return Calendar(
            zone=self.zone,
            hours=self.hours,
            workdays=self.workdays,
            almanac=lambda day: known(day) or Ruling(True),
            exceptions=self._exceptions,
        )

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._tz)

    def is_open(self, moment: datetime) -> bool:
        """Whether it is inside opening hours; on days nobody has spoken of, as on any such weekday."""
        day = self.local(moment).date()
        return self.is_usually_working(day) and any(
            self._moment(day, opens) <= moment < self._moment(day, closes) for opens, closes in self.hours
        )

    def add(self, start: datetime, target: Target, pauses: Sequence[Pause] = ()) -> datetime:
        """The due moment: start + target + pauses, all three counted in the target's unit.

        A pause that begins when the target is already due changes nothing: a breach is never undone.
        A zero target is due at once.
        """
        due = self._add(start, target)
        if not pauses:
            return due
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
        if not pauses:
            return self._measure(start, end, unit)
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

    def part_way(self, start: datetime, due: datetime, share: float, pauses: Sequence[Pause] = ()) -> datetime:
        """When that share of the time that counts from start to due is used up: of the opening hours, or of all hours
        where hardly any of it lies inside them. Up to 1 never before start nor after due; from 1 on never before
        due."""
        working = self.between(start, due, Unit.BUSINESS_MINUTES, pauses)
        unit = Unit.NATURAL_MINUTES if working < WORTH_COUNTING else Unit.BUSINESS_MINUTES
        return self.share_of(unit, start, due, share, pauses)

    def share_of(
        self, unit: Unit, start: datetime, due: datetime, share: float, pauses: Sequence[Pause] = ()
    ) -> datetime:
        """When that share of the unit's time from start to due is used up; what stood still is no time."""
        if due <= start:
            return start.astimezone(UTC)
        whole = self.between(start, due, unit, pauses)
        if share > 1:
            return self.add(due, Target(unit, whole * (share - 1)))
        return min(self.add(start, Target(unit, whole * share), pauses), due.astimezone(UTC))

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
        if not span:
            return start.astimezone(UTC)
        local = self.local(start)
        number = local.year
        openings = self._openings(number)
        wanted = openings.passed(start.astimezone(UTC)) + span
        while wanted > openings.total:
            self._must_know(self._year(number), local.toordinal() - 1, date(number, 12, 31).toordinal())
            if number == MAXYEAR:
                raise OverflowError("the calendar has no end to this target")
            wanted -= openings.total
            number += 1
            openings = self._openings(number)
        place = bisect_left(openings.used, wanted)
        self._must_know(self._year(number), local.toordinal() - 1, openings.days[place])
        return openings.closes[place] - (openings.used[place] - wanted)

    def _opening_time(self, start: datetime, end: datetime) -> timedelta:
        first, last = self.local(start), self.local(end)
        for number in range(first.year, last.year + 1):
            self._must_know(self._year(number), first.toordinal() - 1, last.toordinal())
        whole = sum((self._openings(number).total for number in range(first.year, last.year)), ZERO)
        begun, ended = start.astimezone(UTC), end.astimezone(UTC)
        return whole + self._openings(last.year).passed(ended) - self._openings(first.year).passed(begun)

    def _measure(self, start: datetime, end: datetime, unit: Unit) -> timedelta:
        if end < start:
            return -self._measure(end, start, unit)
        if unit in NATURAL:
            return end - start
        if unit in BUSINESS:
            return self._opening_time(start, end)
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

    def _openings(self, number: int) -> _Openings:
        openings = self._years_openings.get(number)
        if openings is None:
            openings = self._years_openings[number] = self._laid_end_to_end(number)
        return openings

    def _laid_end_to_end(self, number: int) -> _Openings:
        """Of the days that nobody has spoken of as of any such weekday; whoever asks refuses them."""
        opens, closes, used, days = [], [], [], []
        last, total = datetime.min.replace(tzinfo=UTC), ZERO
        for ordinal in self._year(number).working:
            day = date.fromordinal(ordinal)
            for interval in self.hours:
                start = max(self._moment(day, interval[0]), last)  # a zone change can carry one into the next
                last = max(self._moment(day, interval[1]), start)
                total += last - start
                opens.append(start)
                closes.append(last)
                used.append(total)
                days.append(ordinal)
        return _Openings(tuple(opens), tuple(closes), tuple(used), tuple(days), total)

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self._tz).astimezone(UTC)


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
