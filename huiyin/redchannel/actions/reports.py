"""故障诊断报告 on the complaint: the two-hourly chain of its incident (C053) as a clock of its own, until service is
restored. The incident keeps the chain; this follows it."""

from datetime import datetime

from django.db import transaction

from huiyin.complaints.actions import clocks
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.models import Clock, Complaint
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.org.models import Member
from huiyin.quality.models import Incident, Report
from huiyin.redchannel.actions.paging import link_to
from huiyin.redchannel.models import RedCase
from huiyin.sla.promises import Deadline, deadline
from huiyin.sla.queries import current
from huiyin.supervision.directory import Directory, Sight

OUTAGE = "CK-OUTRPT"


@transaction.atomic
def follow(complaint: Complaint, *, at: datetime) -> bool:
    """Its clock for the next report is as the incident has it; a report that did not come is told of, once. May run
    twice without harm. Returns whether anything moved."""
    hold(complaint)
    case = RedCase.objects.filter(complaint=complaint, ended_at=None).first()
    incident = _reporting(complaint)
    if case is None or incident is None:
        return False
    running = Clock.objects.running().filter(complaint=complaint, code=OUTAGE).first()
    due_at = None if complaint.is_ended else incident.next_report_due_at
    if (running.due_at if running else None) == due_at:
        return False
    last = incident.reports.order_by("-written_at", "-id").first()
    if running is not None:
        clocks.stop(complaint, OUTAGE, at=_stopped_at(incident, last, at))
    if last is not None and last.missed_at is not None:
        _tell(case, complaint, incident, last, at)
    if due_at is not None and incident.report_every is not None:
        since = due_at - incident.report_every
        clocks.start(complaint, OUTAGE, _promise(complaint, since, due_at), at=at, since=since)
    return True


def _reporting(complaint: Complaint) -> Incident | None:
    """Of several, the one that still owes reports; the newest first."""
    owing = Incident.objects.filter(links__complaint=complaint, report_every__isnull=False)
    return min(owing.order_by("-opened_at"), key=lambda each: each.next_report_due_at is None, default=None)


def _stopped_at(incident: Incident, last: Report | None, at: datetime) -> datetime:
    if incident.restored_at is not None:
        return incident.restored_at
    return (last.missed_at or last.written_at) if last is not None else at


def _promise(complaint: Complaint, since: datetime, due_at: datetime) -> Deadline:
    category = complaint.confirmed_category or complaint.category
    inputs = clocks.inputs_of(complaint, issue_class=category.issue_class, acts=category.acts)
    found = deadline(current(), OUTAGE, start=since, inputs=inputs)
    return found if found is not None and found.due_at == due_at else Deadline(due_at, {})


def _tell(case: RedCase, complaint: Complaint, incident: Incident, missed: Report, at: datetime) -> None:
    """The task force, and those who were paged."""
    wanted = Member.objects.active().filter(pk__in=[*case.paged, *case.force.values_list("member", flat=True)])
    sees = Sight([complaint])
    told = Telling(
        members=[member for member in Directory(at=at).present(wanted) if sees(member, complaint.pk)],
        kind="report_due",
        values={"report": {"zh": "故障诊断报告", "en": "outage report"}, "due_at": missed.due_at or at},
        number=complaint.number,
        link=link_to(complaint.number),
        key=f"outage-report:{missed.pk}",
        urgent=True,
    )
    tell_many([told], at=at)
