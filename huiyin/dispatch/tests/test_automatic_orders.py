"""A rule of the routing table may send orders out by itself: coupon disputes go to marketing and finance at once."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.states import State
from huiyin.dispatch import tasks
from huiyin.dispatch.actions import dispatching, handling
from huiyin.dispatch.actions.dispatching import Order
from huiyin.dispatch.models import RoutingRule, WorkOrder
from tests import cast
from tests.cast import actor, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def coupon() -> Complaint:
    cast.company()
    return cast.reviewed(cast.filed(text="领的五十元优惠券，结账时提示不可用，客服也说不清为什么。"), category="TD-07")


def units_of(complaint: Complaint) -> list[str]:
    orders = WorkOrder.objects.filter(complaint=complaint)
    return sorted(orders.values_list("unit__code", flat=True))


@pytest.mark.req("C051")
def test_a_reviewed_coupon_dispute_is_with_marketing_and_finance_and_both_are_asked_for_the_ledger(
    coupon: Complaint,
) -> None:
    assert {"complaint_id": coupon.pk} in [
        job.args for job in ProcrastinateJob.objects.filter(task_name="dispatch.send_out_by_rule")
    ]

    tasks.send_out_by_rule(coupon.pk)
    tasks.send_out_by_rule(coupon.pk)

    coupon.refresh_from_db()
    assert coupon.state == State.IN_PROGRESS
    assert units_of(coupon) == ["FIN-CHK", "MKT-ACT"]
    for order in WorkOrder.objects.filter(complaint=coupon):
        assert order.state == "dispatched"
        assert "优惠券台账核查" in order.instructions
        assert order.issues.count() == 2
    sent = coupon.events.filter(kind=Event.Kind.DISPATCHED)
    assert [event.actor_kind for event in sent] == ["system", "system"]


@pytest.mark.req("C051")
def test_who_was_served_by_a_faster_dispatcher_or_gave_it_back_gets_no_second_order(coupon: Complaint) -> None:
    [theirs] = dispatching.dispatch(
        coupon, orders=[Order(unit=unit("FIN"))], actor=actor("reviewer"), at=cast.later(minutes=21)
    )

    tasks.send_out_by_rule(coupon.pk)
    assert units_of(coupon) == ["FIN", "MKT-ACT"]

    finance = cast.member("handler2")
    finance.unit = unit("FIN")
    finance.save()
    handling.decline(theirs, reason="不属于本部门。", actor=actor("handler2"), at=cast.later(minutes=40))
    tasks.send_out_by_rule(coupon.pk)
    assert units_of(coupon) == ["FIN", "MKT-ACT"]


def test_other_complaints_wait_for_the_dispatcher_and_the_rule_is_data() -> None:
    cast.company()
    other = cast.reviewed()
    tasks.send_out_by_rule(other.pk)
    assert units_of(other) == []

    RoutingRule.objects.filter(code="RT-012").update(
        condition={"code": "PQ-01"}, effect={"team": "QM-CASE", "dispatch": "auto", "request": "请先封存同批样品。"}
    )
    tasks.send_out_by_rule(other.pk)
    assert [order.instructions for order in WorkOrder.objects.filter(complaint=other)] == ["请先封存同批样品。"]
