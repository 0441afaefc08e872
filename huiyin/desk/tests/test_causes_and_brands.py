"""投诉原因 and 品牌 on the forms: what must be chosen, and what BOSS says where it is connected."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from huiyin.complaints.models import Complaint
from huiyin.complaints.states import State
from huiyin.triage.queries import brands
from tests import cast

Sits = Callable[[str], Client]
URL = "/desk/complaints/new"
TELECOM = {
    "name": "客户张伟", "phone": "13900001111", "text": "账单多扣了三十元，营业厅说不清。", "expectation": "退款",
    "emotion": "2", "channel": "phone", "kind": "complaint", "category": "TN-01", "el_phone_no": "13900001111",
    "el_business_name": "流量包", "el_period": "十月", "occurred_unknown": "on", "token": "b" * 24,
}  # fmt: skip


class FakeBoss:
    """Knows one number."""

    def lookup(self, phone: str) -> str | None:
        return {"13900001111": "gotone"}.get(phone)


class DeafBoss:
    def lookup(self, phone: str) -> str | None:
        raise TimeoutError


def sent(client: Client, **changes: Any) -> Any:
    return client.post(URL, {**TELECOM, **changes})


def brand() -> tuple[str, str]:
    complaint = Complaint.objects.get()
    return complaint.brand, complaint.brand_source


@pytest.mark.req("A38")
def test_without_boss_the_brand_of_a_telecom_complaint_is_a_required_manual_choice(sits: Sits) -> None:
    refused = sent(sits("agent"))
    assert refused.status_code == 422
    assert "缺少受理要素：品牌。" in refused.content.decode()
    assert not Complaint.objects.exists()

    sent(sits("agent"), el_brand="m_zone")

    assert brand() == ("m_zone", "manual")
    page = sits("agent").get(f"/desk/complaints/{Complaint.objects.get().number}").content.decode()
    assert "动感地带（人工选择）" in page


@pytest.mark.req("A38")
def test_elsewhere_the_brand_may_be_chosen_and_need_not(sits: Sits) -> None:
    part = sits("agent").get(f"{URL}/elements", {"category": "PQ-01"}).content.decode()

    assert 'name="el_brand"' in part
    cast.filed()
    assert brand() == ("", "")


@pytest.mark.req("A38")
def test_with_boss_the_brand_is_filled_in_and_can_be_corrected_by_hand(sits: Sits, settings: Settings) -> None:
    settings.HUIYIN_BOSS = f"{__name__}.FakeBoss"

    sent(sits("agent"))
    assert brand() == ("gotone", "boss")

    Complaint.objects.update(external_id="")
    sent(sits("agent"), el_brand="easyown", token="c" * 24)
    newest = Complaint.objects.latest("id")
    assert (newest.brand, newest.brand_source) == ("easyown", "manual")


@pytest.mark.req("A38")
@pytest.mark.parametrize("connector", ["DeafBoss", "FakeBoss"])
def test_where_boss_is_away_or_knows_nothing_the_choice_is_the_agents(
    sits: Sits, settings: Settings, connector: str
) -> None:
    settings.HUIYIN_BOSS = f"{__name__}.{connector}"

    refused = sent(sits("agent"), el_phone_no="13900002222")

    assert refused.status_code == 422
    assert "BOSS 没有给出品牌，请手工选择。" in refused.content.decode()
    assert sent(sits("agent"), el_phone_no="13900002222", el_brand="other").status_code == 302
    assert brand() == ("other", "manual")


@pytest.mark.req("A23")
def test_the_final_letter_wants_a_cause_and_a_draft_does_not(sits: Sits) -> None:
    complaint = cast.waiting_for_reply()
    place = f"/desk/complaints/{complaint.number}/letters"
    letter = {"purpose": "final", "channel": "phone", "body": "您好，已为您换新。", "reached": "yes"}
    letter["breach_reason"] = "配件晚到一天"

    refused = sits("agent").post(place, letter)
    assert refused.status_code == 422
    assert "最终答复须选择投诉原因。" in refused.content.decode()
    assert sits("agent").post(place, {**letter, "keep_draft": "on"}).status_code == 302

    sits("agent").post(place, {**letter, "cause": "product"})
    complaint.refresh_from_db()
    assert (complaint.state, complaint.cause) == (State.RESOLVED, "product")
    assert (
        "<dt>投诉原因</dt><dd>产品质量</dd>"
        in sits("agent").get(f"/desk/complaints/{complaint.number}").content.decode()
    )


@pytest.mark.req("A23")
def test_a_category_with_causes_of_its_own_asks_for_one_of_them_at_intake(sits: Sits) -> None:
    part = sits("agent").get(f"{URL}/elements", {"category": "TD-09"}).content.decode()

    assert 'name="el_cause"' in part
    assert "点错数" in part


@pytest.mark.req("A38")
def test_a_wrong_brand_is_corrected_after_intake_by_those_who_may_and_stays_on_the_record(sits: Sits) -> None:
    complaint = cast.filed()
    right, wrong = [each.code for each in brands() if each.is_active][:2]
    Complaint.objects.filter(pk=complaint.pk).update(brand=wrong, brand_source="boss")
    url = f"/desk/complaints/{complaint.number}/brand"
    for username, status in {"analyst": 403, "quality": 404, "outsider": 404}.items():
        assert sits(username).post(url, {"brand": right}).status_code == status
    assert sits("agent").post(url, {"brand": "没有"}).status_code == 422

    assert sits("agent").post(url, {"brand": right}).status_code == 302

    complaint.refresh_from_db()
    assert (complaint.brand, complaint.brand_source) == (right, "manual")
    event = complaint.events.last()
    assert event is not None
    assert (event.kind, event.particulars) == ("brand_set", {"brand": right, "was": wrong})
    names = {each.code: each.name for each in brands()}
    shown = sits("agent").get(f"/desk/complaints/{complaint.number}").content.decode()
    assert f"{names[wrong]} → {names[right]}" in shown
