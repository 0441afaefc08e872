"""请同步进展: the departments that hold an order and have written nothing are asked for it, in their group (C100)."""

from collections.abc import Collection
from datetime import datetime

from huiyin.complaints.models import Clock, Note
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.states import IN_HAND
from huiyin.notices.actions.telling import Telling
from huiyin.org.rules import Right
from huiyin.supervision.directory import Directory, Sight
from huiyin.supervision.recipients import named_or_there

PROGRESS = "CK-PROGRESS"


def prompts(clocks: Collection[Clock], directory: Directory, sees: Sight) -> list[Telling]:
    """One for each department that is silent since the clock began, at each share that is told of. Two statements."""
    mine = {clock.complaint_id: clock for clock in clocks if clock.code == PROGRESS}
    if not mine:
        return []
    orders = WorkOrder.objects.filter(complaint__in=mine, state__in=sorted(IN_HAND)).select_related("unit")
    written = Note.objects.filter(complaint__in=mine, kind=Note.Kind.NOTE, withdrawn_at=None)
    said = list(written.values_list("complaint", "author__unit__path", "created_at"))
    found = []
    for order in orders.order_by("id"):
        clock = mine[order.complaint_id]
        if _has_written(order, clock.started_at, [(path, at) for pk, path, at in said if pk == order.complaint_id]):
            continue
        named = directory.everybody.get(order.assignee_id or order.handler_id or 0)
        members = named_or_there(named, order.unit_id, Right.SIGN, directory)
        number = clock.complaint.number
        unit = order.unit
        found.append(
            Telling(
                members=directory.reached(members, clock.complaint, sees),
                kind="progress_asked",
                values={
                    "order": order.number, "due_at": clock.due_at,
                    "unit": {"zh": unit.name_zh, "en": unit.name_en or unit.name_zh},
                },
                number=number, link=f"/desk/complaints/{number}", key=f"progress:{clock.pk}:{clock.reached}:{order.pk}",
            )
        )  # fmt: skip
    return found


def _has_written(order: WorkOrder, since: datetime, said: Collection[tuple[str | None, datetime]]) -> bool:
    """Somebody of the unit, or of a team below it."""
    return any(at >= since and (path or "").startswith(order.unit.path) for path, at in said)
