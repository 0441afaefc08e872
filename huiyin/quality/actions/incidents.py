"""列入事件: opening an incident, bringing complaints into it, its checklist, and its end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Complaint, Event
from huiyin.org.actors import Actor
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Right
from huiyin.quality import rules
from huiyin.quality.actions.telling import tell
from huiyin.quality.errors import AlreadyEnded
from huiyin.quality.models import Duty, Incident, IncidentClass, IncidentComplaint, Notice
from huiyin.quality.numbering import draw_number
from huiyin.sla import promises
from huiyin.sla.engine import Target
from huiyin.sla.queries import current


@transaction.atomic
def open_incident(
    *,
    kind: IncidentClass,
    title: str,
    actor: Actor,
    at: datetime,
    summary: str = "",
    is_market_moving: bool = False,
    complaint: Complaint | None = None,
) -> Incident:
    """An incident of this class: its units have a part in it, its duties wait, and those concerned are told.

    A class with a report clock (INC-OUT) owes the first report one interval from now.
    """
    if not actor.may(Right.OPEN_INCIDENT):
        raise MayNot()
    if not title.strip():
        raise GuardFailed("title", _("请写明事件的标题。"))
    every = _interval(kind)
    pk, number = draw_number(Incident, "SJ", at)
    incident = Incident.objects.create(
        pk=pk,
        number=number,
        kind=kind,
        title=title.strip(),
        summary=summary.strip(),
        lead_unit=_lead(kind),
        is_market_moving=is_market_moving,
        opened_at=at,
        opened_by=actor.member,
        report_every=every,
        next_report_due_at=at + every if every else None,
    )
    codes = [*kind.joint_codes, *(kind.market_codes if is_market_moving else ())]
    incident.joint_units.set(Unit.objects.active().filter(code__in=codes).exclude(pk=incident.lead_unit_id))
    Duty.objects.bulk_create(_duties(incident, kind, at))
    if complaint is not None:
        join_complaint(incident, complaint=complaint, actor=actor, at=at)
    tell(incident, Notice.Kind.OPENED, at=at)
    return incident


def _lead(kind: IncidentClass) -> Unit:
    unit = Unit.objects.active().filter(code=kind.lead_code).first()
    if unit is None:
        raise GuardFailed("kind", _("没有牵头单位 %s，请先在系统设置中建立。") % kind.lead_code)
    return unit


def _interval(kind: IncidentClass) -> timedelta | None:
    clock = current().clocks.get(kind.report_clock)
    return clock.repeat_every.span if clock is not None and clock.repeat_every is not None else None


def _duties(incident: Incident, kind: IncidentClass, at: datetime) -> Sequence[Duty]:
    due_at = next(
        (promises.earliest(current().calendar, at, Target.of(*given)) for given in kind.duties_due.items()), None
    )
    return [
        Duty(incident=incident, position=position, name=name, due_at=due_at)
        for position, name in enumerate(kind.duties, start=1)
    ]


@transaction.atomic
def join_complaint(incident: Incident, *, complaint: Complaint, actor: Actor, at: datetime) -> IncidentComplaint:
    """The complaint belongs to the incident from now on; it stays a complaint of its own, with its own promises."""
    if not actor.may(Right.OPEN_INCIDENT):
        raise MayNot()
    hold(incident)
    link, is_new = IncidentComplaint.objects.get_or_create(
        incident=incident, complaint=complaint, defaults={"joined_at": at, "joined_by": actor.member}
    )
    if not is_new:
        raise GuardFailed("incident", _("投诉 %(complaint)s 已在事件 %(incident)s 中。") % {
            "complaint": complaint.number, "incident": incident.number})  # fmt: skip
    events.record(
        complaint,
        Event.Kind.INCIDENT_OPENED,
        actor=actor,
        at=at,
        incident=incident.number,
        incident_class=incident.kind.code,
    )
    return link


@transaction.atomic
def set_market_moving(incident: Incident, *, actor: Actor, at: datetime) -> None:
    """Share prices may move: the board secretary's office joins, and who is told is no longer the line (C054)."""
    if not actor.may(Right.OPEN_INCIDENT):
        raise MayNot()
    hold(incident)
    if incident.is_market_moving:
        raise GuardFailed("is_market_moving", _("已标记为可能引发股价波动。"))
    incident.is_market_moving = True
    incident.save(update_fields=["is_market_moving"])
    added = Unit.objects.active().filter(code__in=incident.kind.market_codes).exclude(pk=incident.lead_unit_id)
    incident.joint_units.add(*added)
    tell(incident, Notice.Kind.MARKET, at=at)


@transaction.atomic
def assign_duty(
    duty: Duty, *, owner: Member | None, actor: Actor, at: datetime, due_at: datetime | None = None
) -> None:
    """Somebody answers for this line of the checklist, by a time."""
    _must_work_on(duty.incident, actor)
    hold(duty.incident)
    if owner is not None and not Incident.objects.filter(pk=duty.incident_id).visible_to(owner).exists():
        raise GuardFailed("owner", _("%s 看不到这个事件，不能承担任务。") % owner.name)
    if due_at is not None and due_at != duty.due_at:
        duty.due_at, duty.reminded = due_at, 0
    duty.owner = owner
    duty.save(update_fields=["owner", "due_at", "reminded"])


@transaction.atomic
def tick_duty(duty: Duty, *, evidence: str, actor: Actor, at: datetime) -> None:
    """It is done, and by what one can tell. Of two who tick it the first is on record."""
    _must_work_on(duty.incident, actor)
    hold(duty.incident)
    if not evidence.strip():
        raise GuardFailed("evidence", _("请写明完成的凭据。"))
    done = Duty.objects.filter(pk=duty.pk, done_at=None)
    if not done.update(done_at=at, done_by=actor.member, evidence=evidence.strip()):
        raise GuardFailed("evidence", _("这项任务已经完成。"))
    duty.refresh_from_db()


@transaction.atomic
def end(incident: Incident, *, conclusion: str, actor: Actor, at: datetime) -> None:
    """It is over: every duty is done, service is restored where that was the matter, and what came of it is written."""
    if not actor.may(Right.OPEN_INCIDENT):
        raise MayNot()
    hold(incident)
    if incident.report_every is not None and incident.restored_at is None:
        raise GuardFailed("restored_at", _("请先确认服务已恢复。"))
    if open_duty := incident.duties.filter(done_at=None).first():
        raise GuardFailed("duties", _("任务“%s”尚未完成。") % open_duty.name)
    if not conclusion.strip():
        raise GuardFailed("conclusion", _("请写明结论。"))
    incident.state, incident.ended_at, incident.ended_by = Incident.State.ENDED, at, actor.member
    incident.conclusion, incident.next_report_due_at = conclusion.strip(), None
    incident.save(update_fields=["state", "ended_at", "ended_by", "conclusion", "next_report_due_at"])
    for link in incident.links.select_related("complaint"):
        events.record(link.complaint, Event.Kind.INCIDENT_ENDED, actor=actor, at=at, incident=incident.number)


def _must_work_on(incident: Incident, actor: Actor) -> None:
    if not rules.works_on(incident, actor):
        raise MayNot()


def hold(incident: Incident) -> None:
    """Lock the row and read it afresh. Raises AlreadyEnded."""
    held = Incident.objects.select_for_update().get(pk=incident.pk)
    for field in Incident._meta.concrete_fields:
        setattr(incident, field.attname, getattr(held, field.attname))
    if incident.is_ended:
        raise AlreadyEnded(incident.number)
