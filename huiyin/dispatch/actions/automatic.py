"""自动派单: where a rule of the routing table says so, orders go out with the review, and nobody has to think of it."""

from datetime import datetime

from django.db import transaction

from huiyin.complaints.actions.moving import hold
from huiyin.complaints.models import Complaint
from huiyin.complaints.states import State
from huiyin.dispatch import queries
from huiyin.dispatch.actions.dispatching import Order, dispatch
from huiyin.dispatch.models import WorkOrder
from huiyin.org.actors import SYSTEM
from huiyin.org.models import Unit


@transaction.atomic
def send_out_by_rule(complaint: Complaint, *, at: datetime) -> list[WorkOrder]:
    """Every unit that a rule with `dispatch: auto` names has had an order, with what the rule asks as instructions.

    Nobody gets a second one: not when the job runs twice, not when the dispatcher was faster (with the team or the
    department it belongs to), not when the unit gave its order back. What is no longer on its way is left alone.
    """
    hold(complaint)
    if complaint.state not in {State.ACCEPTED, State.IN_PROGRESS}:
        return []
    asked = queries.proposal(complaint).automatic
    units = {unit.code: unit for unit in Unit.objects.active().filter(code__in=asked)}
    served = list(WorkOrder.objects.filter(complaint=complaint).values_list("unit__path", flat=True))
    orders = [
        Order(unit=units[code], instructions=request)
        for code, request in asked.items()
        if code in units and not any(_is_one_line(units[code].path, path) for path in served)
    ]
    return dispatch(complaint, orders=orders, actor=SYSTEM, at=at) if orders else []


def _is_one_line(path: str, other: str) -> bool:
    return path.startswith(other) or other.startswith(path)
