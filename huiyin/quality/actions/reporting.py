"""故障诊断报告: every two hours until service is restored (C053). A missed one is seen, once, and leaves its mark."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Event
from huiyin.org.actors import SYSTEM, Actor
from huiyin.quality import rules
from huiyin.quality.actions.incidents import hold
from huiyin.quality.actions.telling import tell
from huiyin.quality.models import Incident, Notice, Report


@transaction.atomic
def report(incident: Incident, *, text: str, actor: Actor, at: datetime) -> Report:
    """How it stands now. Where a clock runs, the next report is due one interval from this one."""
    if not rules.works_on(incident, actor):
        raise MayNot()
    hold(incident)
    if not text.strip():
        raise GuardFailed("text", _("请填写报告内容。"))
    due_at = incident.next_report_due_at
    if due_at is not None and incident.report_every is not None:
        incident.next_report_due_at = at + incident.report_every
        incident.save(update_fields=["next_report_due_at"])
    made = Report.objects.create(
        incident=incident, due_at=due_at, text=text.strip(), author=actor.member, written_at=at
    )
    _record(incident, actor, at, report=made.pk)
    return made


@transaction.atomic
def restore(incident: Incident, *, text: str, actor: Actor, at: datetime) -> Report:
    """service_restored: the last report says how one knows, and no further one is due."""
    last = report(incident, text=text, actor=actor, at=at)
    if incident.restored_at is not None:
        raise GuardFailed("text", _("已记录服务恢复。"))
    incident.state, incident.restored_at, incident.next_report_due_at = Incident.State.RESTORED, at, None
    incident.save(update_fields=["state", "restored_at", "next_report_due_at"])
    return last


@transaction.atomic
def sweep_missed(*, at: datetime, limit: int = 100) -> int:
    """Mark the reports that did not come: each incident once, however many sweeps run at the same time.

    After downtime the intervals that went by make one mark with their number, not a flood. Returns how many incidents.
    """
    late = Incident.objects.missing_a_report(at).select_related("kind", "lead_unit").order_by("next_report_due_at")
    return sum(_claim(incident, at) for incident in late[:limit])


def _claim(incident: Incident, at: datetime) -> bool:
    due_at, every = incident.next_report_due_at, incident.report_every
    assert due_at is not None
    assert every is not None  # by the constraint incident_reports_while_open
    count = (at - due_at) // every + 1
    won = Incident.objects.filter(pk=incident.pk, next_report_due_at=due_at).update(
        next_report_due_at=due_at + count * every
    )
    if won:
        Report.objects.create(
            incident=incident, due_at=due_at, written_at=due_at, missed_at=at, missed_count=min(count, 32767)
        )
        tell(incident, Notice.Kind.MISSED, at=at)
        _record(incident, SYSTEM, at, missed=count)
    return bool(won)


def _record(incident: Incident, actor: Actor, at: datetime, **said: int) -> None:
    """Each complaint in it says so."""
    links = list(incident.links.select_related("complaint"))
    facts = [(link.complaint, Event.Kind.REPORTED, {"incident": incident.number, **said}) for link in links]
    if facts:
        events.record_many(facts, actor=actor, at=at)
