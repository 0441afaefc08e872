"""What becomes of a promise that was made: paused, extended, counted anew, part of it used up. Values only."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from huiyin.sla.days import BeyondCalendar
from huiyin.sla.engine import NATURAL, Pause, Target, Unit
from huiyin.sla.policy import Policy
from huiyin.sla.reasons import Deadline, amount, counted, head, marked, reckon, shown, span


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
    if targets := targets_of(why):
        begun = datetime.fromisoformat(why["start"]) if "of_days" in why else start
        moved, is_provisional = min(reckon(calendar, begun, target, pauses) for target in targets)
    elif "kept_minutes" in why and not any(pause.start < due for pause in pauses):
        moved, is_provisional = due, False
    elif order_due is not None and "kept_minutes" in why:
        moved, is_provisional = order_due - timedelta(minutes=why["kept_minutes"]), "provisional" in why
    else:
        moved = calendar.add(start, Target(Unit.NATURAL_MINUTES, due - start), pauses)
        is_provisional = "provisional" in why
    if not why:
        return Deadline(max(moved, due), {})
    said = {
        **_uncapped(why),
        "stood_still": [[each.start.isoformat(), each.end.isoformat()] for each in sorted(pauses)],
    }
    if moved <= due:
        return Deadline(due, said)
    said |= {"due": shown(calendar, moved), "before_pauses": why.get("before_pauses") or shown(calendar, due)}
    return Deadline(moved, marked(said, calendar, start, is_provisional))


def renewed(policy: Policy, why: Mapping[str, Any], *, start: datetime, due: datetime) -> Deadline:
    """The promise that was due at `due`, before its pauses, counted anew by this policy's calendar from the targets it
    was made with. Natural time stays, and so does what has no target: agreed with the customer, set by hand, kept back
    from an order (see `kept_from`), or given by an authority."""
    targets = targets_of(why)
    is_natural = all(target.unit in NATURAL for target in targets)  # or there is none
    if not targets or (is_natural and "extended" not in why):
        return Deadline(due, dict(why))
    calendar = policy.calendar
    begun = datetime.fromisoformat(why["start"]) if "of_days" in why else start
    (moved, is_provisional), target = min(
        ((reckon(calendar, begun, target), target) for target in targets), key=lambda each: each[0]
    )
    chosen = amount(target)
    others = [
        each for each in (why, *why.get("rivals", ())) if {"unit": each["unit"], "amount": each["amount"]} != chosen
    ]
    forgotten = (
        "days", "provisional", "unknown_years", "before_pauses", "stood_still", "before_extension", "extended",
        "rivals", "capped",
    )  # fmt: skip
    said = {key: value for key, value in why.items() if key not in forgotten}
    said |= chosen | counted(policy, begun, moved, target)
    said["policy"] = policy.number
    if others:
        said["rivals"] = [{key: each[key] for key in ("rule", "unit", "amount") if key in each} for each in others]
    return Deadline(moved, marked(said, calendar, begun, is_provisional))


def kept_from(policy: Policy, why: Mapping[str, Any], *, due: datetime, order: Deadline) -> Deadline:
    """A handling that was kept back from its work order, due at `due` now that the order is due as `order`."""
    calendar, start = policy.calendar, datetime.fromisoformat(why["start"])
    moved = {"due": shown(calendar, due), "order_due": shown(calendar, order.due_at), "policy": policy.number}
    said = {**_uncapped(why), **moved}
    return Deadline(due, marked(said, calendar, start, "provisional" in order.why))


def extended(policy: Policy, granted: Deadline, *, days: int) -> Deadline:
    """The promise, so many working days later (延期); 0 leaves it."""
    if not days:
        return granted
    calendar = policy.calendar
    due, is_provisional = reckon(calendar, granted.due_at, Target.of(Unit.WORKING_DAYS, days))
    if not granted.why:
        return Deadline(due, {})
    before = granted.why.get("due", "")
    said = {**_uncapped(granted.why), "due": shown(calendar, due), "extended": days, "before_extension": before}
    is_still = "provisional" in said
    return Deadline(due, said if is_still else marked(said, calendar, granted.due_at, is_provisional))


def set_by_hand(policy: Policy, code: str, by: Deadline | None, *, who: str, at: datetime, due: datetime) -> Deadline:
    """Due earlier than promised (`by`, where anything was): who said so, and when. It has no target any more, so that
    no calendar moves it."""
    calendar = policy.calendar
    said = {key: value for key, value in head(policy, code).items() if key != "seed"} | span(calendar, at, due)
    said["set"] = {"who": who, "at": shown(calendar, at), "before": by.why.get("due", "") if by else ""}
    return Deadline(due, said)


def capped(
    policy: Policy, why: Mapping[str, Any], *, by: Mapping[str, Any], due: datetime, order: str = ""
) -> Deadline:
    """A promise that would be kept after the one it is part of is due with that one, whose reasons are `by` and which
    is of `order`, if that is a work order; what it would have been by itself is kept with it."""
    if not why:
        return Deadline(due, {})
    alone = why["capped"]["before"] if "capped" in why else why.get("due", "")
    limit = {"clock": by.get("clock", ""), "name": by.get("name", ""), "before": alone}
    if order:
        limit["order"] = order
    return Deadline(due, {**why, "due": shown(policy.calendar, due), "capped": limit})


def _uncapped(why: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in why.items() if key != "capped"}


def share_used_at(policy: Policy, why: Mapping[str, Any], *, start: datetime, due: datetime, share: float) -> datetime:
    """When that share (1 is due) of a promise is used up: of all hours where it counts natural time, of the opening
    hours where it counts those or working days; of a handling as its order clock counts. Time that it stood still is
    none of it. Source: alerts.yaml AL-11, AL-12 and sla.yaml `warnings`."""
    if share == 1:
        return due
    pauses = stood_still(why)
    if why.get("unit", why.get("order_unit")) in NATURAL or "at" in why:
        return policy.calendar.share_of(Unit.NATURAL_MINUTES, start, due, share, pauses)
    try:
        return policy.calendar.part_way(start, due, share, pauses)
    except BeyondCalendar:
        return policy.calendar.provisional.part_way(start, due, share, pauses)


def stood_still(why: Mapping[str, Any]) -> list[Pause]:
    """The pauses that `resumed` has counted."""
    return [Pause(*(datetime.fromisoformat(edge) for edge in each)) for each in why.get("stood_still", ())]


def targets_of(why: Mapping[str, Any]) -> list[Target]:
    """What the promise was made with; of several the earliest due counts. None where it was kept back from an order."""
    if "kept_minutes" in why:
        return []
    return [Target.of(each["unit"], each["amount"]) for each in (why, *why.get("rivals", ())) if "unit" in each]
