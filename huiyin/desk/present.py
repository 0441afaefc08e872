"""现在: what a complaint waits for at this moment, from whom, and what this member may do about it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from huiyin.complaints.models import Complaint
from huiyin.complaints.states import ENDED, State
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.states import ACTIVE, IN_HAND, OrderState


def awaited(complaint: Complaint, orders: Sequence[WorkOrder]) -> list[dict[str, Any]]:
    """One line for each that is waited for: `words`, and `due_at` where a promise runs. Empty once it has ended."""
    if complaint.state in ENDED:
        return []
    if complaint.state in {State.IN_PROGRESS, State.IN_AUDIT}:
        lines = [_of_order(order) for order in orders if order.state in ACTIVE or _came_back(order)]
        return lines or [_line(_("等重新派单"))]
    return [_line(_of_complaint(complaint))]


def _line(words: str, due_at: datetime | None = None, place: str = "") -> dict[str, Any]:
    return {"words": words, "due_at": due_at, "place": place}


def _came_back(order: WorkOrder) -> bool:
    return order.state == OrderState.TRANSFERRED and not getattr(order, "has_successor", True)


def _of_order(order: WorkOrder) -> dict[str, Any]:
    unit = order.unit.name
    person = order.handler or order.assignee
    who = f"{unit} {person.name}" if person else unit
    words = {
        OrderState.DISPATCHED: _("等 %s 签收") % unit,
        OrderState.PENDING_DISPATCH: _("等向 %s 派出") % unit,
        OrderState.ACKNOWLEDGED: _("等 %s 处理") % who,
        OrderState.HANDLING: _("%s 处理中") % who,
        OrderState.COMPLETED: _("%s 已处理，等审核") % unit,
        OrderState.REJECTED: _("%s 按审核意见重新处理") % unit,
        OrderState.TRANSFERRED: _("%s 退单，等重新派单") % unit,
    }[OrderState(order.state)]
    due_at = {
        OrderState.DISPATCHED: order.sign_due_at,
        OrderState.COMPLETED: None,
        OrderState.TRANSFERRED: None,
    }.get(OrderState(order.state), order.due_at)
    return _line(words, due_at, order.number)


def _of_complaint(complaint: Complaint) -> str:
    reviewer = complaint.reviewer.name if complaint.reviewer else ""
    assignee = complaint.assignee.name if complaint.assignee else complaint.owner_unit.name
    clerk = complaint.filed_by.name if complaint.filed_by else complaint.owner_unit.name
    day = date_format(complaint.follow_up_on, "Y-m-d") if complaint.follow_up_on else ""
    return {
        State.DRAFT: _("等 %s 提交") % clerk,
        State.RECEIVED: _("等复核"),
        State.IN_REVIEW: _("%s 复核中") % reviewer if reviewer else _("复核中"),
        State.RETURNED_INTAKE: _("等 %s 补充受理内容") % clerk,
        State.ACCEPTED: _("等派单"),
        State.AWAITING_CUSTOMER: _("等客户补充"),
        State.INTERIM: _("阶段性处理，%s 继续跟踪") % day if day else _("阶段性处理，等继续跟踪"),
        State.NOT_VALID: _("判断为不成立，等转答复"),
        State.REPLYING: _("等 %s 答复客户") % assignee,
        State.EXTERNAL: _("等外部机构的结果"),
        State.RESOLVED: _("已答复，等客户确认；七天没有异议自动结案"),
        State.REOPENED: _("客户不认可，等重新派单"),
    }[State(complaint.state)]


def is_own(order: WorkOrder, *, is_theirs: bool, has_deeds: bool) -> bool:
    """The work order is this member's turn: its moves stand on top of the page, not in its card below.

    `has_deeds`: something that moves it on; to nudge is none.
    """
    return is_theirs and has_deeds and order.state in IN_HAND
