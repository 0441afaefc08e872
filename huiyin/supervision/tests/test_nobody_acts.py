"""What happens when nobody acts: those concerned are told once, the order goes on to who can take it."""

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.complaints import auditing as chain
from huiyin.complaints.actions import sweeping
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.dispatch.actions import dispatching, following, handling, reassigning
from huiyin.dispatch.actions.dispatching import Order
from huiyin.dispatch.models import WorkOrder
from huiyin.duty.models import Absence
from huiyin.notices.kinds import kind_of
from huiyin.notices.models import Notice
from huiyin.org.models import Member
from huiyin.org.rules import Role
from huiyin.supervision.actions import passing_on, supervising, taking_back, telling
from huiyin.supervision.models import SignWatch, Supervision
from tests import cast
from tests.cast import actor, later, member, unit


@pytest.fixture(autouse=True)
def company(db: None) -> None:
    cast.company()


def told(kind: str) -> set[tuple[str, str]]:
    return {(each.member.username, each.key) for each in Notice.objects.filter(kind=kind).select_related("member")}


def names(kind: str) -> set[str]:
    return {name for name, _key in told(kind)}


def swept(complaint: Complaint, at: datetime) -> int:
    while sweeping.sweep(at=at):
        pass
    return telling.tell_of_time([complaint.pk], at=at)


def only(complaint: Complaint, code: str) -> Clock:
    Clock.objects.filter(complaint=complaint).exclude(code=code).update(stopped_at=complaint.received_at)
    return Clock.objects.get(complaint=complaint, code=code)


@pytest.mark.req("C060")
def test_four_fifths_and_the_breach_reach_the_unit_its_lead_and_the_supervisor_once() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    handle = only(complaint, "CK-HANDLE")
    used = handle.due_at - handle.started_at

    assert swept(complaint, handle.started_at + used * 0.99) == 1
    assert names("clock_warned") == {"handler", "lead", "supervisor", "supervisor2"}
    again = telling.tell_of_time([complaint.pk], at=later(days=9))
    assert again == 0

    assert swept(complaint, handle.due_at + timedelta(minutes=1)) == 1
    assert names("clock_breached") == {"handler", "lead", "supervisor", "supervisor2", "manager"}
    assert not Notice.objects.filter(member__in=Member.objects.filter(roles=["admin"])).exists()


def test_of_a_breach_that_nobody_looked_at_for_days_all_those_are_told_once_whom_it_concerned_meanwhile() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    only(complaint, "CK-HANDLE")

    assert swept(complaint, later(days=20)) == 1  # the machine was off

    assert names("clock_breached") == {"handler", "lead", "supervisor", "supervisor2", "manager"}
    assert len(told("clock_breached")) == 5


def test_who_may_not_see_the_complaint_is_not_told_of_it() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    supervisor = member("supervisor")
    Complaint.objects.filter(pk=complaint.pk).update(recused=[supervisor.pk])
    handle = only(complaint, "CK-HANDLE")

    swept(complaint, handle.due_at + timedelta(minutes=1))

    assert "supervisor" not in names("clock_breached")
    assert "supervisor2" in names("clock_breached")


def test_whoever_is_away_is_told_through_their_deputy() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    away(member("supervisor"), instead=member("manager"))
    handle = only(complaint, "CK-HANDLE")

    swept(complaint, handle.started_at + (handle.due_at - handle.started_at) * 0.99)

    assert "supervisor" not in names("clock_warned")
    assert "manager" in names("clock_warned")


def away(who: Member, *, instead: Member | None) -> Absence:
    return Absence.objects.create(
        member=who, deputy=instead, starts_at=later(days=-1), ends_at=later(days=30), made_by=who, made_at=later()
    )


def colleague(name: str, code: str, *roles: str) -> Member:
    return Member.objects.create(username=name, name=name, unit=unit(code), roles=list(roles))


def history(complaint: Complaint) -> list[tuple[str, int | None]]:
    found = complaint.events.filter(kind__in=["offered_on", "escalated"]).order_by("seq")
    return [(each.kind, each.particulars.get("member")) for each in found]


