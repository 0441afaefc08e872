"""The only door through which a work order changes its state."""

from datetime import datetime
from typing import Any

from huiyin.complaints.actions import moving
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.guards import Given
from huiyin.complaints.models import Complaint
from huiyin.dispatch.errors import OrderMoveRefused
from huiyin.dispatch.guards import GUARDS
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.rules import may_work
from huiyin.dispatch.states import MAY_BECOME, OrderState
from huiyin.org.actors import Actor
from huiyin.org.rules import Right, Role


def hold(order: WorkOrder) -> Complaint:
    """Lock the order's complaint, then read the order afresh. Returns the complaint."""
    moving.hold(order.complaint)
    complaint = order.complaint
    order.refresh_from_db()
    order.complaint = complaint
    return complaint


def _roles(order: WorkOrder, actor: Actor) -> frozenset[str]:
    is_working = actor.member is not None and may_work(order, actor.member, Right.HANDLE)
    return actor.roles | {Role.HANDLER} if is_working else actor.roles


def move_order(
    order: WorkOrder, target: OrderState, *, actor: Actor, at: datetime, given: Given | None = None, **changes: Any
) -> dict[str, str]:
    """Bring the order into `target` if table, role and guards allow it; returns what the event says of it."""
    source = order.state
    step = MAY_BECOME.get(source, {}).get(target)
    if step is None:
        raise OrderMoveRefused(order, target)
    if not step.by & _roles(order, actor):
        raise MayNot()
    for guard in step.guards:
        if sentence := GUARDS[guard](order, given or {}, at):
            raise GuardFailed(guard, sentence)
    values = {"state": target, **changes}
    if not WorkOrder.objects.filter(pk=order.pk, state=source).update(**values):
        order.refresh_from_db()
        raise OrderMoveRefused(order, target)
    for name, value in values.items():
        setattr(order, name, value)
    return {"order": order.number, "order_from": str(source), "order_to": str(target)}
