"""Regulatory profiles read into values, and when their limits end. Supported, not certified: each names its basis.

A deadline that an authority gave is kept as it was given. Where none was given the profile's own limit is reckoned from
the day it was referred to us: working days and legal days by the company's calendar in China, by plain weekdays and
plain days elsewhere, so that a Chinese holiday never makes a foreign deadline later. Weeks and months end with their
last day, wherever that falls. Nothing here ever pauses.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from huiyin.sla.days import BeyondCalendar, Ruling
from huiyin.sla.engine import LEGAL_DAY_ENDS, NATURAL, Calendar, Target
from huiyin.sla.engine import Unit as Counted
from huiyin.sla.policy import Policy
from huiyin.sla.promises import Deadline

HOME: Final = "CN"
ZONES: Final = {"CN": "Asia/Shanghai", "GB": "Europe/London", "US": "America/New_York"}
REFERRAL, DIRECT = "referral", "direct"
REFERRED, ANSWERED, RETURN_RECEIVED = "referred", "answered", "return_received"
UNITS: Final = frozenset(unit.value for unit in Counted)
SOLE: Final = frozenset({"weeks", "months"})


@dataclass(frozen=True)
class Limit:
    """One clock of a profile. `limit` is empty where the text gives no figure (`prompt`)."""

    id: str
    zh: str
    en: str
    limit: Mapping[str, int]
    basis: str
    start: str = REFERRED
    only_for: str = ""
    is_watched: bool = False  # the authority's own: shown, never counted in our attainment
    is_optional: bool = False
    needs: tuple[str, ...] = ()
    more: Mapping[str, int] | None = None  # the whole limit once extended


@dataclass(frozen=True)
class Profile:
    code: str
    zh: str
    en: str
    status: str
    authority: str
    country: str
    in_force: str
    checked_on: str
    channels: tuple[str, ...]
    clocks: tuple[Limit, ...]
    choose: tuple[str, ...]
    software: tuple[str, ...]
    eligibility: Mapping[str, Any]
    needs_negotiation: bool

    def limit(self, name: str) -> Limit | None:
        return next((each for each in self.clocks if each.id == name), None)

    @property
    def classes(self) -> tuple[Limit, ...]:
        """Those of which one runs, as the case is classed."""
        return tuple(each for each in self.clocks if each.id in self.choose)

    def begun(self, event: str, *, is_direct: bool, chosen: str = "") -> tuple[Limit, ...]:
        """The clocks that `event` begins for a case of this kind."""
        kind = DIRECT if is_direct else REFERRAL
        chosen = chosen if chosen in self.choose else next(iter(self.choose), "")
        return tuple(
            each
            for each in self.clocks
            if each.limit
            and each.only_for in ("", kind)
            and each.start == event
            and (each.id not in self.choose or each.id == chosen)
            and (not each.is_optional or each.id == chosen)
        )

    def next_rung(self, chosen: str) -> Limit | None:
        """The class above this one: what the profile's own rule allows to be asked for (延长)."""
        rungs = [each for each in self.classes if each.id == chosen or each.needs]
        places = [each.id for each in rungs]
        place = places.index(chosen) + 1 if chosen in places else 0
        return rungs[place] if 0 < place < len(rungs) else None


def read(body: Mapping[str, Any], *, checked_on: str = "") -> Profile:
    return Profile(
        code=body["id"],
        zh=body["zh"],
        en=body.get("en", body["zh"]),
        status=body.get("status", ""),
        authority=body.get("authority", ""),
        country=body.get("country", HOME),
        in_force=str(body.get("in_force", "")),
        checked_on=str(body.get("checked_on", checked_on)),
        channels=tuple(body.get("channels", ())),
        clocks=tuple(_limits(body)),
        choose=tuple(body.get("choose", ())),
        software=tuple(body.get("software", ())),
        eligibility=body.get("eligibility", {}),
        needs_negotiation=bool(body.get("negotiation")),
    )


def _limits(body: Mapping[str, Any]) -> Iterator[Limit]:
    for each in body["clocks"]:
        limit = each["limit"] if isinstance(each["limit"], Mapping) else {}
        start = each.get("start", REFERRED)
        yield Limit(
            id=each["id"], zh=each["zh"], en=each.get("en", each["zh"]), limit=limit, basis=str(each.get("basis", "")),
            start=REFERRED if start == "received" else start, only_for=each.get("for", ""),
            is_watched=bool(each.get("watch_only")), is_optional=bool(each.get("optional")),
            needs=tuple(each.get("needs", ())), more=each.get("extend"),
        )  # fmt: skip


