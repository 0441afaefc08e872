"""A share with its n, its interval, and what may be said of its target."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from django.db.models import Q
from django.db.models.functions import Coalesce

from huiyin.complaints.models.complaint import Kind, Severity
from huiyin.complaints.states import State
from huiyin.insight import intervals
from huiyin.insight.attainment import Period
from huiyin.insight.intervals import Interval

LEAF = Coalesce("confirmed_category", "category")  # as the index complaint_kind_received has it


class Verdict(StrEnum):
    """UNSURE: the target lies within the interval, so that nothing is shown either way."""

    MET = "met"
    MISSED = "missed"
    UNSURE = "unsure"
    NONE = "none"


@dataclass(frozen=True)
class Aim:
    share: float
    at_least: bool = True

    @property
    def percent(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {100 * self.share:g}%"

    def verdict(self, found: Interval | None) -> Verdict:
        if found is None:
            return Verdict.NONE
        is_above, is_below = found.low >= self.share, found.high <= self.share
        if not is_above and not is_below:
            return Verdict.UNSURE
        return Verdict.MET if is_above == self.at_least else Verdict.MISSED


@dataclass(frozen=True)
class Rate:
    hits: int = 0
    n: int = 0
    aim: Aim | None = None

    @property
    def misses(self) -> int:
        return self.n - self.hits

    @property
    def share(self) -> float | None:
        return self.hits / self.n if self.n else None

    @cached_property
    def interval(self) -> Interval | None:
        return intervals.wilson(self.hits, self.n)

    @property
    def verdict(self) -> Verdict:
        return self.aim.verdict(self.interval) if self.aim else Verdict.NONE

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(self.hits + other.hits, self.n + other.n, self.aim or other.aim)


def counted(prefix: str = "") -> Q:
    """What every figure here leaves out (kpis.yaml conventions): merged duplicates, what was withdrawn, what is no
    complaint."""
    ended = {f"{prefix}state__in": [State.MERGED, State.WITHDRAWN]}
    return Q(**{f"{prefix}kind": Kind.COMPLAINT}) & ~Q(**ended)


def above_l4(prefix: str = "") -> Q:
    return Q(**{f"{prefix}severity__lt": Severity.L4})


def month_of(day: date) -> Period:
    """The whole month the day lies in."""
    first = day.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return Period(first, date.fromordinal(following.toordinal() - 1))
