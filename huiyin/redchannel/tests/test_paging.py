"""The executive emergency group is paged by every way there is, until somebody confirms; never nobody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from huiyin.channels.tests.conftest import Post
from huiyin.channels.tests.conftest import post as post
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.dispatch.queries import proposal
from huiyin.duty.models import Absence
from huiyin.notices.actions import delivering
from huiyin.notices.models import Delivery, Notice
from huiyin.org.models import Member
from huiyin.org.rules import Role
from huiyin.redchannel.actions import paging
from huiyin.redchannel.models import RedCase
from tests import cast
from tests.cast import actor, later, member, unit

pytestmark = pytest.mark.django_db
HURT = "电饭煲使用中突然爆炸，我母亲的手被炸伤，现在住院治疗。"


@pytest.fixture(autouse=True)
def company(db: None) -> None:
    cast.company()


def red(*, text: str = HURT, channel: str = "phone") -> RedCase:
    """As the worker makes it, a few seconds after the complaint came in."""
    case = paging.consider(cast.filed(text=text, channel=channel), at=later(seconds=5))
    assert case is not None
    return case


def rounds(case: RedCase) -> list[tuple[int, int, set[str]]]:
    names = dict(Member.objects.values_list("pk", "username"))
    found = case.complaint.events.filter(kind=Event.Kind.PAGED).order_by("seq")
    return [
        (said["round"], said["rung"], {names[pk] for pk in said["members"]})
        for each in found
        if (said := each.particulars)
    ]


@pytest.mark.req("C026", "C036")
def test_what_came_in_on_the_emergency_line_has_half_an_hour_for_its_first_answer_whatever_its_level() -> None:
    called = cast.filed(text=cast.TEXT, channel="red_channel")
    promise = Clock.objects.get(complaint=called, code="CK-FR")
    others = dict(Clock.objects.filter(complaint=called).exclude(code="CK-FR").values_list("code", "due_at"))
    assert (called.severity, promise.due_at > called.received_at + timedelta(minutes=30)) == (3, True)

    for _twice in range(2):
        paging.consider(called, at=later(seconds=5))

    promise.refresh_from_db()
    assert promise.due_at == called.received_at + timedelta(minutes=30)
    assert dict(Clock.objects.filter(complaint=called).exclude(code="CK-FR").values_list("code", "due_at")) == others
    called.refresh_from_db()
    assert called.is_urgent


def jobs(name: str) -> int:
    return ProcrastinateJob.objects.filter(task_name=name).count()


@pytest.mark.req("C036", "C037")
@pytest.mark.parametrize(("text", "channel", "reason"), [(HURT, "phone", "level"), (cast.TEXT, "red_channel", "line")])
def test_a_grave_complaint_or_the_emergency_line_pages_the_group_in_the_same_flow(
    text: str, channel: str, reason: str
) -> None:
    Member.objects.filter(username="executive").update(email="ceo@example.com")
    before = jobs("redchannel.consider")

    case = red(text=text, channel=channel)

    assert jobs("redchannel.consider") == before + 1
    assert Complaint.objects.get(pk=case.complaint_id).is_red
    assert proposal(case.complaint).lead[0] == "CC-SENIOR"
    assert (case.reason, case.rounds, case.next_at) == (reason, 1, later(seconds=5, minutes=5))
    assert rounds(case) == [(1, 0, {"executive"})]
    [notice] = Notice.objects.filter(kind="red_channel")
    assert (notice.member.username, notice.urgent, notice.link) == (
        "executive", True, f"/desk/red/{case.complaint.number}",
    )  # fmt: skip
    assert [(each.way, each.urgent) for each in Delivery.objects.filter(notice=notice)] == [("email", True)]


@pytest.mark.req("C037")
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (HURT, "SEV-01"),
        ("洗碗机漏水泡坏了楼下三层，要求赔偿损失12万元。", "SEV-03"),
        ("今早全市三万用户断网，支付全部中断。", "SEV-04"),
    ],
)
def test_injury_great_loss_and_outage_reach_the_executives_within_a_minute_of_being_filed(
    text: str, rule: str, post: Post
) -> None:
    Member.objects.filter(username="executive").update(email="ceo@example.com")
    complaint = cast.filed(text=text)
    job = ProcrastinateJob.objects.get(task_name="redchannel.consider", args__complaint_id=complaint.pk)
    assert job.scheduled_at is None  # queued with the complaint itself, to run at once

    case = paging.consider(complaint, at=later(seconds=5))
    assert case is not None
    assert (case.rule, jobs("notices.deliver_due")) == (rule, 1)  # that too at once, and not by the minute's round
    delivering.deliver_lane("email", at=later(seconds=10))

    assert [to for [to] in post.recipients] == ["ceo@example.com"]
    sent = Delivery.objects.get(notice__kind="red_channel").sent_at
    assert sent is not None
    assert sent - complaint.filed_at <= timedelta(minutes=1)


def test_an_ordinary_complaint_pages_nobody_and_what_is_old_or_over_pages_nobody_either() -> None:
    ordinary, old = cast.filed(), cast.filed(text=HURT, phone="13900002222")

    assert paging.consider(ordinary, at=later(seconds=5)) is None
    assert paging.consider(old, at=later(days=2)) is None
    assert not Notice.objects.filter(kind="red_channel").exists()


def test_whoever_does_not_confirm_is_paged_again_and_after_two_rounds_the_next_rung_too_whoever_sweeps() -> None:
    case = red()

    assert paging.sweep(at=later(minutes=4)) == 0
    for minutes in (6, 12, 18, 24):
        assert [paging.sweep(at=later(minutes=minutes)), paging.sweep(at=later(minutes=minutes))] == [1, 0]

    assert rounds(case) == [
        (1, 0, {"executive"}),
        (2, 0, {"executive"}),
        (3, 1, {"executive", "director", "manager"}),
        (4, 1, {"executive", "director", "manager"}),
        (5, 2, {"executive", "director", "manager", "supervisor", "supervisor2"}),
    ]
    assert Notice.objects.filter(kind="red_channel", member=member("executive")).count() == 5
    assert paging.sweep(at=later(days=1)) == 1  # a day without a worker is one round, not three hundred
    assert paging.sweep(at=later(days=1)) == 0


def test_considering_twice_pages_once() -> None:
    case = red()

    paging.consider(case.complaint, at=later(seconds=6))

    assert [each[0] for each in rounds(case)] == [1]
    assert Notice.objects.filter(kind="red_channel").count() == 1


@pytest.mark.req("C037")
def test_the_deputy_is_paged_for_who_is_away_and_the_next_rung_at_once_where_nobody_of_the_group_is_there() -> None:
    chief = member("executive")
    colleague = Member.objects.create(username="coo", name="何总", unit=unit("EXE"), roles=["executive"])
    assert rounds(red())[0][2] == {"coo"}  # the group has members of its own

    away = {"starts_at": later(days=-1), "ends_at": later(days=9), "made_by": chief, "made_at": later()}
    absence = Absence.objects.create(member=colleague, deputy=member("legal"), **away)
    second = paging.consider(cast.filed(text=HURT, phone="13900002222"), at=later(minutes=1))
    assert second is not None
    assert rounds(second) == [(1, 0, {"legal"})]

    Absence.objects.filter(pk=absence.pk).update(deputy=None)
    third = paging.consider(cast.filed(text=HURT, phone="13900003333"), at=later(minutes=2))
    assert third is not None
    assert rounds(third) == [(1, 1, {"coo", "director", "manager"})]


def test_where_nobody_of_the_ladder_is_left_whoever_may_see_it_is_paged_and_if_there_is_none_the_administrators() -> (
    None
):
    ladder = [Role.EXECUTIVE, Role.DIRECTOR, Role.CC_MANAGER, Role.SUPERVISOR]
    Member.objects.with_role(*ladder).update(is_active=False)
    case = red()
    assert member("agent").pk in case.paged

    Member.objects.exclude(username="admin").update(is_active=False)
    bare = paging.consider(cast.filed(text=HURT, phone="13900002222"), at=later(minutes=1))

    assert bare is not None
    assert (bare.paged, bare.next_at) == ([], later(minutes=6))
    [told] = Notice.objects.filter(member=member("admin"), kind="announcement")
    assert (told.number, told.urgent) == ("", True)


@pytest.mark.req("C037")
def test_confirming_ends_the_pages_and_is_on_the_record_with_the_time_it_took() -> None:
    case = red()
    paging.sweep(at=later(minutes=6))

    with pytest.raises(MayNot):
        paging.confirm(case, actor=actor("agent"), at=later(minutes=7))
    paging.confirm(case, actor=actor("executive"), at=later(minutes=7, seconds=5))
    with pytest.raises(GuardFailed, match="赵建国 已经确认"):
        paging.confirm(case, actor=actor("executive"), at=later(minutes=8))

    assert paging.sweep(at=later(days=1)) == 0
    said = case.complaint.events.get(kind=Event.Kind.PAGE_CONFIRMED)
    assert (said.actor, said.particulars) == (member("executive"), {"seconds": 420, "rounds": 2})


def test_what_a_person_grades_lower_is_not_paged_any_more_and_what_ended_neither() -> None:
    case = red()
    cast.reviewed(case.complaint, severity=1, by="supervisor", at=later(minutes=2))
    Complaint.objects.filter(pk=case.complaint.pk).update(severity=3)
    ended = paging.consider(cast.filed(text=HURT, phone="13900002222"), at=later(minutes=1))
    assert ended is not None
    Complaint.objects.filter(pk=ended.complaint.pk).update(state="withdrawn")

    assert paging.sweep(at=later(minutes=30)) == 2

    for each in (case, ended):
        each.refresh_from_db()
        assert (each.rounds, each.next_at, each.ended_at) == (1, None, later(minutes=30))
        assert not Complaint.objects.get(pk=each.complaint_id).is_red


@pytest.mark.req("C044")
def test_the_level_that_a_person_sets_starts_half_an_hour_that_nothing_pauses() -> None:
    case = red()
    assert not Clock.objects.filter(code="CK-TASKFORCE").exists()  # the machine only proposes it

    complaint = cast.reviewed(case.complaint, severity=1, by="supervisor", at=later(minutes=3))
    paging.consider(complaint, at=later(minutes=3, seconds=2))
    paging.consider(complaint, at=later(minutes=4))

    clock = Clock.objects.get(code="CK-TASKFORCE")
    assert (clock.started_at, clock.due_at - clock.started_at) == (later(minutes=3), timedelta(minutes=30))


def test_a_sweep_that_finds_nothing_costs_one_query() -> None:
    red()

    with CaptureQueriesContext(connection) as asked:
        assert paging.sweep(at=later(minutes=1)) == 0

    assert len(asked) == 1
