"""Incidents and investigations beside the complaint, and the lists of the quality pages."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.complaints.models import Complaint
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right, may
from huiyin.quality.actions import incidents as opening
from huiyin.quality.actions import investigating
from huiyin.quality.actions.recurring import quarter_of
from huiyin.quality.models import Assessment, Incident, Investigation, Notice, Report, RootCauseDuty, Step
from huiyin.sla.queries import current

TABS = ("incidents", "investigations", "causes", "assessments")


def beside(complaint: Complaint, member: Member) -> dict[str, Any]:
    """For the complaint page: two queries."""
    # in no order: for one the ORM compares every column that it fetches
    known = Incident.objects.visible_to(member).filter(links__complaint=complaint).select_related("kind").order_by()
    incidents = sorted(known, key=lambda each: (each.opened_at, each.pk), reverse=True)
    opened = Investigation.objects.visible_to(member).filter(complaint=complaint).order_by()
    investigation = max(opened, key=lambda each: (each.opened_at, each.pk), default=None)
    is_asked = complaint.severity == 1 and not incidents and may(member, Right.OPEN_INCIDENT)
    return {
        "incidents": incidents,
        "investigation": investigation,
        "is_asked": is_asked,
        "is_shown": bool(incidents or investigation or is_asked),
    }


def tabs(chosen: str) -> list[dict[str, Any]]:
    words = (_("事件"), _("8D 调查"), _("根因任务"), _("时限考核"))
    url = reverse("desk:quality")
    return [
        {"label": label, "url": f"{url}?tab={name}", "is_current": name == chosen}
        for name, label in zip(TABS, words, strict=True)
    ]


def notices(member: Member) -> list[Notice]:
    """Incidents of which the member was told and has not said that they know. One query for those who are told."""
    if not may(member, Right.WORK_ON_INCIDENT):
        return []
    unseen = Notice.objects.visible_to(member).filter(seen_at=None).select_related("incident")
    return list(unseen[:20])


def incidents(member: Member) -> QuerySet[Incident]:
    """What is still open first, the newest first."""
    counted = Incident.objects.visible_to(member).annotate(
        duty_count=Count("duties"),
        done_count=Count("duties", filter=Q(duties__done_at__isnull=False)),
        has_missed=Exists(Report.objects.filter(incident=OuterRef("pk")).exclude(missed_at=None)),
    )
    return counted.select_related("kind", "lead_unit").order_by(
        F("ended_at").desc(nulls_first=True), "-opened_at", "-id"
    )


def investigations(member: Member) -> QuerySet[Investigation]:
    """With the discipline that each stands at."""
    next_one = Step.objects.filter(investigation=OuterRef("pk"), signed_at=None).order_by("code")
    seen = Investigation.objects.visible_to(member).annotate(
        at_step=Subquery(next_one.values("code")[:1]), step_due_at=Subquery(next_one.values("due_at")[:1])
    )
    return seen.select_related("complaint", "opened_by")


def causes(member: Member, quarter: str) -> QuerySet[RootCauseDuty]:
    seen = RootCauseDuty.objects.visible_to(member).filter(quarter=quarter)
    return seen.select_related("category", "unit", "submitted_by", "approved_by")


def quarters(member: Member, at: datetime) -> list[str]:
    """Those with something in them, and the one that it is now; the latest first."""
    known = RootCauseDuty.objects.visible_to(member).order_by().values_list("quarter", flat=True).distinct()
    return sorted({*known, quarter_of(current().calendar.local(at).date())}, reverse=True)


def months(member: Member, at: datetime) -> list[date]:
    this = current().calendar.local(at).date().replace(day=1)
    known = Assessment.objects.visible_to(member).order_by().values_list("month", flat=True).distinct()
    return sorted({*known, this}, reverse=True)


def assessments(member: Member, month: date) -> QuerySet[Assessment]:
    return Assessment.objects.visible_to(member).of_month(month).select_related("complaint", "unit")


def join_incident(complaint: Complaint, given: Mapping[str, Any], actor: Actor, at: datetime) -> str:
    """The deed: into the incident that was chosen, or into a new one."""
    if given["incident"] is not None:
        opening.join_complaint(given["incident"], complaint=complaint, actor=actor, at=at)
        return str(_("已列入事件 %s。") % given["incident"].number)
    made = opening.open_incident(
        kind=given["kind"],
        title=given["title"],
        is_market_moving=given["is_market_moving"],
        complaint=complaint,
        actor=actor,
        at=at,
    )
    return _("已建立事件 %s。") % made.number


def open_investigation(complaint: Complaint, given: Mapping[str, Any], actor: Actor, at: datetime) -> str:
    made = investigating.open_investigation(complaint, title=given["title"], actor=actor, at=at)
    return _("已建立 8D 调查 %s。") % made.number
