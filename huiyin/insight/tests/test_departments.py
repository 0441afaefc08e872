"""Departments beside one another: closed, overdue, fixed the first time, returned goods."""

from datetime import date

import pytest
from django.test import Client

from huiyin.complaints import rules
from huiyin.complaints.actions import closing, merging, replying, returning
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Clock, Complaint, Letter
from huiyin.complaints.models.complaint import Outcome
from huiyin.dispatch.actions import auditing
from huiyin.dispatch.models import WorkOrder
from huiyin.insight import departments, scoring
from huiyin.insight.attainment import Period
from huiyin.insight.rates import Rate, Verdict
from huiyin.org.actors import CUSTOMER
from huiyin.quality.actions import assessing
from huiyin.quality.models import Assessment
from tests import cast
from tests.cast import actor, later, member, unit

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def line(of: int, *, days: float) -> departments.Line:
    return {each.unit.pk: each for each in departments.board(member("manager"), NOVEMBER, at=later(days=days))}[of]


@pytest.mark.req("C105")
def test_each_department_shows_what_it_closed_and_what_is_overdue_now_with_n() -> None:
    closed = cast.closed()
    late, early, twin = (cast.filed(phone=f"1370000000{place}") for place in range(3))
    Complaint.objects.update(owner_unit=closed.owner_unit)
    Complaint.objects.filter(pk=late.pk).update(due_at=later(days=1))
    Complaint.objects.filter(pk=early.pk).update(due_at=later(days=9))
    Complaint.objects.filter(pk=twin.pk).update(state="merged", merged_into=late.pk)

    found = line(closed.owner_unit_id, days=2)

    assert (found.closed, found.overdue) == (Rate(1, 3), Rate(1, 2))
    [order] = cast.dispatched(cast.reviewed(early))  # the quality department has part in it, and is late
    WorkOrder.objects.filter(pk=order.pk).update(due_at=later(days=1))
    assert (line(unit("QM").pk, days=2).overdue) == Rate(1, 1)
    assert (line(closed.owner_unit_id, days=2).overdue) == Rate(1, 2)
    worst = departments.arranged(departments.board(member("manager"), NOVEMBER, at=later(days=2)), "overdue")
    assert worst[0].overdue.hits == 1
    behind = departments.open_of(member("manager"), at=later(days=2), unit=closed.owner_unit_id, outcome="overdue")
    assert [each.pk for each in behind] == [late.pk]
    quality = departments.open_of(member("manager"), at=later(days=2), unit=unit("QM").pk, outcome="overdue")
    assert [each.pk for each in quality] == [early.pk]
    assert departments.received_of(member("manager"), NOVEMBER, unit=unit("QM").pk).count() == 2
    assert line(unit("QM").pk, days=2).closed == Rate(1, 2)
    assert departments.board(member("outsider"), NOVEMBER, at=later(days=2)) == []


@pytest.mark.req("C104")
def test_first_fix_is_of_orders_that_passed_at_once_and_did_not_come_back_and_returns_within_three_days() -> None:
    lines = []
    for place in range(3):
        [order] = cast.dispatched(cast.reviewed(cast.filed(phone=f"1370000000{place}")))
        lines.append(cast.completed(order))
    auditing.send_back(lines[1], reason="没有写原因", actor=actor("auditor"), at=later(hours=6))
    again = cast.completed(WorkOrder.objects.get(pk=lines[1].pk), at=later(hours=9))
    for order in (lines[0], again, lines[2]):
        cast.passed(order, at=later(hours=10))
    back = Complaint.objects.get(pk=lines[2].complaint_id)
    replying.send(
        back, channel=Letter.Channel.PHONE, body="您好，经核查是主板故障，已为您安排换新，三天内送到。",
        is_final=True, actor=actor("agent"), at=later(hours=11), breach_reason="审核人请假",
    )  # fmt: skip
    closing.reopen(back, reason="又坏了", actor=CUSTOMER, at=later(days=3))
    for place, days in enumerate((2, 4)):
        goods = Complaint.objects.get(pk=lines[place].complaint_id)
        returning.receive(goods, actor=actor("agent"), at=later(hours=12))
        returning.process(goods, actor=actor("agent"), at=later(hours=12, days=days))

    workshop = unit("QM").pk
    assert (line(workshop, days=20).first_fix.n, line(workshop, days=20).watching) == (0, 3)
    assert line(workshop, days=40).first_fix == Rate(1, 3)
    counted = departments.orders_of(member("manager"), NOVEMBER, at=later(days=40), unit=workshop, outcome="counted")
    behind = departments.orders_of(member("manager"), NOVEMBER, at=later(days=40), unit=workshop, outcome="unfixed")
    assert {each.pk for each in counted} == {lines[0].pk, again.pk, lines[2].pk}
    assert {each.pk for each in behind} == {again.pk, lines[2].pk}  # what the figure's links lead to
    early_rows = departments.orders_of(member("manager"), NOVEMBER, at=later(days=20), outcome="counted")
    assert not early_rows.exists()
    goods_counted = departments.returns_of(member("manager"), NOVEMBER, at=later(days=40), outcome="counted")
    assert goods_counted.count() == 2
    owner = line(back.owner_unit_id, days=40)
    assert (owner.returns, owner.return_days) == (Rate(1, 2), 2.0)  # of two, the lower middle
    assert departments.FIRST_FIX.percent == "≥ 85%"
    assert Rate(5, 40, departments.FIRST_FIX).verdict is Verdict.MISSED

    marks = {(mark.unit.pk, mark.kpi): mark for mark in scoring.marks(member("manager"), NOVEMBER, at=later(days=60))}
    assert marks[workshop, "K12"].rate == Rate(1, 3)
    assert marks[workshop, "K12"].is_final
    assert marks[back.owner_unit_id, "K13"].rate == Rate(1, 2)
    early = scoring.marks(member("manager"), NOVEMBER, at=later(days=30, hours=1))
    assert not any(mark.is_final for mark in early if mark.kpi == "K12")


