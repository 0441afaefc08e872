"""A week with a holiday in it: every warning, breach, taking back and escalation happens once, at its minute, to those
whom it concerns. Time is an argument; the oracle (tests/week) reckons from sla.yaml's own words."""

import pytest

from huiyin.complaints import auditing
from huiyin.notices.models import Delivery
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
    assert min(found.sent - found.sent_at_rest, found.sent_at_rest) > 0
    _it_would_be_seen(week)


def _it_would_be_seen(week: Week) -> None:
    """That an ordinary notice went at night, on a day off, or not at all; and that level 1 waited for the morning."""
    ordinary = Delivery.objects.filter(urgent=False, state="sent", notice__at__lt=company.on(8)).earliest("pk")
    pressing = Delivery.objects.filter(urgent=True, state="sent", notice__at__lt=company.on(8)).earliest("pk")
    for changed, given, said in (
        (ordinary, {"sent_at": company.on(9, 3)}, "went on 10-09 03:00, when everybody rests"),
        (ordinary, {"sent_at": company.on(11, 10)}, "went on 10-11 10:00, when everybody rests"),
        (ordinary, {"state": "waiting"}, "has not gone: waiting"),
        (pressing, {"sent_at": company.on(9, 9)}, "is of level 1 and went on 10-09 09:00 only"),
    ):
        Delivery.objects.filter(pk=changed.pk).update(**given)
        check = Check(week)
        check.sent()
        assert said in "\n".join(check.found.wrong)
        Delivery.objects.filter(pk=changed.pk).update(sent_at=changed.sent_at, state=changed.state)
