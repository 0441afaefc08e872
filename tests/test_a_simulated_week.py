"""A week with a holiday in it: every warning, breach, taking back and escalation happens once, at its minute, to those
whom it concerns. Time is an argument; the oracle (tests/week) reckons from sla.yaml's own words."""

import pytest

from huiyin.complaints import auditing
from tests.week import company, plans
from tests.week.checking import Check
from tests.week.driving import Week


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.req("A36", "A62", "C060")
def test_in_a_week_with_a_holiday_everything_happens_once_at_its_minute_to_the_right_people() -> None:
    company.settle()
    week = Week(plans.drawn(50, seed=20261005))

    week.live()

    found = Check(week).run()
    assert found.wrong == []
    assert list(auditing.verify()) == []
    assert min(found.warned, found.broken, found.escalated, found.taken_back, found.unsigned, found.reminded) > 0
