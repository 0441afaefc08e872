"""抹除客户信息 on screen: only who may, only when said twice, and on record without the person."""

from collections.abc import Callable

import pytest
from django.test import Client

from huiyin.complaints.models import Complaint
from huiyin.customers.models import Customer
from huiyin.org.models import Change, Member
from tests import cast
from tests.cast import unit

Sits = Callable[[str], Client]
E = "/desk/settings/erasure"
GIVEN = {"contact": "139 0000-1111", "reason": "客户本人要求"}


@pytest.mark.req("D25")
def test_the_privacy_officer_erases_a_customer_who_asked_when_it_is_said_twice(sits: Sits) -> None:
    Member.objects.create(username="dpo", name="郑宜", unit=unit("HQ"), roles=["dpo"])
    complaint = cast.filed()
    for who in ("supervisor", "admin"):
        assert sits(who).get(E).status_code == 403
    client = sits("dpo")
    assert client.post(E, {**GIVEN, "contact": "13700000009"}).status_code == 422

    page = client.post(E, GIVEN).content.decode()
    assert "139****1111" in page
    assert "13900001111" not in page
    assert Customer.objects.get(pk=complaint.customer_id).phone

    assert client.post(E, {**GIVEN, "sure": complaint.customer_id}).status_code == 302
    erased = Customer.objects.get(pk=complaint.customer_id)
    assert (erased.name, erased.phone, Complaint.objects.count()) == ("", "", 1)
    change = Change.objects.get(area="privacy")
    assert (change.made_by and change.made_by.username, change.after) == ("dpo", {"why": "客户本人要求"})
    assert "客户本人要求" in client.get(E).content.decode()
