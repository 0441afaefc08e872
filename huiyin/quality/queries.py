"""Reading across tables for the quality pages and the departments' figures."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from huiyin.org.models import Member, MemberQuerySet, Unit
from huiyin.org.rules import RIGHTS, Right
from huiyin.quality.models import Assessment, Incident, RootCauseDuty, Sighting


@dataclass(frozen=True)
class Assessed:
    """One department's records of a month; those dismissed do not count."""

    unit: Unit
    count: int
    dismissed: int


def assessments_by_department(member: Member, month: date) -> list[Assessed]:
    """For the department's KPI (C050): its records of complaints that the member may see, most first. Two queries."""
    seen = Assessment.objects.visible_to(member).of_month(month).order_by()
    rows = seen.values("unit_id").annotate(
        standing=Count("pk", filter=Q(is_dismissed=False)), gone=Count("pk", filter=Q(is_dismissed=True))
    )
    found = {row["unit_id"]: row for row in rows}
    units = Unit.objects.in_bulk(list(found))
    assessed = [Assessed(units[pk], row["standing"], row["gone"]) for pk, row in found.items()]
    return sorted(assessed, key=lambda each: (-each.count, each.unit.code))


def may_own_duties(incident: Incident) -> MemberQuerySet:
    """Whom a line of the checklist may be given to: people of the units that act, and those who open incidents."""
    in_units = Q()
    for unit in (incident.lead_unit, *incident.joint_units.all()):
        in_units |= Q(unit__path__startswith=unit.path)
    leads = Q(roles__overlap=[str(role) for role in RIGHTS[Right.OPEN_INCIDENT]])
    return Member.objects.active().with_right(Right.WORK_ON_INCIDENT).filter(in_units | leads)


def behind(duty: RootCauseDuty) -> QuerySet[Sighting, int]:
    """The complaints that made it due, by their keys; which of them one may see is for visible_to() to say."""
    return Sighting.objects.filter(category=duty.category_id, month=duty.month).values_list("complaint", flat=True)
