"""客户满意度: CSAT (K06), NPS (K07) and CES (K08) of what was answered in a period, by month and unit, with how many
of those answered said anything. Only over what the member may see; suggestions (L4) are not asked for their marks.

An answer counts with the reply it rates, also where the complaint came back afterwards: a bad mark is not lost.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from huiyin.complaints.models import Complaint
from huiyin.insight import intervals
from huiyin.insight.attainment import Period
from huiyin.insight.intervals import Interval
from huiyin.insight.rates import Aim, Rate, above_l4, counted
from huiyin.org.models import Member
from huiyin.surveys.models import Answer

AIM = Aim(0.98)
GOOD, EASY, PROMOTER, DETRACTOR = 4, 5, 9, 6
OUTCOMES: Mapping[str, Q] = {
    "good": Q(stars__gte=GOOD),
    "fair": Q(stars=GOOD - 1),
    "low": Q(stars__lt=GOOD - 1),
    "promoter": Q(nps__gte=PROMOTER),
    "passive": Q(nps__gt=DETRACTOR, nps__lt=PROMOTER),
    "detractor": Q(nps__lte=DETRACTOR),
    "easy": Q(ces__gte=EASY),
    "hard": Q(ces__lt=EASY),
}


@dataclass(frozen=True)
class Score:
    """What can be added up. `resolved`: answered to the customer; `responded`: of those, rated by them."""

    resolved: int = 0
    responded: int = 0
    n: int = 0
    good: int = 0
    nps_n: int = 0
    promoters: int = 0
    detractors: int = 0
    ces_n: int = 0
    ces_total: int = 0
    ces_squares: int = 0
    easy: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Score)))

    @property
    def csat(self) -> Rate:
        return Rate(self.good, self.n, AIM)

    @property
    def response(self) -> Rate:
        return Rate(self.responded, self.resolved)

    @property
    def nps(self) -> float | None:
        return 100 * (self.promoters - self.detractors) / self.nps_n if self.nps_n else None

    @property
    def nps_interval(self) -> Interval | None:
        return intervals.net(self.promoters, self.detractors, self.nps_n)

    @property
    def ces(self) -> float | None:
        return self.ces_total / self.ces_n if self.ces_n else None

    @property
    def ces_interval(self) -> Interval | None:
        return intervals.mean(self.ces_total, self.ces_squares, self.ces_n)

    @property
    def ease(self) -> Rate:
        return Rate(self.easy, self.ces_n)


Cells = Mapping[tuple[date, int], Score]


def answers_of(member: Member, period: Period, *, unit: int | None = None, outcome: str = "") -> QuerySet[Answer]:
    found = Answer.objects.visible_to(member).filter(counted("complaint__"), above_l4("complaint__"))
    found = found.filter(OUTCOMES.get(outcome, Q()), resolved_at__gte=period.start, resolved_at__lt=period.end)
    return found.filter(complaint__owner_unit=unit) if unit else found


def scores(member: Member, period: Period, *, unit: int | None = None) -> Cells:
    """By month and unit; two statements."""
    found: dict[tuple[date, int], Score] = {}
    answers = answers_of(member, period, unit=unit).annotate(month=TruncMonth("resolved_at"))
    for row in answers.order_by().values("month", place=F("complaint__owner_unit")).annotate(**_SUMS):
        _add(found, row)
    resolved = Complaint.objects.visible_to(member).filter(counted(), above_l4())
    resolved = resolved.filter(replied_at__gte=period.start, replied_at__lt=period.end)
    resolved = resolved.filter(owner_unit=unit) if unit else resolved
    by_month = resolved.annotate(month=TruncMonth("replied_at")).order_by()
    for row in by_month.values("month", place=F("owner_unit")).annotate(resolved=Count("pk")):
        _add(found, row)
    return found


def summed(cells: Iterable[Score]) -> Score:
    return sum(cells, Score())


def _add(found: dict[tuple[date, int], Score], row: Mapping[str, Any]) -> None:
    key = timezone.localtime(row["month"]).date(), row["place"]
    counts = {name: value or 0 for name, value in row.items() if name not in ("month", "place")}
    found[key] = found.get(key, Score()) + Score(**counts)


_SUMS = {
    "responded": Count("complaint", filter=Q(resolved_at=F("complaint__replied_at")), distinct=True),
    "n": Count("pk"),
    "good": Count("pk", filter=OUTCOMES["good"]),
    "nps_n": Count("nps"),
    "promoters": Count("pk", filter=OUTCOMES["promoter"]),
    "detractors": Count("pk", filter=OUTCOMES["detractor"]),
    "ces_n": Count("ces"),
    "ces_total": Sum("ces"),
    "ces_squares": Sum(F("ces") * F("ces")),
    "easy": Count("pk", filter=OUTCOMES["easy"]),
}
