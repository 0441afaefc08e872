"""专项小组: by the pre-set plan of the incident's class, with named members of every department that it calls in; it
stands once its lead says so (C044)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.dispatch.actions.dispatching import let_see
from huiyin.lib.phrasing import listed
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.quality.actions import incidents
from huiyin.quality.models import Incident, IncidentClass
from huiyin.redchannel import rules
from huiyin.redchannel.actions.paging import TASK_FORCE, link_to, lock
from huiyin.redchannel.models import ForceMember, RedCase
from huiyin.redchannel.queries import arrangements, could_come, seats


@transaction.atomic
def name(
    case: RedCase, *, kind: IncidentClass, lead: Member, members: Iterable[Member], actor: Actor, at: datetime
) -> None:
    """These are the task force: one at least of every unit of the plan that has anybody. Their units have a part in
    the complaint from now on, the plan's incident is open with its duties, and they are told at once. Where the lead
    names it, it stands. Raises MayNot, GuardFailed."""
    complaint = case.complaint
    if actor.member is None:
        raise MayNot()
    hold(complaint)
    lock(case)
    if not rules.may_name(case, actor.member):
        raise MayNot(_("专项小组已经成立，或投诉已经结束。") if case.formed_at or complaint.is_ended else "")
    chosen = list({member.pk: member for member in [lead, *members]}.values())
    _must_be_complete(kind, chosen)
    must_be_able(complaint, chosen)
    case.force.all().delete()
    ForceMember.objects.bulk_create([ForceMember(case=case, member=member) for member in chosen])
    let_see(complaint)
    must_see(complaint, chosen)
    case.kind, case.lead, case.named_by, case.named_at = kind, lead, actor.member, at
    case.incident = _incident(complaint, kind, actor, at)
    case.save(update_fields=["kind", "lead", "named_by", "named_at", "incident"])
    said = {"act": "named", "members": [member.pk for member in chosen], "lead": lead.pk}
    plan = {"incident": case.incident.number, "incident_class": kind.code}
    events.record(complaint, Event.Kind.TASK_FORCE, actor=actor, at=at, **said, **plan)
    _tell(case, complaint, [member for member in chosen if member.pk != actor.member.pk], at)
    if actor.member.pk == lead.pk:
        form(case, actor=actor, at=at)


@transaction.atomic
def form(case: RedCase, *, actor: Actor, at: datetime) -> None:
    """Its lead says that it stands: the half hour is kept, or not. Raises MayNot, GuardFailed."""
    complaint = case.complaint
    hold(complaint)
    lock(case)
    if case.formed_at is not None:
        raise GuardFailed("force", _("专项小组已经成立。"))
    if actor.member is None or not rules.may_form(case, actor.member):
        raise MayNot(_("须由专项小组组长确认。"))
    case.formed_at = at
    case.save(update_fields=["formed_at"])
    clocks.stop(complaint, TASK_FORCE, at=at)
    seconds = int((at - case.called_at).total_seconds())
    events.record(complaint, Event.Kind.TASK_FORCE, actor=actor, at=at, act="formed", seconds=seconds)


def _must_be_complete(kind: IncidentClass, chosen: list[Member]) -> None:
    keys = {member.pk for member in chosen}
    empty = [
        seat for seat in seats(kind, arrangements()) if seat.people and not keys & {each.pk for each in seat.people}
    ]
    if empty:
        missing = listed(seat.unit.name for seat in empty)
        raise GuardFailed("members", _("预案要求这些部门有人参加：%s。") % missing)


def must_be_able(complaint: Complaint, members: Iterable[Member]) -> None:
    """Before they are let in: being called in shows the complaint to the whole unit. Raises GuardFailed."""
    wanted = {member.pk: member for member in members}
    able = set(could_come(complaint).filter(pk__in=wanted).values_list("pk", flat=True))
    if strangers := [member.name for key, member in wanted.items() if key not in able]:
        raise GuardFailed("members", _("%s 须回避或无权查看这件投诉，不能参加。") % listed(strangers))


def must_see(complaint: Complaint, members: Iterable[Member]) -> None:
    """Nobody is called in who is kept away from it. Raises GuardFailed; what was changed is to be rolled back."""
    rows = Complaint.objects.filter(pk=complaint.pk)
    blind = [member.name for member in members if not rows.visible_to(member).exists()]
    if blind:
        raise GuardFailed("members", _("%s 须回避或无权查看这件投诉，不能参加。") % listed(blind))


def _incident(complaint: Complaint, kind: IncidentClass, actor: Actor, at: datetime) -> Incident:
    """The open one of this class that it belongs to already, or a new one."""
    known = Incident.objects.filter(links__complaint=complaint, kind=kind).exclude(state=Incident.State.ENDED).first()
    if known is not None:
        return known
    category = complaint.confirmed_category or complaint.category
    title = f"{category.name_zh} {complaint.number}"
    return incidents.open_incident(kind=kind, title=title, complaint=complaint, actor=actor, at=at)


def _tell(case: RedCase, complaint: Complaint, members: list[Member], at: datetime) -> None:
    clock = Clock.objects.running().filter(complaint=complaint, code=TASK_FORCE).first()
    assert case.lead is not None
    told = Telling(
        members=members,
        kind="task_force",
        values={
            "reason": {"zh": f"组长：{case.lead.name}", "en": f"Lead: {case.lead.name}"},
            "due_at": clock.due_at if clock else at,
        },
        number=complaint.number,
        link=link_to(complaint.number),
        key=f"task-force:{case.pk}:{at.timestamp():.0f}",
        urgent=True,
    )
    tell_many([told], at=at)
