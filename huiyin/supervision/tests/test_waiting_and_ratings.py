"""Somebody waits too long on the line, and somebody is not content: supervisors are told, once."""

import pytest

from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.complaints.states import MAY_BECOME, State
from huiyin.intake.actions import queueing
from huiyin.notices.models import Notice
from huiyin.org.actors import CUSTOMER
from huiyin.org.models import Member, Unit
from huiyin.supervision.actions import low_ratings
from huiyin.supervision.actions import queueing as alerting
from huiyin.surveys.actions import answering, caring, inviting
from huiyin.surveys.models import Answer
from tests import cast
from tests.cast import actor, later, unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


def waits(reference: str, minutes: float) -> None:
    queueing.enter(
        reference=reference,
        unit=unit("CC"),
        way="phone",
        actor=actor("agent"),
        at=later(),
        entered_at=later(minutes=-minutes),
    )


@pytest.mark.req("C091")
def test_sixteen_minutes_of_waiting_alert_the_supervisors_once_with_the_staffing_need() -> None:
    for n in range(60):
        waits(f"A{n:03}", 14 - n / 10)
    assert alerting.alert(at=later()) == 0

    waits("B001", 16)
    assert alerting.alert(at=later()) == 1
    assert alerting.alert(at=later(seconds=30)) == 0

    told = Notice.objects.filter(kind="queue_waiting", member__username="supervisor").order_by("id")
    first = told[0].values
    assert (first["count"], first["minutes"], first["agents"]) == (1, 16, 7)  # 61 calls of five minutes, Erlang C
    assert told.count() == 1


def rated(stars: int) -> Complaint:
    complaint = cast.closed()
    answering.answer(complaint, stars=stars, words="", via=Answer.Via.PORTAL, actor=CUSTOMER, at=later(days=1, hours=1))
    low_ratings.take_up(complaint, at=later(days=1, hours=1))
    complaint.refresh_from_db()
    return complaint


@pytest.mark.req("C061")
def test_two_stars_reopen_with_another_handler_and_a_call_by_the_supervisor_within_a_day() -> None:
    complaint = rated(2)

    assert complaint.state == State.REOPENED
    assert complaint.assignee is not None
    assert complaint.assignee.has_role("supervisor")
    call = Clock.objects.running().get(complaint=complaint, code="CK-PROMISE")
    assert call.due_at == later(days=2, hours=1)
    assert Notice.objects.filter(kind="low_rating", member=complaint.assignee).count() == 1
    assert low_ratings.take_up(complaint, at=later(days=1, hours=2)) is False
    # the one who handled it before may not have it again: the guard new_handler of the state table
    assert "new_handler" in MAY_BECOME[State.REOPENED][State.IN_PROGRESS].guards


@pytest.mark.req("C061")
def test_a_low_rating_on_the_telephone_comes_to_the_supervisor_just_as_well() -> None:
    complaint = cast.resolved()
    inviting.call(complaint, stars=1, words="还是坏的", actor=actor("agent"), at=later(hours=30))

    assert low_ratings.take_up(complaint, at=later(hours=30, seconds=5)) is True

    complaint.refresh_from_db()
    assert (complaint.state, complaint.reopened_count) == (State.REOPENED, 1)
    assert complaint.assignee is not None
    assert complaint.assignee.has_role("supervisor")
    call = Clock.objects.running().get(complaint=complaint, code="CK-PROMISE")
    assert call.due_at == later(hours=54, seconds=5)
    assert low_ratings.take_up(complaint, at=later(hours=31)) is False
    assert Notice.objects.filter(kind="low_rating", member=complaint.assignee).count() == 1


@pytest.mark.req("C061")
def test_where_the_unit_has_a_special_team_a_low_rating_goes_to_it_and_the_unit_keeps_its_part() -> None:
    centre = unit("CC")
    team = Unit.objects.create(
        code="CC-SPECIAL", name_zh="专项小组", kind=Unit.Kind.TEAM, parent=centre, path=f"{centre.path}CC-SPECIAL/"
    )
    Member.objects.create(username="special", name="专项员", unit=team, roles=["frontline"])

    complaint = rated(2)

    assert complaint.owner_unit == team
    assert complaint.assignee is not None
    assert complaint.assignee.has_role("supervisor")  # who calls
    for who in ("special", "agent", "supervisor"):
        assert Complaint.objects.visible_to(cast.member(who)).filter(pk=complaint.pk).exists()


@pytest.mark.req("C061")
def test_three_stars_do_not_reopen_and_somebody_calls_within_two_days_to_ask_why() -> None:
    complaint = rated(3)

    assert complaint.state == State.CLOSED
    call = Clock.objects.running().get(complaint=complaint, code="CK-PROMISE")
    assert call.due_at == later(days=3, hours=1)
    assert Notice.objects.filter(kind="care_call").exists()
    assert low_ratings.take_up(complaint, at=later(days=1, hours=2)) is False
    assert Clock.objects.filter(complaint=complaint, code="CK-PROMISE").count() == 1

    caring.called(complaint, reasons=["unclear"], words="没说清楚", actor=actor("agent"), at=later(days=2))

    call.refresh_from_db()
    assert call.stopped_at == later(days=2)
    assert list(complaint.answers.values_list("stars", "reasons")) == [(3, ["unclear"])]
    said = complaint.events.filter(kind=Event.Kind.SURVEYED).latest("seq").particulars
    assert (said["via"], said["reasons"]) == ("care", ["unclear"])


@pytest.mark.req("C061")
def test_three_stars_given_in_a_call_say_why_at_once_and_nobody_calls_again() -> None:
    complaint = cast.resolved()
    with pytest.raises(GuardFailed, match="至少选一个原因"):
        inviting.call(complaint, stars=3, words="", actor=actor("agent"), at=later(hours=30))

    more = answering.More(reasons=["wait"])
    inviting.call(complaint, stars=3, words="等太久", more=more, actor=actor("agent"), at=later(hours=30))

    assert low_ratings.take_up(complaint, at=later(hours=30, seconds=5)) is False
    complaint.refresh_from_db()
    assert (complaint.state, complaint.answers.get().reasons) == (State.CLOSED, ["wait"])
    assert not Clock.objects.filter(complaint=complaint, code="CK-PROMISE").exists()
    assert not Notice.objects.filter(kind="care_call").exists()


@pytest.mark.req("C061")
def test_the_survey_goes_out_within_48_hours_by_day_and_not_to_whoever_was_asked_twice() -> None:
    complaint = cast.resolved()
    customer = complaint.customer
    customer.email, customer.email_digest = "zhangwei@example.com", "0" * 64
    customer.save()
    assert inviting.begin(complaint, at=later(hours=7))
    assert not inviting.begin(complaint, at=later(hours=8))
    clock = Clock.objects.get(complaint=complaint, code="CK-SURVEY")
    assert (clock.started_at, clock.due_at) == (later(hours=7), later(hours=55))

    assert inviting.send(at=later(hours=8)) == 0  # an hour after the answer: too soon
    assert inviting.send(at=later(hours=12)) == 0  # ten at night
    assert inviting.send(at=later(hours=24)) == 1
    assert inviting.send(at=later(hours=25)) == 0
    clock.refresh_from_db()
    assert clock.stopped_at == later(hours=24)
    assert complaint.events.get(kind=Event.Kind.SURVEYED).particulars["via"] == "email"
