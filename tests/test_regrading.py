"""Level and complexity after the review: by a person, or by what the customer says later; what that does to time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from huiyin.api.tests.calling import Caller
from huiyin.complaints import openings, rules
from huiyin.complaints.actions import clocks, closing, extending, noting, regrading, replying
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Clock, Complaint, Event, Extension, Letter
from huiyin.dispatch.actions.following import follow_clocks
from huiyin.insight.attainment import Chosen, Period, clocks_of
from huiyin.notices.models import Notice
from huiyin.org.actors import CUSTOMER
from huiyin.redchannel.actions import paging
from huiyin.sla import promises
from huiyin.sla.explaining import explain
from huiyin.sla.queries import current
from huiyin.supervision.actions import passing_on, taking_back
from huiyin.supervision.models import SignWatch
from tests import cast
from tests.cast import MONDAY, later

Sits = Callable[[str], Client]


@pytest.fixture(autouse=True)
def company(db: None) -> None:
    cast.company()


@pytest.fixture
def sits() -> Sits:
    def signed_in(username: str) -> Client:
        client = Client()
        client.force_login(cast.member(username))
        return client

    return signed_in


def words(answer: Any) -> str:
    return str(answer.content.decode())


def due(complaint: Complaint) -> dict[str, Any]:
    return dict(Clock.objects.running().filter(complaint=complaint).values_list("code", "due_at"))


@pytest.mark.req("C044")
def test_a_case_that_proves_grave_in_handling_is_regraded_reckoned_from_its_start_and_red(sits: Sits) -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    at = later(minutes=50)
    given: dict[str, Any] = {"reason": "客户来电：小孩被烫伤，张伟 13900001111", "at": at}

    with pytest.raises(MayNot):
        regrading.regrade(complaint, severity=2, actor=cast.actor("agent"), **given)
    for wrong in ({"severity": 1}, {"severity": 4}, {"severity": 3}, {"severity": 2, "reason": " "}):
        with pytest.raises(GuardFailed):
            regrading.regrade(complaint, actor=cast.actor("reviewer"), **{**given, **wrong})
    assert not rules.may_do("regrade", cast.filed(), cast.member("supervisor"))  # there the review does it

    regrading.regrade(complaint, severity=1, actor=cast.actor("supervisor"), **given)
    after = due(complaint)
    assert (after["CK-RESOLVE"], after["CK-PLAN"]) == (MONDAY + timedelta(hours=24), MONDAY + timedelta(hours=2))
    assert complaint.due_at == after["CK-RESOLVE"] > after["CK-HANDLE"]
    assert complaint.clocks.get(code="CK-ACK").due_at == later(minutes=40)
    watched = SignWatch.objects.filter(order=order)
    taking_back.watch(complaint, at=later(minutes=25))
    assert watched.get().next_at == order.sign_due_at != later(minutes=40)
    follow_clocks(complaint)
    order.refresh_from_db()
    assert (order.due_at, order.sign_due_at) == (after["CK-HANDLE"], later(minutes=40))
    taking_back.watch(complaint, at=at)
    assert watched.get().next_at == later(minutes=40)  # taken back then, not when level 3 would have been

    event = complaint.events.get(kind=Event.Kind.REGRADED)
    assert (event.particulars["before"]["severity"], event.particulars["after"]["severity"]) == (3, 1)
    assert "13900001111" not in str(event.particulars)
    assert paging.consider(complaint, at=at + timedelta(seconds=5)) is not None
    assert due(complaint)["CK-TASKFORCE"] == at + timedelta(minutes=30)
    passing_on.pass_on(complaint, at=at + timedelta(seconds=5))
    told = set(Notice.objects.filter(key=f"event:{event.pk}").values_list("member__username", flat=True))
    assert {"handler", "executive"} <= told
    page = words(sits("supervisor").get(f"/desk/complaints/{complaint.number}"))
    assert "三级（一般/轻微） → 一级（紧急/重大）" in page


def test_the_desk_says_before_what_the_new_level_does_and_the_interface_has_the_verb(sits: Sits) -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    place, supervisor = f"/desk/complaints/{complaint.number}/grade", sits("supervisor")

    page = words(supervisor.get(place))
    assert "二级（重要/严重）：2026-11-17 10:00（简单）" in page
    assert "时限从原来的起点重算" in page
    given = {"severity": "2", "complexity": complaint.complexity, "reason": ""}
    assert sits("agent").post(place, {**given, "reason": "同批缺陷"}).status_code == 403
    assert supervisor.post(place, given).status_code == 422
    assert supervisor.post(place, {**given, "reason": "同批缺陷"}).status_code == 302

    path, body = f"/complaints/{complaint.number}/grade", {"severity": 1, "reason": "有人受伤"}
    assert Caller("agent").put(path, body).status_code == 403
    assert Caller("reviewer").put(path, body).status_code == 422
    stands = Caller("supervisor").put(path, body)
    assert (stands.status_code, stands.json()["severity"]) == (200, 1)
    assert "regrade" in {each["name"] for each in stands.json()["allowed_moves"]}


@pytest.mark.req("C045")
def test_what_the_customer_says_later_only_raises_and_a_second_reopening_is_level_two(sits: Sits) -> None:
    complaint = cast.closed()
    assert complaint.severity == 3
    closing.reopen(complaint, reason="还是不通电。", actor=cast.actor("supervisor"), at=later(days=2))
    assert complaint.severity == 3
    Complaint.objects.filter(pk=complaint.pk).update(state="closed", closed_at=later(days=2, hours=1), severity=3)
    complaint.refresh_from_db()
    closing.reopen(complaint, reason="第二次了。", actor=cast.actor("supervisor"), at=later(days=3))
    raised = complaint.events.get(kind=Event.Kind.REGRADED)
    assert (complaint.severity, raised.actor_kind, raised.particulars["because"]) == (2, "system", "reopened")
    assert [each["rule"] for each in raised.particulars["rules"]] == ["SEV-13"]
    assert due(complaint)["CK-RESOLVE"] == later(days=4)

    noting.supplement(complaint, text="孩子的手被烫伤，已经住院。", actor=CUSTOMER, at=later(days=3, hours=1))
    assert regrading.hear(complaint, at=later(days=3, hours=2))
    assert not regrading.hear(complaint, at=later(days=3, hours=2))
    complaint.refresh_from_db()
    assert complaint.severity == 1
    page = words(sits("supervisor").get(f"/desk/complaints/{complaint.number}"))
    assert "L1 人身伤害或现实危险：就医住院" in page

    regrading.regrade(
        complaint, severity=4, reason="核实：未受伤", actor=cast.actor("supervisor"), at=later(days=3, hours=3)
    )
    assert not regrading.hear(complaint, at=later(days=3, hours=4))  # the person's word about it stands
    noting.supplement(complaint, text="谢谢。", actor=CUSTOMER, at=later(days=3, hours=5))
    assert not regrading.hear(complaint, at=later(days=3, hours=6))
    complaint.refresh_from_db()
    assert complaint.severity == 4  # what holds of every complaint raises none


@pytest.mark.req("C046")
def test_a_complaint_says_who_answers_for_its_level(sits: Sits) -> None:
    complaint = cast.reviewed()
    page, path = f"/desk/complaints/{complaint.number}", f"/complaints/{complaint.number}"
    supervisor, caller = sits("supervisor"), Caller("supervisor")

    assert complaint.severity == 3
    said = words(supervisor.get(page)).partition("<dt>等级主责</dt><dd>投诉主管（")[2].partition("</dd>")[0]
    assert cast.member("supervisor").name in said
    assert caller.get(path).json()["accountable"] == {"role": "supervisor", "unit": "CC"}
    regrading.regrade(complaint, severity=1, reason="有人受伤", actor=cast.actor("supervisor"), at=later(hours=1))
    assert cast.member("executive").name in words(supervisor.get(page)).partition("<dt>等级主责</dt>")[2][:60]
    assert caller.get(path).json()["accountable"] == {"role": "executive", "unit": "EXE"}


@pytest.mark.req("C045")
def test_a_longer_promise_waits_for_another_supervisors_approval_and_is_never_silent(sits: Sits) -> None:
    complaint = cast.filed(text="小区宽带中断，影响三十户，群体投诉，三十人签名。")
    Complaint.objects.filter(pk=complaint.pk).update(severity=2)
    complaint = cast.reviewed(Complaint.objects.get(pk=complaint.pk), severity=2)
    before = due(complaint)
    regrading.regrade(complaint, severity=3, reason="核实只有一户", actor=cast.actor("supervisor"), at=later(hours=1))
    assert due(complaint)["CK-RESOLVE"] == before["CK-RESOLVE"]
    asked = Extension.objects.get(clock__complaint=complaint, clock__code="CK-RESOLVE")
    assert (asked.verdict, asked.days, asked.due_before) == ("asked", 0, before["CK-RESOLVE"])
    assert asked.target_at is not None
    assert asked.target_at > asked.due_before
    page = words(sits("supervisor2").get(f"/desk/complaints/{complaint.number}"))
    assert "重新定级，按新的等级更长" in page
    verdict = words(sits("supervisor2").get(f"/desk/complaints/{complaint.number}/extension-verdicts"))
    assert "按新的等级" in verdict
    with pytest.raises(MayNot):
        extending.grant(asked, actor=cast.actor("supervisor"), at=later(hours=2))
    with pytest.raises(GuardFailed):
        extending.grant(asked, actor=cast.actor("supervisor2"), at=later(hours=2))  # nobody told the customer
    replying.send(
        complaint, channel=Letter.Channel.PHONE, body="核实后按一般投诉处理。", is_final=False,
        actor=cast.actor("agent"), at=later(hours=2),
    )  # fmt: skip
    extending.grant(asked, actor=cast.actor("supervisor2"), at=later(hours=3))
    complaint.refresh_from_db()
    assert due(complaint)["CK-RESOLVE"] == asked.target_at == complaint.due_at

    regrading.regrade(complaint, severity=4, reason="只是建议", actor=cast.actor("supervisor"), at=later(hours=4))
    again = Extension.objects.get(clock__complaint=complaint, clock__code="CK-RESOLVE", verdict="asked")
    extending.refuse(again, reason="仍按三级", actor=cast.actor("supervisor2"), at=later(hours=5))
    assert due(complaint)["CK-RESOLVE"] == asked.target_at


def graded(complaint: Complaint, severity: int, complexity: str, **at: float) -> Event:
    regrading.regrade(
        complaint, severity=severity, complexity=complexity, reason="重新判断", actor=cast.actor("supervisor"),
        at=later(**at),
    )  # fmt: skip
    event = complaint.events.filter(kind=Event.Kind.REGRADED).last()
    assert event is not None
    return event


def test_a_resolution_in_two_parts_becomes_one_and_one_becomes_two_only_with_approval(sits: Sits) -> None:
    whole, final, day = "CK-RESOLVE", "CK-RESOLVE.final", later(hours=24)
    complaint = cast.reviewed(severity=2)
    in_five_days = due(complaint)[final]

    event = graded(complaint, 2, "S", hours=1)  # the first part is the whole now
    assert [each["clock"] for each in event.particulars["dropped"]] == [final]
    assert (due(complaint).get(final), due(complaint)[whole], complaint.due_at) == (None, day, day)
    page = words(sits("supervisor").get(f"/desk/complaints/{complaint.number}"))
    assert "按新的定级不再适用、到此为止的时限" in page  # on the record, and on the clock itself:
    assert page.count("按新的定级不再适用") == 2
    week = Period(MONDAY, later(days=10))
    counted = clocks_of(cast.member("supervisor"), week, Chosen(), at=later(hours=2))
    assert not counted.filter(code=final).exists()  # neither kept nor broken

    graded(complaint, 2, "C", hours=2)
    assert final not in due(complaint)  # all of it was promised within 24 hours: more waits for approval
    asked = Extension.objects.get(clock__complaint=complaint, verdict="asked")
    replying.send(
        complaint, channel=Letter.Channel.PHONE, body="彻底解决需要更多时间。", is_final=False,
        actor=cast.actor("agent"), at=later(hours=2),
    )  # fmt: skip
    extending.grant(asked, actor=cast.actor("supervisor2"), at=later(hours=3))
    assert (due(complaint)[whole], due(complaint)[final]) == (day, in_five_days)

    clocks.meet_interim(complaint, at=later(hours=4))
    event = graded(complaint, 2, "S", hours=5)  # nothing else is left to the customer: it is the whole, and shorter
    assert (event.particulars["dropped"], due(complaint)[final], complaint.due_at) == ([], day, day)


def test_a_milder_level_keeps_both_parts_until_the_longer_one_is_approved() -> None:
    whole, final = "CK-RESOLVE", "CK-RESOLVE.final"
    complaint = cast.reviewed(severity=2)
    before = due(complaint)
    event = graded(complaint, 3, "C", hours=1)
    assert (event.particulars["dropped"], due(complaint)[whole]) == ([], before[whole])
    assert due(complaint)[final] == before[final]
    asked = Extension.objects.get(clock__complaint=complaint, clock__code=whole)
    replying.send(
        complaint, channel=Letter.Channel.PHONE, body="按一般投诉处理。", is_final=False, actor=cast.actor("agent"),
        at=later(hours=2),
    )  # fmt: skip
    extending.grant(asked, actor=cast.actor("supervisor2"), at=later(hours=3))
    assert (due(complaint)[whole], final in due(complaint)) == (before[final], False)
    extended = complaint.events.get(kind=Event.Kind.EXTENDED)
    assert [each["clock"] for each in extended.particulars["dropped"]] == [final]


def test_what_was_done_before_a_new_level_asks_for_it_does_not_begin_late() -> None:
    complaint = cast.reviewed(category="PQ-07")
    orders = cast.dispatched(complaint, "QM", "LOG")
    cast.completed(orders[0])
    Complaint.objects.filter(pk=complaint.pk).update(complexity="S")
    Clock.objects.filter(complaint=complaint, code__in=["CK-PLAN", "CK-DIAG", "CK-PROGRESS"]).delete()  # never promised
    complaint.refresh_from_db()
    replying.send(
        complaint, channel=Letter.Channel.PHONE, body="已查明，正在安排。", is_final=False, actor=cast.actor("agent"),
        at=later(days=2, hours=4),
    )  # fmt: skip
    graded(complaint, 3, "C", days=2, hours=5)
    after = due(complaint)
    assert not {"CK-PLAN", "CK-DIAG"} & after.keys()
    assert after["CK-PROGRESS"] == later(days=4, hours=4)  # 48 hours after the last report, not late already


def test_an_order_is_never_due_after_its_complaint() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    assert order.order_due_at == complaint.due_at > later(hours=24)
    graded(complaint, 1, complaint.complexity, minutes=50)
    assert follow_clocks(complaint) == 1
    order.refresh_from_db()
    assert order.due_at < order.order_due_at == complaint.due_at == later(hours=24)

    handling, whole = (Clock.objects.get(complaint=complaint, code=code) for code in ("CK-HANDLE", "CK-RESOLVE"))
    alone = handling.due_at
    whole.due_at = alone - timedelta(hours=2)
    clocks.never_after(handling, whole)
    assert handling.due_at == whole.due_at
    assert "不得晚于“解决”的时限，提前到与它同时" in explain(handling.why, "zh")
    assert "but never later than “resolution”, so due together with it" in explain(handling.why, "en")
    again = promises.resumed(current(), handling.why, start=handling.started_at, due=handling.promised_at, pauses=[])
    assert (again.due_at, "不得晚于" in explain(again.why, "zh")) == (alone, False)


def test_what_a_new_level_overtakes_lapses_on_the_record_and_may_be_asked_again() -> None:
    complaint = cast.reviewed(severity=3)
    clock = Clock.objects.running().get(complaint=complaint, code="CK-RESOLVE")
    extending.ask(clock, days=2, reason="等配件检测", actor=cast.actor("agent"), at=later(hours=1))
    first = clock.extensions.get()
    graded(complaint, 4, complaint.complexity, hours=2)
    second = clock.extensions.get(verdict="asked")
    graded(complaint, 3, complaint.complexity, hours=3)
    for each in (first, second):
        each.refresh_from_db()
    assert (first.verdict, first.decided_at, second.decided_at) == ("lapsed", later(hours=2), later(hours=3))
    lapsed = complaint.events.filter(kind=Event.Kind.EXTENSION_LAPSED)
    assert [(each.particulars["extension"], each.particulars["because"]) for each in lapsed] == [
        (first.pk, "regraded"), (second.pk, "regraded"),
    ]  # fmt: skip
    third = clock.extensions.get(verdict="asked")
    extending.refuse(third, reason="按原定时限", actor=cast.actor("supervisor2"), at=later(hours=4))
    assert clock in openings.extendable(Complaint.objects.get(pk=complaint.pk))
    extending.ask(clock, days=2, reason="等配件检测", actor=cast.actor("agent"), at=later(hours=4))
