"""What is read across tables: words in force, habits, whose lanes are due, and what did not go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from huiyin.duty import queries as duty
from huiyin.duty.spans import Span
from huiyin.notices.kinds import Kind, Words, kinds
from huiyin.notices.models import Preference, Target, Template
from huiyin.notices.pacing import DayOff, Habits
from huiyin.org.models import Member, Unit
from huiyin.sla.queries import NoPolicy, current

GONE = Kind("", "通知", "Notice", (), frozenset(), False, {"zh": Words("{number}", ""), "en": Words("{number}", "")})
AHEAD = timedelta(days=10)  # longer than any holiday keeps something back
# the zones of the State Council's holidays
CHINESE = frozenset(
    {"Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "Asia/Kashgar", "PRC"}
)
Wording = Callable[[str, str], Words]


def wording() -> Wording:
    """The words of a kind in a language: the administrator's where there are any, else the shipped ones. One query."""
    own = {(each.kind, each.language): Words(each.title, each.body) for each in Template.objects.all()}

    def words(kind: str, language: str) -> Words:
        return own.get((kind, language)) or kinds().get(kind, GONE).words[language]

    return words


def language_of(member: Member | None) -> str:
    return "en" if member is not None and member.language.startswith("en") else "zh"


def zone_of(unit: Unit | None) -> ZoneInfo:
    try:
        return ZoneInfo(unit.time_zone if unit else settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("Asia/Shanghai")


def habits_of(member: Member, preference: Preference | None, shifts: Sequence[Span] = ()) -> Habits:
    """As they chose; on shift they are at work, whatever they chose."""
    chosen = preference or Preference()
    return Habits(
        zone=zone_of(member.unit),
        quiet_from=chosen.quiet_from,
        quiet_until=chosen.quiet_until,
        rests_on_days_off=chosen.rests_on_days_off,
        digest_at=tuple(chosen.digest_at),
        shifts=tuple(shifts),
        hourly=min(chosen.hourly_limit or settings.HUIYIN_NOTICES_AN_HOUR, settings.HUIYIN_NOTICES_AN_HOUR),
    )


def habits_of_group(target: Target) -> Habits:
    habits = Habits(zone_of(target.unit), hourly=settings.HUIYIN_NOTICES_AN_HOUR)
    return (
        habits if target.is_quiet_at_night else replace(habits, quiet_until=habits.quiet_from, rests_on_days_off=False)
    )


def days_off() -> Callable[[ZoneInfo], DayOff]:
    """By zone, whether nobody works that day: by the calendar in force where it is at home, elsewhere by its weekdays
    alone, since no other country's holidays are known; weekends where there is no calendar."""
    try:
        calendar = current().calendar
    except NoPolicy:
        return lambda _zone: lambda day: day.isoweekday() > 5
    home = CHINESE if calendar.zone in CHINESE else {calendar.zone}

    def of_zone(zone: ZoneInfo) -> DayOff:
        if zone.key in home:
            return lambda day: not calendar.is_usually_working(day)  # of days nobody has spoken of, by the weekday
        return lambda day: day.isoweekday() not in calendar.workdays

    return of_zone


def shifts_of(member_ids: Collection[int], at: datetime) -> dict[int, list[Span]]:
    """When each of them is at work by the roster, from now on as far ahead as anything is held. Two statements."""
    return duty.shifts_of_many(member_ids, Span(at, at + AHEAD))


def preferences_of(member_ids: Collection[int]) -> dict[int, Preference]:
    return {each.member_id: each for each in Preference.objects.filter(member__in=member_ids)}
