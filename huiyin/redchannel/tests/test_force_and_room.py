"""The task force stands within half an hour by the pre-set plan; the war room meets, decides and ends with minutes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huiyin.complaints.auditing import verify
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.dispatch.actions.dispatching import let_see
from huiyin.lib.canonical import sha256_hex
from huiyin.notices.actions import delivering
from huiyin.notices.models import Delivery, Notice, Target
from huiyin.notices.tests.conftest import vendor as vendor
from huiyin.notices.tests.vendors import Vendor
from huiyin.org.models import Member
from huiyin.quality.models import IncidentClass
from huiyin.redchannel.actions import force, paging, rooms
from huiyin.redchannel.models import Decision, RedCase, WarRoom
from huiyin.redchannel.queries import arrangements, proposed_plan
from huiyin.redchannel.tests.test_paging import HURT
from tests import cast
from tests.cast import actor, later, member, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db: None) -> RedCase:
    """Confirmed by the executive and graded level 1 at 10:03."""
    cast.company()
    for name, code in (("安全员", "QS"), ("公关员", "PR"), ("技术员", "IT")):
        Member.objects.create(username=f"{code.lower()}1", name=name, unit=unit(code), roles=["handler"])
    complaint = cast.filed(text=HURT)
    paging.consider(complaint, at=later(seconds=5))
    cast.reviewed(complaint, severity=1, by="supervisor", at=later(minutes=3))
    made = paging.consider(complaint, at=later(minutes=3))
    assert made is not None
    paging.confirm(made, actor=actor("executive"), at=later(minutes=4))
    return made


def named(case: RedCase, *names: str, lead: str = "qs1", by: str = "supervisor", minutes: int = 10) -> None:
    force.name(
        case, kind=IncidentClass.objects.get(code="INC-SAFE"), lead=member(lead), members=[member(n) for n in names],
        actor=actor(by), at=later(minutes=minutes),
    )  # fmt: skip


def clock(code: str) -> Clock:
    return Clock.objects.get(code=code)


def sees(name: str, case: RedCase) -> bool:
    return Complaint.objects.visible_to(member(name)).filter(pk=case.complaint.pk).exists()


def said(case: RedCase, kind: Event.Kind) -> list[dict[str, Any]]:
    return [each.particulars for each in case.complaint.events.filter(kind=kind).order_by("seq")]


@pytest.mark.req("C044")
def test_the_task_force_has_a_named_member_of_every_department_of_the_plan_and_stands_when_its_lead_says_so(
    case: RedCase,
) -> None:
    assert proposed_plan(case, arrangements()) == "INC-SAFE"
    assert not sees("pr1", case)
    with pytest.raises(GuardFailed, match="公关与舆情部"):
        named(case, "legal")
    with pytest.raises(MayNot):
        named(case, "legal", "pr1", by="agent")
    assert (RedCase.objects.get().lead, case.complaint.incident_links.count(), sees("qs1", case)) == (None, 0, False)

    named(case, "legal", "pr1")

    assert {each.member.username for each in case.force.all()} == {"qs1", "legal", "pr1"}
    assert sees("pr1", case)  # called in: their unit has a part from now on, also when orders go out
    case.complaint.refresh_from_db()
    let_see(case.complaint)
    assert sees("pr1", case)
    assert case.incident is not None
    assert [duty.name for duty in case.incident.duties.all()] == ["政府报备预案", "媒体沟通预案", "召回评估"]
    assert set(Notice.objects.filter(kind="task_force").values_list("member__username", "urgent")) == {
        ("qs1", True), ("legal", True), ("pr1", True),
    }  # fmt: skip
    assert clock("CK-TASKFORCE").is_running

    with pytest.raises(MayNot):
        force.form(case, actor=actor("supervisor"), at=later(minutes=20))
    force.form(case, actor=actor("qs1"), at=later(minutes=33))

    stopped = clock("CK-TASKFORCE")
    assert (stopped.stopped_at, stopped.due_at, stopped.breached_at) == (later(minutes=33), later(minutes=33), None)
    assert [each["act"] for each in said(case, Event.Kind.TASK_FORCE)] == ["named", "formed"]


def test_whoever_must_keep_away_is_not_called_in_and_nothing_changes(case: RedCase) -> None:
    Complaint.objects.filter(pk=case.complaint.pk).update(recused=[member("pr1").pk])
    units = Complaint.objects.get(pk=case.complaint.pk).units

    with pytest.raises(GuardFailed, match="公关员 须回避"):
        named(case, "legal", "pr1")

    assert (case.force.count(), Complaint.objects.get(pk=case.complaint.pk).units) == (0, units)


def test_nobody_is_let_in_by_a_call_who_could_not_be_invited(case: RedCase) -> None:
    units = Complaint.objects.get(pk=case.complaint.pk).units
    stranger = member("outsider")

    with pytest.raises(GuardFailed, match=stranger.name):
        rooms.call(case, topic="是否停售", invited=[stranger], actor=actor("supervisor"), at=later(minutes=12))
    with pytest.raises(GuardFailed, match=stranger.name):
        named(case, "legal", "pr1", "outsider")

    assert (case.rooms.count(), Complaint.objects.get(pk=case.complaint.pk).units) == (0, units)


@pytest.mark.req("C039")
def test_a_call_tells_the_groups_robot_and_those_who_come_are_timed_until_there_is_a_quorum(case: RedCase) -> None:
    Target.objects.create(way="wecom", name="战备群", address="https://qyapi.weixin.qq.com/?key=1", is_urgent_only=True)
    named(case, "legal", "pr1", lead="qs1")

    room = rooms.call(case, topic="是否停售", place="腾讯会议 123", actor=actor("supervisor"), at=later(minutes=12))

    called = {each.member.username for each in room.participants.select_related("member")}
    assert called == {"qs1", "legal", "pr1", "supervisor", "supervisor2", "manager"}  # of customer service who can come
    robot = Delivery.objects.get(way="wecom", notice__kind="war_room")
    assert (robot.urgent, robot.notice.number) == (True, case.complaint.number)
    with pytest.raises(GuardFailed):
        rooms.call(case, topic="又一场", actor=actor("supervisor"), at=later(minutes=13))

    assert rooms.join(room, actor=actor("qs1"), at=later(minutes=14)) is False
    assert rooms.join(room, actor=actor("supervisor"), at=later(minutes=20)) is False
    with pytest.raises(MayNot):
        rooms.join(room, actor=actor("supervisor"), at=later(minutes=21))
    assert rooms.join(room, actor=actor("legal"), at=later(minutes=29)) is True

    kept = clock("CK-WARROOM")
    assert (room.quorum_at, kept.stopped_at, kept.due_at) == (later(minutes=29), later(minutes=29), later(minutes=42))
    assert [(each["seconds"], each["quorum"]) for each in said(case, Event.Kind.WAR_ROOM_JOINED)] == [
        (120, 0), (480, 0), (1020, 1),
    ]  # fmt: skip


@pytest.mark.req("C039")
def test_the_groups_robot_announces_the_room_at_once_and_the_half_hour_is_measured_from_the_call(
    case: RedCase, vendor: Callable[[str], Vendor]
) -> None:
    robot = vendor("wecom")
    target = Target.objects.create(way="wecom", name="战备群", address=robot.url, is_urgent_only=True)
    room = rooms.call(case, topic="是否停售", actor=actor("supervisor"), at=later(minutes=12))

    assert delivering.deliver_lane(target.lane, at=later(minutes=12)) > 0
    said = "".join(post.body.decode() for post in robot.taken)
    assert "会诊" in said
    assert f"/desk/red/{case.complaint.number}" in said

    for who, minutes in (("supervisor", 20), ("legal", 25), ("it1", 42)):
        made = rooms.join(room, actor=actor(who), at=later(minutes=minutes))
    kept = clock("CK-WARROOM")
    assert (made, kept.stopped_at, kept.breached_at) == (True, later(minutes=42), None)  # thirty minutes to the second


@pytest.mark.req("C039")
def test_others_are_invited_while_it_goes_on_and_timed_from_their_own_call(case: RedCase) -> None:
    room = rooms.call(case, topic="是否停售", actor=actor("supervisor"), at=later(minutes=12))
    assert not sees("pr1", case)
    Complaint.objects.filter(pk=case.complaint.pk).update(recused=[member("manager").pk])
    for who, wanted in (("agent", "pr1"), ("supervisor", "manager"), ("supervisor", "analyst")):
        with pytest.raises((MayNot, GuardFailed)):
            rooms.invite(room, members=[member(wanted)], actor=actor(who), at=later(minutes=15))

    assert rooms.invite(room, members=[member("pr1")], actor=actor("supervisor"), at=later(minutes=20))
    with pytest.raises(GuardFailed):
        rooms.invite(room, members=[member("pr1")], actor=actor("supervisor"), at=later(minutes=21))

    assert sees("pr1", case)
    assert Notice.objects.filter(kind="war_room", member=member("pr1"), urgent=True).count() == 1
    rooms.join(room, actor=actor("pr1"), at=later(minutes=23))
    assert said(case, Event.Kind.WAR_ROOM_JOINED)[-1]["seconds"] == 180
    assert said(case, Event.Kind.WAR_ROOM_CALLED)[-1] == {"room": 1, "members": [member("pr1").pk], "invited": 1}


@pytest.mark.req("C039")
def test_what_is_decided_is_frozen_and_the_room_ends_with_minutes(case: RedCase) -> None:
    room = rooms.call(case, topic="是否停售", actor=actor("supervisor"), at=later(minutes=12))
    with pytest.raises(MayNot):
        rooms.decide(room, text="停售", actor=actor("supervisor"), at=later(minutes=13))
    rooms.join(room, actor=actor("supervisor"), at=later(minutes=14))

    made = rooms.decide(room, text="即日停售该批次。", actor=actor("supervisor"), at=later(minutes=30))

    for change in (lambda: Decision.objects.update(text="不停售"), lambda: made.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert said(case, Event.Kind.DECIDED) == [
        {"room": 1, "decision": 1, "digest": sha256_hex("即日停售该批次。".encode())}
    ]
    with pytest.raises(GuardFailed):
        rooms.end(room, minutes=" ", actor=actor("supervisor"), at=later(minutes=50))
    rooms.end(room, minutes="停售，周三复会。", actor=actor("supervisor"), at=later(minutes=50))
    with pytest.raises(GuardFailed):
        rooms.decide(room, text="再议", actor=actor("supervisor"), at=later(minutes=51))

    assert WarRoom.objects.get().ended_by == member("supervisor")
    assert clock("CK-WARROOM").breached_at == later(minutes=50)  # no quorum ever came
    assert list(verify()) == []
