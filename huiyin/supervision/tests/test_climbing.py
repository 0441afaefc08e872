"""A broken promise goes up the ladder of its policy, rung by rung, until it is kept or somebody acts."""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.complaints import auditing as chain
from huiyin.complaints import events
from huiyin.complaints.actions import noting, sweeping, waiting
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.notices.models import Notice
from huiyin.org.models import Member
from huiyin.sla.checking import check
from huiyin.sla.engine import Target, Unit
from huiyin.sla.errors import PolicyUnsound
from huiyin.sla.ladder import rungs
from huiyin.sla.policy import Policy
from huiyin.sla.queries import Versions, current
from huiyin.supervision.actions import climbing, telling
from huiyin.supervision.directory import Directory
from huiyin.supervision.models import Climb
from tests import cast
from tests.cast import actor, later, member, unit

MINUTE = timedelta(minutes=1)
Rung = tuple[int, list[str], list[str]]


@pytest.fixture(autouse=True)
def company(db: None) -> None:
    cast.company()
    Member.objects.create(username="above", name="above", unit=unit("HQ"), roles=["dept_lead"])


def broken(severity: int) -> Clock:
    """The unit has not handled it in time, and those concerned were told a minute later."""
    [order] = cast.dispatched()
    Complaint.objects.filter(pk=order.complaint_id).update(severity=severity)
    clock = Clock.objects.get(complaint=order.complaint_id, code="CK-HANDLE")
    Clock.objects.filter(complaint=order.complaint_id).exclude(pk=clock.pk).update(stopped_at=clock.started_at)
    notice(clock, clock.due_at + MINUTE)
    return clock


def notice(clock: Clock, at: datetime) -> None:
    while sweeping.sweep(at=at):
        pass
    telling.tell_of_time([clock.complaint_id], at=at)


def test_many_that_break_at_once_cost_as_many_queries_as_few() -> None:
    """Recorded by the sweep, told of, and begun on the ladder."""

    def cost(count: int) -> tuple[int, int]:
        orders = [
            cast.dispatched(cast.reviewed(cast.filed(phone=f"139{count:04d}{each:04d}")))[0] for each in range(count)
        ]
        clocks = Clock.objects.filter(complaint__in=[order.complaint_id for order in orders])
        clocks.exclude(code="CK-RESOLVE").update(stopped_at=later(hours=1))
        at = clocks.latest("due_at").due_at + MINUTE
        with CaptureQueriesContext(connection) as swept:
            assert sweeping.sweep(at=at) == count
        with CaptureQueriesContext(connection) as heard:
            assert telling.tell_of_time([order.complaint_id for order in orders], at=at) == count
        assert Climb.objects.filter(clock__in=clocks).count() == count
        return len(swept), len(heard)

    cost(1)  # what is read once a process; many rows are written in another way than a few
    assert cost(9) == cost(12)


def climbed(clock: Clock) -> list[Rung]:
    names = dict(Member.objects.values_list("pk", "username"))
    said = [e.particulars for e in Event.objects.filter(kind="escalated").order_by("seq")]
    return [(each["rung"], each["roles"], sorted(names[pk] for pk in each["members"])) for each in said]


def share(clock: Clock, part: float) -> datetime:
    return clock.started_at + (clock.due_at - clock.started_at) * part


@pytest.mark.req("C060")
def test_each_rung_is_one_event_at_its_share_and_a_notice_to_who_stands_on_it() -> None:
    clock = broken(2)
    ladder = rungs(current(), 2)
    moments = [climbing._moment(clock, ladder, place, clock.due_at, Versions()) for place in range(4)]

    swept = [climbing.sweep(at=moment + late) for moment in moments for late in (timedelta(0), MINUTE, 2 * MINUTE)]

    assert swept == [0, 1, 0] * 4
    assert climbed(clock) == [
        (1, ["dept_lead"], ["lead"]),
        (2, ["parent_lead"], ["above"]),
        (3, ["supervisor"], ["supervisor", "supervisor2"]),
        (4, ["director", "executive"], ["director", "executive"]),
    ]
    told = Notice.objects.filter(kind="escalated", key=f"rung:{clock.pk}:2").get()
    assert told.member.username == "above"
    assert told.values["rung"]["zh"] == "第 2 级，共 4 级"
    assert told.values["reason"]["zh"].startswith("处理时限已超时 ")
    assert Notice.objects.filter(kind="escalated").count() == 6
    assert Climb.objects.get().next_at is None
    assert list(chain.verify()) == []


def upcoming() -> datetime:
    moment = Climb.objects.get().next_at
    assert moment is not None
    return moment


def test_after_a_change_of_level_it_goes_on_where_nobody_has_heard_of_it_yet() -> None:
    clock = broken(4)
    complaint = Complaint.objects.get()
    for _each in range(3):
        climbing.sweep(at=upcoming() + MINUTE)
    assert [each[1] for each in climbed(clock)] == [["dept_lead"], ["supervisor"], ["director"]]
    after = Climb.objects.get()
    assert upcoming() > after.since + timedelta(days=10)  # the executive, ten working days later

    Complaint.objects.update(severity=1)
    assert [climbing.change_ladders(complaint, at=after.since) for _each in range(2)] == [1, 0]
    for _each in range(3):
        climbing.sweep(at=upcoming() + MINUTE)

    assert climbed(clock)[3:] == [
        (2, ["parent_lead"], ["above"]),
        (3, ["supervisor"], ["supervisor", "supervisor2"]),
        (4, ["director", "executive"], ["director", "executive"]),
    ]
    assert Climb.objects.get().next_at is None
    Complaint.objects.update(severity=3)  # all of its five have heard
    assert (climbing.change_ladders(complaint, at=after.since), Climb.objects.get().next_at) == (1, None)


