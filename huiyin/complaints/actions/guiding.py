"""按方法处理: which method is followed on a complaint, and the steps that were taken (A01, A15, D26).

Events carry the step and whether the method is a general one; a playbook's code stays out of them, because the record
never forgets and the mark ends with the complaint.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.models import Complaint, Event, Guidance
from huiyin.complaints.states import ENDED
from huiyin.knowledge import queries
from huiyin.knowledge.guides import Guide
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right, may

SPECIAL = "special"


@transaction.atomic
def begin(complaint: Complaint, *, method: str, actor: Actor, at: datetime, evidence: str = "") -> Guidance:
    """Follow this method from now on; one that was followed before ends. A playbook needs the evidence."""
    member = _must_guide(actor)
    _hold_open(complaint)
    guide = queries.guide(method)
    if guide is None:
        raise GuardFailed("method", _("没有这个处理方法：%s") % method)
    if guide.is_special and not evidence.strip():
        raise GuardFailed("evidence", _("请写明可观察的行为证据：原话、时间或录音位置。"))
    complaint.guidances.filter(ended_at=None).update(ended_at=at)
    begun = Guidance.objects.create(
        complaint=complaint,
        method=guide.code,
        is_special=guide.is_special,
        evidence=evidence.strip() if guide.is_special else "",
        begun_by=member,
        begun_at=at,
    )
    _record(begun, "begun", actor, at)
    return begun


@transaction.atomic
def take_step(complaint: Complaint, *, step: int, actor: Actor, at: datetime) -> Guidance:
    """The step of the method in use is done."""
    member = _must_guide(actor)
    _hold_open(complaint)
    guidance = _current(complaint)
    guide = _guide_of(guidance)
    if not guide.has(step):
        raise GuardFailed("step", _("这个方法没有第 %d 步。") % step)
    if step in guidance.done:
        raise GuardFailed("step", _("第 %d 步已经完成。") % step)
    guidance.steps = [*guidance.steps, {"step": step, "by": member.pk, "at": at.isoformat()}]
    guidance.save(update_fields=["steps"])
    _record(guidance, "step", actor, at, step=step)
    return guidance


@transaction.atomic
def confirm(complaint: Complaint, *, actor: Actor, at: datetime) -> Guidance:
    """A second person has looked at the evidence and agrees that the playbook fits."""
    member = _must_guide(actor)
    _hold_open(complaint)
    guidance = _current(complaint)
    if not guidance.is_special or guidance.confirmed_by_id is not None:
        raise GuardFailed("second_person", _("没有等待确认的处理方法。"))
    if guidance.begun_by_id == member.pk:
        raise GuardFailed("second_person", _("行为证据须由另一人确认。"))
    guidance.confirmed_by, guidance.confirmed_at = member, at
    guidance.save(update_fields=["confirmed_by", "confirmed_at"])
    _record(guidance, "confirmed", actor, at)
    return guidance


@transaction.atomic
def end(complaint: Complaint, *, actor: Actor, at: datetime) -> Guidance:
    """The method is not followed any more."""
    _must_guide(actor)
    _hold_open(complaint)
    guidance = _current(complaint)
    guidance.ended_at = at
    guidance.save(update_fields=["ended_at"])
    _record(guidance, "ended", actor, at)
    return guidance


def _must_guide(actor: Actor) -> Member:
    if actor.member is None or not may(actor.member, Right.GUIDE):
        raise MayNot()
    return actor.member


def _hold_open(complaint: Complaint) -> None:
    hold(complaint)
    if complaint.state in ENDED:
        raise MoveRefused(complaint)


def _current(complaint: Complaint) -> Guidance:
    guidance = complaint.guidances.current().first()
    if guidance is None:
        raise GuardFailed("method", _("还没有选择处理方法。"))
    return guidance


def _guide_of(guidance: Guidance) -> Guide:
    guide = queries.guide(guidance.method)
    if guide is None:
        raise GuardFailed("method", _("没有这个处理方法：%s") % guidance.method)
    return guide


def _record(guidance: Guidance, act: str, actor: Actor, at: datetime, step: int = 0) -> None:
    given = {"guidance": guidance.pk, "method": SPECIAL if guidance.is_special else guidance.method, "act": act}
    if step:
        given["step"] = step
    events.record(guidance.complaint, Event.Kind.GUIDED, actor=actor, at=at, **given)
