"""签收、退单、处理完成: what the unit does with its order."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, noting, pausing
from huiyin.complaints.actions.explaining import must_be_explained
from huiyin.complaints.actions.moving import move
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.lateness import PLANS
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.states import State
from huiyin.dispatch.actions.dispatching import let_see
from huiyin.dispatch.actions.moving import hold, move_order
from huiyin.dispatch.models import Answer, WorkOrder
from huiyin.dispatch.rules import may_work
from huiyin.dispatch.states import OrderState
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.rules import Right, Role
from huiyin.sla import promises
from huiyin.sla.queries import current


@transaction.atomic
def sign(order: WorkOrder, *, actor: Actor, at: datetime) -> None:
    """签收: this member takes the order; of two signing at once one does. The sign-off clock stops."""
    complaint = hold(order)
    _must_be_theirs(order, actor, right=Right.SIGN)
    _must_be_new(order, complaint, actor)
    went = move_order(
        order,
        OrderState.ACKNOWLEDGED,
        actor=actor,
        at=at,
        signed_at=at,
        handler=actor.member,
        assignee=order.assignee or actor.member,
    )
    clocks.stop(complaint, "CK-ACK", at=at, subject=order.number)
    events.record(complaint, Event.Kind.SIGNED, actor=actor, at=at, unit=order.unit.code, **went)


@transaction.atomic
def decline(order: WorkOrder, *, reason: str, actor: Actor, at: datetime) -> None:
    """退单: not ours. It counts as a mis-dispatch and goes back to the dispatcher; the unit loses sight of it."""
    complaint = hold(order)
    _must_be_theirs(order, actor, right=Right.SIGN)
    went = move_order(
        order, OrderState.TRANSFERRED, actor=actor, at=at, given={"reason": reason}, decline_reason=reason.strip()
    )
    clocks.stop(complaint, "CK-ACK", "CK-HANDLE", at=at, subject=order.number)
    let_see(complaint)
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    events.record(
        complaint, Event.Kind.DECLINED, actor=actor, at=at, unit=order.unit.code, misdispatch=True, **went, **remark
    )


@transaction.atomic
def begin(order: WorkOrder, *, actor: Actor, at: datetime) -> None:
    """Say that the work has begun."""
    complaint = hold(order)
    _must_be_theirs(order, actor, right=Right.HANDLE)
    went = move_order(order, OrderState.HANDLING, actor=actor, at=at)
    events.record(complaint, Event.Kind.STARTED, actor=actor, at=at, **went)


@transaction.atomic
def complete(
    order: WorkOrder,
    *,
    findings: str,
    answers: Mapping[int, str],
    actor: Actor,
    at: datetime,
    result_code: str = "",
    breach_reason: str = "",
) -> None:
    """处理完成: findings, and an answer to each issue of the order by issue id. It waits for audit now. Where the
    order's time or the plan's is over, with the reason why (C027).

    When no order of the complaint is still being worked on and every issue has an answer, the complaint goes to audit.
    """
    complaint = hold(order)
    _must_be_theirs(order, actor, right=Right.HANDLE)
    if order.state == OrderState.ACKNOWLEDGED:
        begun = move_order(order, OrderState.HANDLING, actor=actor, at=at)
        events.record(complaint, Event.Kind.STARTED, actor=actor, at=at, **begun)
    if unpassed := order.children.standing().exclude(state=OrderState.PASSED).first():
        raise GuardFailed("children", _("子工单 %s 尚未审核通过。") % unpassed.number)
    went = move_order(
        order,
        OrderState.COMPLETED,
        actor=actor,
        at=at,
        given={"findings": findings, "answers": answers},
        findings=findings.strip(),
        result_code=result_code,
        completed_at=at,
        handler=actor.member,
    )
    must_be_explained(complaint, reason=breach_reason, actor=actor, at=at, about=ended_by(order))
    _write(order, answers, at)
    _to_be_audited(order, complaint, at)
    events.record(complaint, Event.Kind.HANDLED, actor=actor, at=at, unit=order.unit.code, **went)
    begin_audit(complaint, at=at)


def ended_by(order: WorkOrder) -> Q:
    """The promises that the order's completion ends: its own time, and the complaint's plan."""
    return Q(code="CK-HANDLE", subject=order.number) | Q(code__in=PLANS)


def _write(order: WorkOrder, answers: Mapping[int, str], at: datetime) -> None:
    wanted = order.issues.values_list("pk", flat=True)
    Answer.objects.bulk_create(
        [Answer(work_order=order, issue_id=issue, text=answers[issue].strip(), written_at=at) for issue in wanted],
        update_conflicts=True,
        unique_fields=["work_order", "issue"],
        update_fields=["text", "written_at"],
    )


def _to_be_audited(order: WorkOrder, complaint: Complaint, at: datetime) -> None:
    clocks.stop(complaint, "CK-HANDLE", at=at, subject=order.number)
    clocks.stop(complaint, "CK-PLAN", "CK-DIAG", at=at)  # what was found, and what is to be done, is on record
    category = complaint.confirmed_category or complaint.category
    inputs = clocks.inputs_of(complaint, issue_class=category.issue_class, acts=category.acts)
    deadline = promises.deadline(current(), "CK-AUDIT", start=at, inputs=inputs)
    if deadline is not None:
        clocks.start(complaint, "CK-AUDIT", deadline, at=at, subject=order.number)


def begin_audit(complaint: Complaint, *, at: datetime) -> None:
    """To `in_audit`, if nothing is being worked on, nothing waits for re-dispatch, and every issue has an answer."""
    orders = WorkOrder.objects.filter(complaint=complaint)
    if orders.given_back().exists():
        return
    if orders.standing().exclude(state__in=[OrderState.COMPLETED, OrderState.PASSED]).exists():
        return
    answered = Answer.objects.filter(work_order__in=orders.standing()).values("issue")
    if complaint.issues.filter(is_dropped=False).exclude(pk__in=answered).exists():
        return
    if complaint.state in {State.AWAITING_CUSTOMER, State.INTERIM}:
        ended = pausing.end(complaint, by=SYSTEM, at=at)
        step = move(complaint, State.IN_PROGRESS, actor=SYSTEM, at=at, follow_up_on=None)
        events.record(complaint, Event.Kind.RESUMED, actor=SYSTEM, at=at, pauses=sorted(ended), **step)
    if complaint.state == State.IN_PROGRESS:
        step = move(complaint, State.IN_AUDIT, actor=SYSTEM, at=at, given={"work_orders_completed": True})
        events.record(complaint, Event.Kind.AUDIT_BEGUN, actor=SYSTEM, at=at, **step)


def _must_be_theirs(order: WorkOrder, actor: Actor, *, right: Right) -> None:
    member = actor.member
    if member is None or not may_work(order, member, right) or order.unit_id not in member.reach.unit_ids:
        raise MayNot(_("这张工单派给了“%s”，不由您处理。") % order.unit.name)
    if right == Right.SIGN and order.state != OrderState.DISPATCHED:
        return  # a colleague was first: its state is what the second must hear of, not whose it is by now
    if order.assignee_id not in {None, member.pk} and not member.has_role(Role.DEPT_LEAD):
        raise MayNot(_("这张工单已指定由他人处理。"))


def _must_be_new(order: WorkOrder, complaint: Complaint, actor: Actor) -> None:
    if complaint.reopened_at is None or order.dispatched_at is None or order.dispatched_at < complaint.reopened_at:
        return
    earlier = WorkOrder.objects.filter(complaint=complaint, dispatched_at__lt=complaint.reopened_at)
    if earlier.filter(handler=actor.member).exists():
        raise MayNot(_("重开的投诉须由另一位处理人签收。"))
