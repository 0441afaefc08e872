"""A month's draw: once, by the worker or by hand, from what was closed in it, to be done again by its seed."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from huiyin.coaching import tasks
from huiyin.coaching.actions import drawing, reviewing
from huiyin.coaching.errors import AlreadyReviewed, GuardFailed, MayNot, MonthNotOver, OwnCase
from huiyin.coaching.models import Draw, Review, Sampled, SamplingRule, ScoreItem
from huiyin.coaching.tests.closed import closed
from huiyin.complaints.models import Complaint
from huiyin.org.actors import SYSTEM
from tests import cast

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    cast.company()


@pytest.mark.req("C030")
def test_a_fifth_of_the_closed_is_drawn_once_and_the_seed_draws_the_same_again() -> None:
    phoned = closed(8)
    closed(3, channel="email", by="agent2")
    closed(2, at=datetime(2026, 10, 31, 23, 59, tzinfo=SHANGHAI), by="supervisor2")
    outside = closed(1, at=datetime(2026, 11, 1, 0, 0, tzinfo=SHANGHAI)) + closed(1, state="withdrawn")
    again, grave = phoned[0], closed(1, severity=2)[0]
    Complaint.objects.filter(pk=again.pk).update(reopened_count=1)
    SamplingRule.objects.update(least_per_agent=0)

    made, is_new = drawing.draw_month(OCTOBER, actor=SYSTEM, at=cast.MONDAY, seed="77")
    same, is_new_again = drawing.draw_month(date(2026, 10, 9), actor=SYSTEM, at=cast.later(days=1))

    assert (is_new, is_new_again, same.pk) == (True, False, made.pk)
    assert (made.population, made.size, made.percent, made.seed) == (14, 3, 20, "77")
    taken = {case.complaint_id: case.reason for case in made.cases.all()}
    assert {again.pk, grave.pk} <= set(taken)  # reopened, level 2: whatever the lot says
    assert not {each.pk for each in outside} & set(taken)
    assert [pk for pk, reason in sorted(taken.items()) if reason == "random"] == sorted(drawing.again(made).drawn)
    assert {(each["severity"], each["channel"], len(each["closed"])) for each in made.strata} == {
        (3, "phone", 10), (3, "email", 3), (2, "phone", 1),
    }  # fmt: skip


@pytest.mark.req("C030")
def test_the_worker_draws_the_month_before_and_few_of_one_person_are_topped_up_to_four() -> None:
    month = drawing.month_before(timezone.now())
    closed(6, at=datetime(month.year, month.month, 9, tzinfo=SHANGHAI))
    for _night in range(2):
        tasks.draw_month(0)

    made = Draw.objects.get()
    assert (made.month, made.population, made.size, made.drawn_by, len(made.seed)) == (month, 6, 2, None, 16)
    assert sorted(made.cases.values_list("reason", flat=True)) == ["agent", "agent", "random", "random"]


def test_a_month_is_drawn_when_it_is_over_and_by_those_who_may() -> None:
    with pytest.raises(MonthNotOver):
        drawing.draw_month(date(2026, 11, 1), actor=SYSTEM, at=cast.MONDAY)
    with pytest.raises(MayNot):
        drawing.draw_month(OCTOBER, actor=cast.actor("supervisor"), at=cast.MONDAY)
    empty, _is_new = drawing.draw_month(OCTOBER, actor=cast.actor("manager"), at=cast.MONDAY)
    assert (empty.population, empty.size, empty.cases.count()) == (0, 0, 0)


@pytest.mark.req("B46")
def test_a_case_is_scored_once_by_somebody_else_with_listening_among_the_items() -> None:
    closed(1)
    closed(1, by="supervisor")
    SamplingRule.objects.update(twice_percent=0)
    drawing.draw_month(OCTOBER, actor=SYSTEM, at=cast.MONDAY)
    marks = dict.fromkeys(ScoreItem.objects.filter(is_fatal=False).values_list("code", flat=True), "full")
    agents = Sampled.objects.get(agent__username="agent")
    own = Sampled.objects.get(agent__username="supervisor")
    who, again = cast.member("supervisor"), cast.member("manager")

    with pytest.raises(GuardFailed):
        reviewing.review(agents, marks={"QS-2": "full"}, comment="x", actor=who, at=cast.MONDAY)
    with pytest.raises(OwnCase):
        reviewing.review(own, marks=marks, comment="x", actor=who, at=cast.MONDAY)
    with pytest.raises(MayNot):
        reviewing.review(own, marks=marks, comment="x", actor=cast.member("agent"), at=cast.MONDAY)
    made = reviewing.review(agents, marks={**marks, "QS-2": "none"}, comment="没有复述", actor=who, at=cast.MONDAY)
    with pytest.raises(AlreadyReviewed):
        reviewing.review(agents, marks=marks, comment="x", actor=again, at=cast.MONDAY)

    assert Review.objects.get() == made
    assert made is not None
    assert made.score == Decimal("90.0")  # QS-2 weighs ten of a hundred
    assert len(made.card) == 12
    naught = reviewing.review(own, marks=marks, fatal=["QF-3"], comment="x", actor=again, at=cast.MONDAY)
    assert naught is not None
    assert naught.score == 0


def test_scores_are_seen_by_those_who_lead_and_by_whose_they_are_once_made() -> None:
    [case, secret] = [*closed(1), *closed(1, by="agent2", is_confidential=True)]
    SamplingRule.objects.update(twice_percent=0)
    drawing.draw_month(OCTOBER, actor=SYSTEM, at=cast.MONDAY)

    def seen(username: str) -> set[int]:
        return set(Sampled.objects.visible_to(cast.member(username)).values_list("complaint", flat=True))

    assert seen("manager") == {case.pk, secret.pk}
    assert seen("director") == {case.pk}  # does not see what is confidential
    assert [seen(name) for name in ("agent", "agent2", "analyst", "admin", "outsider", "handler")] == [set()] * 6
    marks = dict.fromkeys(ScoreItem.objects.filter(is_fatal=False).values_list("code", flat=True), "half")
    for each in Sampled.objects.all():
        reviewing.review(each, marks=marks, comment="x", actor=cast.member("manager"), at=cast.MONDAY)
    assert [seen(name) for name in ("agent", "agent2", "reviewer")] == [{case.pk}, {secret.pk}, set()]