@pytest.mark.req("A62")
def test_an_order_nobody_signs_for_goes_to_the_next_then_the_lead_then_to_the_supervisor() -> None:
    Member.objects.filter(unit=unit("QM")).update(is_active=False)
    first, second = (colleague(name, "QM", Role.HANDLER) for name in ("qm_first", "qm_second"))
    away_one = colleague("qm_away", "QM", Role.HANDLER)
    colleague("qm_clerk", "QM", Role.QUALITY_ENG)  # may not sign
    lead = colleague("qm_lead", "QM", Role.DEPT_LEAD)
    away(away_one, instead=None)
    complaint = cast.reviewed()
    [order] = dispatching.dispatch(
        complaint, orders=[Order(unit=unit("QM"), assignee=first)], actor=actor("reviewer"), at=later(minutes=30)
    )
    taking_back.watch(complaint, at=later(minutes=30))
    taking_back.watch(complaint, at=later(minutes=31))

    looked = [taking_back.sweep(at=later(minutes=minutes)) for minutes in (100, 151, 152, 200, 272, 273, 393, 500)]

    assert looked == [0, 1, 0, 0, 1, 0, 1, 0]
    assert history(complaint) == [("offered_on", second.pk), ("offered_on", lead.pk), ("escalated", None)]
    assert told("order_taken_back") == {
        ("qm_first", f"taken:{order.pk}:1:2"),
        ("qm_second", f"taken:{order.pk}:1:3"),
    }
    assert names("order_offered") == {"qm_second", "qm_lead"}
    assert names("order_nobody_left") == {"supervisor", "supervisor2"}
    assert "没有人可以接，请您指派" in kind_of("order_nobody_left").words["zh"].body
    assert list(chain.verify()) == []


def test_it_is_never_offered_to_a_deputy_who_could_not_sign_for_it() -> None:
    Member.objects.filter(unit=unit("QM")).update(is_active=False)
    first, second = (colleague(name, "QM", Role.HANDLER) for name in ("qm_first", "qm_second"))
    outsider = colleague("elsewhere", "CC", Role.HANDLER, Role.EXECUTIVE)  # sees it, but by another role
    away(first, instead=outsider)
    complaint = cast.reviewed()
    sent = [Order(unit=unit("QM"), assignee=first)]
    [order] = dispatching.dispatch(complaint, orders=sent, actor=actor("reviewer"), at=later(minutes=30))
    taking_back.watch(complaint, at=later(minutes=30))

    taking_back.sweep(at=later(minutes=200))

    assert order.unit_id not in outsider.reach.unit_ids
    assert history(complaint) == [("offered_on", second.pk)]


def test_of_a_reopened_complaint_it_is_not_offered_to_whoever_handled_it_before() -> None:
    Member.objects.filter(unit=unit("QM")).update(is_active=False)
    first, second, third = (colleague(name, "QM", Role.HANDLER) for name in ("qm_first", "qm_second", "qm_third"))
    complaint = cast.reviewed()
    sent = [Order(unit=unit("QM"), assignee=each) for each in (second, first)]
    earlier, order = dispatching.dispatch(complaint, orders=sent, actor=actor("reviewer"), at=later(minutes=30))
    WorkOrder.objects.filter(pk=earlier.pk).update(state="passed", handler=second, dispatched_at=later(minutes=10))
    Complaint.objects.filter(pk=complaint.pk).update(reopened_at=later(minutes=20))
    taking_back.watch(complaint, at=later(minutes=30))

    taking_back.sweep(at=later(minutes=200))

    assert order.assignee == first
    assert history(complaint) == [("offered_on", third.pk)]


def test_whoever_it_is_given_to_by_hand_has_a_window_of_their_own() -> None:
    Member.objects.filter(unit=unit("QM")).update(is_active=False)
    first, second, third = (colleague(name, "QM", Role.HANDLER) for name in ("qm_first", "qm_second", "qm_third"))
    complaint = cast.reviewed()
    sent = [Order(unit=unit("QM"), assignee=first)]
    [order] = dispatching.dispatch(complaint, orders=sent, actor=actor("reviewer"), at=later(minutes=30))
    taking_back.watch(complaint, at=later(minutes=30))

    reassigning.reassign(order, to=third, actor=actor("reviewer"), at=later(minutes=140))
    window = WorkOrder.objects.get().sign_due_at
    assert window == later(minutes=260)
    taking_back.sweep(at=later(minutes=151))  # the first window ends before the watch has been told
    taking_back.watch(complaint, at=later(minutes=152))
    watched = SignWatch.objects.get()
    assert (watched.next_at, watched.offered) == (window, [first.pk, third.pk])
    assert WorkOrder.objects.get().assignee == third

    taking_back.sweep(at=later(minutes=261))
    assert history(complaint) == [("offered_on", third.pk), ("offered_on", second.pk)]


