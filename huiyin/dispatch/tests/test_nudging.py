"""催办: who may ask the unit to hurry, how often, and what the system does by itself."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections

from huiyin.complaints.actions import keeping, waiting
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Event
from huiyin.dispatch.actions import dispatching, following, handling, nudging
from huiyin.dispatch.actions.dispatching import Order
from huiyin.dispatch.errors import NotInHand
from huiyin.dispatch.models import WorkOrder
from huiyin.sla.queries import current
from tests import cast
from tests.cast import actor, later, unit

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


def again(order: WorkOrder) -> WorkOrder:
    return WorkOrder.objects.select_related("complaint", "unit").get(pk=order.pk)


def nudges(order: WorkOrder) -> list[tuple[str, int]]:
    found = Event.objects.filter(complaint=order.complaint_id, kind=Event.Kind.NUDGED)
    return [(event.actor_kind, event.particulars["count"]) for event in found]


@pytest.mark.req("B25")
def test_the_owner_of_the_complaint_nudges_the_unit_and_it_is_on_the_record() -> None:
    [order] = cast.dispatched()
    keeping.assign(order.complaint, to=cast.member("agent"), actor=actor("reviewer"), at=later(hours=1))

    nudging.nudge(order, actor=actor("agent"), at=later(hours=2))

    assert (again(order).nudge_count, again(order).latest_nudge) == (1, later(hours=2))
    assert nudges(order) == [("member", 1)]


@pytest.mark.req("B25")
def test_who_neither_owns_the_complaint_nor_has_the_right_may_not_nudge() -> None:
    [order] = cast.dispatched()

    for username in ("agent", "handler", "lead"):
        with pytest.raises(MayNot):
            nudging.nudge(order, actor=actor(username), at=later(hours=2))
    nudging.nudge(order, actor=actor("supervisor"), at=later(hours=2))

    assert again(order).nudge_count == 1


@pytest.mark.req("B25")
def test_a_second_nudge_within_half_an_hour_is_refused_with_the_time_to_come_back() -> None:
    [order] = cast.dispatched()
    nudging.nudge(order, actor=actor("supervisor"), at=later(hours=2))

    with pytest.raises(GuardFailed, match="12:30"):
        nudging.nudge(order, actor=actor("reviewer"), at=later(hours=2, minutes=29))
    assert (again(order).nudge_count, nudges(order)) == (1, [("member", 1)])

    nudging.nudge(order, actor=actor("reviewer"), at=later(hours=2, minutes=30))
    assert nudges(order) == [("member", 1), ("member", 2)]


def test_an_order_that_the_unit_is_done_with_is_not_nudged() -> None:
    [order] = cast.dispatched()
    cast.completed(order)

    with pytest.raises(NotInHand):
        nudging.nudge(order, actor=actor("supervisor"), at=later(hours=6))

    assert nudges(order) == []


@pytest.mark.req("B25")
def test_four_fifths_are_counted_in_opening_hours() -> None:
    """From Friday 10:00 to Monday 15:30, with lunch, a night and a weekend between them."""
    complaint = cast.filed(at=FRIDAY, category="PQ-01")  # complex: five working days
    cast.reviewed(complaint, at=FRIDAY)
    monday = FRIDAY + timedelta(days=3, hours=5, minutes=30)
    [order] = dispatching.dispatch(
        complaint, orders=[Order(unit=unit("QM"), due_at=monday)], actor=actor("reviewer"), at=FRIDAY
    )
    calendar = current().calendar

    assert order.nudge_at is not None
    used = calendar.working_between(FRIDAY, order.nudge_at) / calendar.working_between(FRIDAY, monday)

    assert abs(used - 0.8) < 0.001
    assert FRIDAY + timedelta(days=2) < order.nudge_at < monday


def test_a_promise_that_runs_through_the_night_is_counted_in_all_hours() -> None:
    calendar = current().calendar
    evening = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

    at = following.due_to_nudge(calendar, dispatched_at=evening, due_at=evening + timedelta(hours=10))

    assert at == evening + timedelta(hours=8)


@pytest.mark.req("B25")
def test_the_system_nudges_once_when_four_fifths_of_the_time_are_gone() -> None:
    [order] = cast.dispatched()
    ripe = again(order).nudge_at
    assert ripe is not None

    assert nudging.sweep(at=ripe - timedelta(seconds=1)) == 0
    assert nudging.sweep(at=ripe) == 1
    assert nudging.sweep(at=ripe + timedelta(hours=1)) == 0

    assert nudges(order) == [("system", 1)]
    assert (again(order).nudge_at, again(order).auto_nudged_at) == (None, ripe)


@pytest.mark.req("B25")
def test_while_its_time_stands_still_nobody_is_nudged_and_after_the_pause_when_four_fifths_are_gone() -> None:
    [order] = cast.dispatched()
    ripe, sent = again(order).nudge_at, order.dispatched_at
    assert ripe is not None
    assert sent is not None
    stood, back = ripe - timedelta(hours=1), ripe + timedelta(hours=23)
    waiting.pause(order.complaint, reason="请客户补发票", actor=actor("agent"), at=stood)

    assert [nudging.sweep(at=ripe), nudging.sweep(at=back)] == [0, 0]
    waiting.resume(order.complaint, actor=actor("agent"), at=back)
    assert nudging.sweep(at=back) == 0  # before any worker has moved the order's times

    then = again(order).nudge_at
    assert then == ripe + timedelta(days=1)
    assert [nudging.sweep(at=then - timedelta(seconds=1)), nudging.sweep(at=then)] == [0, 1]
    between = current().calendar.working_between
    paused = between(stood, back)
    used = (between(sent, then) - paused) / (between(sent, again(order).due_at) - paused)
    assert abs(used - 0.8) < 0.001
    assert nudges(order) == [("system", 1)]


def test_the_system_nudges_nobody_whose_work_is_done_until_it_is_sent_back() -> None:
    [order] = cast.dispatched()
    ripe = again(order).nudge_at
    assert ripe is not None
    handling.sign(order, actor=actor("handler"), at=later(minutes=40))
    cast.completed(order, at=later(hours=1))

    assert nudging.sweep(at=ripe) == 0
    assert nudges(order) == []


@pytest.mark.req("B25")
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_nudge_once() -> None:
    [order] = cast.dispatched()
    ripe = again(order).nudge_at
    assert ripe is not None
    found: list[int] = []
    together = threading.Barrier(2)

    def work() -> None:
        together.wait()
        try:
            found.append(nudging.sweep(at=ripe))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _each in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(found) == [0, 1]
    assert nudges(order) == [("system", 1)]


def test_the_sweep_finds_its_orders_by_their_index() -> None:
    cast.dispatched()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = WorkOrder.objects.to_nudge(later(days=9)).order_by("nudge_at", "id")[:200].explain()

    assert "work_order_nudge" in plan
