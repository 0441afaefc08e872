from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.sla.engine import Pause, Target, Unit
from huiyin.sla.promises import Inputs, deadline
from huiyin.sla.tests.documents import golden, policy

TARGETS = {
    "natural_72h": Target.of("nh", 72),
    "natural_24h": Target.of("nh", 24),
    "business_120min": Target.of("bm", 120),
    "business_480min": Target.of("bm", 480),
    "working_days_3": Target.of("wd", 3),
    "working_days_5": Target.of("wd", 5),
    "working_days_10": Target.of("wd", 10),
    "legal_15_days": Target.of("ld", 15),
}
HANDLE = "CK-HANDLE (dispatched 30 min after receipt)"


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@pytest.mark.parametrize("case", golden("sla_due")["cases"], ids=lambda case: case["start"])
@pytest.mark.parametrize("name", TARGETS)
def test_due_moments_are_those_of_the_reference(case: dict[str, str], name: str) -> None:
    assert policy().calendar.add(datetime.fromisoformat(case["start"]), TARGETS[name]) == moment(case[name])


def test_the_reference_has_no_target_this_test_does_not_know() -> None:
    assert {name for case in golden("sla_due")["cases"] for name in case} == {"start", *TARGETS}


def test_a_pause_moves_the_due_moment_by_its_length() -> None:
    figures = golden("sla_pause")
    start = datetime.fromisoformat("2026-11-16T09:00+08:00")
    pause = Pause(datetime.fromisoformat("2026-11-17T09:00+08:00"), datetime.fromisoformat("2026-11-17T21:00+08:00"))
    calendar, target = policy().calendar, Target.of("nh", 72)
    assert calendar.add(start, target) == moment(figures["due_before_pause"])
    assert calendar.add(start, target, [pause]) == moment(figures["due_after_resume"])
    assert calendar.between(start, calendar.add(start, target, [pause]), Unit.NATURAL_HOURS, [pause]) == target.span


@pytest.mark.parametrize("case", golden("sla_scenarios")["cases"], ids=lambda case: case["case"])
def test_every_clock_of_every_scenario_is_due_as_the_reference_says(case: dict[str, Any]) -> None:
    received, inputs = datetime.fromisoformat(case["received"]), Inputs(**case["inputs"])
    dispatched = received + timedelta(minutes=30)
    found = {
        name: deadline(policy(), name.split()[0], start=received, inputs=inputs, dispatched=dispatched)
        for name in case["due"]
    }
    assert {name: each and each.due_at for name, each in found.items()} == {
        name: moment(text) for name, text in case["due"].items()
    }
