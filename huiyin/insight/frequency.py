"""Which kinds of complaint have become frequent, and the plan that is ready for them (C057)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from huiyin.complaints.causes import category_of
from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import ComplaintQuerySet
from huiyin.insight.models import Plan
from huiyin.org.models import Member
from huiyin.triage.models import Category

LATELY = timedelta(days=30)
BEFORE = timedelta(days=90)  # what is usual is told by the 90 days before these 30
AT_LEAST = 5  # alerts.yaml AL-03: five of a kind within a month
TIMES = 2.0


@dataclass(frozen=True)
class Frequency:
    """`lately`: in 30 days; `usual`: the mean of 30 days in the 90 before."""

    category: Category
    lately: int
    usual: float
    plan: Plan | None

    @property
    def times(self) -> float | None:
        return self.lately / self.usual if self.usual else None


def is_frequent(lately: int, usual: float) -> bool:
    return lately >= AT_LEAST and lately >= TIMES * usual


def frequent(member: Member, *, at: datetime, most: int = 10) -> list[Frequency]:
    """The kinds that are, of what the member sees, the most frequent first; three statements."""
    rows = _counted(Complaint.objects.visible_to(member), at)
    found = [(row["leaf"], row["lately"], row["before"] * (LATELY / BEFORE)) for row in rows]
    found = sorted((each for each in found if is_frequent(*each[1:])), key=lambda each: -each[1])[:most]
    categories = Category.objects.select_related("parent").in_bulk([kind for kind, *_counts in found])
    plans = {plan.group: plan for plan in Plan.objects.all()} if found else {}
    return [Frequency(categories[kind], n, usual, _plan(categories[kind], plans)) for kind, n, usual in found]


def frequency_of(complaint: Complaint, member: Member, *, at: datetime) -> Frequency | None:
    """Of this complaint's kind, if it is frequent among those the member sees; one statement, two where it is."""
    category = category_of(complaint)
    row = next(iter(_counted(Complaint.objects.visible_to(member), at, of=category)), None)
    if row is None or not is_frequent(row["lately"], row["before"] * (LATELY / BEFORE)):
        return None
    plans = {plan.group: plan for plan in Plan.objects.all()}
    return Frequency(category, row["lately"], row["before"] * (LATELY / BEFORE), _plan(category, plans))


def _counted(rows: ComplaintQuerySet, at: datetime, *, of: Category | None = None) -> list[Any]:
    """One for each kind, or for that one: leaf, lately, before."""
    lately = Q(received_at__gt=at - LATELY)
    within = rows.filter(received_at__gt=at - LATELY - BEFORE, received_at__lte=at)
    told = within.annotate(leaf=_KIND)
    kinds = (told if of is None else told.filter(leaf=of.pk)).order_by().values("leaf")
    return list(kinds.annotate(lately=Count("pk", filter=lately), before=Count("pk", filter=~lately)))


_KIND = Coalesce("confirmed_category", "category")  # as the index complaint_kind_received has it


def _plan(category: Category, plans: dict[str, Plan]) -> Plan | None:
    return plans.get(category.parent.code if category.parent else "") or plans.get("")
