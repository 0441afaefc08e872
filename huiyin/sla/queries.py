"""The policy in force, read once and asked after with one small query, so that every process sees a change at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from huiyin.sla.days import Ruling
from huiyin.sla.models import DayException, PolicyVersion
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
    return _policy(PolicyVersion.objects.order_by("-number"))


def numbered(number: int) -> Policy:
    """That version, for a clock that was started under it. Raises NoPolicy."""
    return _policy(PolicyVersion.objects.filter(number=number))


def _policy(versions: QuerySet[PolicyVersion]) -> Policy:
    fields = JSONObject(day="day", is_working="is_working", name="name")
    own_days = DayException.objects.order_by("day").values_list(fields)
    found = versions.values_list("pk", "created_at", ArraySubquery(own_days)).first()
    if found is None:
        raise NoPolicy
    pk, created_at, days = found
    return _read(pk, created_at, tuple((each["day"], each["is_working"], each["name"]) for each in days))


@lru_cache(maxsize=8)
def _read(pk: int, created_at: datetime, days: tuple[tuple[str, bool, str], ...]) -> Policy:
    # `created_at` belongs to the key: a restored or emptied database may use a primary key again
    version = PolicyVersion.objects.get(pk=pk)
    exceptions = {date.fromisoformat(day): Ruling(is_working, name) for day, is_working, name in days}
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
        return [_("没有 %(year)d 年的放假安排，工作日按周一至周五推算。") % {"year": on.year}]
    after = found.until + timedelta(days=1)
    return [
        _("放假安排只到 %(until)s（还有 %(days)d 天）；%(year)d 年的工作日将按平常周次推算，请更新节假日数据。")
        % {"until": found.until.isoformat(), "days": found.days_left, "year": after.year}
    ]
