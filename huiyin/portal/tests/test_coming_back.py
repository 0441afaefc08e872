"""A code to the address they left, the same answer for everybody else, and what they may take home."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from huiyin.channels import sms
from huiyin.channels.models import Message
from huiyin.complaints.actions import noting
from huiyin.customers.actions import proving
from huiyin.customers.models import Code
from huiyin.portal import tasks
from huiyin.portal.tests.visiting import act, number_of, photo
from tests import cast
from tests.cast import actor, later

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]
MAIL = "zhangwei@example.com"


@pytest.fixture
def deferred(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was queued."""
    queued: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.send_code, "defer", lambda **given: queued.append(given))
    return queued


def ask(client: Client, contact: str) -> Any:
    form = number_of(client.get("/portal/find").content.decode())
    return client.post("/portal/find", {"form": form, "contact": contact})


def enter(client: Client, where: str, code: str) -> Any:
    form = number_of(client.get(where).content.decode())
    return client.post(where, {"form": form, "code": code})


def sent_code() -> str:
    """The newest."""
    message = Message.objects.filter(direction="out").latest("id")
    [code] = re.findall(r"\b\d{6}\b", message.text)
    return str(code)


def come_in(client: Client, deferred: list[dict[str, Any]]) -> str:
    """The address of the list."""
    where = ask(client, MAIL.upper())["Location"]
    tasks.send_code(**deferred.pop())
    response = enter(client, where, " ".join(sent_code()))
    assert response.status_code == 303
    return str(response["Location"])


def test_a_code_to_the_address_leads_to_all_their_complaints(client: Client, deferred: list[dict[str, Any]]) -> None:
    mine = [cast.filed(email=MAIL, text=text) for text in ("第一件：电饭煲不通电。", "第二件：没有人回电话。")]
    others = cast.filed(phone="13900002222", name="王芳", text="别人的事情")

    page = client.get(come_in(client, deferred)).content.decode()

    for complaint in mine:
        assert complaint.tracking_code in page
    assert others.tracking_code not in page
    assert Message.objects.get(direction="out").recipient == MAIL


def test_nothing_readable_of_code_or_pass_is_stored(client: Client, deferred: list[dict[str, Any]]) -> None:
    cast.filed(email=MAIL)
    let_in = come_in(client, deferred).rpartition("/")[2]

    row = Code.objects.get()
    stored = f"{row.ticket_digest} {row.code_digest} {row.pass_digest}"

    assert sent_code() not in stored
    assert let_in not in stored


def test_a_code_works_once_in_time_at_the_browser_that_asked_and_five_tries(
    client: Client, deferred: list[dict[str, Any]]
) -> None:
    cast.filed(email=MAIL)
    where, elsewhere = ask(client, MAIL)["Location"], ask(client, MAIL)["Location"]
    tasks.send_code(**deferred[0])
    code = sent_code()
    wrong = "000000" if code != "000000" else "111111"

    assert enter(client, elsewhere, code).status_code == 422
    assert [enter(client, where, wrong).status_code for _each in range(4)] == [422] * 4
    assert enter(client, where, code).status_code == 303
    assert enter(client, where, code).status_code == 422

    where = ask(client, MAIL)["Location"]
    tasks.send_code(**deferred[-1])
    code = sent_code()
    assert [enter(client, where, "123 45" + str(n)).status_code for n in range(5)] == [422] * 5
    assert enter(client, where, code).status_code == 422


def test_code_and_pass_run_out() -> None:
    customer = cast.filed(email=MAIL).customer
    code = proving.issue(customer=customer, ticket="t", at=later())

    with pytest.raises(proving.NotProven):
        proving.prove(ticket="t", code=code, at=later(minutes=11))
    proving.prove(ticket="t", code=code, at=later(minutes=9))
    assert proving.forget(before=later(hours=1)) == 1


def test_the_answer_tells_nobody_whether_the_address_is_known(client: Client, deferred: list[dict[str, Any]]) -> None:
    cast.filed(email=MAIL)
    signed = re.compile(rb'(value="[^"]+"|find/[^"]+)')

    answers, pages, tries = set(), set(), set()
    for contact in (MAIL, "nobody@example.com"):
        response = ask(client, contact)
        answers.add(response.status_code)
        pages.add(signed.sub(b"", client.get(response["Location"]).content))
        tries.add(signed.sub(b"", enter(client, response["Location"], "123456").content))
    for job in deferred:
        tasks.send_code(**job)

    assert (answers, len(pages), len(tries)) == ({303}, 1, 1)
    assert len(deferred) == 2
    assert MAIL not in json.dumps(deferred)
    assert Message.objects.filter(direction="out").count() == 1


