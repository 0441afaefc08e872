"""What may be expected of one complaint: how long, how urgent beside others, and whether a plan stands ready."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from huiyin.channels.models import REFERRED
from huiyin.complaints.models import Complaint
from huiyin.insight.forecasts import forecast_of, sentence
from huiyin.insight.frequency import frequency_of
from huiyin.org.models import Member
from huiyin.triage.priority import Priority, priority

PRIOR = timedelta(days=90)


def outlook_of(complaint: Complaint, member: Member, *, at: datetime) -> dict[str, Any]:
    """For desk/case/outlook.html; nothing of an ended complaint but how long its kind takes."""
    forecast = forecast_of(complaint)
    is_open = complaint.is_open
    return {
        "forecast": sentence(forecast) if forecast else "",
        "priority": _shown(_priority(complaint, member, at)) if is_open else None,
        "frequency": frequency_of(complaint, member, at=at) if is_open else None,
    }


def _priority(complaint: Complaint, member: Member, at: datetime) -> Priority:
    running = list(complaint.clocks.running())
    prior = Complaint.objects.visible_to(member).filter(
        customer=complaint.customer_id,
        received_at__gt=complaint.received_at - PRIOR,
        received_at__lt=complaint.received_at,
    )
    return priority(
        severity=complaint.severity,
        emotion=complaint.emotion,
        tier=complaint.tier,
        elapsed=max((_used(clock.started_at, clock.due_at, at) for clock in running), default=0.0),
        returned=complaint.reopened_count > 0 or complaint.channel in REFERRED,
        prior=prior.count(),
        breached=any(clock.is_late(at) for clock in running),
    )


def _used(start: datetime, due: datetime, at: datetime) -> float:
    return (at - start) / (due - start) if due > start else 1.0


def _shown(found: Priority) -> dict[str, Any]:
    names = {
        "S": _("等级"),
        "E": _("情绪"),
        "V": _("客户价值"),
        "T": _("最紧的时限已用"),
        "R": _("重开、转办或多次投诉"),
    }
    return {
        "score": round(found.score),
        "terms": [{"label": names[term.code], "points": term.points} for term in found.terms if term.points],
    }
