"""A promise to the customer that is moved: only where the customer knows, and neither kept nor broken (K42)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, promising, replying, sweeping
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Clock, Complaint, Letter
from huiyin.insight.attainment import MOVED, Chosen, Period, clocks_of
from huiyin.notices.models import Notice
from huiyin.org.models import Member
from huiyin.supervision.actions import telling
from tests import cast
from tests.cast import actor, later, member, unit


@pytest.fixture(autouse=True)
def company(db: None) -> None:
    cast.company()


def in_hand() -> Complaint:
    [order] = cast.dispatched()
    return Complaint.objects.get(pk=order.complaint_id)


def promise(complaint: Complaint, hours: float, *, at: float) -> Clock:
    return promising.promise(complaint, until=later(hours=hours), actor=actor("agent"), at=later(hours=at))


def promised(complaint: Complaint) -> list[Clock]:
    return list(Clock.objects.filter(complaint=complaint, code="CK-PROMISE").order_by("started_at"))


@pytest.mark.req("B44", "B45")
def test_a_promise_is_moved_to_later_only_once_the_customer_knows_and_is_then_neither_kept_nor_broken() -> None:
    complaint = in_hand()
    promise(complaint, 8, at=1)

    with pytest.raises(GuardFailed) as refused:
        promise(complaint, 20, at=2)
    assert "改到更晚，须先“联系客户”告知" in str(refused.value)
    assert [each.due_at for each in promised(complaint)] == [later(hours=8)]

    promise(complaint, 6, at=2)  # sooner is no worse for anybody
    cast.informed(complaint, at=later(hours=3))
    promise(complaint, 20, at=4)
    sweeping.sweep(at=later(hours=30))

    first, second, third = promised(complaint)
    assert [clocks.MOVED_TO in each.why for each in (first, second, third)] == [True, True, False]
    assert [each.breached_at is None for each in (first, second, third)] == [True, True, False]
    said = complaint.events.filter(kind="promised").order_by("seq")
    assert [each.particulars.get("before") for each in said] == [
        None, events.timestamp(first.due_at), events.timestamp(second.due_at)
    ]  # fmt: skip

    everything, day = member("director"), timezone.localdate(later())
    period = Period(day, day + timedelta(days=3))
    shown = {outcome: clocks_of(everything, period, Chosen(clock="CK-PROMISE", outcome=outcome), at=later(hours=31))
             for outcome in ("met", "late", MOVED)}  # fmt: skip
    assert {outcome: rows.count() for outcome, rows in shown.items()} == {"met": 0, "late": 1, MOVED: 2}


def test_a_promise_that_is_late_is_broken_however_it_is_moved() -> None:
    complaint = in_hand()
    promise(complaint, 2, at=1)
    promise(complaint, 20, at=3)

    late, running = promised(complaint)
    assert (late.breached_at, clocks.MOVED_TO in late.why) == (later(hours=3), False)
    assert running.is_running


def test_a_question_back_that_names_a_new_time_moves_the_promise_and_an_answer_keeps_it() -> None:
    complaint = in_hand()

    def say(hours: float, *, ask: bool, until: float) -> None:
        replying.send(
            complaint, channel=Letter.Channel.PHONE, body="您好，请再补一张照片。", is_final=False, ask=ask,
            promise_until=later(hours=until), actor=actor("agent"), at=later(hours=hours),
        )  # fmt: skip

    say(1, ask=False, until=9)
    say(2, ask=True, until=30)
    say(3, ask=False, until=40)

    first, second, _third = promised(complaint)
    assert clocks.MOVED_TO in first.why
    assert clocks.MOVED_TO not in second.why
    assert (second.stopped_at, second.breached_at) == (later(hours=3), None)


@pytest.mark.req("B45")
def test_with_nobody_named_whoever_promised_is_told_and_of_a_crowd_the_supervisor() -> None:
    complaint = in_hand()
    Complaint.objects.filter(pk=complaint.pk).update(assignee=None)
    for number in range(6):
        Member.objects.create(username=f"more{number}", name="坐席", unit=unit("CC"), roles=member("agent").roles)
    promise(complaint, 40, at=1)
    assert told_two_hours_before(complaint) == {"agent"}

    other = cast.dispatched(cast.reviewed(cast.filed()))[0].complaint
    Complaint.objects.filter(pk=other.pk).update(assignee=None)
    promise(other, 40, at=1)
    Member.objects.filter(username="agent").update(is_active=False)
    assert told_two_hours_before(other) == {"supervisor", "supervisor2"}


def told_two_hours_before(complaint: Complaint) -> set[str]:
    for hours in (37, 38.1):  # four fifths are gone by the first
        sweeping.sweep(at=later(hours=hours))
        telling.tell_of_time([complaint.pk], at=later(hours=hours))
    found = Notice.objects.filter(kind="promise_due", number=complaint.number)
    return set(found.values_list("member__username", flat=True))


def test_the_page_says_to_when_it_was_moved_and_the_report_how_many_were() -> None:
    now = timezone.now()
    complaint = cast.filed(at=now - timedelta(hours=2))
    for until, before in ((60, 60), (30, 30)):
        promising.promise(
            complaint, until=now + timedelta(minutes=until), actor=actor("agent"), at=now - timedelta(minutes=before)
        )
    client = Client()
    client.force_login(member("supervisor"))

    page = client.get(f"/desk/complaints/{complaint.number}").content.decode()
    assert "改约到" in page
    assert "原为" in page
    day = timezone.localdate(now)
    report = client.get(f"/desk/reports/attainment?from={day}&to={day + timedelta(days=1)}").content.decode()
    assert "另有 1 项承诺在到期前与客户改约，不计入 K42" in report
    rows = client.get(
        f"/desk/reports/attainment/rows?from={day}&to={day + timedelta(days=1)}&clock=CK-PROMISE&outcome=moved"
    )
    assert complaint.number in rows.content.decode()
