"""派单: work orders go to units, each with its own clocks, all within the complaint's deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, noting, regrading
from huiyin.complaints.actions.moving import change, expect, hold, move
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.models import Complaint, Event, Issue
from huiyin.complaints.states import State
from huiyin.dispatch.actions.following import due_to_nudge
from huiyin.dispatch.actions.moving import hold as hold_order
from huiyin.dispatch.actions.moving import move_order
from huiyin.dispatch.calling_in import called_in
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.rules import may_work
from huiyin.dispatch.states import OrderState
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Right, may
from huiyin.sla import promises
from huiyin.sla.policy import Policy
from huiyin.sla.queries import current


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be dispatched. No issues named: all of them. `due_at` may only be earlier than the policy's."""

    unit: Unit
    assignee: Member | None = None
    issues: Sequence[Issue] = ()
    instructions: str = ""
    due_at: datetime | None = None


@transaction.atomic
def dispatch(
    complaint: Complaint, *, orders: Sequence[Order], actor: Actor, at: datetime, version: int | None = None
) -> list[WorkOrder]:
    """Send the work out: one WorkOrder for each given, sign-off and handling clocks running, the units now see it.

    The first dispatch brings the complaint to `in_progress`. A reopened one goes out through a supervisor, and not to
    the person who handled it before.
    """
    _must_dispatch(actor)
    hold(complaint)
    expect(complaint, version)
    step: dict[str, str] = {}
    if complaint.state in {State.ACCEPTED, State.REOPENED}:
        given = {"work_orders": len(orders), "new_handler": _all_new(complaint, orders)}
        reopened = complaint.state == State.REOPENED
        step = move(complaint, State.IN_PROGRESS, actor=actor, at=at, given=given)
        if reopened:
            _ask_again(complaint, orders)
    elif complaint.state != State.IN_PROGRESS:
        raise MoveRefused(complaint, State.IN_PROGRESS)
    steps = [step, *({} for _order in orders[1:])]
    sent = [_send_out(complaint, order, actor=actor, at=at, step=own) for order, own in zip(orders, steps, strict=True)]
    _across_departments(complaint, at=at)
    return sent


def _across_departments(complaint: Complaint, *, at: datetime) -> None:
    """Two departments or more make it complex, and have a common diagnosis due (C099). A unit and one that is part of
    it are one department, and so are the teams of one."""
    standing = WorkOrder.objects.standing().filter(complaint=complaint).select_related("unit__parent")
    units = {unit.path: unit.code for unit in (_department(order.unit) for order in standing)}
    whole = [path for path in units if not any(path != other and path.startswith(other) for other in units)]
    if len(whole) > 1:
        done = regrading.done_since(complaint, complaint.reopened_at or complaint.received_at)
        clocks.begin(complaint, [regrading.ACROSS_DEPARTMENTS], at=at, departments=len(whole), done=done)
        regrading.make_complex(complaint, units=[units[path] for path in whole], at=at)
    clocks.begin(complaint, clocks.ONCE_DISPATCHED, at=at, departments=len(whole))


def _department(unit: Unit) -> Unit:
    """A team counts for its department."""
    return unit.parent if unit.kind == Unit.Kind.TEAM and unit.parent is not None else unit


@transaction.atomic
def redispatch(
    declined: WorkOrder,
    *,
    unit: Unit,
    actor: Actor,
    at: datetime,
    assignee: Member | None = None,
    instructions: str = "",
) -> WorkOrder:
    """A unit gave the order back; the same issues go to another one (重新派单)."""
    _must_dispatch(actor)
    complaint = hold_order(declined)
    if declined.state != OrderState.TRANSFERRED or WorkOrder.objects.filter(replaces=declined).exists():
        raise GuardFailed("order", _("只有被退回且尚未重派的工单可以重派。"))
    if unit.pk == declined.unit_id:
        raise GuardFailed("unit", _("“%s”已退回此单，请改派其他单位。") % unit.name)
    order = Order(
        unit=unit,
        assignee=assignee,
        issues=list(declined.issues.all()),
        instructions=instructions or declined.instructions,
    )
    sent = _send_out(complaint, order, actor=actor, at=at, replaces=declined, parent=declined.parent)
    _across_departments(complaint, at=at)
    return sent


