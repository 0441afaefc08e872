"""Shifts as stretches of time. Values only: no database and no clock."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
EVERY_DAY = frozenset(range(1, 8))


class Span(NamedTuple):
    """From `start` up to `end`, which is not in it."""

    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        return self.start <= at < self.end


class Hours(NamedTuple):
    """One shift as the clock on its desk's wall shows it. One that ends no later than it starts ends the day after."""

    starts: time
    ends: time
    weekdays: frozenset[int]
    zone: str

    def on(self, day: date) -> Span | None:
        """The shift that begins that day, or None on a weekday without it. Where the clocks change, it is as long
        as the clock on the wall makes it."""
        if day.isoweekday() not in self.weekdays:
            return None
        tz = ZoneInfo(self.zone)
        last = day if self.ends > self.starts else day + ONE_DAY
        start = datetime.combine(day, self.starts, tz).astimezone(UTC)
        end = datetime.combine(last, self.ends, tz).astimezone(UTC)
        return Span(start, end) if end > start else None

    def within(self, window: Span, first: date | None = None, last: date | None = None) -> Iterator[Span]:
        """Those that touch the window, of the days from `first` to `last`, both included."""
        tz = ZoneInfo(self.zone)
        day = max(filter(None, [window.start.astimezone(tz).date() - ONE_DAY, first]))
        until = min(filter(None, [window.end.astimezone(tz).date(), last]))
        while day <= until:
            found = self.on(day)
            if found and found.start < window.end and found.end > window.start:
                yield found
            day += ONE_DAY


def joined(spans: Iterable[Span]) -> list[Span]:
    """In order, those that touch made one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        elif span.end > span.start:
            found.append(span)
    return found


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of the first where the second are taken out."""
    holes, left = joined(taken), []
    for span in joined(spans):
        start = span.start
        for hole in holes:
            if hole.end <= start or hole.start >= span.end:
                continue
            if hole.start > start:
                left.append(Span(start, hole.start))
            start = max(start, hole.end)
        if start < span.end:
            left.append(Span(start, span.end))
    return left


def cut(spans: Iterable[Span], window: Span) -> list[Span]:
    """Only what lies inside the window."""
    inside = (Span(max(each.start, window.start), min(each.end, window.end)) for each in spans)
    return [each for each in inside if each.end > each.start]


def used_up(spans: Iterable[Span], length: timedelta) -> datetime | None:
    """When so much of them has passed; None where they hold less."""
    for span in joined(spans):
        if length <= span.end - span.start:
            return span.start + length
        length -= span.end - span.start
    return None


def distance(zone: str, other: str, at: datetime) -> timedelta:
    """How far two clocks on the wall are apart at that moment."""
    apart = abs(_offset(zone, at) - _offset(other, at))
    return min(apart, ONE_DAY - apart)


def from_midday(zone: str, at: datetime) -> timedelta:
    """How far it is from noon there: the smaller, the more it is working time."""
    local = at.astimezone(ZoneInfo(zone))
    return abs(timedelta(hours=local.hour - 12, minutes=local.minute))


def _offset(zone: str, at: datetime) -> timedelta:
    return at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)
