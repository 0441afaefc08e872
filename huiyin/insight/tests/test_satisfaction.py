"""CSAT, NPS and CES: what counts, by when, and how much may be said."""

from datetime import date, timedelta
from typing import Any

import pytest

from huiyin.complaints.actions import closing
from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import Severity
from huiyin.insight import intervals, satisfaction
from huiyin.insight.attainment import Period
from huiyin.insight.rates import Verdict
from huiyin.insight.satisfaction import Score
from huiyin.insight.tests.past import answered
from huiyin.org.actors import CUSTOMER
from huiyin.org.models import Member
from huiyin.surveys.actions import answering
from huiyin.surveys.models import Answer
from tests.cast import MONDAY, actor, later, member

OCTOBER, NOVEMBER = MONDAY - timedelta(days=30), MONDAY
BOTH = Period(date(2026, 10, 1), date(2026, 11, 30))


def rated(complaint: Complaint, stars: int, **more: Any) -> Answer:
    assert complaint.replied_at is not None
    return answering.answer(
        complaint,
        stars=stars,
        words="",
        via=Answer.Via.PORTAL,
        actor=CUSTOMER,
        at=complaint.replied_at + timedelta(hours=3),
        more=answering.More(**more),
    )


def score(who: Member, **chosen: Any) -> Score:
    return satisfaction.summed(satisfaction.scores(who, BOTH, **chosen).values())


@pytest.mark.req("C028")
def test_the_three_measures_are_told_apart_each_with_n_interval_and_response_rate() -> None:
    old = answered([5] * 4, received_at=OCTOBER, by=actor("agent"))
    new = answered([5] * 12, received_at=NOVEMBER, by=actor("agent"))
    Complaint.objects.filter(pk=new[11].pk).update(severity=Severity.L4)  # a suggestion is not asked for marks
    rated(old[0], 3, nps=0, ces=2)
    for complaint in new[:9]:
        rated(complaint, 5, nps=10, ces=7)
    rated(new[9], 1, nps=8)
    rated(new[11], 1, nps=0, ces=1)

    found = satisfaction.scores(member("manager"), BOTH)
    whole = satisfaction.summed(found.values())

    assert sorted({month for month, _unit in found}) == [date(2026, 10, 1), date(2026, 11, 1)]
    assert (whole.good, whole.n, whole.responded, whole.resolved) == (9, 11, 11, 15)  # three stars are not content
    assert whole.csat.interval == intervals.wilson(9, 11)
    assert whole.csat.verdict is Verdict.MISSED
    assert (whole.promoters, whole.detractors, whole.nps_n) == (9, 1, 11)  # 0 counts
    assert whole.nps == pytest.approx(100 * 8 / 11)
    assert (whole.ces_n, whole.ces, whole.easy) == (10, 6.5, 9)
    assert [whole.nps_interval is None, whole.ces_interval is None] == [False, False]
    october = satisfaction.summed(cell for (month, _unit), cell in found.items() if month.month == 10)
    assert (october.n, october.nps_interval, october.ces_interval) == (1, None, None)  # too few to say
    counts = {name: satisfaction.answers_of(member("manager"), BOTH, outcome=name).count() for name in ("good", "low")}
    assert counts == {"good": 9, "low": 1}  # what a figure leads to is what it counts


@pytest.mark.req("C028")
def test_few_answers_show_nothing_of_98_per_cent_and_189_would() -> None:
    def verdict(good: int, n: int) -> Verdict:
        return Score(n=n, good=good).csat.verdict

    assert intervals.needed(0.98) == 189
    assert [verdict(20, 20), verdict(188, 188), verdict(189, 189)] == [Verdict.UNSURE, Verdict.UNSURE, Verdict.MET]
    assert [verdict(98, 100), verdict(80, 100), verdict(0, 0)] == [Verdict.UNSURE, Verdict.MISSED, Verdict.NONE]


def test_a_bad_mark_stays_when_the_complaint_comes_back_and_what_one_may_not_see_is_not_counted() -> None:
    [complaint] = answered([5], received_at=NOVEMBER, by=actor("agent"))
    rated(complaint, 2)
    closing.reopen(complaint, reason="又坏了", actor=CUSTOMER, at=later(days=1))
    Complaint.objects.filter(pk=complaint.pk).update(replied_at=MONDAY + timedelta(days=40))  # answered anew

    assert (score(member("manager")).n, score(member("manager")).responded) == (1, 0)
    assert score(member("manager"), unit=10**6) == Score()
    Complaint.objects.filter(pk=complaint.pk).update(recused=[member("manager").pk])
    assert score(member("manager")) == Score()