@transaction.atomic
def split(parent: WorkOrder, *, orders: Sequence[Order], actor: Actor, at: datetime) -> list[WorkOrder]:
    """The unit hands parts of its order down (子工单): no child is due after its parent (A47). Another department that
    way has a part in it, too (C099)."""
    member = actor.member
    complaint = hold_order(parent)
    if member is None or not may_work(parent, member, Right.HANDLE) or parent.unit_id not in member.reach.unit_ids:
        raise MayNot()
    if parent.state not in {OrderState.ACKNOWLEDGED, OrderState.HANDLING}:
        raise GuardFailed("order", _("签收后才能拆分工单。"))
    sent = [_send_out(complaint, order, actor=actor, at=at, parent=parent) for order in orders]
    _across_departments(complaint, at=at)
    return sent


def _send_out(
    complaint: Complaint,
    given: Order,
    *,
    actor: Actor,
    at: datetime,
    step: dict[str, str] | None = None,
    parent: WorkOrder | None = None,
    replaces: WorkOrder | None = None,
) -> WorkOrder:
    count = WorkOrder.objects.filter(complaint=complaint).count()
    policy, inputs = current(), _inputs(complaint)
    received = complaint.reopened_at or complaint.received_at
    order_due_at, counted = _order_due(complaint, policy, received, inputs)
    handle = promises.deadline(
        policy, "CK-HANDLE", start=received, inputs=inputs, dispatched=at, order_due=order_due_at, order_unit=counted
    )
    sign = promises.deadline(policy, "CK-ACK", start=at, inputs=inputs)
    cap = parent.due_at if parent is not None else order_due_at
    due_at = min(filter(None, (handle.due_at if handle else None, given.due_at, cap)))
    order = WorkOrder.objects.create(
        number=f"GD{complaint.number[2:]}-{count + 1}",
        complaint=complaint,
        parent=parent,
        replaces=replaces,
        unit=given.unit,
        assignee=given.assignee,
        instructions=given.instructions,
        dispatched_by=actor.member,
        dispatched_at=at,
        sign_due_at=sign.due_at if sign else None,
        due_at=due_at,
        order_due_at=order_due_at,
        nudge_at=due_to_nudge(policy.calendar, dispatched_at=at, due_at=due_at),
    )
    order.issues.set(given.issues or complaint.issues.filter(is_dropped=False))
    went = move_order(order, OrderState.DISPATCHED, actor=_dispatcher(actor, parent), at=at)
    if handle:
        kept = _kept(complaint, handle, policy, order, given, actor=actor, at=at)
        clocks.start(complaint, "CK-HANDLE", kept, at=at, subject=order.number)
    if sign:
        clocks.start(complaint, "CK-ACK", sign, at=at, subject=order.number)
    let_see(complaint)
    particulars = {"unit": given.unit.code, "assignee": given.assignee.pk if given.assignee else None, **went}
    if replaces is not None:
        particulars["replaces"] = replaces.number
    if parent is not None:
        particulars["parent"] = parent.number
    events.record(complaint, Event.Kind.DISPATCHED, actor=actor, at=at, **particulars, **(step or {}))
    return order


def _kept(
    complaint: Complaint, handle: promises.Deadline, policy: Policy, order: WorkOrder, given: Order, *,
    actor: Actor, at: datetime,
) -> promises.Deadline:  # fmt: skip
    """When the order is due, with the reason: the policy's own, who set it earlier, or what it is never later than."""
    if order.due_at == handle.due_at:
        return handle
    if order.due_at == given.due_at and not (order.parent and order.due_at == order.parent.due_at):
        who = actor.member.name if actor.member else _("系统")
        return promises.set_by_hand(policy, "CK-HANDLE", handle, who=who, at=at, due=order.due_at)
    if order.parent is not None:
        return promises.capped(policy, handle.why, by={}, due=order.due_at, order=order.parent.number)
    whole = clocks.order_clock(complaint)
    return promises.capped(policy, handle.why, by=whole.why if whole else {}, due=order.due_at)


