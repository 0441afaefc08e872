"""The two deadlines of an order, by the reference scenarios."""

from datetime import UTC, datetime, timedelta

import pytest

from huiyin.complaints.actions import waiting
from huiyin.complaints.models import Complaint
from huiyin.dispatch.actions import dispatching, handling
from huiyin.dispatch.actions.dispatching import Order
from tests import cast
from tests.cast import actor, unit

pytestmark = pytest.mark.django_db

FRIDAY_EVENING = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.req("A36", "A44")
def test_a_complex_major_complaint_has_an_interim_deadline_and_a_final_one() -> None:
    """golden_vectors.json, sla_scenarios, "L2 complex, Friday evening"."""
    cast.company()
    complaint = cast.filed(at=FRIDAY_EVENING)
    cast.reviewed(complaint, at=FRIDAY_EVENING + timedelta(minutes=10), category="TD-14", severity=2)
    [order] = cast.dispatched(complaint, "OPS", at=FRIDAY_EVENING + timedelta(minutes=30))

    complaint.refresh_from_db()
    assert complaint.due_at == datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    assert order.order_due_at == datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
    assert order.due_at == datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
    assert order.sign_due_at == FRIDAY_EVENING + timedelta(hours=1)

    day = (FRIDAY_EVENING + timedelta(days=4)).date()
    at = FRIDAY_EVENING + timedelta(hours=12)
    waiting.settle_for_now(complaint, plan="先补发一半", follow_up_on=day, actor=actor("handler"), at=at)
    assert Complaint.objects.get(pk=complaint.pk).due_at == datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


@pytest.mark.req("A36", "A47")
def test_an_orders_deadline_is_before_the_complaints_and_a_childs_never_after_its_parents() -> None:
    cast.company()
    complaint = cast.reviewed()
    [parent] = dispatching.dispatch(
        complaint,
        orders=[Order(unit=unit("QM"), due_at=cast.later(hours=8))],
        actor=actor("reviewer"),
        at=cast.later(minutes=30),
    )
    handling.sign(parent, actor=actor("handler"), at=cast.later(hours=1))
    [child] = dispatching.split(parent, orders=[Order(unit=unit("RD"))], actor=actor("handler"), at=cast.later(hours=2))

    assert parent.due_at == cast.later(hours=8)
    assert child.due_at <= parent.due_at < parent.order_due_at
