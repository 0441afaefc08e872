"""The policy in force, read once and asked after with one small query, so that every process sees a change at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from huiyin.lib import statements
from huiyin.sla import regulations
from huiyin.sla.days import Ruling
from huiyin.sla.models import PolicyVersion, RegulatoryProfile
from huiyin.sla.policy import Policy, business_calendar

WARN_WITHIN_DAYS = 60


class NoPolicy(LookupError):
    """No version of the policy is loaded yet."""

    def __init__(self) -> None:
        super().__init__(_("还没有时限政策，请先运行 huiyin defaults。"))


class Coverage(NamedTuple):
    """How far ahead holidays are known; `until` is None where not even the day asked about is."""

    until: date | None
    days_left: int
    is_ending: bool


def current() -> Policy:
    """The newest version with the administrator's own days. Raises NoPolicy."""
    return _policy("ORDER BY number DESC LIMIT 1", [])


def numbered(number: int) -> Policy:
    """That version, for a clock that was started under it. Raises NoPolicy."""
    return _policy("WHERE number = %s", [str(number)])


class Versions:
    """The policies of one piece of work, each read once however many clocks it looks at; not kept beyond it."""

    def __init__(self) -> None:
        self._known: dict[int, Policy] = {}

    def of(self, number: int) -> Policy:
        """Raises NoPolicy."""
        if number not in self._known:
            self._known[number] = numbered(number)
        return self._known[number]

    @cached_property
    def current(self) -> Policy:
        """Raises NoPolicy."""
        return current()


_FOUND = """
    SELECT id, created_at, ARRAY(
        SELECT jsonb_build_array(day, is_working, name)::text FROM sla_dayexception ORDER BY day
    ) FROM sla_policyversion """


def _policy(chosen: str, parameters: Sequence[str]) -> Policy:
    found = statements.rows(_FOUND + chosen, parameters)  # asked for every complaint that is filed: prepared
    if not found:
        raise NoPolicy
    pk, created_at, days = found[0]
    return _read(pk, created_at, tuple(days))


@lru_cache(maxsize=64)
def _read(pk: int, created_at: datetime, days: tuple[str, ...]) -> Policy:
    # `created_at` belongs to the key: a restored or emptied database may use a primary key again
    version = PolicyVersion.objects.get(pk=pk)
    exceptions = {date.fromisoformat(day): Ruling(is_working, name) for day, is_working, name in map(json.loads, days)}
    return Policy(version.body, number=version.number, exceptions=exceptions)


def coverage(on: date) -> Coverage:
    """Whether the holiday data ends soon, by the policy's own notice period."""
    policy = current()
    until = policy.calendar.covered_until(on)
    days_left = (until - on).days if until else 0
    notice = business_calendar(policy.body).get("warn_when_data_ends_within_days", WARN_WITHIN_DAYS)
    return Coverage(until, days_left, until is None or days_left < notice)


def coverage_warnings(on: date) -> list[str]:
    """What an operator should be told about the calendar today; empty where all is well."""
    found = coverage(on)
    if not found.is_ending:
        return []
    if found.until is None:
        return [_("没有 %(year)d 年的放假安排，按工作日计的时限都是暂定的，请更新节假日数据。") % {"year": on.year}]
    after = found.until + timedelta(days=1)
    return [
        _("放假安排只到 %(until)s（还有 %(days)d 天）；要用到 %(year)d 年工作日的时限都是暂定的，请更新节假日数据。")
        % {"until": found.until.isoformat(), "days": found.days_left, "year": after.year}
    ]


def profiles(*reaches: str) -> list[regulations.Profile]:
    """The regulatory profiles that are switched on, or on so far; one query."""
    wanted = reaches or (RegulatoryProfile.Reach.REFERRED, RegulatoryProfile.Reach.EVERY)
    return [regulations.read(row.body) for row in RegulatoryProfile.objects.filter(reach__in=wanted)]


def profile(code: str) -> regulations.Profile | None:
    """Switched on or not: a case that runs goes on."""
    row = RegulatoryProfile.objects.filter(code=code).first()
    return regulations.read(row.body) if row else None


def are_for_every_complaint() -> bool:
    return RegulatoryProfile.objects.filter(reach=RegulatoryProfile.Reach.EVERY).exists()
