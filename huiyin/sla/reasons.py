"""The parts a deadline's reasons are made of: what was promised, from when to when, and which days did not count.

JSON small enough to be kept with the clock; `explaining.explain` turns it into a sentence.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from huiyin.sla.days import BeyondCalendar, Sort
from huiyin.sla.engine import BUSINESS, NATURAL, Calendar, Pause, Target, Unit
from huiyin.sla.policy import FINAL, Policy

OFF = frozenset({Sort.WEEKEND, Sort.HOLIDAY})
NOT_AS_THE_WEEKDAY_SAYS = OFF | {Sort.MAKEUP}
ONE_DAY = timedelta(days=1)


class Deadline(NamedTuple):
    """The due moment (UTC) and its reasons: JSON small enough to be kept with the clock, shared, not to be changed."""

    due_at: datetime
    why: dict[str, Any]


def reckon(calendar: Calendar, start: datetime, target: Target, pauses: Sequence[Pause] = ()) -> tuple[datetime, bool]:
    """The due moment, and whether it is only the earliest it can be."""
    try:
        return calendar.add(start, target, pauses), False
    except BeyondCalendar:
        return calendar.provisional.add(start, target, pauses), True


def head(policy: Policy, code: str, seed: str = "") -> dict[str, Any]:
    clock = policy.clocks[code.removesuffix(FINAL)]
    said = {"clock": code, "name": clock.zh, "from": clock.start, "policy": policy.number}
    return said | {"seed": seed} if seed else said


def amount(target: Target) -> dict[str, Any]:
    return {"unit": target.unit.value, "amount": target.amount}


def shown(calendar: Calendar, moment: datetime) -> str:
    return calendar.local(moment).isoformat(timespec="minutes")


def span(calendar: Calendar, start: datetime, due: datetime) -> dict[str, Any]:
    return {"start": shown(calendar, start), "due": shown(calendar, due)}


def counted(policy: Policy, start: datetime, due: datetime, target: Target) -> dict[str, Any]:
    """The span, with the days in it that did not count or counted against their weekday, as far as they are known."""
    begun, ended = policy.calendar.local(start), policy.calendar.local(due)
    said: dict[str, Any] = {
        "start": begun.isoformat(timespec="minutes"), "due": ended.isoformat(timespec="minutes"),
    }  # fmt: skip
    return said if target.unit in NATURAL else said | _days(policy, begun.date(), ended.date(), target)


def marked(why: dict[str, Any], calendar: Calendar, start: datetime, is_provisional: bool) -> dict[str, Any]:
    """Whether it is only the earliest it can be, and until when the days are known."""
    if not is_provisional and "provisional" not in why:
        return why
    said = {key: value for key, value in why.items() if key != "provisional"}
    if is_provisional:
        known = calendar.covered_until(calendar.local(start).date())
        said["provisional"] = known.isoformat() if known else ""
    return said


def _days(policy: Policy, first: date, last: date, target: Target) -> dict[str, Any]:
    is_rolling = target.unit is Unit.LEGAL_DAYS
    if is_rolling:
        first += target.span
    elif target.unit not in BUSINESS:
        first += ONE_DAY
    key = (is_rolling, first, last)
    said: dict[str, Any] | None = policy.memory.get(key)
    if said is None:
        sorts = OFF if is_rolling else NOT_AS_THE_WEEKDAY_SAYS
        said = policy.memory[key] = _described(policy.calendar, first, last, sorts)
    return said


def _described(calendar: Calendar, first: date, last: date, sorts: frozenset[Sort]) -> dict[str, Any]:
    runs = [run for run in calendar.runs(first, last, sorts) if calendar.covers(run.first)]
    days = [[run.first.isoformat(), run.last.isoformat(), run.sort.value, run.name] for run in runs]
    return {"days": days} if days else {}