def test_after_a_downtime_it_climbs_one_rung_at_a_time_and_level_three_reaches_the_top_two_days_later() -> None:
    clock = broken(3)
    back = clock.due_at + timedelta(days=9)

    notice(clock, back)
    assert [climbing.sweep(at=back + each * MINUTE) for each in range(3)] == [1, 0, 0]
    assert climbed(clock) == [(1, ["dept_lead"], ["lead"])]

    at = back
    while Climb.objects.filter(next_at__isnull=False).exists():
        at += timedelta(hours=6)
        climbing.sweep(at=at)
    assert [each[2] for each in climbed(clock)[3:]] == [["director"], ["executive"]]


def test_whoever_was_told_and_acts_has_the_time_once_more_and_a_kept_or_paused_promise_climbs_no_further() -> None:
    clock = broken(2)
    first = Climb.objects.get().next_at
    assert first is not None
    climbing.sweep(at=first + MINUTE)
    second = Climb.objects.get().next_at
    assert second is not None
    gap = second - first
    deed = first + gap / 2
    noting.note(Complaint.objects.get(), text="已联系厂家，正在换货。", actor=actor("lead"), at=deed)

    events.record(Complaint.objects.get(), Event.Kind.REVEALED, actor=actor("lead"), at=deed + MINUTE)  # no deed
    climbing.sweep(at=second + MINUTE)
    assert (len(climbed(clock)), Climb.objects.get().next_at) == (1, deed + gap)
    noting.note(Complaint.objects.get(), text="还在等。", actor=actor("lead"), at=deed + gap)

    Clock.objects.filter(pk=clock.pk).update(paused_at=deed)
    assert climbing.sweep(at=deed + gap + MINUTE) == 0
    Clock.objects.filter(pk=clock.pk).update(paused_at=None)
    stale = Climb.objects.select_related("clock").get()
    assert climbing.sweep(at=deed + gap + 2 * MINUTE) == 1
    assert len(climbed(clock)) == 2
    directory = Directory(at=deed + gap + 2 * MINUTE)
    assert climbing._look(stale, deed + gap + 2 * MINUTE, directory, Versions()) is False  # another worker was there

    Clock.objects.filter(pk=clock.pk).update(stopped_at=deed + gap + 3 * MINUTE)
    assert climbing.sweep(at=deed + timedelta(days=30)) == 0
    assert (len(climbed(clock)), Climb.objects.get().next_at) == (2, None)


def stands_still(complaint: Complaint, since: datetime, until: datetime) -> None:
    waiting.pause(
        complaint, code="FORCE_MAJ", reason="台风停工", review=since + timedelta(days=2), actor=actor("supervisor"),
        at=since,
    )  # fmt: skip
    waiting.resume(complaint, actor=actor("supervisor"), at=until)


def test_what_stood_still_is_no_time_on_the_ladder_afterwards_either() -> None:
    clock = broken(2)
    first = upcoming()
    climbing.sweep(at=first + MINUTE)
    second, complaint = upcoming(), Complaint.objects.get()
    gap, from_then = second - first, first + (second - first) / 4
    hours = timedelta(hours=5)
    stands_still(complaint, from_then, from_then + gap + hours)
    clock.refresh_from_db()
    assert clock.is_late(from_then)

    assert climbing.sweep(at=from_then + gap + hours + MINUTE) == 1  # looked at, and put where it belongs
    assert (len(climbed(clock)), upcoming()) == (1, second + gap + hours)
    climbing.sweep(at=second + gap + hours + MINUTE)
    assert [each[1] for each in climbed(clock)] == [["dept_lead"], ["parent_lead"]]


def test_a_rung_so_many_working_days_later_has_those_back_that_closed_within_a_pause() -> None:
    clock = broken(4)
    for _each in range(3):
        climbing.sweep(at=upcoming() + MINUTE)
    complaint, calendar, since = Complaint.objects.get(), current().calendar, Climb.objects.get().since
    assert upcoming() == calendar.add(since, Target.of(Unit.WORKING_DAYS, 10))
    paused = calendar.add(since, Target.of(Unit.WORKING_DAYS, 1)) - MINUTE  # just before a day closes
    stands_still(complaint, paused, calendar.add(paused, Target.of(Unit.WORKING_DAYS, 2)) + MINUTE)

    climbing.sweep(at=upcoming() + MINUTE)

    assert len(climbed(clock)) == 3
    assert upcoming() == calendar.add(since, Target.of(Unit.WORKING_DAYS, 13))


def test_a_ladder_is_checked_and_a_document_without_one_has_what_is_shipped() -> None:
    body: dict[str, Any] = deepcopy(dict(current().body))
    assert check(body)["escalation"][0]["level"] == ["L1"]
    wrong: list[Any] = [
        {"at": 1.2, "tell": ["dept_lead"]}, {"at": 1.1, "tell": ["supervisor"]}, {"tell": ["director"]},
        {"after": {"wd": 0.5}, "tell": ["nobody"]},
    ]  # fmt: skip
    body["escalation"] = [{"level": ["L1"], "rungs": wrong}, {"level": ["L1", "L9"], "rungs": []}]
    with pytest.raises(PolicyUnsound) as refused:
        check(body)
    assert len(refused.value.faults) == 6
    del body["escalation"]
    assert [each.tell for each in rungs(Policy(body, number=9), 4)][-1] == ("executive",)
    assert member("executive").roles == ["executive"]
