"""审核: the gate between the unit's answer and the customer. Part may pass while the rest goes back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, noting
from huiyin.complaints.actions.moving import move
from huiyin.complaints.errors import MayNot
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.states import State
from huiyin.dispatch.actions.moving import hold, move_order
from huiyin.dispatch.models import Answer, Audit, WorkOrder
from huiyin.dispatch.states import OrderState
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right, may
from huiyin.sla import promises
from huiyin.sla.queries import current


@transaction.atomic
def pass_(order: WorkOrder, *, actor: Actor, at: datetime) -> None:
    """The answer is good. With the last one passed, the complaint waits for its reply to the customer.

    Raises GuardFailed, and passes nothing, if this were the last one and an issue still had no answer.
    """
    complaint = hold(order)
    auditor = _auditor(order, actor)
    went = move_order(order, OrderState.PASSED, actor=actor, at=at, audited_at=at)
    Audit.objects.create(
        work_order=order, verdict=Audit.Verdict.PASS, auditor=auditor, audited_at=at, round=order.round
    )
    clocks.stop(complaint, "CK-AUDIT", at=at, subject=order.number)
    _take_answers(order, at)
    left = WorkOrder.objects.standing().filter(complaint=complaint).exclude(state=OrderState.PASSED).count()
    events.record(complaint, Event.Kind.PASSED, actor=actor, at=at, left=left, **went)
    if not left and complaint.state == State.IN_AUDIT:
        step = move(complaint, State.REPLYING, actor=actor, at=at)
        events.record(complaint, Event.Kind.AUDITED, actor=actor, at=at, **step)


@transaction.atomic
def send_back(order: WorkOrder, *, reason: str, actor: Actor, at: datetime) -> None:
    """Not good enough: the same unit gets it again with the reason, one round further; its deadline does not move."""
    complaint = hold(order)
    auditor = _auditor(order, actor)
    rejected = move_order(order, OrderState.REJECTED, actor=actor, at=at, given={"reason": reason}, audited_at=at)
    Audit.objects.create(
        work_order=order,
        verdict=Audit.Verdict.SEND_BACK,
        reason=reason.strip(),
        auditor=auditor,
        audited_at=at,
        round=order.round,
    )
    clocks.stop(complaint, "CK-AUDIT", at=at, subject=order.number)
    step = {}
    if complaint.state == State.IN_AUDIT:
        step = move(complaint, State.IN_PROGRESS, actor=actor, at=at, given={"reason": reason})
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    events.record(complaint, Event.Kind.SENT_BACK, actor=actor, at=at, round=order.round, **rejected, **step, **remark)
    _again(order, complaint, actor, at)


def _again(order: WorkOrder, complaint: Complaint, actor: Actor, at: datetime) -> None:
    category = complaint.confirmed_category or complaint.category
    inputs = clocks.inputs_of(complaint, issue_class=category.issue_class, acts=category.acts)
    sign = promises.deadline(current(), "CK-ACK", start=at, inputs=inputs)
    went = move_order(
        order,
        OrderState.DISPATCHED,
        actor=actor,
        at=at,
        round=order.round + 1,
        completed_at=None,
        signed_at=None,
        sign_due_at=sign.due_at if sign else None,
    )
    if sign is not None:
        clocks.start(complaint, "CK-ACK", sign, at=at, subject=order.number)
    before = complaint.clocks.filter(code="CK-HANDLE", subject=order.number).latest("started_at")
    clocks.start(complaint, "CK-HANDLE", promises.Deadline(order.due_at, before.why), at=at, subject=order.number)
    events.record(complaint, Event.Kind.DISPATCHED, actor=actor, at=at, unit=order.unit.code, round=order.round, **went)


def _auditor(order: WorkOrder, actor: Actor) -> Member:
    member = actor.member
    if member is None or not may(member, Right.AUDIT):
        raise MayNot()
    if order.handler_id == member.pk:
        raise MayNot(_("审核人不能是处理人本人。"))
    return member


def _take_answers(order: WorkOrder, at: datetime) -> None:
    """The passed answers become the issues' answers; an issue worked on by several units gets them all."""
    for issue in order.issues.all():
        texts = Answer.objects.filter(issue=issue, work_order__state=OrderState.PASSED).order_by("written_at")
        answers = list(texts.values_list("text", flat=True))
        issue.answer, issue.answered_at = "\n".join(answers), at
        issue.save(update_fields=["answer", "answered_at"])
