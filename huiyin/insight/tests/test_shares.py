"""The share of what only wanted explaining, and what has become frequent: of what the member sees, and no more."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.complaints.models import Complaint
from huiyin.insight.frequency import frequency_of, frequent
from huiyin.insight.shares import explanation_shares
from huiyin.insight.tests.past import NOW, answered
from tests.cast import actor, member, unit

OCTOBER = NOW - timedelta(days=40)


@pytest.mark.req("A23")
def test_the_share_is_told_by_month_and_unit() -> None:
    answered([5] * 6, received_at=NOW - timedelta(days=3), by=actor("agent"), cause="explanation")
    answered([5] * 2, received_at=NOW - timedelta(days=3), by=actor("agent"), cause="product")
    answered([5] * 1, received_at=NOW - timedelta(days=3), by=actor("agent"))
    answered([5] * 4, received_at=OCTOBER, by=actor("branch"), cause="expectation")

    found = explanation_shares(member("manager"), at=NOW)

    this, before = found.months[-1], found.months[-2]
    centre = unit("CC")
    assert (found.of_month(this).known, found.of_month(this).explained, found.of_month(this).missing) == (8, 6, 1)
    assert found.of_month(this).share == 0.75
    assert found.of_month(before).share == 1.0
    assert found.of_unit(centre).known == 8
    assert found.whole.share == pytest.approx(10 / 12)


@pytest.mark.req("A23")
def test_nobody_is_told_of_what_they_do_not_see() -> None:
    answered([5] * 6, received_at=NOW - timedelta(days=3), by=actor("agent"), cause="explanation")

    assert explanation_shares(member("lead"), at=NOW).whole.known == 0
    assert explanation_shares(member("admin"), at=NOW).units == []


def test_the_cost_does_not_grow_with_the_units() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            explanation_shares(member("manager"), at=NOW)
        return len(made)

    answered([5], received_at=NOW - timedelta(days=3), by=actor("agent"), cause="product")
    cost()  # the causes are read once for a while
    small = cost()
    answered([5], received_at=OCTOBER, by=actor("branch"), cause="product")
    answered([5], received_at=OCTOBER, by=actor("outsider"), cause="product")

    assert cost() == small


@pytest.mark.req("C057")
def test_a_kind_that_has_become_frequent_brings_its_plan() -> None:
    rows = answered([5] * 6, received_at=NOW - timedelta(days=3), by=actor("agent"))
    answered([5] * 30, received_at=NOW - timedelta(days=100), by=actor("agent"), category="SP-03")
    answered([5] * 11, received_at=NOW - timedelta(days=5), by=actor("agent"), category="SP-03")

    found = {each.category.code: each for each in frequent(member("manager"), at=NOW)}

    assert list(found) == ["PQ-01"]  # of the other kind there are eleven, but ten a month are usual
    assert (found["PQ-01"].lately, found["PQ-01"].usual) == (6, 0)
    assert found["PQ-01"].plan is not None
    assert found["PQ-01"].plan.group == "PQ"
    row = Complaint.objects.select_related("category__parent").get(pk=rows[0].pk)
    hint = frequency_of(row, member("manager"), at=NOW)
    assert hint is not None
    assert hint.plan is not None
    assert hint.plan.steps[0] == "核对批次并暂停发货"
    assert frequency_of(row, member("lead"), at=NOW) is None
