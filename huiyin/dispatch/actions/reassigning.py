"""改派处理人: the order stays with its unit and goes to another of its people."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Complaint, Event
from huiyin.dispatch.actions.moving import hold
from huiyin.dispatch.errors import NotInHand
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.rules import may_do
from huiyin.dispatch.states import IN_HAND, OrderState
from huiyin.org.actors import Actor
from huiyin.org.models import Member, MemberQuerySet
from huiyin.org.rules import Right
from huiyin.sla import promises
from huiyin.sla.queries import current


def able(order: WorkOrder) -> MemberQuerySet:
    """Whom the order may go to: who may sign in its unit, but for the one who has it."""
    there = Member.objects.active().filter(unit=order.unit_id).with_right(Right.SIGN)
    return there.exclude(pk=order.assignee_id or order.handler_id or 0)


@transaction.atomic
def reassign(order: WorkOrder, *, to: Member, actor: Actor, at: datetime) -> None:
    """Another of the unit's people has it from now on; what was signed for stays signed for, and what was
    not may be signed for in as much time as the policy gives for it, from now on. One event.

    Raises NotInHand where the unit has not got it, MayNot, and GuardFailed for somebody who cannot take it.
    """
    complaint = hold(order)
    if order.state not in IN_HAND:
        raise NotInHand(order)
    if actor.member is None or not may_do("reassign", order, actor.member):
        raise MayNot()
    if (
        not able(order).filter(pk=to.pk).exists()
        or not type(complaint).objects.visible_to(to).filter(pk=complaint.pk).exists()
    ):
        raise GuardFailed("to", _("%s 不能接这张工单：须是本单位有签收权限、看得到这件投诉的另一位成员。") % to.name)
    taken = {"from": order.assignee_id} if order.assignee_id else {}
    changed: dict[str, Any] = {"assignee": to}
    if order.state == OrderState.DISPATCHED:
        changed["sign_due_at"] = _window(complaint, at)
    elif order.signed_at is not None:
        changed["handler"] = to
    WorkOrder.objects.filter(pk=order.pk).update(**changed)
    for name, value in changed.items():
        setattr(order, name, value)
    said = {"order": order.number, "unit": order.unit.code, "member": to.pk}
    events.record(complaint, Event.Kind.OFFERED_ON, actor=actor, at=at, **said, **taken)


def _window(complaint: Complaint, at: datetime) -> datetime | None:
    category = complaint.confirmed_category or complaint.category
    inputs = clocks.inputs_of(complaint, issue_class=category.issue_class, acts=category.acts)
    sign = promises.deadline(current(), "CK-ACK", start=at, inputs=inputs)
    return sign.due_at if sign else None
