from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.sla.engine import Pause
from huiyin.sla.policy import Policy
from huiyin.sla.promises import (
    STARTED_AT_FILING,
    WORK_ORDER_CLOCKS,
    Inputs,
    UnknownClock,
    at_filing,
    deadline,
    deadlines,
    resumed,
    share_used_at,
)
from huiyin.sla.tests.documents import at, clock, policy, shipped

MONDAY = at("2026-11-16 10:00")
every_inputs = st.builds(
    Inputs,
    level=st.sampled_from(["L1", "L2", "L3", "L4"]),
    cx=st.sampled_from(["S", "C"]),
    issue=st.sampled_from(["tech", "attitude", "contract", "general"]),
    tier=st.sampled_from(["STD", "VIP", "VUL"]),
    urgent=st.booleans(),
    departments=st.integers(1, 3),
    acts=st.sampled_from([(), ("legal",), ("trace", "legal")]),
)
moments = st.integers(0, 515 * 24 * 60).map(lambda minutes: at("2026-01-01 00:00") + timedelta(minutes=minutes))


def due(code: str, inputs: Inputs, start: datetime = MONDAY, **more: Any) -> datetime | None:
    found = deadline(policy(), code, start=start, inputs=inputs, **more)
    return found and found.due_at


@pytest.mark.req("C026")
def test_the_shortest_of_all_first_response_targets_that_fit_counts() -> None:
    found = {
        (level, tier, urgent): due("CK-FR", Inputs(level, "S", "tech", tier, urgent))
        for level, tier, urgent in product(("L1", "L3", "L4"), ("STD", "VIP"), (False, True))
    }
    assert {key: (each - MONDAY) / timedelta(minutes=1) for key, each in found.items() if each} == {
        ("L1", "STD", False): 30,
        ("L1", "STD", True): 30,
        ("L1", "VIP", False): 30,
        ("L1", "VIP", True): 30,
        ("L3", "STD", False): 120,
        ("L3", "STD", True): 30,
        ("L3", "VIP", False): 60,
        ("L3", "VIP", True): 30,
        ("L4", "STD", False): 240,
        ("L4", "STD", True): 30,
        ("L4", "VIP", False): 60,
        ("L4", "VIP", True): 30,
    }


@pytest.mark.req("C033")
def test_a_vip_is_answered_within_one_hour_and_others_in_substance_within_four() -> None:
    assert due("CK-FR", Inputs("L3", "S", "general", "VIP")) == MONDAY + timedelta(minutes=60)
    assert due("CK-SR", Inputs("L3", "S", "general", "VIP")) == MONDAY + timedelta(minutes=60)
    assert due("CK-SR", Inputs("L3", "S", "general", "STD")) == MONDAY + timedelta(hours=4)


@pytest.mark.req("C034")
def test_the_issue_class_sets_the_substantive_response_or_calls_the_lawyers() -> None:
    assert due("CK-SR", Inputs("L3", "S", "tech")) == MONDAY + timedelta(hours=2)
    assert due("CK-SR", Inputs("L3", "S", "attitude")) == MONDAY + timedelta(hours=4)
    assert due("CK-LEGAL", Inputs("L3", "C", "contract", acts=("trace", "legal"))) == MONDAY + timedelta(hours=24)
    assert due("CK-LEGAL", Inputs("L3", "C", "contract")) is None
    assert due("CK-LEGAL", Inputs("L3", "C", "tech", acts=("legal",))) is None


def test_five_different_clocks_run_for_forty_eight_hours() -> None:
    complex_case = Inputs("L3", "C", "tech")
    two_departments = Inputs("L3", "C", "tech", departments=2)
    end = MONDAY + timedelta(hours=48)
    assert [due(code, complex_case) for code in ("CK-COMPFILE", "CK-SURVEY", "CK-PROGRESS", "CK-PLAN")] == [end] * 4
    assert due("CK-DIAG", two_departments) == end
    assert due("CK-PLAN", two_departments) == MONDAY + timedelta(hours=72)


@pytest.mark.req("D21")
def test_a_policy_may_promise_in_business_hours() -> None:
    body = shipped()
    clock(body, "CK-FR")["targets"] = [{"bh": 4}]
    del body["calendars"][0]["open"], body["calendars"][0]["close"]
    body["calendars"][0]["hours"] = ["09:00-12:00", "13:30-18:00"]
    found = deadline(Policy(body, number=2), "CK-FR", start=at("2026-11-20 17:00"), inputs=Inputs("L3", "S"))
    assert found is not None
    assert found.due_at == at("2026-11-23 12:00")
    assert found.why["days"] == [["2026-11-21", "2026-11-22", "weekend", ""]]


