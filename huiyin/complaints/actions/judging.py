"""投诉是否成立: one person judges with reason and evidence, another confirms (B28)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions.attributing import attribute
from huiyin.complaints.actions.moving import hold, move
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.models import Complaint, Event, Validity
from huiyin.complaints.states import State
from huiyin.lib.canonical import sha256_hex
from huiyin.org.actors import Actor
from huiyin.org.rules import Right, may


@transaction.atomic
def judge(
    complaint: Complaint,
    *,
    value: Validity.Value,
    reason: str,
    evidence: str,
    actor: Actor,
    at: datetime,
    cause: str = "",
) -> Validity:
    """Propose whether it is justified; it counts once a second person confirms."""
    member = actor.member
    if member is None or (not may(member, Right.HANDLE) and not may(member, Right.JUDGE_VALIDITY)):
        raise MayNot()
    hold(complaint)
    if complaint.state not in {State.IN_PROGRESS, State.IN_AUDIT}:
        raise MoveRefused(complaint, State.NOT_VALID)
    if not reason.strip():
        raise GuardFailed("validity_decision", _("请写明判断理由。"), "reason")
    if not evidence.strip():
        raise GuardFailed("evidence", _("请写明证据。"))
    attributed = attribute(complaint, cause, is_last=False)
    judged = Validity.objects.create(
        complaint=complaint, value=value, reason=reason, evidence=evidence, proposed_by=member, proposed_at=at
    )
    events.record(
        complaint,
        Event.Kind.JUDGED,
        actor=actor,
        at=at,
        validity=judged.pk,
        value=str(value),
        digest=sha256_hex(f"{reason}\n{evidence}".encode()),
        **attributed,
    )
    return judged


@transaction.atomic
def confirm(judged: Validity, *, actor: Actor, at: datetime) -> None:
    """The second person agrees. If not justified (不成立) it goes to `not_valid`, where it is still answered."""
    member = actor.member
    if member is None or not may(member, Right.JUDGE_VALIDITY):
        raise MayNot()
    complaint = judged.complaint
    hold(complaint)
    if member.pk == judged.proposed_by_id:
        raise GuardFailed("second_person", _("成立判断须由另一人确认。"))
    judged.confirmed_by, judged.confirmed_at = member, at
    judged.save(update_fields=["confirmed_by", "confirmed_at"])
    step: dict[str, str] = {}
    if judged.value in Validity.NOT_VALID:
        given = {"validity": judged, "evidence": judged.evidence}
        step = move(complaint, State.NOT_VALID, actor=actor, at=at, given=given)
    events.record(
        complaint, Event.Kind.VALIDITY_CONFIRMED, actor=actor, at=at, validity=judged.pk, value=judged.value, **step
    )


@transaction.atomic
def answer_not_valid(complaint: Complaint, *, actor: Actor, at: datetime) -> None:
    """An unjustified complaint goes to the desk for its answer all the same."""
    hold(complaint)
    step = move(complaint, State.REPLYING, actor=actor, at=at)
    events.record(complaint, Event.Kind.AUDITED, actor=actor, at=at, **step)


@transaction.atomic
def confirm_latest(complaint: Complaint, *, actor: Actor, at: datetime) -> None:
    """The second person agrees with the newest judgement that still waits for one."""
    hold(complaint)
    judged = complaint.validities.filter(confirmed_by=None).first()
    if judged is None:
        raise GuardFailed("second_person", _("没有等待确认的成立判断。"))
    judged.complaint = complaint
    confirm(judged, actor=actor, at=at)
