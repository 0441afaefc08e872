"""Causes, brands and nudges over the interface."""

import pytest

from huiyin.api.tests.calling import BODY, Caller
from huiyin.complaints.models import Complaint
from huiyin.dispatch.models import WorkOrder
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]


def test_over_the_interface_an_unknown_brand_is_refused_and_none_is_needed() -> None:
    agent = Caller("agent")

    refused = agent.post("/complaints", {**BODY, "category": "TN-01", "brand": "nobody"})
    taken = agent.post("/complaints", {**BODY, "category": "TN-01"})

    assert (refused.status_code, taken.status_code) == (422, 201)
    complaint = Complaint.objects.get()
    assert (complaint.brand, complaint.brand_source) == ("", "")


@pytest.mark.req("A23")
def test_the_causes_are_told_over_the_interface_and_the_answer_takes_one() -> None:
    complaint = cast.waiting_for_reply()
    agent = Caller("agent")

    told = {each["code"]: each["explanation"] for each in agent.get("/causes").json()["items"]}
    assert told["explanation"] is True
    assert told["product"] is False
    letter = {
        "channel": "phone",
        "body": "三天内换新。",
        "final": True,
        "cause": "product",
        "breach_reason": "配件晚到一天",
    }
    assert agent.post(f"/complaints/{complaint.number}/letters", letter).status_code == 201
    assert agent.get(f"/complaints/{complaint.number}").json()["cause"] == "product"


@pytest.mark.req("B25")
def test_over_the_interface_the_second_nudge_in_half_an_hour_is_told_why() -> None:
    [order] = cast.dispatched()
    supervisor = Caller("supervisor")

    first = supervisor.post(f"/work-orders/{order.number}/nudge")
    second = supervisor.post(f"/work-orders/{order.number}/nudge")

    assert (first.status_code, first.json()["nudge_count"]) == (200, 1)
    assert second.status_code == 422
    assert "30 分钟内已催办过" in second.content.decode()
    assert WorkOrder.objects.get(pk=order.pk).nudge_count == 1
