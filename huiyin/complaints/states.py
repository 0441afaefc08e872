"""The life of a complaint as data: which state may follow which, by whom, under which guards.

Source: the default workflow (huiyin/defaults/workflow.yaml, compared by a test). Rows marked `ours` go beyond it;
docs/decisions/0008-additions-to-the-state-table.md says why each is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class State(TextChoices):
    DRAFT = "draft", _("草稿")
    RECEIVED = "received", _("已受理")
    IN_REVIEW = "in_review", _("复核中")
    RETURNED_INTAKE = "returned_intake", _("退回补充")
    ACCEPTED = "accepted", _("复核通过（生效）")
    NOT_VALID = "not_valid", _("不成立（待委婉答复）")
    IN_PROGRESS = "in_progress", _("处理中")
    INTERIM = "interim", _("阶段性处理（待后续）")
    AWAITING_CUSTOMER = "awaiting_customer", _("待客户")
    IN_AUDIT = "in_audit", _("审核中")
    REPLYING = "replying", _("待反馈客户")
    RESOLVED = "resolved", _("已反馈（待确认）")
    CLOSED = "closed", _("已结案")
    REOPENED = "reopened", _("重开")
    WITHDRAWN = "withdrawn", _("客户撤回")
    MERGED = "merged", _("已合并")
    EXTERNAL = "external", _("外部争议处理（仲裁、调解、诉讼）")


# Nothing more is owed to anybody in these, unless the complaint comes back.
ENDED = frozenset({State.CLOSED, State.WITHDRAWN, State.MERGED})
OPEN = frozenset(State) - ENDED - {State.DRAFT}
ANY_OPEN = OPEN - {State.EXTERNAL}


@dataclass(frozen=True)
class Transition:
    """One permitted step. `by` names roles, or "system" and "customer"; `guards` name functions in guards.py."""

    source: str
    target: str
    by: frozenset[str]
    guards: tuple[str, ...] = ()
    ours: bool = False


def _step(source: str, target: str, by: str, *guards: str, ours: bool = False) -> Transition:
    return Transition(source, target, frozenset(by.split()), guards, ours)


TRANSITIONS: tuple[Transition, ...] = (
    _step(State.DRAFT, State.RECEIVED, "frontline store_agent system customer", "required_elements_complete"),
    _step(
        State.RECEIVED, State.RESOLVED, "frontline store_agent senior_agent",
        "resolvable_on_spot", "customer_agreed",
    ),
    _step(State.RECEIVED, State.IN_REVIEW, "system"),
    _step(State.RECEIVED, State.CLOSED, "system", "historic", ours=True),
    _step(State.IN_REVIEW, State.RETURNED_INTAKE, "reviewer supervisor", "reason"),
    _step(State.RETURNED_INTAKE, State.IN_REVIEW, "frontline store_agent senior_agent supervisor"),
    _step(State.IN_REVIEW, State.ACCEPTED, "reviewer supervisor", "level_confirmed", "category_confirmed"),
    _step(State.IN_REVIEW, State.MERGED, "reviewer supervisor", "duplicate_of"),
    _step(State.MERGED, State.IN_REVIEW, "reviewer supervisor", "reason", ours=True),
    _step(State.ACCEPTED, State.IN_PROGRESS, "reviewer supervisor system", "at_least_one_work_order_dispatched"),
    _step(State.IN_PROGRESS, State.NOT_VALID, "supervisor", "validity_decision", "evidence", "second_person"),
    _step(State.IN_PROGRESS, State.AWAITING_CUSTOMER, "frontline senior_agent handler supervisor", "pause_reason"),
    _step(State.AWAITING_CUSTOMER, State.IN_PROGRESS, "system customer frontline senior_agent handler supervisor"),
    _step(State.IN_PROGRESS, State.INTERIM, "handler", "interim_plan", "follow_up_date"),
    _step(State.INTERIM, State.IN_PROGRESS, "system handler supervisor"),
    _step(State.IN_PROGRESS, State.IN_AUDIT, "system", "all_work_orders_completed_or_partial_flag"),
    _step(State.IN_AUDIT, State.IN_PROGRESS, "auditor_cc", "reject_reason"),
    _step(State.IN_AUDIT, State.REPLYING, "auditor_cc", "every_issue_answered"),
    _step(State.NOT_VALID, State.REPLYING, "supervisor"),
    _step(
        State.REPLYING, State.RESOLVED, "frontline senior_agent supervisor",
        "reply_recorded", "customer_contacted_or_3_attempts",
    ),
    _step(
        State.RESOLVED, State.CLOSED, "system",
        "customer_confirmed_or_survey_expired_7d", "no_open_promise", "no_open_task", "comp_settled",
    ),
    _step(State.RESOLVED, State.REOPENED, "system customer supervisor", "csat_lt_3_or_customer_disagrees"),
    _step(State.CLOSED, State.REOPENED, "customer supervisor", "within_30d"),
    _step(State.REOPENED, State.IN_PROGRESS, "supervisor", "new_handler"),
    *(
        _step(state, State.WITHDRAWN, "customer", "withdrawal_record")
        for state in sorted(ANY_OPEN)
    ),
    *(_step(state, State.EXTERNAL, "supervisor legal") for state in sorted(ANY_OPEN)),
    _step(State.EXTERNAL, State.REPLYING, "supervisor legal", "reason", ours=True),
)  # fmt: skip

MAY_BECOME: dict[str, dict[str, Transition]] = {
    state: {step.target: step for step in TRANSITIONS if step.source == state} for state in State
}

# What the customer is shown for each state (workflow.yaml customer_visible_stages, issue 3: 已受理 → … → 已完成).
CUSTOMER_STAGE: dict[State, StrPromise] = {
    State.DRAFT: _("已受理"),
    State.RECEIVED: _("已受理"),
    State.IN_REVIEW: _("核查中"),
    State.RETURNED_INTAKE: _("核查中"),
    State.ACCEPTED: _("核查中"),
    State.IN_PROGRESS: _("核查中"),
    State.INTERIM: _("执行中"),
    State.AWAITING_CUSTOMER: _("待您回复"),
    State.IN_AUDIT: _("方案制定"),
    State.NOT_VALID: _("方案制定"),
    State.REPLYING: _("方案制定"),
    State.RESOLVED: _("已答复，待您确认"),
    State.REOPENED: _("重新核查中"),
    State.CLOSED: _("已完成"),
    State.WITHDRAWN: _("已撤回"),
    State.MERGED: _("已并入同一事项"),
    State.EXTERNAL: _("外部争议处理中"),
}
