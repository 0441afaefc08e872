"""The matrix as it ships agrees with the default files, and holds what the seeds demand."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from huiyin.org.field_access import FIELD_ACCESS, GROUPS, WIDEST_LAST
from huiyin.org.models import Member
from huiyin.org.roles import LABELS
from huiyin.org.rules import RIGHTS, SCOPE, Right, Role, Scope, content, field, may, scopes

DEFAULTS = Path(__file__).parents[2] / "defaults"


def default(name: str) -> dict[str, Any]:
    text = (DEFAULTS / f"{name}.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document


def somebody(*roles: str, is_active: bool = True) -> Member:
    return Member(username="x", name="李雷", roles=list(roles), is_active=is_active)


def holders(right: Right) -> set[str]:
    return {str(role) for role in RIGHTS[right]}


def test_the_roles_are_those_of_the_default_file() -> None:
    roles = [role["id"] for role in default("org")["roles"]]
    assert sorted(Role) == sorted(roles)
    assert list(LABELS) == roles


@pytest.mark.req("C103")
def test_the_field_groups_are_those_of_the_default_file() -> None:
    access = default("org")["data_access"]
    assert list(GROUPS) == access["groups"]
    assert access["matrix"] == FIELD_ACCESS


@pytest.mark.req("C103")
def test_each_role_has_in_each_group_just_what_the_matrix_says() -> None:
    matrix = default("org")["data_access"]["matrix"]
    assert {role: {group: field(somebody(role), group) for group in GROUPS} for role in matrix} == matrix


@pytest.mark.req("C103")
def test_the_front_line_sees_no_refund_ledger_and_finance_sees_no_talk() -> None:
    assert (field(somebody("frontline"), "refund_ledger"), field(somebody("frontline"), "comm_log")) == ("-", "RW")
    assert (field(somebody("finance"), "refund_ledger"), field(somebody("finance"), "comm_log")) == ("RW", "-")


def test_every_right_and_every_role_has_its_place() -> None:
    assert set(RIGHTS) == set(Right)
    assert set(SCOPE) == set(Role)
    assert all(RIGHTS.values())
    assert {word for row in FIELD_ACCESS.values() for word in row.values()} <= set(WIDEST_LAST)


@pytest.mark.req("A35")
def test_only_customer_service_answers_the_customer() -> None:
    assert holders(Right.REPLY) == {"frontline", "senior_agent", "supervisor"}
    assert not may(somebody("handler", "dept_lead", "store_agent", "auditor_cc"), Right.REPLY)


# what workflow.yaml says a member may do, by the right that guards it here
MOVES = {
    ("draft", "received"): Right.FILE_COMPLAINT,
    ("received", "resolved"): Right.RESOLVE_ON_SPOT,
    ("in_review", "returned_intake"): Right.REVIEW,
    ("returned_intake", "in_review"): Right.SUPPLEMENT,
    ("in_review", "accepted"): Right.REVIEW,
    ("in_review", "merged"): Right.MERGE,
    ("accepted", "in_progress"): Right.DISPATCH,
    ("in_progress", "not_valid"): Right.JUDGE_VALIDITY,
    ("in_progress", "awaiting_customer"): Right.PAUSE,
    ("in_audit", "in_progress"): Right.AUDIT,
    ("in_audit", "replying"): Right.AUDIT,
    ("not_valid", "replying"): Right.JUDGE_VALIDITY,
    ("replying", "resolved"): Right.REPLY,
    ("pending_dispatch", "dispatched"): Right.DISPATCH,
    ("dispatched", "acknowledged"): Right.SIGN,
    ("acknowledged", "handling"): Right.HANDLE,
    ("handling", "completed"): Right.HANDLE,
    ("completed", "passed"): Right.AUDIT,
    ("completed", "rejected"): Right.AUDIT,
    ("any_open", "cancelled"): Right.CANCEL_WORK_ORDER,
}
NOT_MEMBERS = {"system", "customer"}


def transitions() -> list[dict[str, Any]]:
    workflow = default("workflow")
    rows: list[dict[str, Any]] = workflow["complaint_transitions"] + workflow["work_order_transitions"]
    return rows


def test_whoever_the_default_workflow_names_for_a_move_has_the_right_to_it() -> None:
    lacking = [
        (row["from"], row["to"], set(row["by"]) - NOT_MEMBERS - holders(MOVES[row["from"], row["to"]]))
        for row in transitions()
        if (row["from"], row["to"]) in MOVES
    ]
    assert [row for row in lacking if row[2]] == []


def test_beyond_the_workflow_only_the_reviewers_stand_in_and_the_senior_desk_have_a_move() -> None:
    extra = {
        str(right): sorted(holders(right) - {role for row in rows for role in row["by"]})
        for right in set(MOVES.values())
        if (rows := [row for row in transitions() if MOVES.get((row["from"], row["to"])) == right])
    }
    stand_ins = {"supervisor", "senior_agent"}
    assert {right: roles for right, roles in extra.items() if not set(roles) <= stand_ins} == {}


def test_statistics_leave_through_one_role_only() -> None:
    assert holders(Right.EXPORT_STATS) == {"stats_outlet"}
    assert holders(Right.EXPORT_STATS) == {
        role for role, row in FIELD_ACCESS.items() if row["stats_export"] not in ("-",)
    }


@pytest.mark.req("A17")
def test_the_market_department_sets_policy_and_touches_no_complaint() -> None:
    outlet = somebody("stats_outlet")
    assert {right for right in Right if may(outlet, right)} == {
        *(Right.SET_POLICY, Right.EXPORT_STATS, Right.SEE_FIGURES, Right.FREEZE_BASELINE, Right.READ_KNOWLEDGE)
    }
    assert content(outlet.roles) == "deidentified"


@pytest.mark.req("D25")
def test_an_administrator_configures_and_reads_no_complaint() -> None:
    admin = somebody("admin")
    configures = {Right.CONFIGURE, Right.SET_POLICY, Right.SEE_AUDIT_LOG}
    configures |= {Right.EDIT_KNOWLEDGE, Right.ANSWER_SUGGESTIONS, Right.SHARE_VIEWS_WITH_ALL, Right.ROSTER}
    assert {right for right in Right if may(admin, right)} == configures
    assert content(admin.roles) == "none"


def test_who_has_left_may_do_nothing() -> None:
    gone = somebody(*Role, is_active=False)
    assert [right for right in Right if may(gone, right)] == []
    assert {field(gone, group) for group in GROUPS} == {"-"}


def test_of_several_roles_the_widest_access_counts() -> None:
    assert field(somebody("handler", "finance"), "refund_ledger") == "RW"
    assert field(somebody("frontline", "supervisor"), "contact_pii") == "R"
    assert field(somebody(), "basic") == "-"


def test_an_analyst_at_a_desk_reads_by_name_no_further_than_the_desk() -> None:
    assert scopes(["analyst"]) == {Scope.ALL}
    assert scopes(["analyst", "frontline"]) == {Scope.UNIT}
    assert content(["analyst", "frontline"]) == "full"


def test_a_role_that_this_version_does_not_know_gives_nothing() -> None:
    stranger = somebody("superman")
    assert [right for right in Right if may(stranger, right)] == []
    assert content(stranger.roles) == "none"
