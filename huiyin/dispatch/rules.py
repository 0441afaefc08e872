"""Who may do what with one work order. The faces show exactly the verbs listed by `order_verbs`, and no others."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.complaints.states import ENDED
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.states import ACTIVE, IN_HAND, OrderState
from huiyin.org.models import Member
from huiyin.org.rules import Right, Role, may


@dataclass(frozen=True)
class OrderVerb:
    """`theirs`: only for the unit that has the order, and there for its assignee, anybody, or the lead."""

    name: str
    label: Any
    right: Right
    sources: frozenset[str]
    theirs: bool = False


_AT_WORK = frozenset({OrderState.ACKNOWLEDGED, OrderState.HANDLING})

ORDER_VERBS: tuple[OrderVerb, ...] = (
    OrderVerb("sign", _("签收"), Right.SIGN, frozenset({OrderState.DISPATCHED}), theirs=True),
    OrderVerb("decline", _("退单"), Right.SIGN, frozenset({OrderState.DISPATCHED}), theirs=True),
    OrderVerb("begin", _("开始处理"), Right.HANDLE, frozenset({OrderState.ACKNOWLEDGED}), theirs=True),
    OrderVerb("complete", _("处理完成"), Right.HANDLE, _AT_WORK, theirs=True),
    OrderVerb("split", _("拆分子工单"), Right.HANDLE, _AT_WORK, theirs=True),
    OrderVerb("nudge", _("催办承办单位"), Right.NUDGE, IN_HAND),
    OrderVerb("take_back", _("收回改派"), Right.DISPATCH, frozenset({OrderState.DISPATCHED})),
    OrderVerb("reassign", _("改派处理人"), Right.DISPATCH, IN_HAND),
    OrderVerb("pass", _("审核通过"), Right.AUDIT, frozenset({OrderState.COMPLETED})),
    OrderVerb("send_back", _("审核不合格，重派"), Right.AUDIT, frozenset({OrderState.COMPLETED})),
    OrderVerb("redispatch", _("重新派单"), Right.DISPATCH, frozenset({OrderState.TRANSFERRED})),
    OrderVerb("settle", _("不再改派"), Right.DISPATCH, frozenset({OrderState.TRANSFERRED})),
    OrderVerb("cancel", _("作废"), Right.CANCEL_WORK_ORDER, frozenset(ACTIVE)),
)


def order_verbs(order: WorkOrder, member: Member) -> list[OrderVerb]:
    """What this member may do with the order now, in the order of the trade.

    The order's complaint must be visible to them. Costs no query where the complaint is loaded, and for an order
    given back its successor: `has_successor`, if the caller has set it, else one query.
    """
    return [verb for verb in ORDER_VERBS if _open_to(verb, order, member)]


def may_do(name: str, order: WorkOrder, member: Member) -> bool:
    return any(verb.name == name for verb in order_verbs(order, member))


def _open_to(verb: OrderVerb, order: WorkOrder, member: Member) -> bool:
    if order.state not in verb.sources or not (
        may_work(order, member, verb.right) or _looks_after(verb, order, member)
    ):
        return False
    if order.complaint.state in ENDED:
        return False
    if verb.theirs and not is_theirs(order, member):
        return False
    if verb.right == Right.NUDGE:
        return member.pk not in {order.handler_id, order.assignee_id}
    if verb.right == Right.AUDIT:
        return order.handler_id != member.pk
    if order.state == OrderState.TRANSFERRED:
        return not order.is_settled and not _has_successor(order)
    return True


def _looks_after(verb: OrderVerb, order: WorkOrder, member: Member) -> bool:
    """The owner of the complaint may nudge, whatever their role."""
    return verb.right == Right.NUDGE and order.complaint.assignee_id == member.pk and member.is_active


def may_work(order: WorkOrder, member: Member, right: Right) -> bool:
    """Whoever signed for it works on it to its end, a lead whom it was offered to as well."""
    has_signed = right == Right.HANDLE and order.state in _AT_WORK and order.handler_id == member.pk
    return may(member, Right.SIGN if has_signed else right)


def is_theirs(order: WorkOrder, member: Member) -> bool:
    """The member's unit has it, and it is theirs by name, anybody's, or they lead there."""
    if order.unit_id not in member.reach.unit_ids:
        return False
    return order.assignee_id in {None, member.pk} or member.has_role(Role.DEPT_LEAD)


def _has_successor(order: WorkOrder) -> bool:
    known = getattr(order, "has_successor", None)
    return bool(known) if known is not None else WorkOrder.objects.filter(replaces=order).exists()
