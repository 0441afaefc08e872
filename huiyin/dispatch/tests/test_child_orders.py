"""No child order is due after its parent (A47), whatever becomes of its clock: regraded, resumed, followed, extended."""

import pytest

from huiyin.complaints.actions import extending, pausing, regrading
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Clock, Complaint
from huiyin.dispatch.actions import dispatching, handling
from huiyin.dispatch.actions.dispatching import Order
from huiyin.dispatch.actions.following import follow_clocks
from huiyin.dispatch.models import WorkOrder
from tests import cast
from tests.cast import actor, later, unit

pytestmark = [pytest.mark.django_db, pytest.mark.req("A47")]


@pytest.fixture(autouse=True)
def company(db: None) -> None:
    cast.company()


def family(hours: float = 8) -> tuple[Complaint, WorkOrder, WorkOrder]:
    """An order that is due sooner than by the rules, and its child."""
    complaint = cast.reviewed()
    given = Order(unit=unit("QM"), due_at=later(hours=hours))
    [above] = dispatching.dispatch(complaint, orders=[given], actor=actor("reviewer"), at=later(minutes=30))
    handling.sign(above, actor=actor("handler"), at=later(hours=1))
    [child] = dispatching.split(above, orders=[Order(unit=unit("RD"))], actor=actor("handler"), at=later(hours=2))
    return Complaint.objects.get(pk=complaint.pk), above, child


def clock(order: WorkOrder) -> Clock:
    return Clock.objects.running().get(code="CK-HANDLE", subject=order.number)


def test_a_pause_moves_both_and_the_child_is_due_with_its_parent() -> None:
    complaint, parent, child = family()
    hold(complaint)
    proof = cast.informed(complaint, at=later(hours=2))
    pausing.begin(
        complaint, code="WAIT_CUST", words="请客户寄回", evidence=proof, actor=actor("agent"), at=later(hours=3)
    )  # fmt: skip
    pausing.end(complaint, by=actor("agent"), at=later(hours=5))
    assert (clock(parent).due_at, clock(child).due_at) == (later(hours=10), later(hours=10))
    follow_clocks(complaint)
    assert {each.due_at for each in WorkOrder.objects.all()} == {later(hours=10)}


def test_a_regrading_that_brings_the_parent_forward_brings_the_child_with_it() -> None:
    complaint, parent, child = family(hours=60)
    Clock.objects.filter(pk=clock(parent).pk).update(due_at=later(hours=10))  # as if it alone had been told sooner
    regrading.regrade(
        complaint, severity=2, complexity="S", reason="多户受影响", actor=actor("supervisor"), at=later(hours=3)
    )  # fmt: skip
    assert clock(parent).due_at == later(hours=10)
    assert clock(child).due_at == later(hours=10)
    assert clock(child).why["capped"]["order"] == parent.number


def test_an_order_that_follows_its_clock_never_passes_its_parent() -> None:
    complaint, parent, child = family()
    Clock.objects.filter(pk=clock(child).pk).update(due_at=later(hours=30))
    follow_clocks(complaint)
    child.refresh_from_db()
    assert (child.due_at, clock(child).due_at) == (parent.due_at, parent.due_at)


def test_a_grandchild_keeps_to_the_child_that_keeps_to_its_parent() -> None:
    complaint, parent, _first = family()
    [child] = dispatching.split(parent, orders=[Order(unit=unit("QM"))], actor=actor("handler"), at=later(hours=2))
    handling.sign(child, actor=actor("handler"), at=later(hours=3))
    [below] = dispatching.split(child, orders=[Order(unit=unit("RD"))], actor=actor("handler"), at=later(hours=3))
    Clock.objects.filter(subject__in=[child.number, below.number], code="CK-HANDLE").update(due_at=later(hours=30))
    Clock.objects.filter(pk=clock(parent).pk).update(due_at=later(hours=6))
    follow_clocks(complaint)
    assert {clock(each).due_at for each in (parent, child, below)} == {later(hours=6)}
    below.refresh_from_db()
    assert below.due_at == later(hours=6)


def test_more_time_for_a_child_alone_is_refused_beyond_its_parent() -> None:
    complaint, parent, child = family()
    asked = extending.ask(clock(child), days=1, reason="等检测", actor=actor("handler"), at=later(hours=3))
    cast.informed(complaint, at=later(hours=4))
    with pytest.raises(GuardFailed, match=parent.number):
        extending.grant(asked, actor=actor("supervisor"), at=later(hours=5))
    assert clock(child).due_at == later(hours=8)
