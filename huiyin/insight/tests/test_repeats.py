"""K09: who comes back within thirty days about the same thing."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.forms.models import model_to_dict

from huiyin.complaints.actions import closing, replying
from huiyin.complaints.actions.clocks import FINAL, REGULATORY, RESOLVE
from huiyin.complaints.models import Clock, Complaint, Letter
from huiyin.complaints.states import State
from huiyin.insight import effectiveness, repeats
from huiyin.insight.attainment import Period
from huiyin.insight.figures import figures
from huiyin.insight.repeats import Repeats
from huiyin.insight.tests.past import answered
from huiyin.org.actors import CUSTOMER
from huiyin.org.models import Member
from huiyin.quality.models import RootCauseDuty
from huiyin.surveys.models import Answer
from huiyin.triage.models import Category
from tests import cast
from tests.cast import actor, later, member

SPRING = later(days=-200)
AT = later(days=1)
YEAR = Period(date(2026, 1, 1), date(2026, 11, 30))


def counted(who: str = "manager") -> Repeats:
    return repeats.summed(repeats.repeats(member(who), YEAR, at=AT).values())


def one(phone: str, days: float, category: str = "PQ-01", **columns: object) -> Complaint:
    received = SPRING + timedelta(days=days)
    return answered([24], received_at=received, by=actor("agent"), category=category, phone=phone, **columns)[0]


@pytest.mark.req("C029")
def test_the_same_customer_about_the_same_kind_or_order_within_thirty_days_is_a_repeat() -> None:
    same = one("13900000001", 0)  # answered on day 1
    one("13900000001", 20)  # within the window of the first; nothing follows it
    other_kind = one("13900000002", 0, order_no="A1")
    one("13900000002", 10, "LG-01", order_no="A1")  # another kind, but the same order
    one("13900000003", 0)
    one("13900000003", 10, "LG-01")  # another kind and no order
    one("13900000004", 0)
    one("13900000004", 32)  # the thirty days are over

    assert counted() == Repeats(hits=2, n=8)
    found = repeats.resolved_of(member("manager"), YEAR, at=AT, outcome="repeated")
    assert {each.pk for each in found} == {same.pk, other_kind.pk}
    assert repeats.resolved_of(member("manager"), YEAR, at=AT, outcome="quiet").count() == 6


@pytest.mark.req("C029")
def test_merged_duplicates_neither_count_nor_are_counted_and_whose_days_are_not_over_is_told_apart() -> None:
    first = one("13900000001", 0)
    twin = one("13900000001", 5)
    Complaint.objects.filter(pk=twin.pk).update(state=State.MERGED, merged_into=first.pk)
    answered([1], received_at=later(days=-3), by=actor("agent"), phone="13900000002")
    answered([1], received_at=later(days=-1), by=actor("agent"), phone="13900000002")

    assert counted() == Repeats(hits=0, n=1, watching=2, early=1)
    Complaint.objects.update(recused=[member("manager").pk])
    assert counted() == Repeats()


@pytest.mark.req("C096")
def test_the_quarterly_matrix_sets_quarters_and_measures_beside_one_another_each_with_n() -> None:
    summer, autumn = later(days=-100), later(days=-40)  # 2026-08 and 2026-10
    for at, repeated, late in ((summer, 12, 10), (autumn, 1, 10)):
        first = answered([24] * 20, received_at=at, by=actor("agent"), phone=f"1391{at.month:03d}{{:04d}}")
        for place in range(repeated):
            answered([1], received_at=at + timedelta(days=5), by=actor("agent"), phone=f"1391{at.month:03d}{place:04d}")
        Complaint.objects.filter(pk__in=[each.pk for each in first[:late]]).update(breached_at=at)
        for complaint in first[:15]:
            assert complaint.replied_at is not None
            Answer.objects.create(complaint=complaint, stars=5, at=AT, resolved_at=complaint.replied_at, via="portal")
    lead: Member = member("manager")
    leaf = Category.objects.get(code="PQ-01")
    RootCauseDuty.objects.create(
        category=leaf, month=date(2026, 8, 1), unit=lead.unit, opened_at=summer, due_at=summer, quarter="2026Q3",
        project="更换电源模块", submitted_at=autumn, submitted_by=member("agent"), approved_at=autumn, approved_by=lead,
    )  # fmt: skip

    found = effectiveness.matrix(lead, at=AT)

    assert found.quarters == [date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)]
    [row] = found.groups
    assert [(cell.repeats.hits, cell.repeats.n) for cell in row.cells] == [(0, 0), (0, 0), (12, 32), (1, 21)]
    assert [(cell.csat.hits, cell.csat.n, cell.late.hits) for cell in row.cells[2:]] == [(15, 15, 10), (15, 15, 10)]
    assert row.category == leaf.parent
    [measure] = found.measures
    assert (measure.before, measure.measure and measure.measure.project) == (date(2026, 7, 1), "更换电源模块")
    fell = measure.changes["repeats"]
    assert fell is not None
    assert fell.high < 0  # so few since that it is no chance
    assert [cell.repeats.n for cell in found.whole.cells] == [0, 0, 32, 21]


@pytest.mark.req("C096")
def test_each_round_is_late_or_in_time_where_it_was_answered_and_a_reopening_takes_nothing_back() -> None:
    def at(days: float) -> datetime:
        return later(days=days - 60)  # counted from 2026-09-17; the quarter ends with day 14

    twice, prompt, waiting = (one_of_september(place) for place in range(3))
    for complaint in (twice, prompt, waiting):
        answer(complaint, at(10 if complaint == twice else 1))  # the first round of `twice` was late
        closing.reopen(complaint, reason="又坏了", actor=CUSTOMER, at=at(13))
    answer(twice, at(13.2))  # the second in time
    also(waiting, FINAL, at, stopped_at=at(1))  # the interim promise of one round was broken: that round is late, once
    Clock.objects.filter(complaint=waiting, code=RESOLVE, stopped_at=at(1)).update(breached_at=at(0.5))
    also(prompt, REGULATORY, at, due_at=at(0.5), stopped_at=at(5))  # what an authority had set was over
    answer(prompt, at(34))  # of this one the second is late, in the next quarter; the third of `waiting` is owed
    lead = member("manager")

    july, october = effectiveness.matrix(lead, at=AT).whole.cells[2:]

    assert [(cell.late.hits, cell.late.n) for cell in (july, october)] == [(3, 4), (2, 2)]
    seen = Complaint.objects.visible_to(lead)
    known = figures(seen, first=date(2026, 7, 1), last=date(2026, 9, 30))
    assert (known.answered, known.on_time) == (4, 1)
    known = figures(seen, first=date(2026, 10, 1), last=date(2026, 11, 15))
    assert (known.answered, known.on_time) == (1, 0)


def also(complaint: Complaint, code: str, at: Callable[[float], datetime], **columns: datetime) -> None:
    first = Clock.objects.get(complaint=complaint, code=RESOLVE, stopped_at=at(1))
    Clock.objects.bulk_create(
        [Clock(**{**model_to_dict(first), "id": None, "complaint": complaint, "code": code, **columns})]
    )


def one_of_september(place: int) -> Complaint:
    return cast.reviewed(cast.filed(at=later(days=-60), phone=f"1370000000{place}"), at=later(days=-60))


def answer(complaint: Complaint, at: datetime) -> None:
    Complaint.objects.filter(pk=complaint.pk).update(state=State.REPLYING)
    replying.send(
        complaint, channel=Letter.Channel.PHONE, body="您好，经核查是主板故障，已为您安排换新，三天内送到。",
        is_final=True, actor=actor("agent"), at=at, breach_reason="缺配件",
    )  # fmt: skip
