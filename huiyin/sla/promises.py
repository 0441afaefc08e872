"""When a promise falls due, and why. Values only; `explaining.explain` turns the why into a sentence.

No complaint is lost because a year's holidays are not announced yet: a moment that hangs on them is the earliest it can
be, and `why["provisional"]` says so, until it is reckoned anew (`renewed`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any, NamedTuple

from huiyin.sla.afterwards import capped, extended, kept_from, renewed, resumed, set_by_hand, share_used_at, stood_still
from huiyin.sla.days import BeyondCalendar
from huiyin.sla.engine import NATURAL, Calendar, Pause, Target, Unit
from huiyin.sla.explaining import explain
from huiyin.sla.policy import FINAL, HANDLE, ORDER, RESOLVE, Clock, Inputs, Policy, Rule
from huiyin.sla.reasons import Deadline, amount, counted, head, marked, reckon, shown, span

__all__ = [
    "STARTED_AT_FILING",
    "WORK_ORDER_CLOCKS",
    "Deadline",
    "Inputs",
    "Policy",
    "UnknownClock",
    "at_filing",
    "capped",
    "deadline",
    "deadlines",
    "earliest",
    "explain",
    "extended",
    "kept_from",
    "renewed",
    "resumed",
    "set_by_hand",
    "share_used_at",
    "stood_still",
]

STARTED_AT_FILING = ("CK-FR", "CK-REVIEW", "CK-INITFB", "CK-RESOLVE")
WORK_ORDER_CLOCKS = ("CK-ACK", HANDLE, "CK-AUDIT")
SUBMITTED = "intake_submitted"
# seed A36: the centre keeps two hours or a fifth of the time, and a fifth of the working days from five on
KEPT_AT_LEAST = timedelta(hours=2)
KEPT_SHARE = 5
SHARED_FROM_DAYS = 5
A_MINUTE = timedelta(minutes=1)


class UnknownClock(LookupError):
    """The policy has no clock of that name."""


class _Plan(NamedTuple):
    """What can be said of a clock before its start is known."""

    choices: tuple[tuple[Target, dict[str, Any]], ...]


class _Chosen(NamedTuple):
    """Of a plan's targets the one that is due first, and what is said of it whenever it starts."""

    due_at: datetime
    is_provisional: bool
    target: Target
    said: dict[str, Any]


def deadline(
    policy: Policy,
    code: str,
    *,
    start: datetime,
    inputs: Inputs,
    pauses: Sequence[Pause] = (),
    received: datetime | None = None,
    dispatched: datetime | None = None,
    order_due: datetime | None = None,
    order_unit: str = "",
    agreed: datetime | None = None,
) -> Deadline | None:
    """When the clock is due if it started at `start`; None if the policy promises nothing for these inputs.

    `CK-RESOLVE.final` is the final resolution where `CK-RESOLVE` is an interim one. CK-HANDLE looks at both ends of
    its work order: `received` and `dispatched` (each `start` if not given) and `order_due`, the order clock's due
    moment if that was paused, extended or promised by another grading, which counted `order_unit`. CK-PROMISE is due
    as `agreed`. Raises UnknownClock.
    """
    clock = policy.clocks.get(code.removesuffix(FINAL))
    if clock is None:
        raise UnknownClock(code)
    if code == HANDLE:
        ends = (received or start, dispatched or start, order_due, order_unit)
        try:
            return _handling(policy, policy.calendar, inputs, *ends, pauses)
        except BeyondCalendar:
            return _handling(policy, policy.calendar.provisional, inputs, *ends, pauses)
    if code == ORDER:
        same = deadline(policy, RESOLVE + FINAL, start=start, inputs=inputs, pauses=pauses)
        same = same or deadline(policy, RESOLVE, start=start, inputs=inputs, pauses=pauses)
        return same and Deadline(same.due_at, same.why | head(policy, ORDER) | {"same_as": RESOLVE})
    if clock.is_agreed:
        return Deadline(agreed, head(policy, code) | span(policy.calendar, start, agreed)) if agreed else None
    if clock.repeat_at and clock.matching(inputs):
        due = policy.calendar.next_time(start, clock.repeat_at)
        said = head(policy, code, clock.seed) | {"at": f"{clock.repeat_at:%H:%M}"}
        return Deadline(due, said | span(policy.calendar, start, due))
    return _promised(policy, clock, code, start, inputs, pauses)


def deadlines(policy: Policy, codes: Iterable[str], *, start: datetime, inputs: Inputs) -> dict[str, Deadline]:
    """Those of the clocks that are promised, by code."""
    found = {code: deadline(policy, code, start=start, inputs=inputs) for code in codes}
    return {code: each for code, each in found.items() if each is not None}


def at_filing(policy: Policy, *, received: datetime, submitted: datetime, inputs: Inputs) -> dict[str, Deadline]:
    """The clocks that start when a complaint is filed: from its receipt, 复核 from the end of the intake."""
    starts = {code: submitted if policy.clocks[code].start == SUBMITTED else received for code in STARTED_AT_FILING}
    found = {code: deadline(policy, code, start=start, inputs=inputs) for code, start in starts.items()}
    return {code: each for code, each in found.items() if each is not None}


