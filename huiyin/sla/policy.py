"""A policy document read into rules: who is promised what. Values only; `checking` says whether a document is sound."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from typing import Any

from huiyin.sla.almanac import YearTable, state_council, with_tables
from huiyin.sla.days import Ruling
from huiyin.sla.engine import Calendar, Target, Unit

TABLE = re.compile(r"holidays_(\d{4})")
UNITS = frozenset(unit.value for unit in Unit)
AGREED = "agreed_time"
LEAST = "min_of_matching"
FINAL = ".final"
HANDLE = "CK-HANDLE"
ORDER = "CK-ORDER"
RESOLVE = "CK-RESOLVE"
FORMULAS = (HANDLE, ORDER)
REASON_FILED = "breach_reason_filed"
LAST_CALLS = ({"clock": "CK-PROMISE", "before_nh": 2, "notify": ["assignee"]},)  # defaults/sla.yaml has the same


@dataclass(frozen=True, slots=True)
class Inputs:
    """What of a complaint decides its promises: level L1 to L4, complexity S or C, issue class, customer tier."""

    level: str
    cx: str
    issue: str = "general"
    tier: str = "STD"
    urgent: bool = False
    departments: int = 1
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a clock's targets. Of several `targets` the earliest due counts; `then` is the final one."""

    place: int
    when: tuple[tuple[str, Any], ...]
    targets: tuple[Target, ...]
    then: Target | None
    seed: str

    def fits(self, inputs: Inputs) -> bool:
        return all(_fits(key, wanted, inputs) for key, wanted in self.when)

    def matched(self, inputs: Inputs) -> dict[str, Any]:
        """The inputs this rule looked at."""
        names = [key.removesuffix("_gte") for key, _ in self.when if key not in ("act", "open")]
        acts = {key: wanted for key, wanted in self.when if key == "act"}
        return {name: getattr(inputs, name) for name in names} | acts


@dataclass(frozen=True, slots=True)
class Clock:
    code: str
    zh: str
    start: str
    stop: str
    kind: str
    seed: str
    rules: tuple[Rule, ...]
    is_least_of_matching: bool
    is_agreed: bool
    repeat_every: Target | None
    repeat_at: time | None

    def minds(self, name: str) -> bool:
        """Whether what it promises depends on that input."""
        return any(key.removesuffix("_gte") == name for rule in self.rules for key, _wanted in rule.when)

    def matching(self, inputs: Inputs) -> list[Rule]:
        """The first rule that fits, or all of them where the shortest of all counts."""
        rules = [rule for rule in self.rules if rule.fits(inputs)]
        return rules if self.is_least_of_matching else rules[:1]


@dataclass(frozen=True, slots=True)
class PauseReason:
    code: str
    zh: str
    longest: Target | None
    remind_after: tuple[timedelta, ...]
    allowed_for: frozenset[str]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """At this share of the time between start and due, these are told; `requires`: what the case then waits for."""

    at: float
    notify: tuple[str, ...]
    action: str
    requires: str = ""
    before: timedelta | None = None  # not by its share: so long before it is due


@dataclass(frozen=True, slots=True)
class Extension:
    max_times: int
    longest: Target
    approvers: tuple[str, ...]


class Policy:
    """One version of the policy, with the calendar it counts by. Read once, shared, never changed."""

    def __init__(
        self,
        body: Mapping[str, Any],
        *,
        number: int,
        exceptions: Mapping[date, Ruling] | None = None,
        zone: str | None = None,
    ) -> None:
        self.body = body
        self.number = number
        self.calendar = _calendar(body, exceptions or {}, zone)
        self.clocks = {spec["id"]: read_clock(spec) for spec in body["clocks"]}
        self.never_pause = frozenset(body.get("never_pause", ()))
        self.memory: dict[Any, Any] = {}
        self.exceptions = exceptions
        self._in_zone: dict[str, Policy] = {}

    def in_zone(self, zone: str) -> "Policy":
        """The same promises, with opening hours and days in a unit's own time zone."""
        if zone == self.calendar.zone:
            return self
        if zone not in self._in_zone:
            self._in_zone[zone] = Policy(self.body, number=self.number, exceptions=self.exceptions, zone=zone)
        return self._in_zone[zone]

    @cached_property
    def pause_reasons(self) -> Mapping[str, PauseReason]:
        return {spec["id"]: _pause_reason(spec) for spec in self.body.get("pause_reasons", ())}

    @cached_property
    def warnings(self) -> tuple[Threshold, ...]:
        specs = self.body.get("warnings", ())
        return tuple(
            Threshold(float(each["at"]), tuple(each["notify"]), each.get("action", ""), each.get("requires", ""))
            for each in specs
        )

    @cached_property
    def last_calls(self) -> Mapping[str, Threshold]:
        """By clock: who is told so long before it is due, beside `warnings` (alerts.yaml AL-13). A policy of an earlier
        release says nothing of it and has ours."""
        specs = self.body.get("last_calls", LAST_CALLS)
        return {
            each["clock"]: Threshold(0.0, tuple(each["notify"]), "", before=timedelta(hours=each["before_nh"]))
            for each in specs
        }

    @cached_property
    def asks_why(self) -> bool:
        """Whether a broken promise needs its reason on file before the case goes on."""
        return any(each.requires == REASON_FILED for each in self.warnings)

    @cached_property
    def extension(self) -> Extension:
        spec = self.body.get("extension", {})
        longest = Target.of("wd", spec.get("max_wd", 0))
        return Extension(spec.get("max_times", 0), longest, tuple(spec.get("approver", ())))

    def may_pause(self, clock: str, reason: str) -> bool:
        """Whether this reason stops this clock; an unknown reason stops none."""
        known = self.pause_reasons.get(reason)
        clock = clock.removesuffix(FINAL)
        return known is not None and clock not in self.never_pause and clock in known.allowed_for


