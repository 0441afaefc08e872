"""What is read across tables: words in force, habits, whose lanes are due, and what did not go."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from huiyin.notices.kinds import Kind, Words, kinds
from huiyin.notices.models import Preference, Target, Template
from huiyin.notices.pacing import Habits
from huiyin.org.models import Member, Unit
from huiyin.sla.queries import NoPolicy, current

GONE = Kind("", "通知", "Notice", (), frozenset(), False, {"zh": Words("{number}", ""), "en": Words("{number}", "")})
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


def habits_of(member: Member, preference: Preference | None) -> Habits:
    chosen = preference or Preference()
    return Habits(
        zone=zone_of(member.unit),
        quiet_from=chosen.quiet_from,
        quiet_until=chosen.quiet_until,
        rests_on_days_off=chosen.rests_on_days_off,
        digest_at=tuple(chosen.digest_at),
        hourly=min(chosen.hourly_limit or settings.HUIYIN_NOTICES_AN_HOUR, settings.HUIYIN_NOTICES_AN_HOUR),
    )


def habits_of_group(target: Target) -> Habits:
    habits = Habits(zone_of(target.unit), hourly=settings.HUIYIN_NOTICES_AN_HOUR)
    return (
        habits if target.is_quiet_at_night else replace(habits, quiet_until=habits.quiet_from, rests_on_days_off=False)
    )


def days_off() -> Callable[[date], bool]:
    """Whether nobody works that day, by the calendar in force; weekends where there is none."""
    try:
        calendar = current().calendar
    except NoPolicy:
        return lambda day: day.isoweekday() > 5
    return lambda day: not calendar.is_usually_working(day)  # of days nobody has spoken of, by the weekday


def preferences_of(member_ids: Collection[int]) -> dict[int, Preference]:
    return {each.member_id: each for each in Preference.objects.filter(member__in=member_ids)}
