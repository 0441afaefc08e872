"""Which days are worked: the weekday, the holidays and make-up days of an almanac, and somebody's own exceptions."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, NoReturn

ONE_DAY = timedelta(days=1)
WEEKDAYS = frozenset({1, 2, 3, 4, 5})


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
"""None means that nobody has spoken of that day yet: the calendar then refuses to say whether it is worked."""


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
    unknown: tuple[int, ...]


class BeyondCalendar(LookupError):
    """The answer hangs on a day that nobody has spoken of: no almanac, no table of the policy, no administrator."""

    def __init__(self, day: date, days: "Days") -> None:
        super().__init__(day)
        self.day = day
        self._days = days

    @property
    def last_known(self) -> date | None:
        """The latest known day before it, of the three years that lie before it."""
        earlier = (self.day - count * ONE_DAY for count in range(1, 3 * 366))
        return next((day for day in earlier if self._days.covers(day)), None)

    def __str__(self) -> str:
        return f"{self.day} is beyond the calendar, which is known until {self.last_known}"


def by_weekday(day: date) -> Ruling | None:
    """No holidays at all: each day is known, and as its weekday says."""
    return Ruling(None)


class Days:
    """The days of a calendar, year by year as they are asked for. `exceptions` outrank the almanac.

    What counts days raises BeyondCalendar when a day that nobody has spoken of would have to be counted; `day`, `runs`
    and `is_usually_working` only show, and go by the weekday there.
    """

    def __init__(self, *, workdays: frozenset[int], almanac: Almanac, exceptions: Mapping[date, Ruling]) -> None:
        if not workdays or not workdays <= frozenset(range(1, 8)):
            raise ValueError("workdays must be ISO weekdays, 1 to 7")
        self.workdays = workdays
        self._almanac = almanac
        self._exceptions = dict(exceptions)
        self._years: dict[int, _Year] = {}

    def day(self, day: date) -> Day:
        return self._year(day.year).days[day.timetuple().tm_yday - 1]

    def is_working(self, day: date) -> bool:
        """Raises BeyondCalendar."""
        found = self.day(day)
        if not found.is_known:
            self._refuse(day)
        return found.is_working

    def is_usually_working(self, day: date) -> bool:
        """By the weekday where nothing is known: for whoever must not promise, only be there."""
        return self.day(day).is_working

    def covers(self, day: date) -> bool:
        """Whether the almanac or the administrator has spoken of that day."""
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
        after, year_number = day.toordinal(), day.year
        year = self._year(year_number)
        place = bisect_right(year.working, after) + count - 1
        while place >= len(year.working):
            self._must_know(year, after, year.days[-1].day.toordinal())
            place -= len(year.working)
            year_number += 1
            year = self._year(year_number)
        self._must_know(year, after, year.working[place])
        return date.fromordinal(year.working[place])

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative when `last` is the earlier one."""
        if last < first:
            return -self.working_days_between(last, first)
        for number in range(first.year, last.year + 1):
            self._must_know(self._year(number), first.toordinal(), last.toordinal())
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
            is_same = (
                before is not None and before[2:] == (day.sort, day.name) and self.covers(before.last) == day.is_known
            )
            if before and is_same and before.last + ONE_DAY == day.day:
                found[-1] = before._replace(last=day.day)
            else:
                found.append(Run(day.day, day.day, day.sort, day.name))
        return found

    def _must_know(self, year: _Year, after: int, until: int) -> None:
        """That nothing is unknown in that year after the one day, up to and including the other."""
        if year.unknown:
            place = bisect_right(year.unknown, after)
            if place < len(year.unknown) and year.unknown[place] <= until:
                self._refuse(date.fromordinal(year.unknown[place]))

    def _refuse(self, day: date) -> NoReturn:
        raise BeyondCalendar(day, self)

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            first, after = date(number, 1, 1).toordinal(), date(number, 12, 31).toordinal() + 1
            days = tuple(self._judged(date.fromordinal(ordinal)) for ordinal in range(first, after))
            working = tuple(day.day.toordinal() for day in days if day.is_working)
            year = _Year(days, working, tuple(day.day.toordinal() for day in days if not day.is_known))
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
