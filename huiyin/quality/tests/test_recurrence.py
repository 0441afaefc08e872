"""What comes back: the fifth of a kind in a month asks for its cause once; a repair past its time is on record once."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from huiyin.complaints.actions import closing, judging
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Complaint, Event, Validity
from huiyin.complaints.models.complaint import Outcome
from huiyin.duty.models import Absence
from huiyin.notices.models import Notice
from huiyin.org.models import Member
from huiyin.quality import tasks
from huiyin.quality.actions import assessing, recurring, reminding
from huiyin.quality.errors import ChangedMeanwhile
from huiyin.quality.models import Assessment, RootCauseDuty
from huiyin.quality.queries import assessments_by_department
from tests import cast
from tests.cast import actor, later, member

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC).date()


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    cast.company()


def another(number: int, category: str = "PQ-03", **given: Any) -> Complaint:
    filed = cast.filed(phone=f"1370000{number:04d}", **given)
    return cast.reviewed(filed, category=category, at=filed.received_at + timedelta(minutes=20))


@pytest.mark.req("C055")
def test_the_fifth_of_a_kind_in_a_month_asks_for_the_root_cause_once_and_not_five_times() -> None:
    opened = [recurring.count(another(number), at=later(hours=1)) for number in range(4)]
    recurring.count(another(90, "PQ-01"), at=later(hours=1))  # another kind
    recurring.count(another(91, at=later(days=-30)), at=later(hours=1))  # another month
    assert [*opened, RootCauseDuty.objects.count()] == [None, None, None, None, 0]

    for number in range(4, 9):
        complaint = another(number)
        tasks.count_recurrence(complaint.pk)
        tasks.count_recurrence(complaint.pk)

    duty = RootCauseDuty.objects.get()
    assert (duty.category.code, duty.month, duty.unit.code, duty.quarter) == ("PQ-03", NOVEMBER, "POD", "2026Q4")
    assert duty.why["clock"] == "CK-RCA"


@pytest.mark.req("C055")
def test_the_report_is_due_in_ten_working_days_and_approved_by_another_person() -> None:
    for number in range(5):
        recurring.count(another(number), at=cast.MONDAY)
    duty = RootCauseDuty.objects.get()
    assert duty.due_at == datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
    swept = [reminding.sweep(at=later(days=days)) for days in (5, 9.9, 11.5, 13.9, 14.5, 15)]
    assert swept == [0, 0, 1, 0, 1, 0]
    news = Notice.objects.filter(kind="cause_due").order_by("pk")
    assert list(dict.fromkeys(each.values["state"]["zh"] for each in news)) == ["待完成", "将到期", "已到期"]
    assert {each.link for each in news} == {reverse("desk:cause", args=[duty.pk])}
    assert all(RootCauseDuty.objects.visible_to(each.member).exists() for each in news)

    with pytest.raises(GuardFailed):
        recurring.submit(duty, cause="来料虚焊", redesign="", actor=actor("quality"), at=later(days=1))
    recurring.submit(duty, cause="来料虚焊", redesign="增加上电老化", actor=actor("quality"), at=later(days=1))
    with pytest.raises(GuardFailed):
        recurring.approve(duty, actor=actor("quality"), at=later(days=2))
    recurring.approve(duty, actor=actor("manager"), at=later(days=2))
    with pytest.raises(GuardFailed):  # what was approved stays as it was
        recurring.plan(duty, quarter="2027Q1", project="另立项", objective="", actor=actor("manager"), at=later(days=3))
    assert duty.approved_by == member("manager")


@pytest.mark.req("C055")
@pytest.mark.django_db(transaction=True)
def test_eight_counted_at_the_same_moment_open_one_duty() -> None:
    complaints = [another(number) for number in range(8)]
    together = Barrier(len(complaints))

    def count(complaint: Complaint) -> None:
        together.wait()
        try:
            recurring.count(complaint, at=later(hours=1))
        finally:
            connection.close()

    threads = [Thread(target=count, args=(each,)) for each in complaints]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert RootCauseDuty.objects.count() == 1


@pytest.mark.req("C050")
def test_a_repair_past_its_time_is_on_record_once_and_stands_in_the_departments_figure() -> None:
    late = another(1, "SP-12")
    tasks.assess(late.pk)
    tasks.assess(late.pk)
    tasks.assess(another(2, "SP-11").pk)

    record = Assessment.objects.get()
    assert (record.complaint, record.unit.code, record.month) == (late, "AFS", NOVEMBER)
    assert late.events.get(kind=Event.Kind.ASSESSED).particulars == {"rule": "RT-011", "unit": "AFS"}
    [row] = assessments_by_department(member("manager"), NOVEMBER)
    assert (row.unit.code, row.count, row.dismissed) == ("AFS", 1, 0)
    assert assessments_by_department(member("outsider"), NOVEMBER) == []


@pytest.mark.req("C050")
def test_what_was_found_not_justified_stays_on_record_and_does_not_count() -> None:
    late = another(1, "SP-12")
    assessing.assess(late, at=later(hours=1))
    cast.dispatched(late, "QM")
    judging.judge(
        late,
        value=Validity.Value.MISUNDERSTOOD,
        reason="已按期修好",
        evidence="工单",
        actor=actor("handler"),
        at=later(hours=2),
    )
    judging.confirm_latest(late, actor=actor("supervisor"), at=later(hours=3))
    tasks.assess(late.pk)

    [row] = assessments_by_department(member("manager"), NOVEMBER)
    assert (row.count, row.dismissed) == (0, 1)


@pytest.mark.req("C050")
def test_review_and_closing_both_ask_for_the_record() -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    complaint = cast.resolved()
    closing.close(complaint, outcome=Outcome.SATISFIED, actor=actor("agent"), at=later(days=1))

    assert ProcrastinateJob.objects.filter(task_name="quality.assess").count() == 2


@pytest.mark.req("C055")
def test_a_report_is_not_written_over_and_only_what_was_read_is_approved() -> None:
    duty = [recurring.count(another(number), at=later(hours=1)) for number in range(5)][-1]
    assert duty is not None
    words: dict[str, Any] = {"cause": "虚焊", "redesign": "加检", "actor": actor("quality")}
    recurring.submit(duty, **words, at=later(hours=2), seen=None)
    with pytest.raises(ChangedMeanwhile):
        recurring.submit(duty, **{**words, "cause": "别的"}, at=later(hours=3), seen=None)
    recurring.submit(duty, **{**words, "cause": "受潮"}, at=later(hours=3), seen=later(hours=2))
    with pytest.raises(ChangedMeanwhile):
        recurring.approve(duty, actor=actor("supervisor"), at=later(hours=4), seen=later(hours=2))

    duty.refresh_from_db()
    assert (duty.cause, duty.approved_at) == ("受潮", None)
    recurring.approve(duty, actor=actor("supervisor"), at=later(hours=4), seen=later(hours=3))
    assert duty.approved_at == later(hours=4)


@pytest.mark.req("C055")
def test_no_deputy_hears_of_a_root_cause_that_they_may_not_open() -> None:
    for number in range(5):
        recurring.count(another(number), at=cast.MONDAY)
    news = Notice.objects.filter(kind="cause_due")
    blind = Member.objects.create(username="blind", name="外", unit=cast.unit("CTY-E01"), roles=["handler"])
    asked = Member.objects.filter(pk__in=news.values("member"))
    for each in asked:
        Absence.objects.create(
            member=each, deputy=blind, starts_at=later(days=-1), ends_at=later(days=30), made_by=blind, made_at=later()
        )
    assert reminding.sweep(at=later(days=11.5)) == 1

    told = [each.member for each in news.filter(key__endswith=":80").select_related("member")]
    assert told
    assert all(RootCauseDuty.objects.visible_to(each).exists() for each in told)


@pytest.mark.req("C055")
def test_one_duty_that_cannot_be_reckoned_keeps_no_other_waiting() -> None:
    for number in range(10):
        recurring.count(another(number, "PQ-03" if number < 5 else "PQ-01"), at=cast.MONDAY)
    first, second = RootCauseDuty.objects.order_by("pk")
    for broken, fine in ((first, second), (second, first)):  # whichever comes first
        RootCauseDuty.objects.filter(pk=broken.pk).update(why={}, reminded=0)
        RootCauseDuty.objects.filter(pk=fine.pk).update(why=fine.why, reminded=0)
        assert reminding.sweep(at=later(days=11.5)) == 1
        assert RootCauseDuty.objects.get(pk=fine.pk).reminded == 80
