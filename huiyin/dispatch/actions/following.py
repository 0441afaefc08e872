"""Work orders keep to the clocks: when a pause or an extension has moved those, the orders are due with them."""

from django.db import transaction

from huiyin.complaints.models import Clock, Complaint
from huiyin.dispatch.actions.nudging import due_to_nudge
from huiyin.dispatch.models import WorkOrder
from huiyin.sla import promises
from huiyin.sla.queries import numbered


@transaction.atomic
def follow_clocks(complaint: Complaint) -> int:
    """Each order in hand is due when its handling clock is, and never after the complaint. Returns how many moved."""
    complaint = Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
    orders = {order.number: order for order in WorkOrder.objects.active().filter(complaint=complaint)}
    running = Clock.objects.running().filter(complaint=complaint, code="CK-HANDLE", subject__in=orders)
    moved = [(orders[clock.subject], clock) for clock in running if orders[clock.subject].due_at != clock.due_at]
    for order, clock in moved:
        order.due_at = clock.due_at
        order.order_due_at = max(order.order_due_at, complaint.due_at, clock.due_at)
        if order.auto_nudged_at is None and order.dispatched_at is not None:
            calendar = numbered(clock.policy_version).calendar
            stood = promises.stood_still(clock.why)
            order.nudge_at = due_to_nudge(
                calendar, dispatched_at=order.dispatched_at, due_at=order.due_at, pauses=stood
            )
        order.save(update_fields=["due_at", "order_due_at", "nudge_at"])
    return len(moved)
