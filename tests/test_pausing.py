"""What a pause does to a running promise: it stands still, for a good reason, no longer than that lasts."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from huiyin.api import finding, listing
from huiyin.complaints.actions import merging, noting, sweeping, waiting
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.models import Clock, Complaint, Event, Pause
from huiyin.complaints.states import State
from huiyin.desk import queries, rows
from huiyin.desk.shelves import BY_NAME
from huiyin.desk.stages import stages
from huiyin.desk.wordings import pause_heading
from huiyin.dispatch.actions import following, handling
from huiyin.dispatch.models import WorkOrder
from huiyin.insight import departments
from huiyin.notices.models import Notice
from huiyin.org.actors import CUSTOMER
from huiyin.portal.following import Progress
from huiyin.sla.explaining import explain
from huiyin.supervision.actions import passing_on
from tests import cast
from tests.cast import actor, later, member


@pytest.fixture(autouse=True)
def company(db: None) -> None:
    cast.company()


def clock(complaint: Complaint, code: str) -> Clock:
    return Clock.objects.filter(complaint=complaint, code=code).latest("id")


def sent_to_laboratory(complaint: Complaint, *, at: datetime) -> None:
    told = cast.informed(complaint, at=at)
    waiting.pause(complaint, reason="送检", code="WAIT_LAB", evidence=told, actor=actor("agent"), at=at)


def test_an_agents_own_words_prove_no_pause_and_one_record_proves_one_pause() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    given: dict[str, Any] = {"reason": "客户说下周再来", "actor": actor("agent")}
    laboratory, deferred = given | {"code": "WAIT_LAB"}, given | {"code": "CUST_DEFER"}
    with pytest.raises(GuardFailed, match="还没有告知客户的记录") as refused:
        waiting.pause(complaint, **laboratory, at=later(hours=1))
    assert refused.value.field == "evidence"
    with pytest.raises(GuardFailed, match="请选客户要求延后的记录"):
        waiting.pause(complaint, **deferred, evidence="note:1", at=later(hours=1))

    told = cast.informed(complaint, at=later(hours=1))
    waiting.pause(complaint, **laboratory, evidence=told, at=later(hours=1))
    waiting.resume(complaint, actor=actor("agent"), at=later(hours=2))
    with pytest.raises(GuardFailed, match="还没有告知客户的记录"):
        waiting.pause(complaint, **laboratory, evidence=told, at=later(hours=3))
    asked = noting.supplement(complaint, text="我出差，下周再联系", actor=CUSTOMER, at=later(hours=3))
    waiting.pause(complaint, **deferred, evidence=f"note:{asked.pk}", at=later(hours=3))

    assert [each.evidence for each in complaint.pauses.all()] == [told, f"note:{asked.pk}"]
    event = complaint.events.filter(kind=Event.Kind.PAUSED).latest("seq")
    assert event.particulars["evidence"] == f"note:{asked.pk}"


def test_a_pause_without_a_limit_is_reviewed_on_its_day_and_every_week_after_it() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    flood: dict[str, Any] = {"reason": "台风", "code": "FORCE_MAJ", "actor": actor("supervisor"), "at": later(hours=1)}
    with pytest.raises(GuardFailed, match="请写明哪天复查"):
        waiting.pause(complaint, **flood)
    waiting.pause(complaint, **flood, review=later(days=3))

    looked = [waiting.sweep_pauses(at=later(days=days, minutes=1)) for days in (2, 3, 4, 10, 11)]

    assert looked == [0, 1, 0, 1, 0]
    [pause] = complaint.pauses.running()
    assert (pause.reminded, pause.review_at) == (2, later(days=17))
    passing_on.pass_on(complaint, at=later(days=10, minutes=2))
    assert Notice.objects.filter(kind="pause_review", number=complaint.number).exists()


def test_waiting_for_the_customer_moves_the_promise_by_what_it_stood_still() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    before = {code: clock(complaint, code).due_at for code in ("CK-RESOLVE", "CK-HANDLE", "CK-INITFB")}

    waiting.pause(complaint, reason="请客户补发票", actor=actor("agent"), at=later(hours=2))
    standing = {each.code for each in Clock.objects.running().filter(complaint=complaint, paused_at__isnull=False)}
    paused = WorkOrder.objects.with_time().get(pk=order.pk)
    with CaptureQueriesContext(connection) as asked:
        assert not paused.is_overdue(later(days=30))  # the board, the desk and the API have one truth
    assert (len(asked), WorkOrder.objects.get(pk=order.pk).is_overdue(later(days=30))) == (0, False)
    waiting.resume(complaint, actor=actor("agent"), at=later(hours=12))
    assert WorkOrder.objects.get(pk=order.pk).is_overdue(later(days=30))
    following.follow_clocks(complaint)
    names = [pause_heading(code) for code in ("WAIT_CUST", "WAIT_LAB", "CUST_DEFER", "FORCE_MAJ", "OWN")]
    assert names == ["等待客户补充或确认", "等待检测鉴定", "客户要求延后", "不可抗力，暂停", "暂停（OWN）"]

    held = timedelta(hours=8)  # ten hours, but the third working day ends on Thursday at 18:00 all the same
    assert standing == {"CK-RESOLVE", "CK-HANDLE", "CK-PLAN"}
    assert {code: clock(complaint, code).due_at - due for code, due in before.items()} == {
        "CK-RESOLVE": held,
        "CK-HANDLE": held,
        "CK-INITFB": timedelta(0),
    }
    complaint.refresh_from_db()
    assert complaint.due_at == before["CK-RESOLVE"] + held
    assert WorkOrder.objects.get(pk=order.pk).due_at == before["CK-HANDLE"] + held
    assert "因暂停由 11月19日 10:00 顺延" in explain(clock(complaint, "CK-RESOLVE").why, "zh")


def test_a_paused_promise_is_neither_warned_of_nor_broken() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    waiting.pause(complaint, reason="请客户补发票", actor=actor("agent"), at=later(hours=2))

    while sweeping.sweep(at=later(days=4)):
        pass

    told = {each.particulars["clock"] for each in complaint.events.filter(kind__in=["warned", "breached"])}
    assert told == {"CK-FR", "CK-INITFB", "CK-ACK", "CK-SR", "CK-PROGRESS"}


def test_a_pause_that_began_when_it_was_late_rescues_nothing() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    due = clock(complaint, "CK-RESOLVE").due_at
    sweeping.sweep(at=due + timedelta(minutes=1))

    waiting.pause(complaint, reason="等客户", actor=actor("agent"), at=due + timedelta(hours=1))
    waiting.resume(complaint, actor=actor("agent"), at=due + timedelta(hours=9))

    assert clock(complaint, "CK-RESOLVE").due_at == due
    assert clock(complaint, "CK-RESOLVE").breached_at == due + timedelta(minutes=1)
    waiting.pause(complaint, reason="等客户", actor=actor("agent"), at=due + timedelta(hours=10))
    assert set(late_by(complaint, due + timedelta(days=1)).values()) == {True}


def late_by(complaint: Complaint, at: datetime) -> dict[str, bool]:
    """Whether each place that says so counts it as overdue."""
    complaint.refresh_from_db()
    supervisor = member("supervisor")
    seen = Complaint.objects.visible_to(supervisor)
    late, in_time = (listing.Filters.model_validate({"overdue": value}) for value in (True, False))
    rows: dict[str, QuerySet[Any]] = {
        "shelf": BY_NAME["overdue"].rows(supervisor, at),
        "sieve": queries.on_shelf(BY_NAME["all"], supervisor, queries.Sieve(overdue=True), at=at),
        "api": listing.chosen(supervisor, seen, late, at=at),
        "departments": departments.open_of(supervisor, at=at, outcome="overdue"),
    }
    with CaptureQueriesContext(connection) as asked:
        found = {name: complaint in each for name, each in rows.items()}
    assert len(asked) == len(rows)
    return {
        **found,
        "not in time": complaint not in listing.chosen(supervisor, seen, in_time, at=at),
        "stages": any(each["is_late"] for each in stages(complaint, list(complaint.work_orders.all()), at=at)),
        "portal": Progress(complaint, at).is_late,
        "row": complaint.is_overdue(at),
    }


def test_what_stands_still_is_nowhere_overdue_until_it_goes_on_and_its_new_time_is_past() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    due = complaint.due_at
    past = due + timedelta(hours=1)
    assert set(late_by(complaint, past).values()) == {True}
    orders = (WorkOrder.objects, finding.orders(member("supervisor")))  # the second is the API's
    assert [each.get(pk=order.pk).is_overdue(past) for each in orders] == [True, True]

    waiting.pause(complaint, reason="请客户补发票", actor=actor("agent"), at=later(hours=2))
    assert set(late_by(complaint, past).values()) == {False}
    assert (complaint.due_at, complaint.paused_at) == (due, later(hours=2))
    [row] = rows.complaint_rows(queries.in_line(Complaint.objects.filter(pk=complaint.pk)), member("supervisor"))
    assert row["paused_at"] == later(hours=2)
    assert list(WorkOrder.objects.overdue(past)) == []
    assert [each.get(pk=order.pk).is_overdue(past) for each in orders] == [False, False]
    sent_to_laboratory(complaint, at=later(hours=3))
    waiting.resume(complaint, actor=actor("agent"), at=later(hours=4), codes=["WAIT_CUST"])
    assert set(late_by(complaint, past).values()) == {False}  # the laboratory still has it

    waiting.sweep_pauses(at=later(days=60))  # it ends by itself
    complaint.refresh_from_db()
    assert (complaint.paused_at, complaint.due_at > past) == (None, True)
    assert set(late_by(complaint, complaint.due_at).values()) == {False}
    assert set(late_by(complaint, complaint.due_at + timedelta(seconds=1)).values()) == {True}


def test_a_pause_reminds_twice_and_ends_by_itself_at_its_limit() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    waiting.pause(complaint, reason="请客户补发票", actor=actor("agent"), at=later(hours=1))

    looked = [waiting.sweep_pauses(at=later(hours=hours, seconds=1)) for hours in (24, 25, 26, 49, 72, 73, 74)]

    assert looked == [0, 1, 0, 1, 0, 1, 0]
    pause = Pause.objects.get(complaint=complaint)
    assert (pause.ended_by, pause.reminded) == ("system", 2)
    complaint.refresh_from_db()
    assert complaint.state == State.IN_PROGRESS


def test_the_customers_answer_ends_what_waited_for_them_and_is_seen_on_what_did_not() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    sent_to_laboratory(complaint, at=later(hours=1))
    waiting.pause(complaint, reason="请客户补发票", actor=actor("agent"), at=later(hours=2))
    noting.supplement(complaint, text="发票已上传", actor=CUSTOMER, at=later(hours=5))

    waiting.customer_answered(complaint, at=later(hours=5))
    waiting.customer_answered(complaint, at=later(hours=6))

    ended = {each.reason: (each.ended_at, each.replied_at) for each in complaint.pauses.all()}
    assert ended == {"WAIT_CUST": (later(hours=5), later(hours=5)), "WAIT_LAB": (None, later(hours=5))}
    assert clock(complaint, "CK-RESOLVE").paused_at == later(hours=1)  # the laboratory still has it


def test_an_answer_that_one_of_us_wrote_down_ends_what_waited_for_the_customer_too() -> None:
    """By telephone, or over the interface."""
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    waiting.pause(complaint, reason="请客户补发票", actor=actor("agent"), at=later(hours=2))
    noting.supplement(complaint, text="客户来电：发票已找到", actor=actor("agent2"), at=later(hours=5))

    waiting.customer_answered(complaint, at=later(hours=5))

    [pause] = complaint.pauses.all()
    assert (pause.ended_at, pause.replied_at) == (later(hours=5), later(hours=5))


def test_overlapping_pauses_count_once() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    due = clock(complaint, "CK-RESOLVE").due_at
    sent_to_laboratory(complaint, at=later(hours=1))
    waiting.pause(complaint, reason="请客户补发票", actor=actor("agent"), at=later(hours=4))

    waiting.resume(complaint, actor=actor("agent"), at=later(hours=6), codes=["WAIT_LAB"])
    waiting.resume(complaint, actor=actor("agent"), at=later(hours=9))

    assert clock(complaint, "CK-RESOLVE").due_at - due == timedelta(hours=8)


def test_an_internal_department_or_a_colleagues_leave_is_no_reason_to_pause() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    with pytest.raises(GuardFailed, match="都不是理由"):
        waiting.pause(complaint, reason="等配件", code="WAIT_PARTS", actor=actor("agent"), at=later(hours=1))
    with pytest.raises(MayNot, match="主管"):
        waiting.pause(complaint, reason="台风", code="FORCE_MAJ", actor=actor("agent"), at=later(hours=1))
    with pytest.raises(GuardFailed, match="最长只能暂停到"):
        waiting.pause(
            complaint,
            reason="客户出国",
            code="CUST_DEFER",
            evidence=cast.informed(complaint, at=later(hours=1)),
            until=later(days=30),
            actor=actor("agent"),
            at=later(hours=1),
        )
    complaint.refresh_from_db()
    assert (complaint.state, complaint.pauses.count()) == (State.IN_PROGRESS, 0)


def test_nothing_that_has_ended_is_paused() -> None:
    complaint = cast.closed()
    with pytest.raises(MoveRefused):
        waiting.pause(complaint, reason="送检", code="WAIT_LAB", actor=actor("agent"), at=later(days=2))


def test_a_review_leaves_a_pause_and_an_extension_where_they_are() -> None:
    complaint = cast.filed()
    sent_to_laboratory(complaint, at=later(minutes=5))
    waiting.resume(complaint, actor=actor("agent"), at=later(hours=10, minutes=5))
    moved = clock(complaint, "CK-RESOLVE").due_at

    cast.reviewed(complaint, at=later(hours=11), category="TD-01", severity=3)
    same = clock(complaint, "CK-RESOLVE").due_at
    assert (same, moved) == (moved, later(days=3, hours=8))  # the third working day ends before the ten hours are over


def test_what_was_merged_while_paused_runs_on_when_it_is_taken_apart() -> None:
    into = cast.filed(phone="13900003333")
    complaint = cast.filed(phone="13900004444")
    sent_to_laboratory(complaint, at=later(minutes=5))
    merging.merge(complaint, into=into, actor=actor("reviewer"), at=later(hours=1))

    merging.unmerge(complaint, reason="两回事", actor=actor("reviewer"), at=later(hours=2))

    running = Clock.objects.running().filter(complaint=complaint)
    assert running.exists()
    assert not running.filter(paused_at__isnull=False).exists()
    assert not running.filter(attention_at=None).exists()


def test_a_warning_comes_when_its_share_of_the_time_that_counts_is_used_up() -> None:
    """72 hours with ten of pause: half of them have run 46 hours after receipt, not 41."""
    complaint = cast.filed()
    Clock.objects.filter(complaint=complaint).exclude(code="CK-RESOLVE").update(stopped_at=complaint.received_at)
    Clock.objects.filter(complaint=complaint).update(why={"unit": "nh", "amount": 72, "start": "", "due": ""})
    sent_to_laboratory(complaint, at=later(hours=2))
    waiting.resume(complaint, actor=actor("agent"), at=later(hours=12))
    resolve = clock(complaint, "CK-RESOLVE")
    assert (resolve.due_at, resolve.attention_at) == (later(hours=82), later(hours=46))

    looked = [sweeping.sweep(at=later(hours=hours, seconds=1)) for hours in (41, 45.9, 46, 67.5, 67.7, 82, 117.9, 118)]

    assert looked == [0, 0, 1, 0, 1, 1, 0, 1]
    said = complaint.events.filter(kind__in=[Event.Kind.WARNED, Event.Kind.BREACHED]).order_by("seq")
    assert [each.particulars["share"] for each in said] == [50, 80, 100, 150]


def test_what_was_handled_in_part_is_told_of_on_its_day_and_lies_on_the_shelf_until_it_is_followed_up() -> None:
    [order] = cast.dispatched()
    handling.sign(order, actor=actor("handler"), at=later(hours=1))
    complaint = Complaint.objects.get(pk=order.complaint_id)
    waiting.settle_for_now(
        complaint, plan="先换新，再查原因", follow_up_on=later(days=3).date(), actor=actor("handler"), at=later(hours=2)
    )

    def lying(days: float) -> bool:
        return complaint in BY_NAME["follow"].rows(member("supervisor"), later(days=days))

    assert [lying(2), lying(3)] == [False, True]  # tomorrow's is no work of today
    waiting.follow_up(today=later(days=3).date(), at=later(days=3))
    passing_on.pass_on(complaint, at=later(days=3))
    passing_on.pass_on(complaint, at=later(days=3))
    assert list(Notice.objects.filter(kind="follow_up_due").values_list("member__username", flat=True)) == ["handler"]
    assert [lying(2), lying(3), lying(5)] == [False, True, True]

    complaint.refresh_from_db()
    noting.note(complaint, text="已回访，原因查明", actor=actor("handler"), at=later(days=3, hours=1))
    assert not lying(5)
