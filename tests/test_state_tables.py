"""The state tables are those of the default workflow, and no more than what the decision record adds."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from huiyin.complaints import guards, states
from huiyin.dispatch import guards as order_guards
from huiyin.dispatch import states as order_states
from huiyin.loading import documents

# roles that stand in for those of the default table: the supervisor for the whole desk, senior agents for agents
STAND_INS = {"supervisor", "senior_agent", "handler", "customer", "system"}
SAME = {"customer_confirmed or survey_expired_7d": "customer_confirmed_or_survey_expired_7d"}


def expanded(rows: Iterable[Mapping[str, Any]], any_open: Iterable[str]) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {
        (source, row["to"]): row
        for row in rows
        for source in (sorted(any_open) if row["from"] == "any_open" else [row["from"]])
    }


@pytest.mark.req("A26")
def test_complaints_may_take_every_step_of_the_default_workflow_and_no_other() -> None:
    wanted = expanded(documents()["workflow"]["complaint_transitions"], states.ANY_OPEN)
    ours = {(step.source, step.target): step for step in states.TRANSITIONS}

    assert {key for key, step in ours.items() if not step.ours} == set(wanted)
    for key, row in wanted.items():
        assert set(row["by"]) <= ours[key].by
        assert ours[key].by - set(row["by"]) <= STAND_INS
        named = {SAME.get(name, name).replace(" or ", "_or_") for name in row.get("guard", [])}
        assert set(ours[key].guards) == named


@pytest.mark.req("A26")
def test_work_orders_may_take_every_step_of_the_default_workflow_and_no_other() -> None:
    wanted = expanded(documents()["workflow"]["work_order_transitions"], order_states.ACTIVE)
    ours = {(step.source, step.target): step for step in order_states.TRANSITIONS}

    assert set(ours) == set(wanted)
    for key, row in wanted.items():
        assert set(row["by"]) <= ours[key].by
        assert ours[key].by - set(row["by"]) <= STAND_INS
        assert set(ours[key].guards) == set(row.get("guard", []))


def test_every_guard_of_the_tables_is_a_function() -> None:
    assert {name for step in states.TRANSITIONS for name in step.guards} == set(guards.GUARDS)
    assert {name for step in order_states.TRANSITIONS for name in step.guards} == set(order_guards.GUARDS)


@pytest.mark.req("A16")
def test_nothing_closes_without_an_answer_to_the_customer() -> None:
    """Every way into `closed` comes from `resolved`, and every way into that records the answer; history aside."""
    into_closed = {step.source for step in states.TRANSITIONS if step.target == states.State.CLOSED and not step.ours}
    into_resolved = [step for step in states.TRANSITIONS if step.target == states.State.RESOLVED]

    assert into_closed == {states.State.RESOLVED}
    assert all({"reply_recorded", "resolvable_on_spot"} & set(step.guards) for step in into_resolved)


def test_every_open_state_can_reach_the_end() -> None:
    reachable: dict[str, set[str]] = {state: set(states.MAY_BECOME[state]) for state in states.State}
    for _round in states.State:
        for state in states.State:
            reachable[state] |= {further for near in list(reachable[state]) for further in reachable[near]}

    assert all(states.State.CLOSED in reachable[state] for state in states.OPEN)
