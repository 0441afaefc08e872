"""Promises that reach past the announced holidays: never lost, never too late, and reckoned anew."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.sla.days import Ruling
from huiyin.sla.engine import Calendar, Pause, Target
from huiyin.sla.policy import Policy
from huiyin.sla.promises import Inputs, deadline, earliest, extended, renewed, resumed, share_used_at
from huiyin.sla.tests.documents import at, policy, shipped
from huiyin.sla.tests.test_engine_laws import calendars, moments, pauses, targets, units

COMPLEX = Inputs("L3", "C", "tech")
LATE = at("2026-12-28 10:00")
NEXT_YEAR = {"days_off": ["2027-01-01"], "makeup_workdays": ["2027-01-03"]}


def announced() -> Policy:
    return Policy(shipped() | {"holidays_2027": NEXT_YEAR}, number=2)


def due(used: Policy, code: str = "CK-RESOLVE", **given: Any) -> Any:
    found = deadline(used, code, start=LATE, inputs=COMPLEX, **given)
    assert found is not None
    return found


def test_what_hangs_on_unannounced_days_is_given_at_its_earliest_and_says_so() -> None:
    found = due(policy())
    assert found.due_at == at("2027-01-02 18:00")
    assert found.why["provisional"] == "2026-12-31"
    assert "days" not in found.why
    handling = due(policy(), "CK-HANDLE", dispatched=LATE + timedelta(minutes=30))
    assert handling.due_at == at("2027-01-01 18:00")
    assert handling.why["provisional"] == "2026-12-31"


def test_natural_time_never_needs_the_data() -> None:
    assert "provisional" not in due(policy(), "CK-SR").why
    mixed = shipped()
    clock = next(each for each in mixed["clocks"] if each["id"] == "CK-RESOLVE")
    clock["targets"] = [{"min_of": [{"nh": 72}, {"wd": 5}]}]
    assert due(Policy(mixed, number=1)).why.keys().isdisjoint({"provisional"})


def test_once_announced_it_is_reckoned_from_the_same_target_and_provisional_no_more() -> None:
    before = due(policy())
    after = renewed(announced(), before.why, start=LATE, due=before.due_at)
    assert after.due_at == at("2027-01-04 18:00") == due(announced()).due_at
    assert after.why == due(announced()).why
    assert renewed(announced(), after.why, start=LATE, due=after.due_at) == after


def test_agreed_and_given_moments_are_never_reckoned_anew() -> None:
    agreed = deadline(policy(), "CK-PROMISE", start=LATE, inputs=COMPLEX, agreed=at("2027-01-08 09:00"))
    assert agreed is not None
    assert renewed(announced(), agreed.why, start=LATE, due=agreed.due_at) == agreed
    assert renewed(announced(), {}, start=LATE, due=LATE) == (LATE, {})


def test_pauses_extensions_and_warnings_past_the_data_are_provisional_too() -> None:
    pause = [Pause(at("2026-12-31 09:00"), at("2027-01-04 09:00"))]
    known = due(policy())
    moved = resumed(policy(), known.why, start=LATE, due=known.due_at, pauses=pause)
    assert moved.why["provisional"] == "2026-12-31"
    longer = extended(policy(), moved, days=3)
    assert longer.due_at == moved.due_at + timedelta(days=3)
    assert longer.why["provisional"] == "2026-12-31"
    half = share_used_at(policy(), known.why, start=LATE, due=known.due_at, share=0.5)
    assert LATE < half < known.due_at
    assert share_used_at(policy(), known.why, start=LATE, due=known.due_at, share=1.5) > known.due_at
    assert earliest(policy().calendar, LATE, Target.of("wd", 10)) == at("2027-01-07 18:00")


@pytest.mark.req("C026")
@given(calendars(), moments, targets(units), pauses(), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_whatever_is_announced_nothing_is_due_before_its_provisional_moment(
    calendar: Calendar, start: datetime, target: Target, pauses: list[Pause], end: date
) -> None:
    """`calendar` is the truth; what is known is cut off at `end`."""

    def known(day: date) -> Ruling | None:
        return Ruling(calendar.is_working(day)) if day <= end else None

    guessing = Calendar(zone=calendar.zone, hours=calendar.hours, workdays=calendar.workdays, almanac=known)
    assert guessing.provisional.add(start, target, pauses) <= calendar.add(start, target, pauses)
