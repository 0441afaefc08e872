"""Two score a share of the sample, a third settles; whoever was scored appeals once, and another decides."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from huiyin.coaching import queries
from huiyin.coaching.actions import appealing, drawing, reviewing
from huiyin.coaching.errors import (
    AlreadyAppealed,
    AlreadyDecided,
    AlreadyReviewed,
    AppealTooLate,
    GuardFailed,
    MayNot,
    NotThird,
    OwnCard,
    OwnCase,
    WasReviewer,
)
from huiyin.coaching.models import Review, Sampled, SamplingRule, ScoreItem
from huiyin.coaching.tests.closed import closed
from huiyin.complaints.models import Event
from huiyin.notices.models import Notice
from huiyin.org.actors import SYSTEM
from tests import cast

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    cast.company()


def marks(**given: str) -> dict[str, str]:
    codes = ScoreItem.objects.filter(is_fatal=False).values_list("code", flat=True)
    return {**dict.fromkeys(codes, "full"), **{name.replace("_", "-"): mark for name, mark in given.items()}}


def drawn(count: int, *, percent: int) -> list[Sampled]:
    SamplingRule.objects.update(twice_percent=percent)
    closed(count)
    made, _is_new = drawing.draw_month(OCTOBER, actor=SYSTEM, at=cast.MONDAY, seed="77")
    return list(made.cases.all())


def score(case: Sampled, by: str, at: datetime = cast.MONDAY, seen: bool = False, **given: str) -> Review | None:
    return reviewing.review(case, marks=marks(**given), comment="x", actor=cast.member(by), at=at, has_seen_two=seen)


@pytest.mark.req("C030")
def test_the_rule_is_the_files_and_a_tenth_of_the_sample_is_for_two_and_all_of_it_can_be_drawn_again() -> None:
    rule = SamplingRule.objects.get()
    assert (rule.percent, rule.least_per_agent, rule.severities, rule.takes_reopened) == (20, 4, [1, 2], True)
    assert (rule.low_stars, rule.award_above, rule.twice_percent) == (2, 5000, 10)
    assert (rule.agreement, rule.settle_over, rule.appeal_days) == (60, 10, 3)

    closed(8, severity=2)
    closed(9, by="agent2")
    cases = drawn(4, percent=10)
    again = drawing.again(cases[0].draw)
    assert {case.complaint_id for case in cases} == set(again.everything)
    assert {case.complaint_id for case in cases if case.is_twice} == set(again.twice)
    assert len(again.twice) == -(-len(cases) // 10) == 2
    by_reason = {reason: {c.complaint_id for c in cases if c.reason == reason} for reason in Sampled.Reason.values}
    assert by_reason["certain"] == set(again.certain)
    assert by_reason["agent"] == set(again.topped_up)
    assert by_reason["agent"]


def test_where_two_agree_the_first_counts_and_where_not_a_third_who_has_seen_both() -> None:
    alike, other, *_rest = drawn(8, percent=100)
    assert score(alike, "supervisor") is None
    with pytest.raises(OwnCard):
        score(alike, "supervisor")
    assert not Sampled.objects.visible_to(cast.member("agent")).exists()  # nothing counts yet
    agreed = score(alike, "manager", at=cast.later(hours=1), QS_1="none")
    assert agreed is not None
    assert (agreed.score, agreed.reviewer.username, agreed.reviewed_at) == (
        Decimal(100), "supervisor", cast.later(hours=1),
    )  # fmt: skip
    with pytest.raises(AlreadyReviewed):
        score(alike, "supervisor2")

    assert score(other, "supervisor") is None
    assert score(other, "manager", QS_6="none") is None  # twelve points apart
    with pytest.raises(NotThird):
        score(other, "supervisor2", QS_6="half")
    settled = score(other, "supervisor2", seen=True, QS_6="half")
    assert settled is not None
    assert (settled.score, settled.reviewer.username) == (Decimal(94), "supervisor2")

    found = queries.agreement_until(OCTOBER)
    assert (found.cards, found.marks, found.verdict(0.6)) == (2, 24, "unknown")
    assert found.kappa == pytest.approx(0)  # by hand: po 22/24, pe 22/24 (the first gave full always)
    assert queries.agreement_until(date(2026, 9, 1)).cards == queries.agreement_until(date(2027, 10, 1)).cards == 0


def test_an_appeal_is_made_once_in_three_working_days_and_decided_by_another() -> None:
    case, late, *_rest = drawn(8, percent=0)
    monday = datetime(2026, 10, 12, 23, 0, tzinfo=SHANGHAI)
    first, second = score(case, "supervisor", at=monday, QS_6="none"), score(late, "supervisor", at=monday)
    assert first is not None
    assert second is not None
    agent = cast.member("agent")
    thursday = datetime(2026, 10, 15, 23, 59, tzinfo=SHANGHAI)

    def ask(review: Review, by: str = "agent", at: datetime = thursday, reason: str = "政策引用有据") -> None:
        appealing.appeal(review, reason=reason, actor=cast.member(by), at=at)

    with pytest.raises(MayNot):
        ask(first, by="agent2")
    with pytest.raises(GuardFailed):
        ask(first, reason=" ")
    with pytest.raises(AppealTooLate):
        ask(second, at=datetime(2026, 10, 16, 0, 0, tzinfo=SHANGHAI))
    ask(first)
    with pytest.raises(AlreadyAppealed):
        ask(first)
    made = Review.objects.get(pk=first.pk).appeal
    assert made.review.standing.score == Decimal(88)
    told = Notice.objects.filter(kind="score_appealed").values_list("member__username", flat=True)
    assert {"supervisor", "manager"} <= set(told)
    assert "agent" not in told

    def decide(by: str, is_upheld: bool = True, answer: str = "第 3 封答复引用了政策") -> None:
        appealing.decide(
            made, is_upheld=is_upheld, answer=answer, marks=marks(), actor=cast.member(by), at=cast.later(days=3)
        )

    for by, refusal in (("supervisor", WasReviewer), ("director", MayNot), ("agent", MayNot)):
        with pytest.raises(refusal):
            decide(by)
    with pytest.raises(GuardFailed):
        decide("manager", answer="")
    decide("manager")
    with pytest.raises(AlreadyDecided):
        decide("supervisor2", is_upheld=False)

    after = Review.objects.get(pk=first.pk)
    assert (int(after.score), int(after.standing.score)) == (88, 100)
    assert after.standing.reviewer.username == "manager"
    kinds = case.complaint.events.filter(kind__in=[Event.Kind.SCORE_APPEALED, Event.Kind.APPEAL_DECIDED])
    assert [(each.kind, set(each.particulars)) for each in kinds] == [
        ("score_appealed", {"appeal"}), ("appeal_decided", {"appeal", "is_upheld"}),
    ]  # fmt: skip
    told = Notice.objects.filter(kind="appeal_decided").values_list("member__username", flat=True)
    assert set(told) == {agent.username, "supervisor"}


def test_whoever_scores_may_not_decide_on_their_own_case() -> None:
    closed(1, by="supervisor")
    [case, *_none] = [each for each in drawn(1, percent=0) if each.agent and each.agent.username == "supervisor"]
    review = score(case, "manager")
    assert review is not None
    asked = appealing.appeal(review, reason="x", actor=cast.member("supervisor"), at=cast.MONDAY)
    with pytest.raises(OwnCase):
        appealing.decide(
            asked, is_upheld=True, answer="x", marks=marks(), actor=cast.member("supervisor"), at=cast.MONDAY
        )
    kept = appealing.decide(
        asked, is_upheld=False, answer="x", marks={}, actor=cast.member("supervisor2"), at=cast.MONDAY
    )
    assert kept.review.standing == review


def test_a_process_of_the_release_before_goes_on_writing() -> None:
    """It does not name the columns that came after it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, column_default FROM information_schema.columns"
            " WHERE column_name IN ('twice_percent', 'is_twice', 'agreement', 'appeal_days', 'settle_over')"
            " AND table_name LIKE 'coaching_%'"
        )
        found = {(table.removeprefix("coaching_"), column): default for table, column, default in cursor.fetchall()}
    assert found == {
        ("draw", "twice_percent"): "0", ("sampled", "is_twice"): "false", ("samplingrule", "twice_percent"): "10",
        ("samplingrule", "agreement"): "60", ("samplingrule", "appeal_days"): "3",
        ("samplingrule", "settle_over"): "10",
    }  # fmt: skip
