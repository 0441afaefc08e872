"""The figures of the policy that are changed most, each by its own name; the rest is the document's. Values only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final, NamedTuple

from huiyin.sla.policy import UNITS, business_calendar

MOST_USED: Final = ("CK-FR", "CK-REVIEW", "CK-ACK", "CK-PLAN", "CK-RESOLVE", "CK-AUDIT", "CK-INITFB", "CK-SURVEY")


class Figure(NamedTuple):
    """One amount: under which clock, for which complaints, in what unit. `key` finds it again in the document."""

    key: str
    clock: str
    clock_zh: str
    when: dict[str, Any]
    unit: str
    amount: float
    is_final: bool


def figures(body: Mapping[str, Any]) -> list[Figure]:
    """In the order of MOST_USED, then of the document."""
    return [figure for figure, _place in _found(body)]


def with_figures(body: Mapping[str, Any], amounts: Mapping[str, float]) -> dict[str, Any]:
    """The document with these amounts in their places; those that are not named stay. Not checked."""
    changed = deepcopy(dict(body))
    for figure, place in _found(changed):
        if figure.key in amounts:
            amount = amounts[figure.key]
            place[figure.unit] = int(amount) if amount == int(amount) else amount
    return changed


def opening(body: Mapping[str, Any]) -> tuple[str, str] | None:
    """When the working day begins and ends, where it has no break; several intervals are the document's."""
    calendar = business_calendar(body)
    return None if calendar.get("hours") else (calendar["open"], calendar["close"])


def with_opening(body: Mapping[str, Any], opens: str, closes: str) -> dict[str, Any]:
    changed = deepcopy(dict(body))
    calendar: Any = business_calendar(changed)
    calendar["open"], calendar["close"] = opens, closes
    return changed


def with_hours(body: Mapping[str, Any], hours: Sequence[str], workdays: Sequence[int]) -> dict[str, Any]:
    """The document with these opening hours, one or several intervals a day, and these weekdays. Not checked."""
    changed = deepcopy(dict(body))
    calendar: Any = business_calendar(changed)
    for key in ("open", "close", "hours"):
        calendar.pop(key, None)
    if len(hours) == 1 and "-" in hours[0]:
        calendar["open"], calendar["close"] = (part.strip() for part in hours[0].split("-", 1))
    else:
        calendar["hours"] = list(hours)
    calendar["workdays"] = sorted(workdays)
    return changed


def _found(body: Mapping[str, Any]) -> Iterator[tuple[Figure, Any]]:
    clocks = {clock["id"]: clock for clock in body["clocks"]}
    for code in MOST_USED:
        if code in clocks:
            yield from _of_clock(clocks[code])


def _of_clock(clock: Mapping[str, Any]) -> Iterator[tuple[Figure, Any]]:
    entries = clock.get("targets") or [clock["target"]] if isinstance(clock.get("target", {}), Mapping) else []
    for count, entry in enumerate(entries, 1):
        if not isinstance(entry, Mapping):
            continue
        when = {**clock.get("when", {}), **entry.get("when", {})}
        parts = [*entry.get("min_of", [entry]), *([entry["then"]] if "then" in entry else [])]
        for place, part in enumerate(parts):
            for unit in sorted(UNITS & part.keys()):
                is_final = "then" in entry and part is entry["then"]
                key = f"{clock['id']}.{count}.{place}.{unit}"
                yield Figure(key, clock["id"], clock["zh"], when, unit, part[unit], is_final), part
