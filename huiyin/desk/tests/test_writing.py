"""Writing to the customer from the desk: preview, what is at hand, waiting and taking back."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from huiyin.complaints.actions import scheduling
from huiyin.complaints.models import Clock, Complaint, Draft, Letter
from huiyin.desk.forms.moves import LetterForm
from huiyin.knowledge.models import LibraryCase, Method, Playbook
from tests import cast

Sits = Callable[[str], Client]
BODY = "您好，我是客服李雷。经核查是主板故障，很抱歉给您添了麻烦，已安排换新，三天内送到。感谢您的理解。"


def of_a_mailing_customer() -> Complaint:
    [order] = cast.dispatched(cast.reviewed(cast.filed(email="zhang@example.com")))
    cast.passed(cast.completed(order))
    return Complaint.objects.get(pk=order.complaint_id)


def write(client: Client, complaint: Complaint, **given: str) -> str:
    late = {"breach_reason": "配件晚到一天"}  # it was filed in the past
    words = {
        "purpose": "final",
        "channel": "email",
        "reached": "yes",
        "cause": "product",
        "body": BODY,
        **late,
        **given,
    }
    response = client.post(f"/desk/complaints/{complaint.number}/letters", words, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_mail_waits_some_seconds_and_can_be_taken_back_to_be_changed(sits: Sits) -> None:
    complaint, client = of_a_mailing_customer(), sits("agent")

    page = write(client, complaint)
    letter = complaint.letters.get(status=Letter.Status.WAITING)
    assert f"/letters/{letter.pk}/return" in page

    again = client.post(f"/desk/complaints/{complaint.number}/letters/{letter.pk}/return", follow=True)

    assert BODY in again.content.decode()
    complaint.refresh_from_db()
    assert (complaint.state, complaint.letters.get().status) == ("replying", Letter.Status.DRAFT)


def test_taking_back_too_late_says_so_and_changes_nothing(sits: Sits) -> None:
    complaint, client = of_a_mailing_customer(), sits("agent")
    write(client, complaint)
    letter = complaint.letters.get(status=Letter.Status.WAITING)
    scheduling.release(letter, at=timezone.now() + timedelta(minutes=1))

    page = client.post(f"/desk/complaints/{complaint.number}/letters/{letter.pk}/return", follow=True)

    assert "不能再撤回" in page.content.decode()
    assert complaint.letters.get().status == Letter.Status.SENT


def test_a_colleague_sees_that_it_waits_and_cannot_take_it_back(sits: Sits) -> None:
    complaint = of_a_mailing_customer()
    write(sits("agent"), complaint)
    letter = complaint.letters.get(status=Letter.Status.WAITING)

    page = sits("supervisor").get(f"/desk/complaints/{complaint.number}").content.decode()

    assert BODY[:20] in page
    assert f"/letters/{letter.pk}/return" not in page


def test_the_preview_shows_the_letter_and_masks_the_address(sits: Sits) -> None:
    complaint = of_a_mailing_customer()

    page = sits("agent").post(
        f"/desk/complaints/{complaint.number}/letter-preview", {"body": BODY + "<b>", "channel": "email"}
    )

    assert f"{BODY}&lt;b&gt;" in page.content.decode()
    assert "zhang@example.com" not in page.content.decode()
    assert not complaint.letters.exists()


def test_scripts_cases_and_colleagues_are_at_hand_by_what_is_typed(sits: Sits) -> None:
    complaint, client = of_a_mailing_customer(), sits("agent")
    place = f"/desk/complaints/{complaint.number}/at-hand"

    scripts = client.get(place, {"kind": "script", "q": "RS-35", "channel": "email"}).content.decode()
    people = client.get(place, {"kind": "person", "q": "韩梅"}).content.decode()

    assert complaint.number in scripts  # its slots are filled
    assert 'data-text="@supervisor "' in people
    assert "没有找到" in client.get(place, {"kind": "person", "q": "查无此人"}).content.decode()
    assert client.get(place, {"kind": "money"}).status_code == 404


@pytest.mark.req("C034")
@pytest.mark.parametrize(
    ("category", "template"),
    [("PQ-03", "RS-14"), ("SP-03", "RS-21"), ("RL-03", "RS-46"), ("TD-01", "RS-23"), ("PQ-05", "")],
)
def test_the_template_of_the_issue_class_is_proposed_before_all_others(
    sits: Sits, category: str, template: str
) -> None:
    complaint = cast.reviewed(cast.filed(text="请处理", category=category), category=category)
    url, client = f"/desk/complaints/{complaint.number}", sits("agent")

    found = client.get(f"{url}/at-hand", {"kind": "script", "channel": "phone"}).content.decode()
    form = client.get(f"{url}/letters").content.decode()

    assert (f"建议模板 {template}" in found) == bool(template)
    assert ("建议模板" in form) == bool(template)
    if template:
        assert found.index(template) < found.index("hand-2")
        assert re.findall(r'<span class="faint">(RS-\d\d)</span>', form).count(template) == 1


def test_who_does_not_write_to_customers_has_no_scripts_at_hand(sits: Sits) -> None:
    [order] = cast.dispatched(None, "QM")

    place = f"/desk/complaints/{order.complaint.number}/at-hand"
    assert "没有找到" in sits("handler").get(place, {"kind": "script", "q": "RS-35"}).content.decode()


def at_hand(client: Client, complaint: Complaint, **asked: str) -> str:
    answer = client.get(f"/desk/complaints/{complaint.number}/at-hand", {"kind": "article", **asked})
    return str(answer.content.decode())


def test_the_library_comes_ranked_by_the_words_typed_with_a_glance_and_its_source(sits: Sits) -> None:
    complaint, client = cast.reviewed(), sits("agent")
    case, method = LibraryCase.objects.all()[0], Method.objects.all()[0]

    found = at_hand(client, complaint, q=case.name_zh[:4])
    assert re.findall('class="hand-label">([^<]*)<', found)[0] == case.name_zh
    assert f"（依据：典型案例 {case.code} {case.name_zh}）" in found
    assert 'class="hand-glance' in found
    assert f"处理方法 {method.code}" in at_hand(client, complaint, q=method.code)
    assert "法定标准" in at_hand(client, complaint, q="欺诈")
    assert "没有找到" in at_hand(client, complaint, q="xyzzy")


def test_an_article_of_the_complaints_category_comes_before_others_that_fit_as_well(sits: Sits) -> None:
    complaint = cast.reviewed()
    for code, codes in (("ZZ-1", ["LG-01"]), ("ZZ-2", [complaint.category.code])):
        LibraryCase.objects.create(
            code=code, name_zh="灯塔行动", categories=codes, situation="x", handling="照做", position=999
        )
    found = at_hand(sits("agent"), complaint, q="灯塔行动")
    assert found.index("ZZ-2") < found.index("ZZ-1")


def test_what_names_behaviour_or_is_how_we_work_comes_in_a_note_and_never_in_a_letter(sits: Sits) -> None:
    complaint, client = cast.reviewed(), sits("agent")
    playbook, method = Playbook.objects.all()[0], Method.objects.all()[0]
    for row in (playbook, method):
        assert row.name_zh in at_hand(client, complaint, q=row.code)
        assert row.name_zh not in at_hand(client, complaint, q=row.code, channel="email")


def test_the_library_at_hand_costs_the_same_however_much_it_holds(sits: Sits) -> None:
    complaint, client = cast.reviewed(), sits("agent")

    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            at_hand(client, complaint, q="退款")
        return len(made)

    cost()
    first = cost()
    for number in range(3):
        LibraryCase.objects.create(code=f"ZZ-{number}", name_zh="退款", situation="x", handling="y", position=999)
    assert cost() == first <= 20


@pytest.mark.req("B45")
def test_what_the_text_promises_is_proposed_and_set_only_when_it_is_ticked(sits: Sits) -> None:
    [order] = cast.dispatched()
    complaint, client = Complaint.objects.get(pk=order.complaint_id), sits("agent")
    clocks = Clock.objects.running().filter(complaint=complaint, code="CK-PROMISE")
    url = f"/desk/complaints/{complaint.number}"
    call = {"purpose": "progress", "channel": "phone", "body": "您好，还在等检测结果，30天内给您答复。"}

    seen = client.post(f"{url}/wording", call).content.decode()
    until = re.search(r'name="take_promise" value="([^"]+)">', seen)
    assert until is not None, seen
    assert "前答复" in seen
    assert " checked>" in client.post(f"{url}/wording", {**call, "take_promise": until[1]}).content.decode()
    assert "take_promise" not in client.post(f"{url}/wording", {**call, "body": "您好，还在查。"}).content.decode()

    bad = client.post(f"{url}/letters", {**call, "reached": "yes", "promise_until": "2020-01-01T10:00"})
    assert (bad.status_code, call["body"] in bad.content.decode()) == (422, True)
    write(client, complaint, **call)
    assert not clocks.exists()
    assert "没有约定下次什么时候答复" in client.get(url).content.decode()

    write(client, complaint, **call, keep_draft="on", promise_until="2099-01-01T10:00")
    assert 'value="2099-01-01T10:00"' in client.get(f"{url}/letters").content.decode()
    write(client, complaint, **call, take_promise=until[1])
    assert f"{timezone.localtime(clocks.get().due_at):%Y-%m-%dT%H:%M}" == until[1]
    assert "已承诺客户" in client.get(f"{url}/letters").content.decode()


def test_a_mail_that_waits_begins_its_promise_when_it_goes(sits: Sits) -> None:
    complaint = of_a_mailing_customer()
    until = timezone.localtime() + timedelta(days=3)
    write(sits("agent"), complaint, purpose="progress", promise_until=f"{until:%Y-%m-%dT%H:%M}")
    clocks = Clock.objects.running().filter(complaint=complaint, code="CK-PROMISE")
    assert not clocks.exists()

    scheduling.release(complaint.letters.get(status=Letter.Status.WAITING), at=timezone.now() + timedelta(minutes=1))

    assert clocks.get().due_at == until.replace(second=0, microsecond=0)


def test_who_writes_at_the_end_of_the_page_is_not_led_back_to_its_top(sits: Sits) -> None:
    complaint = of_a_mailing_customer()
    place = f"/desk/complaints/{complaint.number}"
    call = {"purpose": "progress", "channel": "phone", "reached": "no", "body": "打了电话，没有人接。"}

    for answer in (
        sits("agent").post(f"{place}/notes", {"text": "门禁要预约"}),
        sits("agent").post(f"{place}/letters?channel=phone", call),
    ):
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{place}#record")


def test_a_call_in_between_leaves_the_letter_as_it_was_begun(sits: Sits) -> None:
    complaint, desk = of_a_mailing_customer(), sits("agent")
    place = f"/desk/complaints/{complaint.number}/letters"
    mail = {"purpose": "progress", "channel": "email", "reached": "yes", "body": "写了一半的信", "keep_draft": "on"}
    assert desk.post(place, mail).status_code == 302
    desk.post(reverse("desk:draft", args=[f"letters:{complaint.number}"]), {"values": json.dumps({"body": ["半封信"]})})

    opened = desk.get(f"{place}?channel=phone&reached=no", headers={"HX-Request": "true"}).content.decode()

    assert "打了电话，没有人接。" in opened
    assert "写了一半的信" not in opened
    assert f'data-draft-key="calls:{complaint.number}"' in opened
    assert f'action="{place}?channel=phone"' in opened
    call = {"purpose": "progress", "channel": "phone", "reached": "no", "body": "打了电话，没有人接。"}
    assert desk.post(f"{place}?channel=phone", call).status_code == 302
    kept = {each.channel: (each.status, each.body) for each in complaint.letters.all()}
    assert kept == {"email": ("draft", "写了一半的信"), "phone": ("not_reached", "打了电话，没有人接。")}
    assert [each.form for each in Draft.objects.all()] == ["letters"]
    assert "写了一半的信" in desk.get(f"{place}?channel=email").content.decode()


def test_a_call_that_nobody_answered_begins_with_its_words_and_never_as_the_last_answer(sits: Sits) -> None:
    complaint = cast.waiting_for_reply()
    place = f"/desk/complaints/{complaint.number}/letters?channel=phone"
    form = LetterForm(complaint=complaint, member=cast.member("agent"), initial={"channel": "phone", "reached": "no"})
    assert form["body"].value() == "打了电话，没有人接。"
    assert form["purpose"].value() == "progress"
    assert "打了电话，没有人接。" in sits("agent").get(f"{place}&reached=no").content.decode()
    assert "打了电话，没有人接。" not in sits("agent").get(place).content.decode()
