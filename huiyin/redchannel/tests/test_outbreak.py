"""舆情发酵: three times the usual opens the red channel once; 2.9 times does not."""

from datetime import timedelta
from typing import Any

import pytest

from huiyin.complaints.models import Complaint
from huiyin.notices.models import Notice
from huiyin.redchannel.actions import listening, paging
from huiyin.redchannel.actions.listening import Count
from huiyin.redchannel.models import RedCase
from huiyin.redchannel.outbreak import Bounds, rise
from huiyin.redchannel.queries import arrangements, proposed_plan
from tests import cast
from tests.cast import later

HOUR = later(hours=1)
WEEK = {HOUR - timedelta(hours=back): 10 for back in range(1, 169)}


def test_three_times_the_usual_hour_of_seven_days_is_an_outbreak_and_a_little_less_is_not() -> None:
    def ratio(count: int, known: dict[Any, int] = WEEK, reach: int = 0) -> float | None:
        found = rise(known, hour=HOUR, count=count, reach=reach)
        return None if found is None else round(found.ratio, 2)

    assert [ratio(30), ratio(29), ratio(300)] == [3.0, None, 30.0]
    assert ratio(30, dict(list(WEEK.items())[:23])) is None  # nobody can say yet what is usual
    assert ratio(9, dict.fromkeys(WEEK, 1)) is None  # nine of one: too few to be a crisis
    assert ratio(30, {at - timedelta(days=8): 1 for at in WEEK}) is None  # what was before the seven days
    assert [ratio(1, {}, 100_000), ratio(1, {}, 99_999)] == [0.0, None]
    assert rise(WEEK, hour=HOUR, count=25, bounds=Bounds.of({"times": 2.5})) is not None


@pytest.mark.django_db
@pytest.mark.req("C040")
def test_a_feed_of_three_times_the_mentions_opens_the_crisis_once_with_its_numbers_and_pages_the_executives() -> None:
    cast.company()
    history = [Count(topic, at, 10) for topic in ("新品口碑", "客服难打通") for at in WEEK]
    assert listening.hear(history, at=HOUR) == []

    assert listening.hear([Count("客服难打通", HOUR, 29)], at=HOUR + timedelta(minutes=59)) == []
    [crisis] = listening.hear([Count("新品口碑", HOUR, 30)], at=HOUR + timedelta(minutes=59))

    assert crisis.severity <= 2
    assert "30 次提及" in crisis.text
    assert "平均每小时 10.0 次，为其 3.0 倍" in crisis.text
    case = paging.consider(crisis, at=HOUR + timedelta(minutes=59, seconds=5))
    assert case is not None
    assert (proposed_plan(case, arrangements()), Notice.objects.filter(kind="red_channel").count()) == ("INC-MAJ", 1)

    assert listening.hear([Count("新品口碑", HOUR, 90)], at=HOUR + timedelta(hours=1)) == []
    assert RedCase.objects.count() == 1
    Complaint.objects.filter(pk=crisis.pk).update(state="closed")
    [again] = listening.hear([Count("新品口碑", later(hours=3), 95)], at=later(hours=4))
    assert again.pk != crisis.pk


@pytest.mark.django_db
@pytest.mark.req("C040")
def test_one_post_that_reaches_a_hundred_thousand_is_one_too_and_stays_one_when_it_was_graded() -> None:
    cast.company()
    [crisis] = listening.hear([Count("门店冲突视频", HOUR, 1, 120_000)], at=HOUR + timedelta(minutes=10))
    case = paging.consider(crisis, at=HOUR + timedelta(minutes=10))
    assert case is not None
    assert (crisis.severity, case.reason, case.rule) == (2, "mentions", "AL-10")

    cast.reviewed(crisis, severity=2, at=HOUR + timedelta(minutes=12))
    assert paging.sweep(at=HOUR + timedelta(minutes=16)) == 1
    case.refresh_from_db()
    assert (case.ended_at, case.rounds) == (None, 2)