def test_nobody_is_flooded_with_mail(client: Client, deferred: list[dict[str, Any]]) -> None:
    codes = [ask(client, MAIL).status_code for _each in range(11)]

    assert codes == [303] * 10 + [429]
    assert len(deferred) == 3


def test_a_telephone_is_asked_for_only_where_short_messages_can_be_sent(
    client: Client, deferred: list[dict[str, Any]], settings: LazySettings
) -> None:
    complaint = cast.filed()
    assert ask(client, "13900001111").status_code == 422

    settings.HUIYIN_SMS_URL = "https://sms.example.com/send"
    assert sms.is_configured()
    where = ask(client, "139 0000 1111")["Location"]
    tasks.send_code(**deferred.pop())

    message = Message.objects.get(direction="out")
    assert (message.channel, message.recipient) == ("sms", "13900001111")
    response = enter(client, where, sent_code())
    assert complaint.number in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("let_in", ["x", "..%2f", "a" * 100, "%00"])
def test_a_pass_that_is_none_opens_nothing(client: Client, let_in: str) -> None:
    assert client.get(f"/portal/mine/{let_in}").status_code == 404


def test_they_take_home_what_they_gave_and_were_answered_and_no_word_of_ours(
    client: Client, deferred: list[dict[str, Any]]
) -> None:
    complaint = cast.resolved()
    complaint.customer.email = MAIL
    noting.note(complaint, text="这位客户很难缠", actor=actor("agent"), at=later(hours=8))
    act(client, complaint, "addition", "a", text="今天又跳闸了。", photos=[photo()])
    act(client, complaint, "rejection", "n", reason="换来的还是坏的。")
    here = f"/portal/t/{complaint.tracking_code}/data"

    read, machine = client.get(f"{here}.html"), client.get(f"{here}.json")

    given = json.loads(machine.content)
    assert given["words"] == complaint.text
    assert [each["words"] for each in given["additions"]] == ["今天又跳闸了。"]
    assert [each["words"] for each in given["reasons"]] == ["换来的还是坏的。"]
    assert [each["name"] for each in given["files"]] == ["插头.png"]
    assert "已为您安排换新" in given["answers"][0]["words"]
    assert given["contact"]["phone"] == "139****1111"
    for page in (read, machine):
        assert "attachment" in page["Content-Disposition"]
        text = page.content.decode()
        assert "换来的还是坏的。" in text
        for ours in ("难缠", "13900001111", "李雷", "杨帆"):
            assert ours not in text


def test_who_proved_the_address_has_their_contacts_in_full_and_only_their_own(
    client: Client, deferred: list[dict[str, Any]]
) -> None:
    complaint = cast.filed(email=MAIL)
    other = cast.filed(phone="13900002222", name="王芳", text="别人的事情")
    let_in = come_in(client, deferred).rpartition("/")[2]

    own = client.get(f"/portal/t/{complaint.tracking_code}/data.json?pass={let_in}")
    foreign = client.get(f"/portal/t/{other.tracking_code}/data.json?pass={let_in}")

    assert json.loads(own.content)["contact"] == {"name": "客户张伟", "phone": "13900001111", "email": MAIL}
    assert json.loads(foreign.content)["contact"]["phone"] == "139****2222"


def test_their_own_files_come_back_as_downloads_and_ours_do_not(client: Client) -> None:
    from huiyin.complaints.actions import attaching

    complaint = cast.filed()
    act(client, complaint, "addition", "a", text="见照片", photos=[photo()])
    ours = attaching.attach(
        complaint, name="内部.txt", chunks=["内部材料".encode()], actor=actor("agent"), at=timezone.now()
    )
    theirs = complaint.attachments.get(is_from_customer=True)
    here = f"/portal/t/{complaint.tracking_code}/files"

    sent = client.get(f"{here}/{theirs.pk}")

    assert sent.status_code == 200
    assert sent["Content-Disposition"].startswith("attachment")
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"{here}/{ours.pk}").status_code == 404
    assert client.get(f"{here}/{theirs.pk + 999}").status_code == 404


def test_a_pass_lasts_half_an_hour(client: Client, deferred: list[dict[str, Any]]) -> None:
    cast.filed(email=MAIL)
    where = come_in(client, deferred)
    assert client.get(where).status_code == 200

    Code.objects.update(used_at=timezone.now() - timedelta(minutes=31))

    assert client.get(where).status_code == 404
