"""How much work hangs on a unit, a member or a category: counts and numbers, never a word of a complaint.

For administrators, who configure and read none: what a change would touch.
"""

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import ComplaintQuerySet
from huiyin.dispatch.models import WorkOrder
from huiyin.org.models import Member, Unit

MOST_NAMED = 200


def of_unit(unit: Unit) -> list[str]:
    """Numbers of the open complaints that the unit owns and of the work orders in its hands, at most MOST_NAMED."""
    owned = _open().filter(owner_unit=unit).order_by("due_at").values_list("number", flat=True)
    orders = WorkOrder.objects.active().filter(unit=unit).order_by("due_at").values_list("number", flat=True)
    return [*owned[:MOST_NAMED], *orders[:MOST_NAMED]][:MOST_NAMED]


def by_unit() -> dict[int, int]:
    """Open complaints that each unit owns; units without any are left out."""
    return dict(_open().values_list("owner_unit_id").annotate(n=Count("id")).order_by())


def within(unit: Unit) -> int:
    """Open complaints owned by the unit or one below it."""
    return _open().filter(owner_unit__path__startswith=unit.path).count()


def by_category() -> dict[int, int]:
    """Open complaints in each category, as confirmed or else as taken in."""
    rows = _open().values_list(Coalesce("confirmed_category_id", "category_id")).annotate(n=Count("id")).order_by()
    return dict(rows)


def of_category(category_id: int) -> int:
    there = Q(confirmed_category=category_id) | Q(confirmed_category=None, category=category_id)
    return _open().filter(there).count()


def of_member(member: Member) -> int:
    """Open complaints and work orders that are the member's by name."""
    orders = WorkOrder.objects.active().filter(assignee=member).count()
    return _open().filter(assignee=member).count() + orders


def _open() -> ComplaintQuerySet:
    return Complaint.objects.open().filter(put_away_at=None)
