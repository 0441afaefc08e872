"""No child order is due after its parent (A47), whatever becomes of its clock; and why an order is due when it is."""

import pytest

from huiyin.complaints.actions import extending, pausing, reckoning, regrading
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Clock, Complaint
from huiyin.dispatch.actions import dispatching, handling
from huiyin.dispatch.actions.dispatching import Order
from huiyin.dispatch.actions.following import follow_clocks
from huiyin.dispatch.models import WorkOrder
from huiyin.org.actors import SYSTEM
from huiyin.sla.actions import excepting
from huiyin.sla.explaining import explain
from huiyin.sla.queries import current
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


def words_of(order: WorkOrder) -> tuple[str, str]:
    why = clock(order).why
    return explain(why, "zh"), explain(why, "en")


def test_a_due_moment_set_by_hand_says_who_set_it_when_and_in_place_of_which() -> None:
    _complaint, parent, _child = family()
    chinese, english = words_of(parent)
    who = actor("reviewer").member
    assert who is not None
    assert chinese == (
        f"{who.name} 于 11月16日 10:30 指定，代替按规则算出的 11月18日 19:42 → 11月16日 18:00；"
        "依据 sla.yaml CK-HANDLE，政策版本 1"
    )
    assert english == (
        f"Set by {who.name} on 16 Nov 10:30, in place of 18 Nov 19:42 by the rules → 16 Nov 18:00; "
        "under sla.yaml CK-HANDLE, policy version 1"
    )


def test_a_child_that_is_due_with_its_parent_says_of_which_order() -> None:
    _complaint, parent, child = family()
    chinese, english = words_of(child)
    assert f"不得晚于上级工单 {parent.number} 的时限，提前到与它同时" in chinese
    assert f"→ 11月16日 18:00；按自身应为 11月18日 20:00，不得晚于上级工单 {parent.number} " in chinese
    assert f"never later than its parent order {parent.number}, so due together with it" in english


def test_what_was_set_by_hand_moves_by_the_time_it_stood_still_and_by_no_new_calendar() -> None:
    complaint, parent, _child = family(hours=30)
    hold(complaint)
    proof = cast.informed(complaint, at=later(hours=2))
    pausing.begin(
        complaint, code="WAIT_CUST", words="请客户寄回", evidence=proof, actor=actor("agent"), at=later(hours=3)
    )  # fmt: skip
    pausing.end(complaint, by=actor("agent"), at=later(hours=5))
    assert clock(parent).due_at == later(hours=32)
    assert "因暂停由 11月17日 16:00 顺延" in words_of(parent)[0]
    excepting.set_day(
        day=later(days=1).date(), is_working=False, name="停业", actor=actor("admin"), at=later(hours=6)
    )  # fmt: skip
    reckoning.reckon_all(current(), actor=SYSTEM, at=later(hours=6))
    assert clock(parent).due_at == later(hours=32)
