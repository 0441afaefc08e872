"""What time does to a running promise: warned, broken, paused, extended, explained; each once, at the right moment."""

from datetime import UTC, datetime, timedelta

import pytest

from huiyin.complaints import auditing as chain
from huiyin.complaints.actions import explaining, extending, merging, promising, replying, sweeping, waiting
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.models import Clock, Complaint, Event, Letter, Pause
from huiyin.complaints.states import State
from huiyin.dispatch.actions import following, handling
from huiyin.dispatch.models import WorkOrder
from huiyin.sla.explaining import explain
from tests import cast
from tests.cast import actor, later


@pytest.fixture(autouse=True)
def company(db: None) -> None:
    cast.company()


def clock(complaint: Complaint, code: str) -> Clock:
    return Clock.objects.filter(complaint=complaint, code=code).latest("id")


def facts(complaint: Complaint, kind: Event.Kind) -> list[tuple[str, int, datetime]]:
    found = complaint.events.filter(kind=kind).order_by("seq")
    return [(each.particulars["clock"], each.particulars["share"], each.at) for each in found]


def swept(*moments: datetime) -> list[int]:
    return [sweeping.sweep(at=moment) for moment in moments]


def minutes(*numbers: int) -> list[datetime]:
    return [later(minutes=number, seconds=1) for number in numbers]


@pytest.mark.req("C060")
def test_a_promise_is_warned_of_at_half_at_four_fifths_when_broken_and_at_one_and_a_half() -> None:
    complaint = cast.filed()  # L3: first response within 2 hours
    Clock.objects.filter(complaint=complaint).exclude(code="CK-FR").update(stopped_at=complaint.received_at)

    looked = swept(*minutes(59, 60, 61, 95, 96, 119, 120, 121, 179, 180, 600))

    assert looked == [0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0]
    assert facts(complaint, Event.Kind.WARNED) == [
        ("CK-FR", 50, minutes(60)[0]),
        ("CK-FR", 80, minutes(96)[0]),
        ("CK-FR", 150, minutes(180)[0]),
    ]
    assert facts(complaint, Event.Kind.BREACHED) == [("CK-FR", 100, minutes(120)[0])]
    assert list(chain.verify()) == []


def test_what_slept_through_the_night_is_told_once_at_its_last_share() -> None:
    complaint = cast.filed()
    Clock.objects.filter(complaint=complaint).exclude(code="CK-FR").update(stopped_at=complaint.received_at)

    swept(later(days=3), later(days=3, minutes=1))

    assert facts(complaint, Event.Kind.WARNED) == []
    assert facts(complaint, Event.Kind.BREACHED) == [("CK-FR", 150, later(days=3))]


def test_a_sweep_that_finds_nothing_asks_one_question(django_assert_num_queries: object) -> None:
    cast.filed()
    with django_assert_num_queries(3):  # type: ignore[operator]  # the fixture; two of them are the transaction's
        assert sweeping.sweep(at=later(minutes=1)) == 0


def test_a_promise_that_is_met_late_is_broken_though_no_sweep_came_by() -> None:
    complaint = cast.filed()

    replying.send(
        complaint,
        channel=Letter.Channel.PHONE,
        body="您好，我们正在核查。",
        is_final=False,
        actor=actor("agent"),
        at=later(hours=3),
    )

    first = clock(complaint, "CK-FR")
    assert (first.stopped_at, first.breached_at) == (later(hours=3), later(hours=3))
    assert facts(complaint, Event.Kind.BREACHED) == [("CK-FR", 100, later(hours=3))]


@pytest.mark.req("C046")
def test_waiting_for_the_customer_moves_the_promise_by_what_it_stood_still() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    before = {code: clock(complaint, code).due_at for code in ("CK-RESOLVE", "CK-HANDLE", "CK-INITFB")}

    waiting.pause(complaint, reason="请客户补发票", actor=actor("agent"), at=later(hours=2))
    standing = {each.code for each in Clock.objects.running().filter(complaint=complaint, paused_at__isnull=False)}
    waiting.resume(complaint, actor=actor("agent"), at=later(hours=12))
    following.follow_clocks(complaint)

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
    from huiyin.complaints.actions import noting
    from huiyin.org.actors import CUSTOMER

    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    waiting.pause(complaint, reason="送检，已告知客户", code="WAIT_LAB", actor=actor("agent"), at=later(hours=1))
    waiting.pause(complaint, reason="请客户补发票", actor=actor("agent"), at=later(hours=2))
    noting.supplement(complaint, text="发票已上传", actor=CUSTOMER, at=later(hours=5))

    waiting.customer_answered(complaint, at=later(hours=5))
    waiting.customer_answered(complaint, at=later(hours=6))

    ended = {each.reason: (each.ended_at, each.replied_at) for each in complaint.pauses.all()}
    assert ended == {"WAIT_CUST": (later(hours=5), later(hours=5)), "WAIT_LAB": (None, later(hours=5))}
    assert clock(complaint, "CK-RESOLVE").paused_at == later(hours=1)  # the laboratory still has it


