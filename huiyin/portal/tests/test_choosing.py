"""The customer chooses among what was offered, by the link, without script."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.compensation.actions import deciding, offering
from huiyin.compensation.actions.offering import Terms
from huiyin.compensation.models import Offer
from huiyin.compensation.states import OfferState
from huiyin.compensation.worth import Proposed
from huiyin.portal.tests.visiting import act, number_of
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]


def offered(*, approved: bool = True) -> Offer:
    options = [Proposed("reship", words="今天补发一件新的"), Proposed("cash", Decimal(88), "赔偿 88 元")]
    terms = Terms(options=options, explanation="内部说明：仓库漏检")
    complaint = cast.reviewed()
    offer = offering.offer(complaint, terms=terms, actor=cast.actor("agent"), at=timezone.now())
    if approved:
        deciding.approve(offer, actor=cast.actor("supervisor"), at=timezone.now())
    return offer


@pytest.mark.req("D30")
def test_the_customer_sees_the_options_and_takes_one(client: Client) -> None:
    offer = offered()
    option = offer.options.get(instrument="reship")

    answer = act(client, offer.complaint, "choice", "c", option=option.pk)

    assert answer.status_code == 303
    assert Offer.objects.get().chosen == option
    page = client.get(f"/portal/t/{offer.complaint.tracking_code}").content.decode()
    assert "您选定的处理办法" in page
    assert "仓库漏检" not in page


def test_what_is_not_approved_is_not_shown(client: Client) -> None:
    offer = offered(approved=False)

    assert "补发" not in client.get(f"/portal/t/{offer.complaint.tracking_code}").content.decode()


def test_none_of_them_is_an_answer_too(client: Client) -> None:
    offer = offered()

    assert act(client, offer.complaint, "choice", "c", option="none").status_code == 303
    assert Offer.objects.get().state == OfferState.DECLINED


def test_an_option_of_another_offer_and_a_late_choice_change_nothing(client: Client) -> None:
    offer, here = offered(), "/portal/t/"
    page = client.get(f"{here}{offer.complaint.tracking_code}").content.decode()
    given = {"c-form": number_of(page, "c-form")}
    place = f"{here}{offer.complaint.tracking_code}/choice"

    assert client.post(place, {**given, "c-option": "999999"}).status_code == 422
    assert Offer.objects.get().state == OfferState.APPROVED
    first = client.post(place, {**given, "c-option": offer.options.all()[0].pk})
    again = client.post(place, {**given, "c-option": offer.options.all()[1].pk})

    assert (first.status_code, again.status_code) == (303, 409)
    assert Offer.objects.get().chosen == offer.options.all()[0]