def test_whoever_it_was_offered_on_to_keeps_their_window_until_a_graver_level_leaves_them_less() -> None:
    Member.objects.filter(unit=unit("QM")).update(is_active=False)
    first, second = (colleague(name, "QM", Role.HANDLER) for name in ("qm_first", "qm_second"))
    complaint = cast.reviewed()
    sent = [Order(unit=unit("QM"), assignee=first)]
    dispatching.dispatch(complaint, orders=sent, actor=actor("reviewer"), at=later(minutes=30))
    taking_back.watch(complaint, at=later(minutes=30))
    taking_back.sweep(at=later(minutes=151))
    offered = WorkOrder.objects.get()
    assert (offered.assignee, offered.sign_due_at) == (second, later(minutes=271))

    following.follow_clocks(complaint)  # the clock of the first one is over: not theirs
    assert (WorkOrder.objects.get().sign_due_at, taking_back.shorten_windows(complaint)) == (later(minutes=271), 0)

    Complaint.objects.update(severity=1)
    assert [taking_back.shorten_windows(complaint) for _each in range(2)] == [1, 0]
    taking_back.watch(complaint, at=later(minutes=160))
    sooner = WorkOrder.objects.get().sign_due_at
    assert sooner is not None
    assert later(minutes=151) < sooner < later(minutes=271)
    assert SignWatch.objects.get().next_at == sooner


def test_what_waited_at_the_upgrade_is_watched_no_sooner_than_in_ten_minutes() -> None:
    old, new = cast.dispatched()[0], cast.dispatched(cast.reviewed(cast.filed(phone="13900002222")))[0]
    signed = cast.dispatched(cast.reviewed(cast.filed(phone="13900003333")))[0]
    handling.sign(signed, actor=actor("handler"), at=later(minutes=40))
    now = timezone.now()
    WorkOrder.objects.filter(pk=old.pk).update(sign_due_at=now - timedelta(days=3))
    WorkOrder.objects.filter(pk=new.pk).update(sign_due_at=now + timedelta(days=1))
    upgrade = import_module("huiyin.supervision.migrations.0002_watches")

    with connection.cursor() as cursor:
        cursor.execute(upgrade.WATCHED)
        cursor.execute(upgrade.WATCHED)

    found = dict(SignWatch.objects.values_list("order", "next_at"))
    assert found.keys() == {old.pk, new.pk}
    assert found[new.pk] == now + timedelta(days=1)
    assert now + timedelta(minutes=9) < (found[old.pk] or now) < now + timedelta(minutes=12)


def test_an_order_that_is_signed_for_is_left_alone() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    taking_back.watch(complaint, at=later(minutes=30))
    handling.sign(order, actor=actor("handler"), at=later(minutes=40))

    assert taking_back.sweep(at=later(minutes=200)) == 1
    assert history(complaint) == []
    assert SignWatch.objects.get().next_at is None


def test_at_night_an_ordinary_order_waits_for_the_morning_and_a_critical_one_does_not() -> None:
    evening = later(hours=11)  # 21:00 in Shanghai
    quiet = cast.reviewed(cast.filed(at=evening), at=evening)
    fire = cast.filed(text="电饭煲起火，孩子手被烧伤，正在住院。", phone="13900002222", at=evening)
    cast.reviewed(fire, at=evening, category="PQ-11", severity=1, by="supervisor")
    for complaint in (quiet, fire):
        cast.dispatched(complaint, "QM", at=evening)
        taking_back.watch(complaint, at=evening)
    colleague("qm_second", "QM", Role.HANDLER)

    taking_back.sweep(at=evening + timedelta(hours=3))

    assert {kind for kind, _to in history(fire)} == {"offered_on"}
    assert history(quiet) == []
    watched = SignWatch.objects.get(order__complaint=quiet)
    assert watched.next_at == datetime(2026, 11, 17, 1, 1, tzinfo=evening.tzinfo)  # 09:01 in Shanghai


