"""Work orders keep to the clocks: when a pause or an extension has moved those, the orders are due with them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from huiyin.complaints import models as complaints
from huiyin.complaints.actions import clocks
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.dispatch.models import WorkOrder
from huiyin.sla.engine import Calendar, Pause
from huiyin.sla.queries import numbered

HANDLE, ACKNOWLEDGE = "CK-HANDLE", "CK-ACK"
SHARE = 0.8  # of an order's time; then the system nudges


def due_to_nudge(
    calendar: Calendar, *, dispatched_at: datetime, due_at: datetime, pauses: Sequence[Pause] = ()
) -> datetime:
    """When four fifths of the order's working time are used up; no later where days are not known yet."""
    return calendar.provisional.part_way(dispatched_at, due_at, SHARE, pauses)


@transaction.atomic
def follow_clocks(complaint: Complaint) -> int:
    """Each order in hand is due when its handling clock is, never after the complaint or its parent order; and it is
    nudged for when four fifths of the time that did not stand still are gone. Returns how many moved."""
    complaint = Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
    orders = {order.number: order for order in WorkOrder.objects.active().filter(complaint=complaint)}
    running = list(Clock.objects.running().filter(complaint=complaint, code=HANDLE, subject__in=orders))
    clocks.keep_within(complaint, running)
    pauses = list(complaint.pauses.all()) if running else []
    whole = clocks.order_due(complaint)
    for clock in Clock.objects.running().filter(complaint=complaint, code=ACKNOWLEDGE, subject__in=orders):
        _sign_by(orders[clock.subject], clock.due_at)
    moved = {clock.subject for clock in running if _follow(orders[clock.subject], clock, whole, pauses)}
    moved |= {number for number, order in orders.items() if whole is not None and _end_with(order, whole)}
    return len(moved)


def _sign_by(order: WorkOrder, due_at: datetime) -> None:
    """Sooner, never later. Whoever it was offered on to, or given to by hand, has a window of their own, which is not
    that of the clock."""
    if order.sign_due_at is None or due_at >= order.sign_due_at:
        return
    handed = Event.objects.filter(complaint=order.complaint_id, kind=Event.Kind.OFFERED_ON)
    if not handed.filter(particulars__order=order.number).exists():
        WorkOrder.objects.filter(pk=order.pk, sign_due_at__gt=due_at).update(sign_due_at=due_at)


def _follow(order: WorkOrder, clock: Clock, whole: datetime | None, pauses: Sequence[complaints.Pause]) -> bool:
    policy = numbered(clock.policy_version)
    stood = clocks.stood_still(pauses, HANDLE, policy)
    before = order.due_at, order.nudge_at
    if clock.due_at != order.due_at:
        order.due_at = clock.due_at
        order.order_due_at = max(whole or order.order_due_at, clock.due_at)
    elif not stood:
        return False
    if order.auto_nudged_at is None and order.dispatched_at is not None:
        order.nudge_at = due_to_nudge(
            policy.calendar, dispatched_at=order.dispatched_at, due_at=order.due_at, pauses=stood
        )
    if (order.due_at, order.nudge_at) == before:
        return False
    order.save(update_fields=["due_at", "order_due_at", "nudge_at"])
    return True


def _end_with(order: WorkOrder, whole: datetime) -> bool:
    """The customer is answered by then, and nobody who works on it is told a later time."""
    wanted = max(whole, order.due_at)
    if order.order_due_at == wanted:
        return False
    order.order_due_at = wanted
    order.save(update_fields=["order_due_at"])
    return True
