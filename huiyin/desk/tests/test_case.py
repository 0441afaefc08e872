"""The complaint page: what each reader sees of it, at a cost that does not grow with the case."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.complaints.actions import keeping, noting
from huiyin.complaints.models import Attachment, Complaint
from huiyin.org.actors import Actor
from tests import cast

Sits = Callable[[str], Client]
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def opened(client: Client, complaint: Complaint) -> str:
    return str(client.get(f"/desk/complaints/{complaint.number}").content.decode())


def cost(client: Client, complaint: Complaint) -> int:
    url = f"/desk/complaints/{complaint.number}"
    client.get(url)
    with CaptureQueriesContext(connection) as made:
        assert client.get(url).status_code == 200
    return len(made)


def test_the_page_costs_the_same_with_one_order_and_with_three_and_many_events(sits: Sits) -> None:
    small = cast.completed(cast.dispatched()[0]).complaint
    large = cast.reviewed(cast.filed(phone="13700000001"))
    for order in cast.dispatched(large, "QM", "QM-CASE", "LOG"):
        by = "handler2" if order.unit.code == "LOG" else "handler"
        cast.completed(order, by=by)
    for number in range(30):
        noting.note(large, text=f"第 {number} 次联系", actor=cast.actor("agent"), at=cast.later(days=1))
    client = sits("supervisor")

    assert cost(client, small) == cost(client, large)
    assert cost(client, large) <= 29


def test_the_customers_words_and_wish_come_before_the_rest(sits: Sits) -> None:
    complaint = cast.filed(expectation="换一台新的")

    page = opened(sits("agent"), complaint)

    assert page.index(cast.TEXT) < page.index("换一台新的") < page.index("时间线")


def test_the_timeline_says_who_did_what_and_why(sits: Sits) -> None:
    [order] = cast.dispatched(None, "LOG")
    sits("handler2").post(f"/desk/work-orders/{order.number}/decline", {"reason": "签收正常，不属于物流。"})

    page = opened(sits("reviewer"), order.complaint)

    for words in ("受理登记", "复核通过", "派单", "退单（非本部门）", "签收正常，不属于物流。", "秦勇", "储运物流部"):
        assert words in page


def test_a_reader_of_deidentified_texts_learns_nobodys_name_number_or_files(sits: Sits) -> None:
    complaint = cast.filed(text="我是客户张伟，电话13912345678，电饭煲不通电。", name="客户张伟", order_no="DD7788")
    sits("agent").post(
        f"/desk/complaints/{complaint.number}/attachments", {"files": SimpleUploadedFile("身份证.png", PNG)}
    )

    page = opened(sits("analyst"), complaint)

    assert "电饭煲不通电" in page
    for secret in ("13912345678", "13900001111", "139****1111", "DD7788"):
        assert secret not in page
    kept = Attachment.objects.get()
    assert sits("analyst").get(f"/desk/complaints/{complaint.number}/attachments/{kept.pk}").status_code == 404


@pytest.mark.req("D25")
def test_contacts_are_masked_until_a_reason_is_given_and_the_look_is_on_record(sits: Sits) -> None:
    complaint = cast.filed()
    url = f"/desk/complaints/{complaint.number}/contact"

    assert "139****1111" in opened(sits("agent"), complaint)
    assert "13900001111" not in opened(sits("agent"), complaint)
    assert sits("agent").post(url, {"reason": ""}).status_code == 422
    assert not complaint.events.filter(kind="revealed").exists()
    shown = sits("agent").post(url, {"reason": "回电告知进展"})

    assert "13900001111" in shown.content.decode()
    assert complaint.events.filter(kind="revealed").count() == 1
    assert "13900001111" not in opened(sits("agent"), complaint)


def test_who_must_keep_away_no_longer_finds_it(sits: Sits) -> None:
    complaint = cast.filed()
    agent = cast.member("agent")

    keeping.recuse(complaint, employee=agent, actor=Actor.of(cast.member("supervisor2")), at=timezone.now())

    assert sits("agent").get(f"/desk/complaints/{complaint.number}").status_code == 404
    assert sits("supervisor").get(f"/desk/complaints/{complaint.number}").status_code == 404  # the agent's manager
    assert complaint.number not in sits("agent").get("/desk/complaints/").content.decode()


@pytest.mark.req("A30")
def test_a_picture_is_shown_inline_and_everything_comes_as_a_download(sits: Sits) -> None:
    complaint = cast.filed()
    client = sits("agent")
    files = [SimpleUploadedFile("故障.png", PNG), SimpleUploadedFile("说明.txt", "不通电".encode())]
    client.post(f"/desk/complaints/{complaint.number}/attachments", {"files": files})
    picture, text = complaint.attachments.all()

    def get(kept: Attachment, tail: str = "") -> Any:
        return client.get(f"/desk/complaints/{complaint.number}/attachments/{kept.pk}{tail}")

    assert get(picture, "/preview").headers["Content-Disposition"].startswith("inline")
    assert get(text, "/preview").status_code == 404
    for kept in (picture, text):
        answer = get(kept)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert sits("outsider").get(f"/desk/complaints/{complaint.number}/attachments/{picture.pk}").status_code == 404


@pytest.mark.req("A30")
def test_a_file_that_could_run_in_a_browser_is_refused(sits: Sits) -> None:
    complaint = cast.filed()
    evil = SimpleUploadedFile("看这里.png", b"<html><script>alert(1)</script>")

    answer = sits("agent").post(f"/desk/complaints/{complaint.number}/attachments", {"files": evil})

    assert answer.status_code == 422
    assert "不接受这种文件" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_the_page_speaks_english_to_who_reads_english(sits: Sits) -> None:
    complaint = cast.filed()
    client = sits("agent")

    client.post("/desk/account/language", {"language": "en"})

    assert cast.member("agent").language == "en"
    assert 'lang="en"' in opened(client, complaint)


def test_a_token_is_shown_once_and_can_be_revoked_by_its_owner_alone(sits: Sits) -> None:
    client = sits("agent")

    page = client.post("/desk/account/tokens", {"name": "呼叫中心", "scopes": ["read"], "days": "30"}).content.decode()
    token = cast.member("agent").tokens.get()

    assert "hy_" in page
    assert "hy_" not in client.get("/desk/account").content.decode()
    assert sits("manager").post(f"/desk/account/tokens/{token.pk}/revocation").status_code == 404
    client.post(f"/desk/account/tokens/{token.pk}/revocation")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_reader_of_deidentified_texts_is_not_told_the_name_in_a_letter(sits: Sits) -> None:
    complaint = cast.filed(name="魏大凯", text="我叫魏大凯，话费被乱扣。")
    letter = {"purpose": "progress", "channel": "phone", "body": "魏先生您好，正在核实。", "reached": "yes"}
    sits("agent").post(f"/desk/complaints/{complaint.number}/letters", letter)

    page = opened(sits("analyst"), complaint)

    assert "魏大凯" not in page
    assert "魏先生" not in page
    assert "您好，正在核实。" in page
    assert "魏先生您好" in opened(sits("supervisor"), complaint)


def test_what_is_waited_for_and_what_each_may_do_about_it_stands_on_the_page_with_what_it_does(sits: Sits) -> None:
    [order] = cast.dispatched(None, "QM")

    theirs, ours = opened(sits("handler"), order.complaint), opened(sits("agent"), order.complaint)

    now = theirs[theirs.index('id="now"') : theirs.index("客户原话")]
    assert f"等 {order.unit.name} 签收" in now
    assert "由您的单位办理，处理时限开始走。" in now
    assert "不归本单位的，写明理由退回派单人。" in now
    assert "由您的单位办理" not in ours


def test_earlier_complaints_of_the_customer_are_told_to_who_may_see_them(sits: Sits) -> None:
    before = cast.filed(title="去年的投诉：面板松动")
    complaint = cast.filed(title="电饭煲又坏了")

    page = opened(sits("agent"), complaint)

    assert before.number in page[page.index("这位客户以前的投诉") :]
    assert "这位客户以前的投诉" not in opened(sits("analyst"), complaint)
