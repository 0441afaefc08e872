"""What time does to a running promise: warned, broken, extended, explained; each once, at the right moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q

from huiyin.complaints import auditing as chain
from huiyin.complaints import lateness, openings
from huiyin.complaints.actions import closing, explaining, extending, promising, regulating, replying, sweeping, waiting
from huiyin.complaints.actions.regulating import Referral
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Clock, Complaint, Event, Extension, Letter
from huiyin.complaints.models.complaint import Outcome
from huiyin.dispatch.actions import dispatching, handling
from huiyin.dispatch.actions.dispatching import Order
from huiyin.dispatch.models import WorkOrder
from huiyin.insight import attainment
from huiyin.notices.models import Notice
from huiyin.sla.actions import amending
from huiyin.sla.explaining import explain
from huiyin.sla.queries import current
from huiyin.supervision.actions import passing_on, telling
from tests import cast
from tests.cast import actor, later, member, unit


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


def test_when_the_system_clock_is_set_back_nothing_is_recorded_or_told_twice() -> None:
    complaint = cast.filed()
    Clock.objects.filter(complaint=complaint).exclude(code="CK-FR").update(stopped_at=complaint.received_at)
    moments = minutes(121, 30, 61, 121, 122)

    for moment in moments:
        sweeping.sweep(at=moment)
        telling.tell_of_time([complaint.pk], at=moment)

    assert facts(complaint, Event.Kind.BREACHED) == [("CK-FR", 100, moments[0])]
    assert facts(complaint, Event.Kind.WARNED) == []
    told = Notice.objects.filter(kind__in=("clock_warned", "clock_breached")).values_list("member", "key")
    assert 0 < len(told) == len(set(told))
    assert {key.rpartition(":")[2] for _member, key in told} == {"100"}
    assert list(chain.verify()) == []


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


def test_a_request_that_nobody_decided_in_time_lapses_once_and_whoever_asked_is_told() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    resolution = clock(complaint, "CK-RESOLVE")
    extension = extending.ask(resolution, days=2, reason="送检", actor=actor("agent"), at=later(days=2))
    supervisor = member("supervisor")
    assert openings.requests(complaint, supervisor) == [extension]
    waiting.pause(complaint, reason="等客户", actor=actor("agent"), at=later(days=2, hours=1))
    assert extending.lapse(at=later(days=4)) == 0  # it stands still
    waiting.resume(complaint, actor=actor("agent"), at=later(days=2, hours=2))
    late = clock(complaint, "CK-RESOLVE").due_at + timedelta(seconds=1)

    assert [extending.lapse(at=later(days=2, hours=3)), extending.lapse(at=late), extending.lapse(at=late)] == [0, 1, 0]
    sweeping.sweep(at=late)
    passing_on.pass_on(complaint, at=late)

    extension.refresh_from_db()
    assert (extension.verdict, extension.decided_at) == (Extension.Verdict.LAPSED, late)
    assert complaint.events.filter(kind=Event.Kind.EXTENSION_LAPSED, actor_kind="system").count() == 1
    [notice] = Notice.objects.filter(kind="extension_decided")
    assert (notice.member.username, notice.values["decision"]["zh"]) == ("agent", "到期没有审批，已失效")
    assert openings.requests(Complaint.objects.get(pk=complaint.pk), supervisor) == []
    with pytest.raises(GuardFailed, match="已有结论"):
        extending.refuse(extension, reason="晚了", actor=actor("supervisor"), at=late)


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


@pytest.mark.req("C027")
def test_whatever_step_ends_a_late_promise_asks_why_and_names_it() -> None:
    met = cast.filed()
    late = later(days=9)
    spot: dict[str, Any] = {"explanation": "已当场换新。", "customer_agreed": True, "actor": actor("agent"), "at": late}
    with pytest.raises(GuardFailed, match=r"^解决已超时"):
        replying.resolve_on_spot(met, **spot)
    replying.resolve_on_spot(met, **spot, breach_reason="漏看了这一件")
    resolution = clock(met, "CK-RESOLVE").explanation
    assert resolution is not None
    assert resolution.text == "漏看了这一件"

    [order] = cast.dispatched()
    with pytest.raises(GuardFailed, match=f"方案出具、处理时限 {order.number}已超时") as refused:
        cast.completed(order, at=late)
    assert refused.value.field == "breach_reason"
    order.refresh_from_db()
    answers = {issue.pk: "已核查" for issue in order.issues.all()}
    done: dict[str, Any] = {"findings": "虚焊", "answers": answers, "actor": actor("handler"), "at": late}
    handling.complete(order, **done, breach_reason="等检测")
    assert not lateness.unexplained(order.complaint, late, Q(code__in=("CK-PLAN", "CK-HANDLE")))

    cast.passed(order, at=later(days=11))  # four hours were promised
    [audit] = lateness.unexplained(order.complaint, later(days=11), Q(code="CK-AUDIT"))
    assert str(audit) == f"CK-AUDIT {order.number}"


@pytest.mark.req("C027")
def test_a_case_with_a_broken_promise_does_not_close_before_its_reason_is_on_file() -> None:
    first, second = cast.resolved(), cast.resolved()
    for complaint in (first, second):
        case = regulating.refer(
            complaint, Referral(profile="CN-12345", number=f"N-{complaint.pk}", deadline=later(hours=9)),
            actor=actor("agent"), at=later(hours=8),
        )  # fmt: skip
        said: dict[str, Any] = {
            "words": "已办结。",
            "outcome": "agreed",
            "actor": actor("agent"),
            "at": later(hours=10),
        }
        with pytest.raises(GuardFailed, match="已超时：请说明超时原因"):
            regulating.answer(case, **said)
        regulating.answer(case, **said, breach_reason="转来时已经太晚")
        Clock.objects.filter(complaint=complaint, code="CK-REG").update(explanation=None)  # as before this was asked

    with pytest.raises(GuardFailed, match="已超时：请说明超时原因"):
        closing.close(first, outcome=Outcome.SATISFIED, actor=actor("agent"), at=later(hours=11))
    closing.accept(second, outcome=Outcome.SATISFIED, at=later(hours=11))  # nobody asks the customer
    assert (second.state, closing.has_agreed(second)) == ("resolved", True)
    assert closing.close_expired(at=later(days=8)) == 0

    closing.close(first, outcome=Outcome.SATISFIED, actor=actor("agent"), at=later(days=8), breach_reason="来件晚")
    explaining.explain(second, reason="来件晚", actor=actor("agent"), at=later(days=8))
    assert [closing.close_agreed(second, at=later(days=8)) for _ in range(2)] == [True, False]
    assert (first.state, second.state, second.outcome) == ("closed", "closed", "satisfied")


def test_a_policy_that_does_not_ask_why_lets_the_case_go_on() -> None:
    complaint = cast.waiting_for_reply()
    body = {**current().body, "warnings": [{"at": 1.0, "notify": ["assignee"]}]}
    amending.amend(body=body, note="不要求说明超时", actor=actor("admin"), at=later(hours=7))

    replying.send(
        complaint, channel=Letter.Channel.PHONE, body="您好，已为您换新。", is_final=True,
        actor=actor("agent"), at=later(days=9),
    )  # fmt: skip

    assert complaint.state == "resolved"


@pytest.mark.req("B44")
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


@pytest.mark.req("B45")
def test_a_promise_is_asked_for_again_with_every_contact_until_it_is_solved() -> None:
    [order] = cast.dispatched()
    Complaint.objects.filter(pk=order.complaint_id).update(assignee=member("agent"))
    complaint = Complaint.objects.get(pk=order.complaint_id)

    def say(hours: float, **given: Any) -> Letter:
        words = {"channel": Letter.Channel.PHONE, "body": "您好，还在等检测结果。", "is_final": False, **given}
        return replying.send(complaint, **words, actor=actor("agent"), at=later(hours=hours))

    def promises() -> list[tuple[datetime, datetime | None, bool]]:
        rows = Clock.objects.filter(complaint=complaint, code="CK-PROMISE").order_by("started_at")
        return [(row.due_at, row.stopped_at, row.breached_at is not None) for row in rows]

    def last_said() -> Any:
        return complaint.events.filter(kind=Event.Kind.INFORMED).latest("seq").particulars.get("next")

    for wrong in ({"promise_until": later(hours=0)}, {"promise_until": later(days=200)},
                  {"promise_until": later(hours=9), "reached": False}):  # fmt: skip
        with pytest.raises(GuardFailed) as refused:
            say(1, **wrong)
        assert refused.value.field == "promise_until"
    say(1, promise_until=later(hours=9))
    say(2, ask=True)  # a question back is no answer: what was promised stands
    assert (promises(), last_said()) == ([(later(hours=9), None, False)], None)

    def told_of_the_promise() -> int:
        return Notice.objects.filter(kind="promise_due", member=member("agent")).count()

    for minutes, count in ((-1, 0), (1, 1), (30, 1)):  # AL-13: two hours before, whoever is to call is told, once
        sweeping.sweep(at=later(hours=7, minutes=minutes))
        telling.tell_of_time([complaint.pk], at=later(hours=7, minutes=minutes))
        assert told_of_the_promise() == count

    say(8, promise_until=later(hours=20))  # kept, and promised again
    say(21)  # late, and nothing agreed
    assert last_said() == "none"
    assert promises() == [(later(hours=9), later(hours=8), False), (later(hours=20), later(hours=21), True)]
    assert ("CK-PROMISE", 100, later(hours=21)) in facts(complaint, Event.Kind.BREACHED)

    say(22, promise_until=later(hours=30))
    cast.passed(cast.completed(order))
    complaint.refresh_from_db()
    say(25, is_final=True, cause="product", body="您好，已为您换新，很抱歉给您添了麻烦。感谢您的理解。")
    assert promises()[-1] == (later(hours=30), later(hours=25), False)
    period = attainment.Period(later().date(), later(days=2).date())
    due = attainment.clocks_of(
        member("supervisor"), period, attainment.Chosen(clock="CK-PROMISE"), at=later(days=3)
    )  # fmt: skip
    [line] = attainment.by_level(due)
    assert (line.met, line.late) == (2, 1)  # K42: two of three


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
    complaint = cast.reviewed(category="PQ-07")
    assert complaint.complexity == "S"
    promised = clock(complaint, "CK-RESOLVE").due_at
    cast.dispatched(complaint, "QM", "LEG")

    complaint.refresh_from_db()
    assert complaint.complexity == "C"
    assert clock(complaint, "CK-DIAG").due_at == later(hours=48)
    assert clock(complaint, "CK-PLAN").due_at == later(hours=72)
    assert clock(complaint, "CK-PROGRESS").due_at == later(hours=48)
    assert clock(complaint, "CK-RESOLVE").due_at == promised  # what the customer was promised gets no longer by itself
    [event] = complaint.events.filter(kind=Event.Kind.REGRADED)
    assert event.actor_kind == "system"
    assert {key: event.particulars[key] for key in ("because", "units", "before", "after")} == {
        "because": "departments", "units": ["LEG", "QM"],
        "before": {"severity": 3, "complexity": "S"}, "after": {"severity": 3, "complexity": "C"},
    }  # fmt: skip


@pytest.mark.req("C099")
def test_an_order_split_to_another_department_makes_it_complex_one_within_the_department_does_not() -> None:
    complaint = cast.reviewed(category="PQ-07")
    [order] = cast.dispatched(complaint, "QM")
    handling.sign(order, actor=actor("handler"), at=later(minutes=40))
    dispatching.split(order, orders=[Order(unit=unit("QM-CASE"))], actor=actor("handler"), at=later(hours=1))
    complaint.refresh_from_db()
    assert (complaint.complexity, Clock.objects.filter(code="CK-DIAG").count()) == ("S", 0)

    for place in ("RD", "LEG"):
        dispatching.split(order, orders=[Order(unit=unit(place))], actor=actor("handler"), at=later(hours=2))

    complaint.refresh_from_db()
    assert complaint.complexity == "C"
    assert clock(complaint, "CK-DIAG").due_at == later(hours=48)
    assert complaint.events.filter(kind=Event.Kind.REGRADED).count() == 1


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
