"""补偿方案 on the complaint page: proposed, approved by another, chosen by telephone, given."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.compensation.actions import deciding, offering, settling
from huiyin.compensation.actions.offering import Terms
from huiyin.compensation.models import Offer, PolicyVersion
from huiyin.compensation.queries import current
from huiyin.compensation.states import OfferState
from huiyin.compensation.worth import Proposed
from huiyin.complaints.models import Complaint
from huiyin.org.actors import CUSTOMER
from tests import cast

Sits = Callable[[str], Client]
GIVEN = {
    "instrument_0": "reship",
    "words_0": "今天补发一件新的",
    "instrument_1": "voucher",
    "amount_1": "100",
    "words_1": "给您一张 100 元优惠券",
    "explanation": "运输破损，责任在我们。",
    "units": "1",
}


def page(client: Client, complaint: Complaint) -> str:
    return str(client.get(f"/desk/complaints/{complaint.number}").content.decode())


def proposed(complaint: Complaint, *, cash: int = 300) -> Offer:
    options = [Proposed("reship", words="补发一件"), Proposed("cash", Decimal(cash), f"赔偿 {cash} 元")]
    terms = Terms(options=options, explanation="责任在我们。")
    return offering.offer(complaint, terms=terms, actor=cast.actor("agent"), at=timezone.now())


@pytest.mark.req("D24", "D30")
def test_an_offer_goes_through_the_page_from_its_options_to_what_was_given(sits: Sits) -> None:
    complaint = cast.waiting_for_reply()
    place = f"/desk/complaints/{complaint.number}/offers"

    assert sits("agent").post(place, GIVEN).status_code == 302
    offer = Offer.objects.get()
    assert "等待审批" in page(sits("agent"), complaint)
    queue = sits("supervisor").get("/desk/complaints/?view=offers").content.decode()
    assert complaint.number in queue
    assert sits("supervisor").post(f"{place}/{offer.pk}/approval", {"note": "同意"}).status_code == 302
    letter = sits("agent").get(f"/desk/complaints/{complaint.number}/letters").content.decode()
    assert "一是今天补发一件新的；二是给您一张 100 元优惠券" in letter
    option = offer.options.get(instrument="voucher")
    assert sits("agent").post(f"{place}/{offer.pk}/choice", {"option": option.pk}).status_code == 302
    assert sits("agent").post(f"{place}/{offer.pk}/fulfilment", {"reference": "Q-1"}).status_code == 302

    assert Offer.objects.get().state == OfferState.FULFILLED


@pytest.mark.req("D30")
def test_one_option_without_a_reason_comes_back_with_what_was_typed(sits: Sits) -> None:
    complaint = cast.reviewed()

    answer = sits("agent").post(
        f"/desk/complaints/{complaint.number}/offers", {**GIVEN, "instrument_1": "", "amount_1": "", "words_1": ""}
    )

    assert answer.status_code == 422
    assert "两个方案" in answer.content.decode()
    assert "今天补发一件新的" in answer.content.decode()
    assert not Offer.objects.exists()


def test_what_one_may_not_approve_stays_as_it_was(sits: Sits) -> None:
    offer = proposed(cast.reviewed())
    place = f"/desk/complaints/{offer.complaint.number}/offers/{offer.pk}"

    codes = [sits(name).post(f"{place}/approval", {}).status_code for name in ("agent", "handler", "outsider")]

    assert codes == [403, 404, 404]
    assert Offer.objects.get().state == OfferState.PROPOSED
    assert sits("supervisor").post(f"{place}/fulfilment", {"reference": "x"}).status_code == 409


@pytest.mark.req("B18")
def test_the_hint_of_many_awards_is_shown_to_those_who_decide_and_to_legal_only(sits: Sits) -> None:
    for n in range(4):
        complaint = cast.reviewed(cast.filed(text=f"第 {n} 件：灯泡不亮，打了几次电话。", at=timezone.now()))
        offer = proposed(complaint)
        deciding.approve(offer, actor=cast.actor("supervisor"), at=timezone.now())
        settling.choose(offer, option=offer.options.all()[0], actor=CUSTOMER, at=timezone.now())

    shown = {name: "次数偏多" in page(sits(name), complaint) for name in ("supervisor", "legal", "agent", "lead")}

    assert shown == {"supervisor": True, "legal": True, "agent": False, "lead": False}


def test_who_reads_no_compensation_finds_no_panel(sits: Sits) -> None:
    [order] = cast.dispatched(None, "QM")
    proposed(order.complaint)

    assert "赔偿 300 元" in page(sits("agent"), order.complaint)
    assert "赔偿 300 元" not in page(sits("handler"), order.complaint)


def test_the_page_costs_the_same_with_one_offer_and_with_three(sits: Sits) -> None:
    def cost(complaint: Complaint) -> int:
        client: Any = sits("supervisor")
        client.get(f"/desk/complaints/{complaint.number}")
        with CaptureQueriesContext(connection) as made:
            assert client.get(f"/desk/complaints/{complaint.number}").status_code == 200
        return len(made)

    small, large = cast.reviewed(), cast.reviewed(cast.filed(phone="13700000001"))
    proposed(small)
    for cash in (100, 200, 300):
        deciding.approve(proposed(large, cash=cash), actor=cast.actor("supervisor"), at=timezone.now())
    deciding.approve(small.offers.get(), actor=cast.actor("supervisor"), at=timezone.now())

    assert cost(small) == cost(large)


def test_the_policy_is_read_by_those_who_read_compensation_and_changed_by_those_who_set_it(sits: Sits) -> None:
    url = "/desk/compensation/policy"
    codes = {name: sits(name).get(url).status_code for name in ("agent", "manager", "admin", "handler", "analyst")}
    assert codes == {"agent": 200, "manager": 200, "admin": 200, "handler": 403, "analyst": 403}
    shown = sits("admin").get(url).context["form"].initial
    wider = {**shown, "body": shown["body"].replace("VIP: '1.5'", "VIP: '2'"), "note": "VIP 加倍"}

    assert sits("agent").post(url, wider).status_code == 403
    assert sits("admin").post(url, {**wider, "body": "limits: ["}).status_code == 422
    assert sits("admin").post(url, {**wider, "body": "a: &x [1]\nb: *x"}).status_code == 422
    assert sits("admin").post(url, {**wider, "body": "kinds: {}"}).status_code == 422
    assert PolicyVersion.objects.count() == 1
    assert sits("admin").post(url, wider).status_code == 302
    assert sits("admin").post(url, wider).status_code == 409

    assert current().tier_factors["VIP"] == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("zh: 退款退货类", "cn: 退款退货类"),
        ("VIP: '1.5'", "VIP: .nan"),
        ("VIP: '1.5'", "VIP: NaN"),
        ("VIP: '1.5'", "VIP: -1"),
        ("VIP: '1.5'", 'VIP: "1\\05"'),
        ("VIP: '1.5'", "VIP: 2026-11-22"),
        ("VIP: '1.5'", "VIP: " + "[" * 3000),
    ],
)
def test_a_policy_that_could_not_be_shown_or_counted_with_is_refused(sits: Sits, old: str, new: str) -> None:
    url, client = "/desk/compensation/policy", sits("admin")
    shown = client.get(url).context["form"].initial
    assert old in shown["body"]
    answer = client.post(url, {**shown, "body": shown["body"].replace(old, new), "note": "试"})
    assert (answer.status_code, PolicyVersion.objects.count()) == (422, 1)
    assert client.get(url).status_code == 200


def test_a_policy_kept_before_names_were_asked_for_is_still_shown(sits: Sits) -> None:
    kept = PolicyVersion.objects.get()
    kinds = {kind: {**row, "zh": None} for kind, row in kept.body["kinds"].items()}
    bare = {kind: {key: value for key, value in row.items() if key != "zh"} for kind, row in kinds.items()}
    PolicyVersion.objects.create(number=2, body={**kept.body, "kinds": bare}, created_at=timezone.now(), note="旧")
    assert sits("admin").get("/desk/compensation/policy").status_code == 200
