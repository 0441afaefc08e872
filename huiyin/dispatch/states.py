"""The life of a work order as data (huiyin/defaults/workflow.yaml, compared by a test)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.states import Transition


class OrderState(TextChoices):
    PENDING_DISPATCH = "pending_dispatch", _("待派单")
    DISPATCHED = "dispatched", _("已派单（待签收）")
    ACKNOWLEDGED = "acknowledged", _("已签收")
    HANDLING = "handling", _("处理中")
    COMPLETED = "completed", _("处理完成（待审核）")
    REJECTED = "rejected", _("审核不合格（重派）")
    PASSED = "passed", _("审核通过")
    TRANSFERRED = "transferred", _("已转派")
    CANCELLED = "cancelled", _("已作废")


GONE = frozenset({OrderState.TRANSFERRED, OrderState.CANCELLED})  # counts neither as done nor as open
IN_HAND = frozenset({OrderState.DISPATCHED, OrderState.ACKNOWLEDGED, OrderState.HANDLING})  # the unit's turn
ACTIVE = frozenset(OrderState) - GONE - {OrderState.PASSED}


def _step(source: str, target: str, by: str, *guards: str) -> Transition:
    return Transition(source, target, frozenset(by.split()), guards)


TRANSITIONS: tuple[Transition, ...] = (
    _step(
        OrderState.PENDING_DISPATCH, OrderState.DISPATCHED, "reviewer system supervisor",
        "department_allowed", "assignee_or_queue",
    ),
    _step(OrderState.DISPATCHED, OrderState.ACKNOWLEDGED, "handler dept_lead"),
    _step(OrderState.DISPATCHED, OrderState.TRANSFERRED, "handler dept_lead", "reason_not_ours"),
    _step(OrderState.ACKNOWLEDGED, OrderState.HANDLING, "handler"),
    _step(
        OrderState.HANDLING, OrderState.COMPLETED, "handler", "every_assigned_issue_answered", "content_nonempty"
    ),
    _step(OrderState.COMPLETED, OrderState.PASSED, "auditor_cc"),
    _step(OrderState.COMPLETED, OrderState.REJECTED, "auditor_cc", "reject_reason"),
    _step(OrderState.REJECTED, OrderState.DISPATCHED, "reviewer auditor_cc supervisor"),
    *(_step(state, OrderState.CANCELLED, "supervisor system", "reason") for state in sorted(ACTIVE)),
)  # fmt: skip

MAY_BECOME: dict[str, dict[str, Transition]] = {
    state: {step.target: step for step in TRANSITIONS if step.source == state} for state in OrderState
}
