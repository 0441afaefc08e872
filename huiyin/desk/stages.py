"""The bar of stages: 受理 → 复核 → 派单 → 签收 → 处理 → 审核 → 反馈 → 结案, and where a complaint stands on it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from huiyin.complaints.models import Complaint
from huiyin.complaints.states import State
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.states import GONE, OrderState

TAKEN, REVIEW, DISPATCH, SIGN, HANDLE, AUDIT, REPLY, CLOSE, PAST = range(9)
_WHERE: dict[str, int] = {
    State.DRAFT: TAKEN,
    State.RECEIVED: REVIEW,
    State.IN_REVIEW: REVIEW,
    State.RETURNED_INTAKE: TAKEN,
    State.ACCEPTED: DISPATCH,
    State.INTERIM: HANDLE,
    State.AWAITING_CUSTOMER: HANDLE,
    State.IN_AUDIT: AUDIT,
    State.NOT_VALID: REPLY,
    State.REPLYING: REPLY,
    State.EXTERNAL: REPLY,
    State.RESOLVED: CLOSE,
    State.CLOSED: PAST,
    State.REOPENED: DISPATCH,
}
_NOTED = frozenset(
    {State.RETURNED_INTAKE, State.INTERIM, State.AWAITING_CUSTOMER, State.NOT_VALID, State.EXTERNAL, State.REOPENED,
     State.RESOLVED, State.WITHDRAWN, State.MERGED}
)  # fmt: skip


def stages(complaint: Complaint, orders: Sequence[WorkOrder], *, at: datetime) -> list[dict[str, Any]]:
    """Eight steps, for desk/parts/state_bar.html. Values only."""
    standing = [order for order in orders if order.state not in GONE]
    moments = _moments(complaint, standing)
    current = _current(complaint, standing, moments)
    labels = [_("受理"), _("复核"), _("派单"), _("签收"), _("处理"), _("审核"), _("反馈"), _("结案")]
    return [
        {
            "label": label,
            "status": _status(place, current, complaint, moments[place]),
            "at": moments[place] if place < current else None,
            "note": _note(complaint, standing, place) if place == current else "",
            "is_late": place == current and complaint.is_overdue(at),
        }
        for place, label in enumerate(labels)
    ]


def _moments(complaint: Complaint, orders: Sequence[WorkOrder]) -> list[datetime | None]:
    def last(name: str) -> datetime | None:
        found = [value for order in orders if (value := getattr(order, name)) is not None]
        return max(found) if found and len(found) == len(orders) else None

    return [
        complaint.received_at,
        complaint.effective_at,
        min((order.dispatched_at for order in orders if order.dispatched_at), default=None),
        last("signed_at"),
        last("completed_at"),
        last("audited_at"),
        complaint.replied_at,
        complaint.closed_at,
    ]


def _current(complaint: Complaint, orders: Sequence[WorkOrder], moments: list[datetime | None]) -> int:
    if complaint.state == State.IN_PROGRESS:
        if not orders:
            return DISPATCH
        return SIGN if all(order.state == OrderState.DISPATCHED for order in orders) else HANDLE
    if complaint.state in {State.WITHDRAWN, State.MERGED}:
        return next((place for place, moment in enumerate(moments) if moment is None), CLOSE)
    return _WHERE[complaint.state]


def _status(place: int, current: int, complaint: Complaint, moment: datetime | None) -> str:
    has_ended_early = complaint.state in {State.WITHDRAWN, State.MERGED}
    if place < current:
        return "done" if moment is not None or place == TAKEN else "skipped"
    if place == current:
        return "skipped" if has_ended_early else "current"
    return "skipped" if has_ended_early else "todo"


def _note(complaint: Complaint, orders: Sequence[WorkOrder], place: int) -> str:
    if complaint.state in _NOTED:
        return str(State(complaint.state).label)
    if place in {SIGN, HANDLE, AUDIT} and len(orders) > 1:
        ready = sum(1 for order in orders if _is_past(order, place))
        return f"{ready}/{len(orders)}"
    return ""


def _is_past(order: WorkOrder, place: int) -> bool:
    if place == SIGN:
        return order.state != OrderState.DISPATCHED
    if place == HANDLE:
        return order.state in {OrderState.COMPLETED, OrderState.PASSED}
    return order.state == OrderState.PASSED
