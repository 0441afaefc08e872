"""受理单: taking a complaint in at the desk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huiyin.complaints.models import Attachment, Complaint
from huiyin.complaints.states import State
from huiyin.desk.forms.intake import EMOTIONS, preset
from huiyin.intake.prompts import gaps
from tests import cast

Sits = Callable[[str], Client]
URL = "/desk/complaints/new"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
FORM = {
    "name": "客户张伟", "phone": "13900001111", "text": cast.TEXT, "expectation": "换新", "emotion": "3",
    "channel": "phone", "kind": "complaint", "category": "SP-03", "el_service_contact": "三号窗口",
    "occurred_at": "2026-11-14T10:30", "occurred_place": "城东店",
    "el_service_contact_time": "2026-11-15T10:00", "el_service_channel": "营业厅", "token": "a" * 24,
}  # fmt: skip


def sent(client: Client, **changes: Any) -> Any:
    return client.post(URL, {**FORM, **changes})


@pytest.mark.req("B22", "C059", "A25")
def test_a_complaint_is_taken_in_with_all_that_was_said(sits: Sits) -> None:
    answer = sent(sits("agent"), intake_seconds="214")

    complaint = Complaint.objects.get()
    assert answer.headers["Location"] == f"/desk/complaints/{complaint.number}"
    assert (complaint.text, complaint.expectation, complaint.emotion) == (cast.TEXT, "换新", 3)
    assert (complaint.intake_seconds, complaint.occurred_place) == (214, "城东店")
    assert complaint.category.code == "SP-03"
    assert complaint.elements["service_contact"] == "三号窗口"
    assert complaint.filed_by == cast.member("agent")


# 投诉人、投诉时间、投诉问题、投诉要求、问题发生时间、地点、现象、不良状况: what happened and what is wrong are one text
EIGHT = {
    "name": "投诉人姓名", "received_at": "受理时间", "text": "投诉内容（客户原话）", "expectation": "客户期望",
    "occurred_at": "发生时间", "occurred_place": "发生地点",
}  # fmt: skip


@pytest.mark.req("B22")
def test_the_record_of_a_complaint_is_whole_or_it_is_said_that_the_customer_cannot_tell(sits: Sits) -> None:
    agent = sits("agent")
    shown = agent.get(URL).context["form"]
    assert {name: str(shown[name].label) for name in EIGHT} == EIGHT
    for name in EIGHT.keys() - {"received_at"}:  # filled in as now
        answer = sent(agent, **{name: ""})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name])
    assert (
        "缺少受理要素：发生地点。客户说不清的，勾选“发生时间或地点，客户说不清”。"
        in sent(agent, occurred_place="").content.decode()
    )

    sent(agent, occurred_at="", occurred_place="", occurred_unknown="on")
    complaint = Complaint.objects.get()
    assert (complaint.occurred_at, complaint.occurred_place) == (None, "")
    assert "客户说不清" in agent.get(f"/desk/complaints/{complaint.number}").content.decode()


def test_the_tick_says_nothing_where_both_were_told_after_all(sits: Sits) -> None:
    sent(sits("agent"), occurred_unknown="on")
    assert "occurred_unknown" not in Complaint.objects.get().elements


@pytest.mark.req("C026")
def test_who_takes_it_in_may_say_that_it_is_urgent_and_the_first_answer_is_due_sooner(sits: Sits) -> None:
    sent(sits("agent"), is_urgent="on")
    complaint = Complaint.objects.get()
    clock = complaint.clocks.get(code="CK-FR")
    assert (complaint.is_urgent, clock.due_at - clock.started_at) == (True, timedelta(minutes=30))


@pytest.mark.req("C059")
def test_the_moods_are_those_of_the_policy_in_its_words() -> None:
    levels = cast.documents()["severity"]["emotion"]
    assert [(value, str(label)) for value, label in EMOTIONS] == [
        (str(each["level"]), f"{each['level']} {each['zh']}") for each in levels
    ]


@pytest.mark.req("C059")
def test_class_emotion_and_expected_solution_are_mandatory(sits: Sits) -> None:
    agent = sits("agent")
    for field, label in (("category", "受理类型"), ("emotion", "情绪等级"), ("expectation", "客户期望")):
        answer = sent(agent, **{field: ""})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert answer.context["form"][field].label == label
    assert not Complaint.objects.exists()


@pytest.mark.req("A40")
def test_a_missing_required_element_blocks_submission_with_its_name(sits: Sits) -> None:
    answer = sent(sits("agent"), el_service_contact="")

    assert answer.status_code == 422
    assert "缺少受理要素：接待人员或窗口。" in answer.content.decode()
    assert cast.TEXT in answer.content.decode()
    assert not Complaint.objects.exists()


@pytest.mark.req("C048")
def test_a_product_complaint_needs_its_sku(sits: Sits) -> None:
    product = {
        "category": "PQ-01", "el_product": "电饭煲", "el_purchase_date": "2026-11-14", "el_symptom": "不通电",
        "batch": "B2611",
    }  # fmt: skip

    refused = sent(sits("agent"), **product)
    taken = sent(sits("agent"), **product, sku="XQ-RC40")

    assert "缺少受理要素：SKU" in refused.content.decode()
    assert taken.status_code == 302
    assert Complaint.objects.get().sku == "XQ-RC40"


@pytest.mark.req("A39", "A41")
def test_the_category_brings_its_own_elements_with_the_required_ones_marked(sits: Sits) -> None:
    part = sits("agent").get(f"{URL}/elements", {"category": "LG-02"}).content.decode()

    assert 'name="el_waybill_no"' in part
    assert "运单号" in part
    assert "必填" in part
    assert 'name="el_service_contact"' not in part


def test_the_elements_of_an_unknown_category_are_none(sits: Sits) -> None:
    for code in ("", "QQ-1", "\x00", "x" * 900):
        assert sits("agent").get(f"{URL}/elements", {"category": code}).status_code == 200


@pytest.mark.req("A37")
def test_an_odd_telephone_warns_and_never_blocks(sits: Sits) -> None:
    answer = sits("agent").post(URL, {**FORM, "phone": "12"}, follow=True)

    assert Complaint.objects.count() == 1
    assert "不像常见号码" in answer.content.decode()


def test_neither_telephone_nor_mail_is_refused(sits: Sits) -> None:
    answer = sent(sits("agent"), phone="", email="")

    assert answer.status_code == 422
    assert "至少一项" in answer.content.decode()


def test_the_same_form_sent_twice_makes_one_complaint(sits: Sits) -> None:
    client = sits("agent")

    first, second = sent(client), sent(client)

    assert Complaint.objects.count() == 1
    assert first.headers["Location"] == second.headers["Location"]


@pytest.mark.req("A22", "B24")
def test_what_is_settled_on_the_spot_needs_no_work_order(sits: Sits) -> None:
    sent(sits("agent"), explanation="解释了保修条款，客户理解。", cause="explanation", customer_agreed="on")

    complaint = Complaint.objects.get()
    assert complaint.state == State.RESOLVED
    assert complaint.is_on_spot
    assert not complaint.work_orders.exists()


def test_what_came_long_ago_is_settled_on_the_spot_with_the_reason_why_it_is_late(sits: Sits) -> None:
    client, long_ago = sits("agent"), timezone.localtime() - timedelta(days=40)
    given = {
        "explanation": "解释了保修条款，客户理解。", "cause": "explanation", "customer_agreed": "on",
        "received_at": long_ago.strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    assert 'name="breach_reason"' not in client.get(URL).content.decode()
    refused = sent(client, **given)
    page = refused.content.decode()
    assert (refused.status_code, Complaint.objects.exists()) == (422, False)
    assert 'name="breach_reason"' in page
    assert "请说明超时原因" in page
    assert "解释了保修条款，客户理解。" in page
    assert sent(client, **given, breach_reason="纸质来信，四十天后才转到客服。").status_code == 302
    complaint = Complaint.objects.get()
    assert (complaint.is_on_spot, complaint.events.filter(kind="breach_explained").count()) == (True, 1)


def test_an_explanation_without_consent_is_refused_and_kept(sits: Sits) -> None:
    answer = sent(sits("agent"), explanation="解释了保修条款。")

    assert answer.status_code == 422
    assert "解释了保修条款。" in answer.content.decode()
    assert not Complaint.objects.exists()


@pytest.mark.req("A64", "A27")
def test_hotline_and_counter_share_the_form_with_their_own_channel(sits: Sits) -> None:
    assert preset(cast.member("agent")) == "phone"
    assert preset(cast.member("branch")) == "counter"
    assert sits("branch").get(URL).status_code == 200
    assert sent(sits("branch"), channel="counter").status_code == 302
    assert Complaint.objects.get().received_unit == cast.unit("CTY-E01")


@pytest.mark.parametrize("username", ["handler", "auditor", "analyst", "admin", "reviewer"])
def test_who_may_not_file_gets_no_form(sits: Sits, username: str) -> None:
    assert sits(username).get(URL).status_code == 403
    assert sent(sits(username)).status_code == 403
    assert not Complaint.objects.exists()


def test_a_caller_is_known_by_number_with_what_is_open(sits: Sits) -> None:
    complaint = cast.filed()

    known = sits("agent").post(f"{URL}/caller", {"phone": "139 0000 1111"}).content.decode()
    foreign = sits("outsider").post(f"{URL}/caller", {"phone": "13900001111"}).content.decode()

    assert complaint.number in known
    assert complaint.number not in foreign
    assert "客户张伟" not in foreign


def test_the_same_order_within_thirty_days_is_pointed_out(sits: Sits) -> None:
    from django.utils import timezone

    complaint = cast.filed(at=timezone.now(), phone="13700000000", order_no="DD1")

    part = sits("agent").post(f"{URL}/caller", {"phone": "", "order_no": "DD1"}).content.decode()

    assert "30 天内可能是同一件事" in part
    assert complaint.number in part


@pytest.mark.req("B23")
def test_a_text_without_quantity_lacks_how_many(sits: Sits) -> None:
    codes = [prompt.code for prompt in gaps("昨天在城东店买的电饭煲不通电，客服说是质量问题，联系后没有处理。")]

    assert codes == ["how_many"]
    assert "多少" in sits("agent").post(f"{URL}/prompts", {"text": "电饭煲坏了，不通电。"}).content.decode()


def test_files_come_along_and_what_could_run_takes_all_back(sits: Sits) -> None:
    client = sits("agent")

    refused = sent(client, files=[SimpleUploadedFile("x.html", b"<script>1</script>")])
    assert refused.status_code == 422
    assert "不接受这种文件" in refused.content.decode()
    assert not Complaint.objects.exists()

    sent(client, files=[SimpleUploadedFile("故障.png", PNG)])
    assert Attachment.objects.get().name == "故障.png"


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "   "}, {"text": "长" * 1_000_000}, {"emotion": "9"}, {"emotion": ""}, {"expectation": ""},
        {"category": "QQ-99"}, {"channel": "carrier-pigeon"}, {"received_at": "2999-01-01T00:00"},
        {"occurred_at": "not a date"}, {"occurred_at": "2999-01-01T00:00"}, {"email": "@"}, {"name": "名" * 200},
        {"channel": "hotline_12345", "referral_no": ""}, {"intake_seconds": "-5"}, {"kind": "\x00"},
    ],
)  # fmt: skip
def test_bad_input_is_told_and_what_was_typed_stays(sits: Sits, changes: dict[str, str]) -> None:
    answer = sent(sits("agent"), **changes)

    assert answer.status_code == 422
    assert "填写的内容都保留着" in answer.content.decode()
    assert "三号窗口" in answer.content.decode()
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    "text", ["<b>坏了</b>", "'; DROP TABLE complaints; --", "😡😡😡 气死我了", "\u202eevil", "壞了，不通電"]
)
def test_odd_texts_are_taken_as_they_are_and_shown_harmless(sits: Sits, text: str) -> None:
    sent(sits("agent"), text=text)

    complaint = Complaint.objects.get()
    assert complaint.text == text.replace("\u202e", "")
    assert "<b>坏了" not in sits("agent").get(f"/desk/complaints/{complaint.number}").content.decode()


@pytest.mark.req("A24", "B27")
def test_the_registration_form_can_be_printed_empty_and_filled_in(sits: Sits) -> None:
    complaint = cast.filed()

    blank = sits("agent").get(f"{URL}/form").content.decode()
    filled = sits("agent").get(f"/desk/complaints/{complaint.number}/form").content.decode()

    assert "客户投诉登记表" in blank
    assert complaint.number in filled
    assert cast.TEXT in filled
    assert "139****1111" in filled
