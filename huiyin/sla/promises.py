"""When a promise falls due, and why. Values only; `explaining.explain` turns the why into a sentence.

No complaint is lost because a year's holidays are not announced yet: a moment that hangs on them is the earliest it can
be, and `why["provisional"]` says so, until it is reckoned anew (`renewed`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any, NamedTuple

from huiyin.sla.days import BeyondCalendar, Sort
from huiyin.sla.engine import BUSINESS, NATURAL, Calendar, Pause, Target, Unit
from huiyin.sla.explaining import explain
from huiyin.sla.policy import FINAL, HANDLE, ORDER, RESOLVE, Clock, Inputs, Policy, Rule

__all__ = [
    "STARTED_AT_FILING",
    "WORK_ORDER_CLOCKS",
    "Deadline",
    "Inputs",
    "Policy",
    "UnknownClock",
    "at_filing",
    "deadline",
    "deadlines",
    "earliest",
    "explain",
    "extended",
    "resumed",
    "share_used_at",
]

STARTED_AT_FILING = ("CK-FR", "CK-REVIEW", "CK-INITFB", "CK-RESOLVE")
WORK_ORDER_CLOCKS = ("CK-ACK", HANDLE, "CK-AUDIT")
SUBMITTED = "intake_submitted"
OFF = frozenset({Sort.WEEKEND, Sort.HOLIDAY})
NOT_AS_THE_WEEKDAY_SAYS = OFF | {Sort.MAKEUP}
# seed A36: the centre keeps two hours or a fifth of the time, and a fifth of the working days from five on
KEPT_AT_LEAST = timedelta(hours=2)
KEPT_SHARE = 5
SHARED_FROM_DAYS = 5


class UnknownClock(LookupError):
    """The policy has no clock of that name."""


class Deadline(NamedTuple):
    """The due moment (UTC) and its reasons: JSON small enough to be kept with the clock, shared, not to be changed."""

    due_at: datetime
    why: dict[str, Any]


class _Plan(NamedTuple):
    """What can be said of a clock before its start is known."""

    choices: tuple[tuple[Target, dict[str, Any]], ...]


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
        same = _resolution(policy, start, inputs, pauses)[1]
        return same and Deadline(same.due_at, same.why | _head(policy, ORDER) | {"same_as": RESOLVE})
    if clock.is_agreed:
        return Deadline(agreed, _head(policy, code) | _span(policy.calendar, start, agreed)) if agreed else None
    if clock.repeat_at and clock.matching(inputs):
        due = policy.calendar.next_time(start, clock.repeat_at)
        head = _head(policy, code, clock.seed) | {"at": f"{clock.repeat_at:%H:%M}"}
        return Deadline(due, head | _span(policy.calendar, start, due))
    return _promised(policy, clock, code, start, inputs, pauses)


def deadlines(policy: Policy, codes: Iterable[str], *, start: datetime, inputs: Inputs) -> dict[str, Deadline]:
    """Those of the clocks that are promised, by code."""
    found = {code: deadline(policy, code, start=start, inputs=inputs) for code in codes}
    return {code: each for code, each in found.items() if each is not None}


def resumed(
    policy: Policy,
    why: Mapping[str, Any],
    *,
    start: datetime,
    due: datetime,
    pauses: Sequence[Pause],
    order_due: datetime | None = None,
) -> Deadline:
    """The promise that was due at `due`, with its pauses: counted from the targets it was made with, by its policy's
    calendar. `why` is what it was started with. What was kept back from the order's time is kept back from
    `order_due`, where the order is due now; what was set by hand moves by the time it stood still. A pause that began
    when it was due already changes nothing.
    """
    calendar = policy.calendar
    if targets := _targets(why):
        counted = datetime.fromisoformat(why["start"]) if "of_days" in why else start
        moved, is_provisional = min(_reckon(calendar, counted, target, pauses) for target in targets)
    elif "kept_minutes" in why and not any(pause.start < due for pause in pauses):
        moved, is_provisional = due, False
    elif order_due is not None and "kept_minutes" in why:
        moved, is_provisional = order_due - timedelta(minutes=why["kept_minutes"]), "provisional" in why
    else:
        moved = calendar.add(start, Target(Unit.NATURAL_MINUTES, due - start), pauses)
        is_provisional = "provisional" in why
    if moved <= due:
        return Deadline(due, dict(why))
    said = {**why, "due": _shown(calendar, moved), "before_pauses": why.get("before_pauses") or _shown(calendar, due)}
    return Deadline(moved, _marked(said, calendar, start, is_provisional) if why else {})


def renewed(policy: Policy, why: Mapping[str, Any], *, start: datetime, due: datetime) -> Deadline:
    """The promise that was due at `due`, before its pauses, counted anew by this policy's calendar from the targets it
    was made with. Where no target is known it stays: agreed with the customer, set by hand, kept back from an order
    (see `kept_from`), or given by an authority."""
    targets = _targets(why)
    if not targets:
        return Deadline(due, dict(why))
    calendar = policy.calendar
    counted = datetime.fromisoformat(why["start"]) if "of_days" in why else start
    (moved, is_provisional), target = min(
        ((_reckon(calendar, counted, target), target) for target in targets), key=lambda each: each[0]
    )
    chosen = _amount(target)
    others = [
        each for each in (why, *why.get("rivals", ())) if {"unit": each["unit"], "amount": each["amount"]} != chosen
    ]
    forgotten = ("days", "provisional", "unknown_years", "before_pauses", "before_extension", "extended", "rivals")
    said = {key: value for key, value in why.items() if key not in forgotten}
    said |= chosen | _span(calendar, counted, moved) | _days(policy, counted, moved, target)
    said["policy"] = policy.number
    if others:
        said["rivals"] = [{key: each[key] for key in ("rule", "unit", "amount") if key in each} for each in others]
    return Deadline(moved, _marked(said, calendar, counted, is_provisional))


def kept_from(policy: Policy, why: Mapping[str, Any], *, due: datetime, order: Deadline) -> Deadline:
    """A handling that was kept back from its work order, due at `due` now that the order is due as `order`."""
    calendar, start = policy.calendar, datetime.fromisoformat(why["start"])
    said = {**why, "due": _shown(calendar, due), "order_due": _shown(calendar, order.due_at), "policy": policy.number}
    return Deadline(due, _marked(said, calendar, start, "provisional" in order.why))


def extended(policy: Policy, granted: Deadline, *, days: int) -> Deadline:
    """The promise, so many working days later (延期); 0 leaves it."""
    if not days:
        return granted
    calendar = policy.calendar
    due, is_provisional = _reckon(calendar, granted.due_at, Target.of(Unit.WORKING_DAYS, days))
    shown = {"due": _shown(calendar, due), "extended": days, "before_extension": granted.why.get("due", "")}
    if not granted.why:
        return Deadline(due, {})
    said = {**granted.why, **shown}
    is_still = "provisional" in said
    return Deadline(due, said if is_still else _marked(said, calendar, granted.due_at, is_provisional))


def share_used_at(policy: Policy, why: Mapping[str, Any], *, start: datetime, due: datetime, share: float) -> datetime:
    """When that share (1 is due) of a promise is used up: of all hours where it counts natural time, of the opening
    hours where it counts those or working days; of a handling as its order clock counts. Source: alerts.yaml AL-11,
    AL-12 and sla.yaml `warnings`."""
    if share == 1:
        return due
    if why.get("unit", why.get("order_unit")) in NATURAL or "at" in why:
        return start + (due - start) * share
    try:
        return policy.calendar.part_way(start, due, share)
    except BeyondCalendar:
        return policy.calendar.provisional.part_way(start, due, share)


def at_filing(policy: Policy, *, received: datetime, submitted: datetime, inputs: Inputs) -> dict[str, Deadline]:
    """The clocks that start when a complaint is filed: from its receipt, 复核 from the end of the intake."""
    starts = {code: submitted if policy.clocks[code].start == SUBMITTED else received for code in STARTED_AT_FILING}
    found = {code: deadline(policy, code, start=start, inputs=inputs) for code, start in starts.items()}
    return {code: each for code, each in found.items() if each is not None}


def _promised(
    policy: Policy, clock: Clock, code: str, start: datetime, inputs: Inputs, pauses: Sequence[Pause]
) -> Deadline | None:
    key = (code, inputs)
    plan = policy.memory.get(key)
    if plan is None:
        plan = policy.memory[key] = _plan(policy, clock, code, inputs)
    if not plan.choices:
        return None
    calendar = policy.calendar
    (due, is_provisional), target, head = min(
        ((_reckon(calendar, start, target, pauses), target, head) for target, head in plan.choices),
        key=lambda each: each[0],
    )
    why = {**head, **_span(calendar, start, due), **_days(policy, start, due, target)}
    if pauses and (unpaused := _reckon(calendar, start, target)[0]) != due:
        why["before_pauses"] = _shown(calendar, unpaused)
    return Deadline(due, _marked(why, calendar, start, is_provisional) if is_provisional else why)


def earliest(calendar: Calendar, start: datetime, target: Target) -> datetime:
    """When so much time is used up; where the days are not all known, the earliest moment it can be."""
    return _reckon(calendar, start, target)[0]


def _reckon(calendar: Calendar, start: datetime, target: Target, pauses: Sequence[Pause] = ()) -> tuple[datetime, bool]:
    """The due moment, and whether it is only the earliest it can be."""
    try:
        return calendar.add(start, target, pauses), False
    except BeyondCalendar:
        return calendar.provisional.add(start, target, pauses), True


def _targets(why: Mapping[str, Any]) -> list[Target]:
    """What the promise was made with; of several the earliest due counts. None where it was kept back from an order."""
    if "kept_minutes" in why:
        return []
    return [Target.of(each["unit"], each["amount"]) for each in (why, *why.get("rivals", ())) if "unit" in each]


def _marked(why: Mapping[str, Any], calendar: Calendar, start: datetime, is_provisional: bool) -> dict[str, Any]:
    said = {key: value for key, value in why.items() if key != "provisional"}
    if is_provisional:
        known = calendar.covered_until(calendar.local(start).date())
        said["provisional"] = known.isoformat() if known else ""
    return said


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
    said = _head(policy, code, rule.seed) | {"rule": rule.place, "matched": rule.matched(inputs)} | _amount(target)
    if rivals := [{"rule": other.place} | _amount(each) for other, each in pairs if (other, each) != (rule, target)]:
        said["rivals"] = rivals
    if rule.then and not code.endswith(FINAL):
        said["then"] = _amount(rule.then)
    return said


def _resolution(
    policy: Policy, start: datetime, inputs: Inputs, pauses: Sequence[Pause]
) -> tuple[Deadline | None, Deadline | None]:
    """The next and the final resolution; one and the same where nothing is interim."""
    interim = deadline(policy, RESOLVE, start=start, inputs=inputs, pauses=pauses)
    return interim, deadline(policy, RESOLVE + FINAL, start=start, inputs=inputs, pauses=pauses) or interim


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
    interim, final = _resolution(policy, received, inputs, pauses)
    if interim is None or final is None:
        return None
    is_provisional = "provisional" in final.why
    if order_due is None or order_due == interim.due_at:
        order_due = final.due_at
    head = _head(policy, HANDLE, policy.clocks[HANDLE].seed) | {"order_due": _shown(calendar, order_due)}
    days = calendar.between(received, order_due, Unit.WORKING_DAYS).days
    if final.why.get("unit") == Unit.WORKING_DAYS and days >= SHARED_FROM_DAYS:
        target = Target.of(Unit.WORKING_DAYS, ceil(days * (KEPT_SHARE - 1) / KEPT_SHARE))
        due = calendar.add(received, target)
        if dispatched < due < order_due:
            shared = {"of_days": days} | _amount(target) | _span(calendar, received, due)
            said = head | shared | _days(policy, received, due, target)
            return Deadline(due, _marked(said, policy.calendar, received, is_provisional))
    due = order_due - max(KEPT_AT_LEAST, (order_due - dispatched) / KEPT_SHARE)
    if due < dispatched < order_due:
        due = dispatched
    kept = {"kept_minutes": int((order_due - due) / timedelta(minutes=1))}
    said = head | kept | {"order_unit": order_unit or final.why.get("unit", "")} | _span(calendar, dispatched, due)
    return Deadline(due, _marked(said, policy.calendar, received, is_provisional))


def _head(policy: Policy, code: str, seed: str = "") -> dict[str, Any]:
    clock = policy.clocks[code.removesuffix(FINAL)]
    said = {"clock": code, "name": clock.zh, "from": clock.start, "policy": policy.number}
    return said | {"seed": seed} if seed else said


def _amount(target: Target) -> dict[str, Any]:
    return {"unit": target.unit.value, "amount": target.amount}


def _shown(calendar: Calendar, moment: datetime) -> str:
    return calendar.local(moment).isoformat(timespec="minutes")


def _span(calendar: Calendar, start: datetime, due: datetime) -> dict[str, Any]:
    return {"start": _shown(calendar, start), "due": _shown(calendar, due)}


def _days(policy: Policy, start: datetime, due: datetime, target: Target) -> dict[str, list[Any]]:
    """The days that did not count, or counted against their weekday, as far as they are known."""
    if target.unit in NATURAL:
        return {}
    calendar = policy.calendar
    first, last = calendar.local(start).date(), calendar.local(due).date()
    if target.unit is Unit.LEGAL_DAYS:
        first = first + target.span
    elif target.unit not in BUSINESS:
        first += timedelta(days=1)
    is_rolling = target.unit is Unit.LEGAL_DAYS
    key = (is_rolling, first, last)
    said = policy.memory.get(key)
    if said is None:
        said = policy.memory[key] = _described(calendar, first, last, OFF if is_rolling else NOT_AS_THE_WEEKDAY_SAYS)
    return said


def _described(calendar: Calendar, first: date, last: date, sorts: frozenset[Sort]) -> dict[str, list[Any]]:
    runs = [run for run in calendar.runs(first, last, sorts) if calendar.covers(run.first)]
    days = [[run.first.isoformat(), run.last.isoformat(), run.sort.value, run.name] for run in runs]
    return {"days": days} if days else {}