@pytest.mark.req("C104")
def test_goods_that_came_back_are_dealt_with_after_the_answer_the_end_and_a_withdrawal_as_well() -> None:
    complaint, taken_back = cast.waiting_for_reply(), cast.reviewed(cast.filed(phone="13900002222"))
    returning.receive(complaint, actor=actor("agent"), at=later(hours=6, minutes=30))
    returning.receive(taken_back, without_reason=True, actor=actor("agent"), at=later(hours=6, minutes=30))
    with pytest.raises(GuardFailed, match="退回的商品还没有处理完"):
        merging.merge(taken_back, into=complaint, actor=actor("reviewer"), at=later(hours=7))
    replying.send(
        complaint, channel=Letter.Channel.PHONE, body="您好，经核查是主板故障，已为您安排换新，三天内送到。",
        is_final=True, actor=actor("agent"), at=later(hours=7),
    )  # fmt: skip
    closing.accept(complaint, outcome=Outcome.SATISFIED, at=later(days=1))
    closing.withdraw(taken_back, reason="不投诉了，把钱退给我", actor=CUSTOMER, at=later(days=1))
    owed = {*Clock.objects.running().filter(complaint=taken_back).values_list("code", flat=True)}
    owner = complaint.owner_unit_id
    assert owed == {"CK-RET", "CK-REG"}  # their goods, and their money by law
    assert line(owner, days=2).returns == Rate()  # still in time
    assert line(owner, days=4).returns == Rate(0, 1)  # closed, and late; what was withdrawn is in no figure

    for each in (complaint, taken_back):
        assert "process_return" in {verb.name for verb in rules.verbs(each, member("agent"))}
        assert "process_return" not in {verb.name for verb in rules.verbs(each, member("auditor"))}
    returning.process(complaint, actor=actor("agent"), at=later(days=2))
    was = complaint.state, complaint.due_at
    assert "receive_return" in {
        verb.name for verb in rules.verbs(Complaint.objects.get(pk=complaint.pk), member("agent"))
    }
    returning.receive(complaint, without_reason=True, actor=actor("agent"), at=later(days=2))  # a second parcel
    complaint.refresh_from_db()
    assert (complaint.state, complaint.due_at, line(owner, days=6).returns.n) == (*was, 2)
    assert complaint.events.filter(kind="return_received").count() == 2
    returning.process(complaint, actor=actor("agent"), at=later(days=3))
    client = Client()
    client.force_login(member("agent"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/desk/complaints/{taken_back.number}/returned-goods-processed").status_code == 302

    assert line(owner, days=4).returns == Rate(2, 2)
    assert not Clock.objects.running().filter(complaint=taken_back).exists()
    assert "process_return" not in {
        verb.name for verb in rules.verbs(Complaint.objects.get(pk=complaint.pk), member("agent"))
    }


@pytest.mark.req("C050")
def test_a_repair_past_its_time_counts_against_its_department_on_the_board_and_in_the_score_file() -> None:
    late, dropped, other = (
        cast.reviewed(cast.filed(phone=f"1370000000{place}"), category=code)
        for place, code in enumerate(("SP-12", "SP-12", "SP-11"))
    )
    for each in (late, dropped, other):
        assessing.assess(each, at=later(hours=1))
    Assessment.objects.filter(complaint=dropped).update(is_dismissed=True)  # found not justified

    service = unit("AFS")
    assert line(service.pk, days=2).assessed == 1
    behind = departments.assessed_of(member("manager"), NOVEMBER, unit=service.pk)
    assert [each.pk for each in behind] == [late.pk]
    assert list(departments.assessed_of(member("manager"), NOVEMBER, unit=unit("QM").pk)) == []
    found = [mark for mark in scoring.marks(member("manager"), NOVEMBER, at=later(days=60)) if mark.kpi == "assessed"]
    assert [(mark.unit, mark.rate, mark.is_final) for mark in found] == [(service, Rate(1), True)]
    soon = [mark for mark in scoring.marks(member("manager"), NOVEMBER, at=later(days=20)) if mark.kpi == "assessed"]
    assert [mark.is_final for mark in soon] == [False]  # December: what is not justified may still be found
    assert departments.board(member("outsider"), NOVEMBER, at=later(days=2)) == []
