"""sla.yaml read as a person reads it: when a promise is due, and when a share of it is used up. Plain arithmetic, for
Shanghai and 2026; nothing of huiyin.sla is asked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import huiyin
from tests.week.company import SHANGHAI
from tests.week.driving import Grading

BOOK: Mapping[str, Any] = yaml.safe_load((Path(huiyin.__file__).parent / "defaults" / "sla.yaml").read_text("utf-8"))
CLOCKS: Mapping[str, Mapping[str, Any]] = {each["id"]: each for each in BOOK["clocks"]}
PAUSES: Mapping[str, Mapping[str, Any]] = {each["id"]: each for each in BOOK["pause_reasons"]}
OPENS, CLOSES = time(9), time(18)
WAKES, SLEEPS = time(8), time(21)  # between them nobody is asleep, as long as nobody chose other hours
DAY = timedelta(days=1)
_OFF = {date.fromisoformat(day) for day in BOOK["holidays_2026"]["days_off"]}
_MADE_UP = {date.fromisoformat(day) for day in BOOK["holidays_2026"]["makeup_workdays"]}
Amount = tuple[str, int]  # nm, nh or wd, and how many
Stretch = tuple[datetime, datetime]


class Due(NamedTuple):
    at: datetime
    in_days: bool  # counted in working days, so that its shares are of the opening hours
    stood: tuple[Stretch, ...] = ()  # when it stood still: no part of its time


def is_working(day: date) -> bool:
    return day in _MADE_UP or (day.isoweekday() <= 5 and day not in _OFF)


def is_open(moment: datetime) -> bool:
    local = moment.astimezone(SHANGHAI)
    return is_working(local.date()) and OPENS <= local.time() < CLOSES


def is_rest(moment: datetime) -> bool:
    """At night, or on a day on which nobody works: nothing goes to anybody but what is of level 1 or red."""
    local = moment.astimezone(SHANGHAI)
    return not is_working(local.date()) or not WAKES <= local.time() < SLEEPS


def awake(first: datetime, last: datetime) -> timedelta:
    """How much of the stretch is no rest."""
    total, day = timedelta(0), first.astimezone(SHANGHAI).date()
    while (wakes := datetime.combine(day, WAKES, SHANGHAI)) < last:
        if is_working(day):
            total += max(min(datetime.combine(day, SLEEPS, SHANGHAI), last) - max(wakes, first), timedelta(0))
        day += DAY
    return total


def opening(first: datetime) -> Iterator[Stretch]:
    """The opening hours from that moment on, day by day."""
    day = first.astimezone(SHANGHAI).date()
    while True:
        opens, closes = (datetime.combine(day, each, SHANGHAI) for each in (OPENS, CLOSES))
        if is_working(day) and closes > first:
            yield max(opens, first), closes
        day += DAY


def open_time(first: datetime, last: datetime) -> timedelta:
    total = timedelta(0)
    for opens, closes in opening(first):
        if opens >= last:
            return total
        total += min(closes, last) - opens
    raise AssertionError("there is always a next day")


def after_open_time(first: datetime, wanted: timedelta) -> datetime:
    for opens, closes in opening(first):
        if wanted <= closes - opens:
            return opens + wanted
        wanted -= closes - opens
    raise AssertionError("there is always a next day")


def close_of_working_day(received: datetime, count: int) -> datetime:
    """The day of receipt is not counted; due at closing time."""
    day = received.astimezone(SHANGHAI).date()
    while count:
        day += DAY
        count -= is_working(day)
    return datetime.combine(day, CLOSES, SHANGHAI)


def closes_within(start: datetime, stretch: Stretch) -> int:
    """The days that a pause gives back: working days after that of `start` that close within the stretch."""
    day, found = start.astimezone(SHANGHAI).date() + DAY, 0
    while (close := datetime.combine(day, CLOSES, SHANGHAI)) < stretch[1]:
        found += is_working(day) and close >= stretch[0]
        day += DAY
    return found


def add(start: datetime, amount: Amount, pause: Stretch | None = None) -> datetime:
    unit, number = amount
    if unit == "wd":
        due = close_of_working_day(start, number)
        if pause and pause[0] < due:
            due = close_of_working_day(start, number + closes_within(start, pause))
        return due
    due = start + timedelta(minutes=number) * (60 if unit == "nh" else 1)
    if pause and pause[0] < due:
        due += pause[1] - max(pause[0], start)
    return due


def amounts(code: str, case: Grading, *, final: bool = False) -> list[Amount]:
    """What the clock allows for such a case: the earliest counts; empty where nothing is promised."""
    spec = CLOCKS[code]
    shared = spec.get("when", {})
    entries = spec.get("targets") or [spec.get("target")]
    fitting = [each for each in entries if _fits({**shared, **each.get("when", {})}, case)]
    if spec.get("target_rule") != "min_of_matching":
        fitting = fitting[:1]
    if final:
        fitting = [each["then"] for each in fitting if "then" in each]
    return [_amount(part) for each in fitting for part in each.get("min_of", [each])]


def _amount(entry: Mapping[str, Any]) -> Amount:
    return next((unit, entry[unit]) for unit in ("nm", "nh", "wd") if unit in entry)


def _fits(wanted: Mapping[str, Any], case: Grading) -> bool:
    said = {
        "level": f"L{case.level}",
        "cx": case.cx,
        "tier": case.tier,
        "urgent": case.urgent,
        "issue": case.issue,
        "departments": 1,
    }
    for key, value in wanted.items():
        if key == "departments_gte":
            return False  # every case of the week has one
        if key == "act":
            if value not in case.acts:
                return False
        elif said[key] not in (value if isinstance(value, list) else [value]):
            return False
    return True


def due(choices: Sequence[Amount], start: datetime, pause: Stretch | None = None) -> Due:
    at, unit = min((add(start, each, pause), each[0]) for each in choices)
    return Due(at, unit == "wd")


def working_days(first: datetime, last: datetime) -> int:
    day, end = first.astimezone(SHANGHAI).date(), last.astimezone(SHANGHAI).date()
    found = 0
    while day < end:
        day += DAY
        found += is_working(day)
    return found


def shared_days(received: datetime, order: Due, pause: Stretch | None = None) -> datetime | None:
    """Four fifths of an order clock of five working days or more."""
    days = working_days(received, order.at)
    return add(received, ("wd", ceil(days * 4 / 5)), pause) if order.in_days and days >= 5 else None


def handling(received: datetime, dispatched: datetime, order: Due) -> Due:
    """Seed A36, as CK-HANDLE's formula has it."""
    shared = shared_days(received, order)
    if shared and dispatched < shared < order.at:
        return Due(shared, True)
    kept = order.at - max(timedelta(hours=2), (order.at - dispatched) / 5)
    return Due(dispatched if kept < dispatched < order.at else kept, order.in_days)


def used(start: datetime, due: Due, share: float) -> datetime:
    """When that share is used up: of all hours, or of the opening hours where it counts working days; never of those
    in which it stood still."""
    if share == 1:
        return due.at
    if due.at <= start:
        return start
    stood = sorted((max(begun, start), ended) for begun, ended in due.stood if begun < due.at and ended > start)
    hours = timedelta(0)
    if due.in_days:
        hours = open_time(start, due.at) - sum((open_time(*each) for each in stood), timedelta(0))
    if hours < timedelta(minutes=30):  # that little is no measure
        whole = due.at - start - sum((ended - begun for begun, ended in stood), timedelta(0))
        at = start + whole * share
        for begun, ended in stood:
            at += (ended - begun) if share < 1 and begun < at else timedelta(0)
        return at if share < 1 else due.at + whole * (share - 1)
    if share > 1:
        return after_open_time(due.at, hours * (share - 1))
    wanted, at = hours * share, after_open_time(start, hours * share)
    for begun, ended in stood:
        if begun < at:
            wanted += open_time(begun, ended)
            at = after_open_time(start, wanted)
    return min(at, due.at)
