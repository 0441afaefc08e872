"""When what is told may disturb somebody, and what goes together: pure, from values, without ORM or clock.

Nothing goes at night or on days off but what is urgent, except to whoever is on shift then. Never more than so many
messages an hour to one person: what is more waits, and comes as one digest. What has become old on the way (a night, a
week off, a stopped worker) comes as a digest too, so that nobody is flooded with yesterday's news. All moments given
are aware.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
STALE = timedelta(hours=6)  # older than that, nothing comes one by one
STORM = 5  # more than so many waiting at once are a storm
FOR_URGENT = 5  # of the hourly number, kept for what is urgent (or half of a small number)
BETWEEN_URGENT = timedelta(minutes=5)  # beyond the hourly number even what is urgent comes in digests, so far apart
LONGEST_REST = 60  # days off in a row, beyond which the calendar is not believed

BACKOFF = tuple(timedelta(minutes=each) for each in (1, 2, 5, 10, 20, 40, 60))
GIVE_UP = timedelta(days=1)
PAUSES = tuple(timedelta(minutes=each) for each in (1, 2, 5, 10, 15))

DayOff = Callable[[date], bool]


@dataclass(frozen=True)
class Habits:
    """When somebody, or a group, wants to be left alone. Equal ends mean: at no time."""

    zone: ZoneInfo
    quiet_from: time = time(21)
    quiet_until: time = time(8)
    rests_on_days_off: bool = True
    digest_at: tuple[time, ...] = ()
    hourly: int = 20
    shifts: tuple[tuple[datetime, datetime], ...] = ()  # at work from then until then, whatever the hour or day

    @property
    def is_across_midnight(self) -> bool:
        return self.quiet_from > self.quiet_until

    def is_quiet(self, clock: time) -> bool:
        if self.is_across_midnight:
            return clock >= self.quiet_from or clock < self.quiet_until
        return self.quiet_from <= clock < self.quiet_until


@dataclass(frozen=True)
class Item:
    """One notice on its way to one recipient."""

    pk: int
    at: datetime
    urgent: bool = False


@dataclass(frozen=True)
class Plan:
    """Each of `messages` is the keys of what goes in it, now; `held` says until when the others wait."""

    messages: list[tuple[int, ...]] = field(default_factory=list)
    held: list[tuple[datetime, tuple[int, ...]]] = field(default_factory=list)


def plan(items: Sequence[Item], *, now: datetime, habits: Habits, sent: Sequence[datetime], is_day_off: DayOff) -> Plan:
    """What of the items goes now to one recipient, to whom messages went at the moments `sent`."""
    found = Plan()
    lately = sorted(each for each in sent if each > now - HOUR)
    urgent = [item for item in items if item.urgent]
    usual = [item for item in items if not item.urgent]
    room = habits.hourly - len(lately)
    if urgent:
        went = _urgent(found, urgent, now, room, lately)
        room -= went
        lately = lately + [now] * went
    if usual:
        _usual(found, usual, now, room - _reserve(habits.hourly), lately, habits, is_day_off)
    return found


def _reserve(hourly: int) -> int:
    return min(FOR_URGENT, hourly // 2)


def _urgent(found: Plan, items: Sequence[Item], now: datetime, room: int, lately: Sequence[datetime]) -> int:
    """At once, whatever the hour; beyond the hourly number together, and some minutes apart."""
    fresh = [item for item in items if item.at > now - STALE]
    if fresh and len(fresh) == len(items) and len(fresh) <= room:
        found.messages.extend((item.pk,) for item in items)
        return len(items)
    if room > 0 or not lately or lately[-1] <= now - BETWEEN_URGENT:
        found.messages.append(_keys(items))
        return 1
    found.held.append((lately[-1] + BETWEEN_URGENT, _keys(items)))
    return 0


def _usual(
    found: Plan, items: Sequence[Item], now: datetime, room: int, lately: Sequence[datetime], habits: Habits,
    is_day_off: DayOff,
) -> None:  # fmt: skip
    allowed = free_from(now, habits, is_day_off)
    if allowed > now:
        found.held.append((allowed, _keys(items)))
        return
    if habits.digest_at and (gathered := next_digest(items, now, habits)) > now:
        found.held.append((gathered, _keys(items)))
        return
    if room < 1:
        # until the message leaves the last hour with which there is room again
        leaves = lately[-room] if -room < len(lately) else lately[-1]
        found.held.append((leaves + HOUR, _keys(items)))
        return
    is_storm = len(items) > min(STORM, room)
    if is_storm or habits.digest_at or any(item.at <= now - STALE for item in items):
        found.messages.append(_keys(items))
    else:
        found.messages.extend((item.pk,) for item in items)


def _keys(items: Sequence[Item]) -> tuple[int, ...]:
    return tuple(item.pk for item in sorted(items, key=lambda item: (item.at, item.pk)))


def free_from(now: datetime, habits: Habits, is_day_off: DayOff) -> datetime:
    """The first moment from `now` on that is neither quiet nor on a day off, or that is in a shift; `now` itself where
    it is such a one."""
    if any(start <= now < end for start, end in habits.shifts):
        return now
    return min([_rested(now, habits, is_day_off), *(start for start, _end in habits.shifts if start > now)])


def _rested(now: datetime, habits: Habits, is_day_off: DayOff) -> datetime:
    moment = now
    for _step in range(2 * LONGEST_REST):
        local = moment.astimezone(habits.zone)
        if habits.rests_on_days_off and is_day_off(local.date()):
            moment = _on(local.date() + timedelta(days=1), time(0), habits.zone)
        elif habits.is_quiet(local.time()):
            is_evening = habits.is_across_midnight and local.time() >= habits.quiet_from
            day = local.date() + timedelta(days=1) if is_evening else local.date()
            moment = max(_on(day, habits.quiet_until, habits.zone), moment + timedelta(minutes=1))
        else:
            return moment
    return now


def next_digest(items: Sequence[Item], now: datetime, habits: Habits) -> datetime:
    """When these are gathered: the first digest time after the oldest of them came."""
    oldest = min(item.at for item in items).astimezone(habits.zone)
    for days in range(2):
        for clock in sorted(habits.digest_at):
            moment = _on(oldest.date() + timedelta(days=days), clock, habits.zone)
            if moment >= oldest:
                return max(moment, now)
    return now


def _on(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone)


def next_try(attempts: int, *, message: str, now: datetime) -> datetime:
    """After so many tries in vain: by the fixed list, a fifth earlier or later as the message's own name says, so that
    what failed together does not come again together."""
    wait = BACKOFF[min(attempts, len(BACKOFF)) - 1] if attempts else timedelta(0)
    spread = int.from_bytes(sha256(f"{message}:{attempts}".encode()).digest()[:4]) / 2**32  # 0 to 1
    return now + wait * (0.8 + 0.4 * spread)


def pause(failures: int) -> timedelta:
    """How long a lane rests that failed so many times on end."""
    return PAUSES[min(failures, len(PAUSES)) - 1]


def given_up(now: datetime) -> datetime:
    """What has been tried since then, or longer, is tried no more."""
    return now - GIVE_UP
