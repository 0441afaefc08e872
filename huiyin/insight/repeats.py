"""重复投诉率 (K09, C029): of the complaints answered, how many were followed within 30 days by another of the same
customer about the same kind or the same order. Merged duplicates are neither counted nor followed. Only over what the
member may see, on both sides.

What was answered less than 30 days ago may still come back: it is told beside the rate and is no part of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import TruncMonth
from django.utils import timezone

from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import Kind
from huiyin.complaints.states import State
from huiyin.insight.attainment import Period
from huiyin.insight.rates import LEAF, Aim, Rate, counted
from huiyin.org.models import Member

WINDOW = timedelta(days=30)
AIM = Aim(0.02, at_least=False)
OUTCOMES = ("repeated", "quiet", "watching")


@dataclass(frozen=True)
class Repeats:
    """`watching`: answered too recently to tell; `early`: of those, what has come back already."""

    hits: int = 0
    n: int = 0
    watching: int = 0
    early: int = 0

    @property
    def rate(self) -> Rate:
        return Rate(self.hits, self.n, AIM)

    def __add__(self, other: "Repeats") -> "Repeats":
        return Repeats(
            self.hits + other.hits, self.n + other.n, self.watching + other.watching, self.early + other.early
        )


Cells = Mapping[tuple[date, int], Repeats]


def resolved_of(
    member: Member, period: Period, *, at: datetime, unit: int | None = None, outcome: str = ""
) -> QuerySet[Complaint]:
    """What was answered in the period, each with `came_back` and `is_ripe`: its 30 days are over."""
    seen = Complaint.objects.visible_to(member)
    answered = seen.filter(counted(), replied_at__gte=period.start, replied_at__lt=period.end)
    found = with_return(answered, seen, at=at)
    found = found.filter(owner_unit=unit) if unit else found
    given = {
        "repeated": Q(is_ripe=True, came_back=True),
        "quiet": Q(is_ripe=True, came_back=False),
        "watching": Q(is_ripe=False),
    }
    return found.filter(given.get(outcome, Q()))


def with_return(found: QuerySet[Complaint], seen: QuerySet[Complaint], *, at: datetime) -> QuerySet[Complaint]:
    until = ExpressionWrapper(OuterRef("replied_at") + Value(WINDOW), output_field=DateTimeField())
    again = seen.filter(kind=Kind.COMPLAINT, customer=OuterRef("customer")).exclude(state=State.MERGED)
    again = again.filter(received_at__gt=OuterRef("replied_at"), received_at__lte=until).annotate(leaf=LEAF)
    same = Q(leaf=OuterRef("leaf")) | (~Q(order_no="") & Q(order_no=OuterRef("order_no")))
    is_ripe = Case(
        When(replied_at__lte=at - WINDOW, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    return found.annotate(leaf=LEAF, is_ripe=is_ripe).annotate(came_back=Exists(again.filter(same)))


def repeats(member: Member, period: Period, *, at: datetime, unit: int | None = None) -> Cells:
    """By month and unit; one statement."""
    found: dict[tuple[date, int], Repeats] = {}
    rows = resolved_of(member, period, at=at, unit=unit).annotate(month=TruncMonth("replied_at")).order_by()
    for row in rows.values("month", "is_ripe", "came_back", place=F("owner_unit")).annotate(count=Count("pk")):
        key = timezone.localtime(row["month"]).date(), row["place"]
        found[key] = found.get(key, Repeats()) + as_repeats(row)
    return found


def as_repeats(row: Mapping[str, Any]) -> Repeats:
    """Of one group: count, is_ripe, came_back."""
    count, again = row["count"], row["count"] if row["came_back"] else 0
    return Repeats(hits=again, n=count) if row["is_ripe"] else Repeats(watching=count, early=again)


def summed(cells: Iterable[Repeats]) -> Repeats:
    return sum(cells, Repeats())