def business_calendar(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first calendar that has opening hours."""
    found: Mapping[str, Any] = next(each for each in body["calendars"] if not each.get("always"))
    return found


def opening_hours(spec: Mapping[str, Any]) -> tuple[tuple[time, time], ...]:
    """`hours: ['09:00-12:00', '13:30-18:00']`, or the shorter `open` and `close`."""
    written = spec.get("hours") or [f"{spec['open']}-{spec['close']}"]
    pairs = (each.split("-") for each in written)
    return tuple((time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip())) for opens, closes in pairs)


def year_tables(body: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for key, table in body.items():
        if found := TABLE.fullmatch(key):
            yield int(found[1]), table


def _calendar(body: Mapping[str, Any], exceptions: Mapping[date, Ruling], zone: str | None) -> Calendar:
    spec = business_calendar(body)
    tables = {
        year: YearTable(_days(table["days_off"]), _days(table["makeup_workdays"]), _names(table))
        for year, table in year_tables(body)
    }
    return Calendar(
        zone=zone or spec["tz"],
        hours=opening_hours(spec),
        workdays=frozenset(spec["workdays"]),
        almanac=with_tables(tables, state_council),
        exceptions=exceptions,
    )


def _days(written: list[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in written)


def _names(table: Mapping[str, Any]) -> Mapping[date, str]:
    return {date.fromisoformat(day): name for day, name in table.get("names", {}).items()}


def read_clock(spec: Mapping[str, Any]) -> Clock:
    common = {**spec.get("when", {}), **spec.get("while", {})}
    seed = spec.get("seed", "")
    return Clock(
        code=spec["id"],
        zh=spec["zh"],
        start=spec.get("start", ""),
        stop=spec.get("stop", ""),
        kind=spec.get("kind", ""),
        seed=seed,
        rules=tuple(_rule(place, entry, common, seed) for place, entry in enumerate(_entries(spec), 1)),
        is_least_of_matching=spec.get("target_rule") == LEAST,
        is_agreed=spec.get("target") == AGREED,
        repeat_every=_target(spec["repeat_every"]) if "repeat_every" in spec else None,
        repeat_at=time.fromisoformat(spec["repeat_at"]) if "repeat_at" in spec else None,
    )


def _entries(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if "targets" in spec:
        return list(spec["targets"])
    only = spec.get("target") or spec.get("alert_over") or spec.get("repeat_every")
    if only is None and "repeat_at" in spec:
        return [{}]
    return [only] if isinstance(only, Mapping) else []


def _rule(place: int, entry: Mapping[str, Any], common: Mapping[str, Any], seed: str) -> Rule:
    wanted = {**common, **entry.get("when", {})}
    choices = entry.get("min_of", [entry])
    return Rule(
        place=place,
        when=tuple((key, tuple(value) if isinstance(value, list) else value) for key, value in wanted.items()),
        targets=tuple(_target(choice) for choice in choices if UNITS & choice.keys()),
        then=_target(entry["then"]) if "then" in entry else None,
        seed=entry.get("seed", seed),
    )


def _target(spec: Mapping[str, Any]) -> Target:
    unit = next(key for key in spec if key in UNITS)
    return Target.of(unit, spec[unit])


def _fits(key: str, wanted: Any, inputs: Inputs) -> bool:
    match key:
        case "act":
            return wanted in inputs.acts
        case "departments_gte":
            return bool(inputs.departments >= wanted)
        case "open":
            return True
    value = getattr(inputs, key)
    return value in wanted if isinstance(wanted, tuple) else bool(value == wanted)


def _pause_reason(spec: Mapping[str, Any]) -> PauseReason:
    longest = next((Target.of(unit, spec[f"max_{unit}"]) for unit in UNITS if f"max_{unit}" in spec), None)
    return PauseReason(
        code=spec["id"],
        zh=spec["zh"],
        longest=longest,
        remind_after=tuple(timedelta(hours=hours) for hours in spec.get("remind_nh", ())),
        allowed_for=frozenset(spec["allowed_for"]),
        needs=tuple(spec.get("needs", ())),
    )