def test_overlapping_pauses_count_once() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    due = clock(complaint, "CK-RESOLVE").due_at
    waiting.pause(complaint, reason="送检，已告知客户", code="WAIT_LAB", actor=actor("agent"), at=later(hours=1))
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
            until=later(days=30),
            actor=actor("agent"),
            at=later(hours=1),
        )
    complaint.refresh_from_db()
    assert (complaint.state, complaint.pauses.count()) == (State.IN_PROGRESS, 0)


def told(complaint: Complaint, *, at: datetime) -> None:
    replying.send(
        complaint,
        channel=Letter.Channel.PHONE,
        body="需要送检，预计晚两个工作日答复您。",
        is_final=False,
        actor=actor("agent"),
        at=at,
    )


@pytest.mark.req("C027")
def test_an_extension_is_asked_for_in_time_told_to_the_customer_and_granted_by_another_once() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    resolution = clock(complaint, "CK-RESOLVE")  # Thursday 10:00

    extension = extending.ask(resolution, days=2, reason="送检", actor=actor("agent"), at=later(days=1))
    with pytest.raises(GuardFailed, match="先告知客户"):
        extending.grant(extension, actor=actor("supervisor"), at=later(days=1, hours=1))
    told(complaint, at=later(days=1, hours=2))
    with pytest.raises(MayNot):
        extending.grant(extension, actor=actor("agent"), at=later(days=1, hours=3))
    extending.grant(extension, actor=actor("supervisor"), at=later(days=1, hours=3))

    resolution.refresh_from_db()
    complaint.refresh_from_db()
    assert resolution.due_at == datetime(2026, 11, 23, 10, tzinfo=UTC)  # Monday 18:00
    assert (complaint.due_at, resolution.promised_at) == (resolution.due_at, later(days=3))
    assert "经批准由 11月19日 10:00 延长 2 个工作日" in explain(resolution.why, "zh")
    with pytest.raises(GuardFailed, match="只能延期 1 次"):
        extending.ask(resolution, days=1, reason="再送检", actor=actor("agent"), at=later(days=2))


def test_no_extension_after_the_promise_is_broken() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    resolution = clock(complaint, "CK-RESOLVE")
    extension = extending.ask(resolution, days=2, reason="送检", actor=actor("agent"), at=later(days=2))
    told(complaint, at=later(days=2, hours=1))

    with pytest.raises(GuardFailed, match="原定时限已过"):
        extending.grant(extension, actor=actor("supervisor"), at=later(days=3, minutes=1))
    with pytest.raises(GuardFailed, match="到期之前"):
        extending.ask(clock(complaint, "CK-HANDLE"), days=1, reason="晚了", actor=actor("agent"), at=later(days=9))
    with pytest.raises(GuardFailed, match="不能延期"):
        extending.ask(clock(complaint, "CK-FR"), days=1, reason="忙", actor=actor("agent"), at=later(minutes=40))


@pytest.mark.req("C027")
def test_a_late_answer_needs_its_reason_on_file() -> None:
    complaint = cast.waiting_for_reply()
    late = later(days=4)
    answer = {"channel": Letter.Channel.PHONE, "body": "您好，已为您换新。", "is_final": True, "actor": actor("agent")}

    with pytest.raises(GuardFailed, match="请说明超时原因") as refused:
        replying.send(complaint, at=late, **answer)  # type: ignore[arg-type]  # given by name above
    assert refused.value.field == "breach_reason"
    replying.send(complaint, at=late, breach_reason="供应商缺货", **answer)  # type: ignore[arg-type]

    resolution = clock(complaint, "CK-RESOLVE")
    assert resolution.explanation is not None
    assert (resolution.explanation.text, resolution.breached_at) == ("供应商缺货", late)
    assert complaint.events.filter(kind=Event.Kind.BREACH_EXPLAINED).count() == 1
    with pytest.raises(GuardFailed, match="没有需要说明的超时"):
        explaining.explain(complaint, reason="再说一次", codes=("CK-RESOLVE",), actor=actor("agent"), at=late)


@pytest.mark.req("B44", "B45")
def test_a_promised_time_runs_until_the_customer_hears_from_us() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    promising.promise(complaint, until=later(hours=8), actor=actor("agent"), at=later(hours=1))
    assert "与客户约定" in explain(clock(complaint, "CK-PROMISE").why, "zh")

    told(complaint, at=later(hours=7))
    assert clock(complaint, "CK-PROMISE").stopped_at == later(hours=7)

    promising.promise(complaint, until=later(hours=20), actor=actor("agent"), at=later(hours=7))
    sweeping.sweep(at=later(hours=21))
    assert ("CK-PROMISE", 100, later(hours=21)) in facts(complaint, Event.Kind.BREACHED)
    with pytest.raises(GuardFailed):
        promising.promise(complaint, until=later(hours=1), actor=actor("agent"), at=later(hours=22))


