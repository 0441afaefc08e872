"""A work order is due with its clock, also after that was reckoned anew."""

from datetime import date

import pytest

from huiyin.complaints.actions import reckoning
from huiyin.complaints.models import Clock
from huiyin.dispatch.actions.following import follow_clocks
from huiyin.org.actors import SYSTEM
from huiyin.sla.actions import excepting
from huiyin.sla.queries import current
from tests import cast
from tests.cast import actor, later

pytestmark = pytest.mark.django_db


def test_an_order_moves_with_its_clock_when_a_day_is_closed_and_all_is_reckoned() -> None:
    cast.company()
    complaint = cast.reviewed(category="PQ-01", severity=2)
    (order,) = cast.dispatched(complaint, "QM")
    before, at = order.due_at, later(hours=1)
    excepting.set_day(day=date(2026, 11, 18), is_working=False, name="停业", actor=actor("admin"), at=at)
    reckoning.reckon_all(current(), actor=SYSTEM, at=at)
    assert follow_clocks(complaint) == 1
    order.refresh_from_db()
    assert order.due_at == Clock.objects.running().get(subject=order.number, code="CK-HANDLE").due_at > before