def earliest(calendar: Calendar, start: datetime, target: Target, pauses: Sequence[Pause] = ()) -> datetime:
    """When so much time is used up; where the days are not all known, the earliest moment it can be."""
    return reckon(calendar, start, target, pauses)[0]


def _promised(
    policy: Policy, clock: Clock, code: str, start: datetime, inputs: Inputs, pauses: Sequence[Pause]
) -> Deadline | None:
    chosen = _chosen(policy, clock, code, start, inputs, pauses)
    if chosen is None:
        return None
    due, is_provisional, target, always = chosen
    why = always | counted(policy, start, due, target)
    if pauses and (unpaused := reckon(policy.calendar, start, target)[0]) != due:
        why["before_pauses"] = shown(policy.calendar, unpaused)
    return Deadline(due, marked(why, policy.calendar, start, is_provisional))


def _chosen(
    policy: Policy, clock: Clock, code: str, start: datetime, inputs: Inputs, pauses: Sequence[Pause]
) -> _Chosen | None:
    """Of all targets that fit, the one due first."""
    key = (code, inputs)
    plan = policy.memory.get(key)
    if plan is None:
        plan = policy.memory[key] = _plan(policy, clock, code, inputs)
    found: _Chosen | None = None
    for target, said in plan.choices:
        due, is_provisional = reckon(policy.calendar, start, target, pauses)
        if found is None or (due, is_provisional) < (found.due_at, found.is_provisional):
            found = _Chosen(due, is_provisional, target, said)
    return found


def _plan(policy: Policy, clock: Clock, code: str, inputs: Inputs) -> _Plan:
    is_final = code.endswith(FINAL)
    rules = clock.matching(inputs)
    pairs = [(rule, target) for rule in rules for target in ((rule.then,) if is_final else rule.targets) if target]
    shortest = min((pair for pair in pairs if pair[1].unit in NATURAL), key=lambda pair: pair[1].span, default=None)
    choices = [pair for pair in pairs if pair[1].unit not in NATURAL or pair is shortest]
    return _Plan(tuple((target, _said(policy, code, rule, target, pairs, inputs)) for rule, target in choices))


def _said(
    policy: Policy, code: str, rule: Rule, target: Target, pairs: list[tuple[Rule, Target]], inputs: Inputs
) -> dict[str, Any]:
    said = head(policy, code, rule.seed) | {"rule": rule.place, "matched": rule.matched(inputs)} | amount(target)
    if rivals := [{"rule": other.place} | amount(each) for other, each in pairs if (other, each) != (rule, target)]:
        said["rivals"] = rivals
    if rule.then and not code.endswith(FINAL):
        said["then"] = amount(rule.then)
    return said


def _resolution(
    policy: Policy, start: datetime, inputs: Inputs, pauses: Sequence[Pause]
) -> tuple[_Chosen, _Chosen] | None:
    """The next and the final resolution; one and the same where nothing is interim."""
    clock = policy.clocks.get(RESOLVE)
    if clock is None:
        raise UnknownClock(RESOLVE)
    interim = _chosen(policy, clock, RESOLVE, start, inputs, pauses)
    if interim is None:
        return None
    return interim, _chosen(policy, clock, RESOLVE + FINAL, start, inputs, pauses) or interim


def _handling(
    policy: Policy,
    calendar: Calendar,
    inputs: Inputs,
    received: datetime,
    dispatched: datetime,
    order_due: datetime | None,
    order_unit: str,
    pauses: Sequence[Pause],
) -> Deadline | None:
    """Before the order clock by the formula of A36. Four fifths of the working days are no time at all for an order
    that is dispatched later than that; it then gets its share of what is left, like an order clock in hours. Raises
    BeyondCalendar."""
    resolution = _resolution(policy, received, inputs, pauses)
    if resolution is None:
        return None
    interim, final = resolution
    if order_due is None or order_due == interim.due_at:
        order_due = final.due_at
    said = {**_head_of_handling(policy), "order_due": shown(calendar, order_due)}
    if final.target.unit is Unit.WORKING_DAYS:
        days = calendar.between(received, order_due, Unit.WORKING_DAYS).days
        if days >= SHARED_FROM_DAYS:
            target = Target.of(Unit.WORKING_DAYS, ceil(days * (KEPT_SHARE - 1) / KEPT_SHARE))
            due = calendar.add(received, target)
            if dispatched < due < order_due:
                said |= {"of_days": days} | amount(target) | counted(policy, received, due, target)
                return Deadline(due, marked(said, policy.calendar, received, final.is_provisional))
    due = order_due - max(KEPT_AT_LEAST, (order_due - dispatched) / KEPT_SHARE)
    if due < dispatched < order_due:
        due = dispatched
    said["kept_minutes"] = (order_due - due) // A_MINUTE
    said["order_unit"] = order_unit or final.target.unit.value
    said |= span(calendar, dispatched, due)
    return Deadline(due, marked(said, policy.calendar, received, final.is_provisional))


def _head_of_handling(policy: Policy) -> dict[str, Any]:
    said: dict[str, Any] | None = policy.memory.get(HANDLE)
    if said is None:
        said = policy.memory[HANDLE] = head(policy, HANDLE, policy.clocks[HANDLE].seed)
    return said