def test_a_sweep_reads_the_members_once_and_only_those_it_may_ask() -> None:
    for number in range(3):
        [order] = cast.dispatched(cast.reviewed(cast.filed(phone=f"1390000222{number}")))
        taking_back.watch(order.complaint, at=later(minutes=30))

    with CaptureQueriesContext(connection) as asked:
        assert taking_back.sweep(at=later(minutes=200)) == 3

    everybody = [each["sql"] for each in asked if 'ORDER BY "org_member"."name"' in each["sql"]]
    assert len(everybody) == 1
    assert "roles" in everybody[0].partition("WHERE")[2]


def test_two_sweeps_at_once_offer_it_on_once() -> None:
    [order] = cast.dispatched()
    taking_back.watch(order.complaint, at=later(minutes=30))
    stale = SignWatch.objects.select_related("order__complaint", "order__unit").get()

    assert taking_back.sweep(at=later(minutes=200)) == 1
    assert taking_back._look(stale, later(minutes=200)) is False


def test_a_letter_of_supervision_is_answered_or_whoever_asked_hears_that_it_was_not() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    handling.sign(WorkOrder.objects.get(pk=order.pk), actor=actor("handler"), at=later(minutes=40))
    with pytest.raises(MayNot):
        supervising.supervise(
            complaint, words="进展？", answer_by=later(hours=4), actor=actor("agent"), at=later(hours=1)
        )

    letter = supervising.supervise(
        complaint, words="进展如何？", answer_by=later(hours=4), actor=actor("manager"), at=later(hours=1)
    )
    assert letter.number == f"DB{complaint.number[2:]}-1"
    assert "handler" in names("supervised")

    assert [supervising.sweep(at=later(hours=hours)) for hours in (3, 5, 6)] == [0, 1, 0]
    assert "manager" in names("supervision_unanswered")
    supervising.answer(letter, words="已查明，今天换新。", actor=actor("handler"), at=later(hours=6))
    assert names("supervision_answered") == {"manager"}
    with pytest.raises(GuardFailed, match="已有答复"):
        supervising.answer(letter, words="再说一次", actor=actor("handler"), at=later(hours=7))
    assert Supervision.objects.open().count() == 0
    kinds = [each.kind for each in complaint.events.filter(kind__startswith="super").order_by("seq")]
    assert kinds == [Event.Kind.SUPERVISED, Event.Kind.SUPERVISION_ANSWERED]


def test_whoever_asked_does_not_answer_and_with_the_end_of_the_complaint_nothing_is_owed() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    asked: dict[str, Any] = {"words": "进展如何？", "answer_by": later(hours=4), "at": later(hours=1)}
    letter = supervising.supervise(complaint, actor=actor("supervisor"), **asked)
    with pytest.raises(MayNot, match="别人答复"):
        supervising.answer(letter, words="我自己答", actor=actor("supervisor"), at=later(hours=2))
    owed = Supervision.objects.owed_by
    assert ([*owed(member("supervisor"))], [*owed(member("handler"))]) == ([], [letter])

    Complaint.objects.filter(pk=complaint.pk).update(state="withdrawn")

    assert supervising.sweep(at=later(hours=5)) == 0
    assert not Supervision.objects.open().exists()
    with pytest.raises(GuardFailed, match="不用再答复"):
        supervising.answer(letter, words="晚了", actor=actor("handler"), at=later(hours=6))
    letter.refresh_from_db()
    assert letter.answered_at is None


def test_what_others_did_reaches_those_it_is_for_once_and_not_whoever_did_it() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)

    first = passing_on.pass_on(complaint, at=later(minutes=31))
    again = passing_on.pass_on(complaint, at=later(minutes=32))
    handling.decline(WorkOrder.objects.get(pk=order.pk), reason="归物流", actor=actor("handler"), at=later(minutes=50))
    passing_on.pass_on(complaint, at=later(minutes=51))

    assert (first, again) == (2, 0)
    assert names("order_dispatched") == {"handler", "lead"}
    assert names("announcement") == {"reviewer"}
