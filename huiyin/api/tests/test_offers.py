"""Compensation over the interface, and what each member may know of it."""

from typing import Any

import pytest

from huiyin.api.tests.calling import Caller
from huiyin.compensation.models import Offer
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]
BODY: dict[str, Any] = {
    "options": [
        {"instrument": "refund", "amount": "399.00", "words": "全额退款 399 元"},
        {"instrument": "reship", "words": "今天补发一件"},
        {"instrument": "voucher", "amount": "100", "words": "100 元优惠券"},
    ],
    "explanation": "主板故障。",
    "price": "399",
}


def done(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content.decode()
    return response.json()


@pytest.mark.req("D24", "D30")
def test_an_offer_goes_the_whole_way_over_the_interface() -> None:
    agent, supervisor, manager = Caller("agent"), Caller("supervisor"), Caller("manager")
    place = f"/complaints/{cast.reviewed().number}/offers"

    made = done(agent.post(place, BODY), 201)
    assert (made["state"], made["total"], len(made["options"])) == ("proposed", "100.00", 3)
    at = f"/offers/{made['id']}"
    assert done(supervisor.post(f"{at}/approval", {"note": "同意"}))["state"] == "approved"
    refund = next(option["id"] for option in made["options"] if option["instrument"] == "refund")
    assert done(agent.post(f"{at}/choice", {"option": refund}))["chosen"] == refund
    assert agent.post(f"{at}/fulfilment", {"reference": "PAY-20261122"}).status_code == 403
    given = done(manager.post(f"{at}/fulfilment", {"reference": "PAY-20261122"}))

    assert (given["state"], given["reference"], given["allowed_moves"]) == ("fulfilled", "PAY-20261122", [])
    assert [each["reference"] for each in done(agent.get(place))["items"]] == [""]
    assert [each["reference"] for each in done(supervisor.get(place))["items"]] == ["***1122"]


def test_what_is_wrong_is_said_field_by_field_and_what_is_hidden_is_not_there() -> None:
    complaint = cast.reviewed()
    place = f"/complaints/{complaint.number}/offers"
    agent = Caller("agent")

    alone = done(agent.post(place, {**BODY, "options": BODY["options"][:1]}), 422)
    assert [each["field"] for each in alone["errors"]] == ["only_one_because"]
    assert agent.post(place, {**BODY, "price": "1.234"}).status_code == 422
    assert not Offer.objects.exists()
    made = done(agent.post(place, BODY), 201)

    assert Caller("outsider").get(place).status_code == 404
    assert Caller("outsider").post(f"/offers/{made['id']}/approval", {}).status_code == 404
    assert Caller("agent2").post(f"/offers/{made['id']}/approval", {}).status_code == 403
    conflict = done(agent.post(f"/offers/{made['id']}/choice", {"option": made["options"][0]["id"]}), 409)
    assert conflict["allowed"] == ["approved", "refused"]


def test_the_list_costs_the_same_with_one_offer_and_with_three(django_assert_num_queries: Any) -> None:
    agent, small, large = Caller("agent"), cast.reviewed(), cast.reviewed(cast.filed(phone="13700000001"))
    for complaint, times in ((small, 1), (large, 3)):
        for _n in range(times):
            done(agent.post(f"/complaints/{complaint.number}/offers", BODY), 201)
    agent.get(f"/complaints/{small.number}/offers")

    for complaint in (small, large):
        with django_assert_num_queries(5):
            assert agent.get(f"/complaints/{complaint.number}/offers").status_code == 200