def _order_due(
    complaint: Complaint, policy: Policy, received: datetime, inputs: promises.Inputs
) -> tuple[datetime, str]:
    """What the customer was promised, though a later grading would have given more time; else what the policy says.
    And what it counts."""
    promised = clocks.order_clock(complaint)
    if promised is not None:
        return promised.due_at, str(promised.why.get("unit", ""))
    whole = promises.deadline(policy, "CK-ORDER", start=received, inputs=inputs)
    return (max(complaint.due_at, whole.due_at), str(whole.why["unit"])) if whole else (complaint.due_at, "")


def _dispatcher(actor: Actor, parent: WorkOrder | None) -> Actor:
    """A unit that splits its own order acts through the system: the table lets only the dispatcher send out."""
    return actor if parent is None else SYSTEM


def _inputs(complaint: Complaint) -> promises.Inputs:
    category = complaint.confirmed_category or complaint.category
    return clocks.inputs_of(complaint, issue_class=category.issue_class, acts=category.acts)


def let_see(complaint: Complaint) -> None:
    """The units with a part in it: owner, receiver, whoever holds a standing order, and who was called in otherwise.
    Others no longer see it."""
    holders = WorkOrder.objects.standing().filter(complaint=complaint).values_list("unit_id", flat=True)
    own = {complaint.owner_unit_id, complaint.received_unit_id or complaint.owner_unit_id}
    units = sorted({*own, *holders, *called_in(complaint)})
    if units != complaint.units:
        change(complaint, units=units)


def _all_new(complaint: Complaint, orders: Sequence[Order]) -> bool:
    before = set(WorkOrder.objects.filter(complaint=complaint).values_list("handler_id", flat=True)) - {None}
    return not any(order.assignee is not None and order.assignee.pk in before for order in orders)


def _ask_again(complaint: Complaint, orders: Sequence[Order]) -> None:
    """A reopened complaint's issues need a new answer; the old ones stay with their orders."""
    asked = [issue.pk for order in orders for issue in order.issues]
    issues = complaint.issues.filter(pk__in=asked) if asked else complaint.issues.all()
    issues.update(answer="", answered_at=None)


def _must_dispatch(actor: Actor) -> None:
    if actor.kind != "system" and (actor.member is None or not may(actor.member, Right.DISPATCH)):
        raise MayNot()


@transaction.atomic
def settle(declined: WorkOrder, *, reason: str, actor: Actor, at: datetime) -> None:
    """The dispatcher decides that nobody else need act on an order given back."""
    _must_dispatch(actor)
    complaint = hold_order(declined)
    if declined.state != OrderState.TRANSFERRED:
        raise GuardFailed("order", _("只有被退回且尚未重派的工单可以重派。"))
    WorkOrder.objects.filter(pk=declined.pk).update(is_settled=True)
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    events.record(complaint, Event.Kind.CANCELLED, actor=actor, at=at, order=declined.number, **remark)


@transaction.atomic
def cancel_all(complaint: Complaint, *, at: datetime) -> int:
    """The complaint has ended without its orders: withdrawn, merged, or found not justified. Returns how many."""
    hold(complaint)
    if complaint.state not in {State.WITHDRAWN, State.MERGED, State.NOT_VALID, State.REPLYING, State.EXTERNAL}:
        return 0
    orders = list(WorkOrder.objects.active().filter(complaint=complaint))
    for order in orders:
        went = move_order(order, OrderState.CANCELLED, actor=SYSTEM, at=at, given={"reason": complaint.state})
        clocks.stop(complaint, "CK-ACK", "CK-HANDLE", "CK-AUDIT", at=at, subject=order.number)
        events.record(complaint, Event.Kind.CANCELLED, actor=SYSTEM, at=at, **went)
    return len(orders)


@transaction.atomic
def cancel(order: WorkOrder, *, reason: str, actor: Actor, at: datetime) -> None:
    """A supervisor takes one order away; its unit no longer sees the complaint unless it holds another."""
    complaint = hold_order(order)
    went = move_order(order, OrderState.CANCELLED, actor=actor, at=at, given={"reason": reason})
    clocks.stop(complaint, "CK-ACK", "CK-HANDLE", "CK-AUDIT", at=at, subject=order.number)
    let_see(complaint)
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    events.record(complaint, Event.Kind.CANCELLED, actor=actor, at=at, **went, **remark)