def deadline(
    policy: Policy,
    profile: Profile,
    limit: Limit,
    *,
    code: str,
    start: datetime,
    amount: Mapping[str, int] | None = None,
) -> Deadline:
    """By the profile's own figure. Where not all the days it counts are announced: the earliest it can be."""
    wanted = dict(amount or limit.limit)
    unit, count = next(iter(wanted.items()))
    calendar = policy.calendar if profile.country == HOME else abroad(profile.country)
    try:
        due, is_provisional = due_by(calendar, start, unit, count), False
    except BeyondCalendar:
        due, is_provisional = due_by(calendar.provisional, start, unit, count), True
    if profile.country != HOME and unit == Counted.LEGAL_DAYS:
        due = _end_of(calendar, calendar.local(start).date() + timedelta(days=count))
    why = _head(policy, profile, limit, code) | _span(calendar, start, due)
    if profile.country == HOME and unit in UNITS:
        why |= {"unit": unit, "amount": count}
        if is_provisional:
            known = calendar.covered_until(calendar.local(start).date())
            why["provisional"] = known.isoformat() if known else ""
    else:
        why |= {"limit": unit, "amount": count}
    return Deadline(due, why)


def given(
    policy: Policy, profile: Profile, limit: Limit, *, code: str, start: datetime, due: datetime, number: str
) -> Deadline:
    """As the authority gave it: never reckoned, never moved by a calendar."""
    calendar = policy.calendar
    return Deadline(
        due, _head(policy, profile, limit, code) | _span(calendar, start, due) | {"given": True, "number": number}
    )


def due_by(calendar: Calendar, start: datetime, unit: str, count: int) -> datetime:
    """The engine's units, and weeks and months, which end with their last day and roll to no other.
    Raises BeyondCalendar, ValueError."""
    if unit in SOLE:
        first = calendar.local(start).date()
        last = first + timedelta(weeks=count) if unit == "weeks" else months_after(first, count)
        return _end_of(calendar, last)
    return calendar.add(start, Target.of(unit, count))


def months_after(day: date, months: int) -> date:
    """The same day so many months on, or the last one of a shorter month: 31 August and six months is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@cache
def abroad(country: str) -> Calendar:
    """Plain weekdays in the country's own zone: whatever its holidays are, this is never later than it may be."""
    return Calendar(
        zone=ZONES[country], hours=((time(9), time(18)),), almanac=lambda day: Ruling(day.isoweekday() <= 5)
    )


def counts_naturally(unit: str) -> bool:
    return unit in NATURAL


def hints(profile: Profile, *, occurred: datetime | None, at: datetime, is_billing: bool) -> list[tuple[str, int]]:
    """What the profile's eligibility rule would say: ("months", 5) where a billing dispute is older than five months,
    ("years", 2) where anything is older than two years. A hint for whoever takes it in; nothing is refused by it."""
    if occurred is None:
        return []
    zone = ZoneInfo(ZONES[profile.country])
    day, today = occurred.astimezone(zone).date(), at.astimezone(zone).date()
    found = []
    months = profile.eligibility.get("billing_dispute_within_months")
    years = profile.eligibility.get("other_within_years")
    if is_billing and months and months_after(day, months) < today:
        found.append(("months", int(months)))
    elif years and months_after(day, 12 * years) < today:
        found.append(("years", int(years)))
    return found


def _end_of(calendar: Calendar, day: date) -> datetime:
    return datetime.combine(day, LEGAL_DAY_ENDS, ZoneInfo(calendar.zone)).astimezone(ZoneInfo("UTC"))


def _head(policy: Policy, profile: Profile, limit: Limit, code: str) -> dict[str, Any]:
    return {
        "clock": code, "name": limit.zh, "name_en": limit.en, "from": limit.start, "policy": policy.number,
        "profile": profile.code, "profile_zh": profile.zh, "profile_en": profile.en, "limit_id": limit.id,
        "basis": limit.basis,
    }  # fmt: skip


def _span(calendar: Calendar, start: datetime, due: datetime) -> dict[str, str]:
    return {
        "start": calendar.local(start).isoformat(timespec="minutes"),
        "due": calendar.local(due).isoformat(timespec="minutes"),
    }
