"""What an authority sent, by the interface: filed with the complaint, corrected, answered; who waits on the line."""

import pytest

from huiyin.api.tests.calling import BODY, Caller
from huiyin.complaints.models import RegulatoryCase

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]


@pytest.mark.req("A48")
def test_a_complaint_brings_its_external_number_and_deadline_and_runs_by_them() -> None:
    call = Caller("agent")
    sent = {
        "profile": "CN-12315",
        "number": "SAMR-77",
        "deadline": "2099-01-05T10:00:00Z",
        "authority": "东城区市场监管局",
    }
    filed = call.post("/complaints", BODY | {"regulatory": sent, "external_id": "x-1"})
    assert filed.status_code == 201, filed.content
    number = filed.json()["number"]
    assert "CK-REG" in {each["code"] for each in filed.json()["clocks"]}
    assert call.post("/complaints", BODY | {"regulatory": sent, "external_id": "x-1"}).status_code == 200

    [case] = call.get(f"/complaints/{number}/regulatory").json()["items"]
    assert (case["number"], case["deadline"]) == ("SAMR-77", "2099-01-05T10:00:00Z")
    assert "照录，不重算" in next(each for each in case["clocks"] if each["code"] == "CK-REG")["explanation"]["zh"]
    place = f"/complaints/{number}/regulatory/{case['id']}"
    moved = call.post(f"{place}/amendment", {"number": "SAMR-77", "deadline": "2099-02-05T10:00:00Z"})
    assert moved.json()["deadline"] == "2099-02-05T10:00:00Z"
    assert call.post(f"{place}/answer", {"words": "已协商。", "outcome": "agreed"}).status_code == 422
    assert (
        call.post(f"{place}/answer", {"words": "已协商。", "outcome": "agreed", "anyway": "客户失联"}).status_code
        == 200
    )
    assert not RegulatoryCase.objects.open().exists()
    assert call.post(f"{place}/answer", {"words": "再答。", "outcome": "agreed", "anyway": "x"}).status_code == 422


def test_a_bad_referral_is_refused_at_its_field_and_nothing_is_filed() -> None:
    call = Caller("agent")
    refused = call.post("/complaints", BODY | {"regulatory": {"profile": "UK-FCA", "number": "1"}})
    assert refused.status_code == 422
    assert [each["field"] for each in refused.json()["errors"]] == ["regulatory.profile"]
    assert not RegulatoryCase.objects.exists()
    standing = {each["standing"] for each in call.get("/regulatory-profiles").json()["items"]}
    assert standing == {"supported, not certified"}


@pytest.mark.req("C091")
def test_the_telephone_system_says_who_waits_and_who_was_answered() -> None:
    call = Caller("agent")
    one = call.post("/waiting", {"reference": "A017"}).json()
    assert call.post("/waiting", {"reference": "A017"}).json()["id"] == one["id"]
    assert [each["reference"] for each in call.get("/waiting").json()["items"]] == ["A017"]
    assert call.post(f"/waiting/{one['id']}/answer").json()["ended_at"]
    assert call.get("/waiting").json()["items"] == []
    assert Caller("handler").post("/waiting", {"reference": "B"}).status_code == 403
    assert Caller("handler").post(f"/waiting/{one['id']}/answer").status_code in {403, 404}
