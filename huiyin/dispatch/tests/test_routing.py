from typing import Any

import pytest

from huiyin.complaints.models import Complaint
from huiyin.dispatch.queries import proposal
from huiyin.org.models import Member
from huiyin.org.rules import Role
from tests import cast
from tests.cast import actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


def proposed(category: str, *, severity: int = 3, **given: Any) -> tuple[list[str], list[str], list[str]]:
    complaint = cast.reviewed(cast.filed(**given), category=category, severity=severity, by="supervisor")
    found = proposal(Complaint.objects.get(pk=complaint.pk))
    return found.lead, found.support, found.rules


@pytest.mark.req("A19", "B31")
def test_the_owner_of_the_leaf_leads_and_its_supporters_stand_by() -> None:
    lead, support, rules = proposed("PQ-07")

    assert (lead, support, rules) == (["QM-CASE"], ["MFG-ENG"], ["RT-090"])


@pytest.mark.req("B31")
def test_a_transport_problem_goes_to_logistics_with_its_waybill() -> None:
    lead, support, rules = proposed("LG-01")

    assert (lead, support, rules) == (["LOG-CASE"], ["SUP-MGT"], ["RT-014", "RT-090"])


@pytest.mark.req("A19")
def test_a_coupon_dispute_is_for_marketing_and_finance() -> None:
    lead, support, rules = proposed("TD-07")

    assert lead[0] == "MKT-ACT"
    assert "FIN-CHK" in support
    assert rules[0] == "RT-010"


@pytest.mark.req("C036")
def test_the_most_severe_goes_to_the_senior_team_first() -> None:
    lead, _support, rules = proposed("PQ-11", severity=1)

    assert lead == ["CC-SENIOR", "QS-SAFE"]
    assert rules[:1] == ["RT-001"]


@pytest.mark.req("A48")
def test_what_a_consumer_association_referred_stops_at_its_own_desk() -> None:
    lead, support, rules = proposed("PQ-01", severity=2, channel="consumer_association", external_id="XX消协2026-118")

    assert (lead, support, rules) == (["CC-REG"], [], ["RT-003"])


@pytest.mark.req("A31", "A34", "A63")
def test_work_goes_to_departments_and_outlets_where_handlers_are() -> None:
    kinds = {
        member.unit.kind for member in Member.objects.filter(roles__contains=[Role.HANDLER]).select_related("unit")
    }
    [billing, data, support] = (cast.unit(code) for code in ("BIL", "VAS", "IT"))

    assert kinds <= {"department", "team", "outlet", "county", "branch", "franchise"}
    orders = cast.dispatched(None, billing.code, data.code, support.code)
    assert {order.unit_id for order in orders} == {billing.pk, data.pk, support.pk}
    assert all(order.dispatched_by == actor("reviewer").member for order in orders)