@pytest.mark.req("A36")
@given(every_inputs, moments, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_handling_is_always_due_before_the_work_order(inputs: Inputs, received: datetime, until: timedelta) -> None:
    order = due("CK-ORDER", inputs, received)
    handle = due("CK-HANDLE", inputs, received, dispatched=received + until)
    assert order is not None
    assert handle is not None
    assert handle < order


def test_an_order_dispatched_after_its_share_of_the_days_gets_its_share_of_what_is_left() -> None:
    inputs, dispatched = Inputs("L3", "C", "tech"), at("2026-11-23 08:00")
    assert due("CK-ORDER", inputs) == at("2026-11-23 18:00")
    assert due("CK-HANDLE", inputs, dispatched=dispatched) == at("2026-11-23 16:00")
    assert due("CK-HANDLE", inputs, dispatched=at("2026-11-23 17:00")) == at("2026-11-23 17:00")


def test_handling_can_be_told_both_ends_of_its_order_and_an_extended_order() -> None:
    inputs, dispatched = Inputs("L3", "C", "tech"), MONDAY + timedelta(minutes=30)
    told = due("CK-HANDLE", inputs, dispatched, received=MONDAY, order_due=at("2026-11-23 18:00"))
    assert told == due("CK-HANDLE", inputs, MONDAY, dispatched=dispatched) == at("2026-11-20 18:00")
    extended = due("CK-HANDLE", inputs, MONDAY, dispatched=dispatched, order_due=at("2026-11-30 18:00"))
    assert extended == at("2026-11-26 18:00")


def test_an_interim_order_due_does_not_shorten_the_handling_of_a_complex_second_level() -> None:
    inputs, dispatched = Inputs("L2", "C", "contract", departments=2), MONDAY + timedelta(minutes=30)
    interim = due("CK-RESOLVE", inputs)
    assert due("CK-HANDLE", inputs, MONDAY, dispatched=dispatched, order_due=interim) == at("2026-11-20 18:00")


@given(every_inputs, moments)
def test_every_complaint_gets_the_clocks_of_its_filing_and_of_its_orders(inputs: Inputs, received: datetime) -> None:
    submitted = received + timedelta(minutes=3)
    found = at_filing(policy(), received=received, submitted=submitted, inputs=inputs)
    assert tuple(found) == STARTED_AT_FILING
    assert all(each.due_at > received for each in found.values())
    assert found["CK-REVIEW"].due_at == due("CK-REVIEW", inputs, submitted)
    assert set(deadlines(policy(), WORK_ORDER_CLOCKS, start=received, inputs=inputs)) == set(WORK_ORDER_CLOCKS)


@given(every_inputs, moments)
def test_no_clock_of_the_policy_is_beyond_reckoning(inputs: Inputs, start: datetime) -> None:
    for code in policy().clocks:
        found = deadline(policy(), code, start=start, inputs=inputs)
        assert found is None or found.due_at >= start


def test_repeating_and_daily_clocks_are_next_due_from_where_they_start() -> None:
    inputs = Inputs("L2", "C", "tech")
    assert due("CK-OUTRPT", inputs) == MONDAY + timedelta(hours=2)
    assert due("CK-DAILY", inputs) == at("2026-11-16 18:00")
    assert due("CK-DAILY", inputs, at("2026-11-16 18:00")) == at("2026-11-17 18:00")
    assert due("CK-DAILY", Inputs("L3", "C", "tech")) is None


def test_a_promise_to_the_customer_is_due_as_agreed() -> None:
    assert due("CK-PROMISE", Inputs("L3", "S")) is None
    assert due("CK-PROMISE", Inputs("L3", "S"), agreed=at("2026-11-18 09:00")) == at("2026-11-18 09:00")


def test_a_pause_moves_a_promise_and_is_named_in_its_reasons() -> None:
    pause = Pause(at("2026-11-17 09:00"), at("2026-11-17 21:00"))
    found = deadline(policy(), "CK-RESOLVE", start=MONDAY, inputs=Inputs("L2", "S"), pauses=[pause])
    assert found is not None
    assert found.due_at == at("2026-11-17 22:00")
    assert found.why["before_pauses"] == "2026-11-17T10:00+08:00"


def test_only_the_reasons_of_the_policy_stop_a_clock_and_some_clocks_never_stop() -> None:
    assert policy().may_pause("CK-RESOLVE", "WAIT_CUST")
    assert policy().may_pause("CK-RESOLVE.final", "WAIT_CUST")
    assert not policy().may_pause("CK-FR", "WAIT_CUST")
    assert not policy().may_pause("CK-RESOLVE", "等待内部部门")


def test_a_clock_that_the_policy_does_not_have_is_named() -> None:
    with pytest.raises(UnknownClock, match="CK-NONE"):
        due("CK-NONE", Inputs("L3", "S"))


def test_a_unit_elsewhere_counts_days_in_its_own_time_zone() -> None:
    elsewhere = policy().in_zone("Europe/Berlin")
    found = deadline(elsewhere, "CK-RESOLVE", start=MONDAY, inputs=Inputs("L3", "C"))
    assert found is not None
    assert found.due_at == datetime.fromisoformat("2026-11-23T18:00+01:00")
    assert policy().in_zone("Asia/Shanghai") is policy()
    assert policy().in_zone("Europe/Berlin") is elsewhere


def test_a_handling_is_warned_of_in_the_hours_that_its_order_clock_counts() -> None:
    evening = at("2026-11-15 20:00")  # a Sunday; the order of a first level is due in 24 hours, day and night
    critical = deadline(policy(), "CK-HANDLE", start=evening, inputs=Inputs("L1", "S"))
    assert critical is not None
    half = share_used_at(policy(), critical.why, start=evening, due=critical.due_at, share=0.5)
    assert half == evening + (critical.due_at - evening) / 2

    lowered = {
        "order_due": evening + timedelta(hours=72),
        "order_unit": "nh",
    }  # promised before it was the fourth level
    handling = deadline(policy(), "CK-HANDLE", start=evening, inputs=Inputs("L4", "S"), **lowered)  # type: ignore[arg-type]  # by name
    assert handling is not None
    half = share_used_at(policy(), handling.why, start=evening, due=handling.due_at, share=0.5)
    assert half == evening + (handling.due_at - evening) / 2


def test_a_handling_that_was_late_when_its_order_was_paused_stays_as_late_as_it_is() -> None:
    start = at("2026-11-16 10:00")
    handling = deadline(policy(), "CK-HANDLE", start=start, inputs=Inputs("L1", "S"))
    assert handling is not None
    late = handling.due_at + timedelta(hours=1)
    stood = [Pause(late, late + timedelta(hours=5))]
    moved = resumed(
        policy(), handling.why, start=start, due=handling.due_at, pauses=stood, order_due=start + timedelta(hours=29)
    )
    assert moved.due_at == handling.due_at