@pytest.mark.req("C060")
def test_a_complex_complaint_is_reported_on_every_48_hours_until_it_is_solved() -> None:
    complaint = cast.filed(text="合同纠纷，涉及赔偿，需要检测鉴定", category="TD-01")
    Complaint.objects.filter(pk=complaint.pk).update(complexity="C")
    complaint.refresh_from_db()
    complaint = cast.reviewed(complaint, category="TD-01")
    assert clock(complaint, "CK-PROGRESS").due_at == later(hours=48)

    told(complaint, at=later(hours=40))

    assert clock(complaint, "CK-PROGRESS").due_at == later(hours=88)
    assert Clock.objects.running().filter(complaint=complaint, code="CK-PROGRESS").count() == 1


@pytest.mark.req("C099")
def test_two_departments_diagnose_in_48_hours_and_plan_in_72() -> None:
    complaint = cast.filed()
    Complaint.objects.filter(pk=complaint.pk).update(complexity="C")
    complaint.refresh_from_db()
    cast.dispatched(cast.reviewed(complaint), "QM", "LEG")

    assert clock(complaint, "CK-DIAG").due_at == later(hours=48)
    assert clock(complaint, "CK-PLAN").due_at == later(hours=72)


def test_nothing_that_has_ended_is_paused() -> None:
    complaint = cast.closed()
    with pytest.raises(MoveRefused):
        waiting.pause(complaint, reason="送检", code="WAIT_LAB", actor=actor("agent"), at=later(days=2))


def test_a_review_leaves_a_pause_and_an_extension_where_they_are() -> None:
    complaint = cast.filed()
    waiting.pause(complaint, reason="送检，已告知客户", code="WAIT_LAB", actor=actor("agent"), at=later(minutes=5))
    waiting.resume(complaint, actor=actor("agent"), at=later(hours=10, minutes=5))
    moved = clock(complaint, "CK-RESOLVE").due_at

    cast.reviewed(complaint, at=later(hours=11), category="TD-01", severity=3)
    same = clock(complaint, "CK-RESOLVE").due_at
    assert (same, moved) == (moved, later(days=3, hours=8))  # the third working day ends before the ten hours are over


def test_the_complaint_is_due_with_its_final_promise_once_the_interim_one_is_met() -> None:
    complaint = cast.filed()
    Complaint.objects.filter(pk=complaint.pk).update(complexity="C")
    complaint.refresh_from_db()
    cast.reviewed(complaint, severity=2)
    [order] = cast.dispatched(complaint)
    completed = WorkOrder.objects.get(pk=order.pk)
    handling.sign(completed, actor=actor("handler"), at=later(minutes=40))
    complaint.refresh_from_db()
    waiting.settle_for_now(
        complaint, plan="先给备用机", follow_up_on=later(days=3).date(), actor=actor("handler"), at=later(hours=2)
    )
    waiting.resume(complaint, actor=actor("handler"), at=later(hours=3))
    waiting.pause(complaint, reason="请客户寄回", actor=actor("agent"), at=later(hours=4))
    waiting.resume(complaint, actor=actor("agent"), at=later(days=2, hours=4))

    final = clock(complaint, "CK-RESOLVE.final")
    complaint.refresh_from_db()
    assert final.first_due_at is not None
    assert complaint.due_at == final.due_at
    sweeping.sweep(at=final.due_at + timedelta(minutes=1))
    complaint.refresh_from_db()
    assert complaint.breached_at == final.due_at


def test_what_is_late_when_it_is_answered_is_broken_once() -> None:
    complaint = cast.waiting_for_reply()
    late = later(days=4)
    replying.send(
        complaint,
        channel=Letter.Channel.PHONE,
        body="您好，已为您换新。",
        is_final=True,
        breach_reason="供应商缺货",
        actor=actor("agent"),
        at=late,
    )

    broken = [code for code, _share, _at in facts(complaint, Event.Kind.BREACHED)]
    assert sorted(broken) == sorted(set(broken))
    assert "CK-RESOLVE" in broken


def test_what_was_merged_while_paused_runs_on_when_it_is_taken_apart() -> None:
    into = cast.filed(phone="13900003333")
    complaint = cast.filed(phone="13900004444")
    waiting.pause(complaint, reason="送检，已告知客户", code="WAIT_LAB", actor=actor("agent"), at=later(minutes=5))
    merging.merge(complaint, into=into, actor=actor("reviewer"), at=later(hours=1))

    merging.unmerge(complaint, reason="两回事", actor=actor("reviewer"), at=later(hours=2))

    running = Clock.objects.running().filter(complaint=complaint)
    assert running.exists()
    assert not running.filter(paused_at__isnull=False).exists()
    assert not running.filter(attention_at=None).exists()
