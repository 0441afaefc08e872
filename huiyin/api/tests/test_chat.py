"""What is written to the robot in the company's chat, as DingTalk's own protocol has it, by a fake of that side."""

import base64
import hashlib
import hmac
import itertools
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.channels.models import ChatIdentity, ChatMessage, ChatRobot
from huiyin.complaints.models import Event, Note
from huiyin.org.models import Change, Member
from huiyin.supervision.actions import hearing
from tests import cast
from tests.cast import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]
SECRET = "app-secret-0123456789"
_ticks = itertools.count()


class Group:
    """DingTalk's side of one robot: it signs as documented and shows what we answer."""

    def __init__(self) -> None:
        self.robot = ChatRobot.objects.create(name="客诉群", secret=SECRET)
        self.url = f"/api/v1/chat/dingtalk/{self.robot.pk}"

    def post(self, body: Any, *, at: datetime | None = None, secret: str = SECRET, tick: int | None = None) -> Any:
        moment = str(int((at or timezone.now()).timestamp() * 1000) + (next(_ticks) if tick is None else tick))
        right = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
        headers = {"timestamp": moment, "sign": base64.b64encode(right).decode()}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Client().post(self.url, raw, content_type="application/json; charset=utf-8", headers=headers)

    def message(
        self,
        text: str,
        *,
        sender: str = "handler",
        key: str = "",
        group: str = "cid",
        title: str = "客诉专项群",
        **more: Any,
    ) -> dict[str, Any]:
        return {
            "conversationId": group, "conversationType": "2", "conversationTitle": title, "isInAtList": True,
            "msgId": key or f"msg-{next(_ticks)}", "senderNick": "小陈", "senderId": "$:LWCP_v1:$x",
            "senderStaffId": sender, "chatbotUserId": "$:LWCP_v1:$bot", "createAt": 1, "msgtype": "text",
            "text": {"content": text, **more},
        }  # fmt: skip

    def says(self, text: str, **given: Any) -> str:
        answer = self.post(self.message(text, **given))
        assert answer.status_code == 200, answer.content
        told = answer.json()
        assert told["msgtype"] == "text"
        return str(told["text"]["content"])


def notes(number: str) -> list[tuple[str, str]]:
    found = Note.objects.filter(complaint__number=number, kind="note").order_by("id")
    return [(note.author.username if note.author else "", note.text.partition("\n")[0]) for note in found]


@pytest.mark.req("C100")
def test_a_message_in_the_group_that_names_the_complaint_or_answers_one_that_does_is_a_note_of_its_writer() -> None:
    group, [order] = Group(), cast.dispatched()
    number = order.complaint.number

    assert number in group.says(f" {number} 已上门，主板虚焊")
    assert number in group.says(f"{order.number.lower()} 配件明天到")
    assert number in group.says("收到，今天回访", repliedMsg={"msgId": "m0", "content": {"text": f"{number} 的进展？"}})

    assert notes(number) == [
        ("handler", f"{number} 已上门，主板虚焊"),
        ("handler", f"{order.number.lower()} 配件明天到"),
        ("handler", "收到，今天回访"),
    ]
    said = order.complaint.events.filter(kind=Event.Kind.NOTED).latest("seq")
    assert said.actor == member("handler")
    assert {each.text for each in ChatMessage.objects.all()} == {""}  # the words stand in the note alone


@pytest.mark.req("C100")
def test_whoever_is_unknown_or_names_no_complaint_gets_an_answer_and_nothing_is_lost() -> None:
    group, [order] = Group(), cast.dispatched()
    number = order.complaint.number
    hidden = cast.filed(phone="13900009999").number  # the handler has no part in it

    assert "已保留" in group.says(f"{number} 我来跟", sender="u-77")
    assert "userid（u-77）" in group.says(f"{number} 我来跟", sender="u-77", key="m1")
    assert "没有看到投诉编号" in group.says("主板虚焊")
    assert "没有看到投诉编号" in group.says("明天换新")
    assert group.says(f"{hidden} 这是谁？") == group.says("TS20200101-00001 ?").replace("TS20200101-00001", hidden)
    assert notes(hidden) == notes(number) == []

    assert number in group.says(f" {number} ")  # the number alone: what was said before it belongs to it
    assert notes(number) == [("handler", "主板虚焊"), ("handler", "明天换新")]
    assert "请在" in group.says(number)

    ChatIdentity.objects.create(user_id="u-77", member=member("lead"))
    assert hearing.placed_at_last("u-77", at=timezone.now()) == 2
    assert notes(number)[2:] == [("lead", f"{number} 我来跟")] * 2
    Member.objects.filter(username="lead").update(is_active=False)
    assert "还不知道" in group.says(f"{number} 还在", sender="u-77")
    assert [hearing.forget(at=timezone.now() + timedelta(days=days)) for days in (89, 91)] == [0, 9]


@pytest.mark.req("C100")
def test_two_groups_of_one_title_are_two_and_one_that_was_renamed_is_still_one() -> None:
    group, [order] = Group(), cast.dispatched()
    number = order.complaint.number
    group.says("别的群里的话", group="cid-2")
    group.says("主板虚焊")

    assert number in group.says(number, title="客诉专项群（新）")

    assert notes(number) == [("handler", "主板虚焊")]
    assert [each.conversation_id for each in ChatMessage.objects.order_by("pk")] == ["cid-2", "cid", "cid"]


@pytest.mark.req("C100")
def test_what_dingtalk_did_not_sign_just_now_and_once_is_refused() -> None:
    group, [order] = Group(), cast.dispatched()
    body = group.message(f"{order.complaint.number} 已修好", key="one")

    assert group.post(body, secret="another-secret-000").status_code == 403
    assert group.post(body, at=timezone.now() - timedelta(minutes=11)).status_code == 403
    assert group.post(body, at=timezone.now() + timedelta(minutes=11)).status_code == 403
    assert Client().post(group.url, body, content_type="application/json").status_code == 403
    assert Client().get(group.url).status_code == 405
    assert group.post(b"{").status_code == 400
    assert group.post({"msgtype": "text"}).status_code == 400
    assert group.post(b" " * 70_000).status_code == 413
    assert ChatMessage.objects.count() == 0

    at = timezone.now()
    first, again = group.post(body, at=at, tick=0), group.post(body)  # DingTalk asks again: signed anew
    assert (first.status_code, again.content) == (200, first.content)
    forged = group.message(f"{order.complaint.number} 不用修了", key="two")
    assert group.post(forged, at=at, tick=0).status_code == 403
    assert notes(order.complaint.number) == [("handler", f"{order.complaint.number} 已修好")]
    for tick, (body, words) in enumerate(
        ((group.message("") | {"msgtype": "picture"}, "文字"), (group.message("x" * 20_001), "太长")), start=1
    ):
        assert words in group.post(body, at=at, tick=tick).json()["text"]["content"]
        assert group.post(forged, at=at, tick=tick).status_code == 403  # its signature is used up, too
    assert notes(order.complaint.number) == [("handler", f"{order.complaint.number} 已修好")]

    ChatRobot.objects.update(is_active=False)
    statuses = [group.post(body).status_code for _each in range(40)]
    assert statuses[0] == 403
    assert statuses[-1] == 429


def test_a_robot_that_asks_too_often_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    from huiyin.api import chat

    monkeypatch.setattr(chat, "A_MINUTE", 2)
    group = Group()
    answers = [group.post(group.message("没有编号", sender="x")) for _each in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "60"


@pytest.mark.req("C100")
def test_an_administrator_sets_up_the_robot_and_says_who_is_who_and_sees_no_secret_and_no_message() -> None:
    client, [order] = Client(), cast.dispatched()
    client.force_login(member("admin"), backend="django.contrib.auth.backends.ModelBackend")
    place = "/admin/channels/chatrobot/"
    assert client.post(f"{place}add/", {"name": "客诉群", "secret": "short", "is_active": "on"}).status_code == 200
    assert client.post(f"{place}add/", {"name": "客诉群", "secret": SECRET, "is_active": "on"}).status_code == 302
    robot = ChatRobot.objects.get()
    assert (
        client.post(f"{place}{robot.pk}/change/", {"name": "新群", "secret": "", "is_active": "on"}).status_code == 302
    )
    robot.refresh_from_db()
    assert (robot.name, robot.secret) == ("新群", SECRET)
    pages = [client.get(place).content.decode(), client.get(f"{place}{robot.pk}/change/").content.decode()]
    assert f"/api/v1/chat/dingtalk/{robot.pk}" in pages[0]
    assert SECRET not in "".join(pages)

    group = Group()
    group.says(f"{order.complaint.number} 已上门", sender="u-9")
    named = {"user_id": "u-9", "member": member("handler").pk}
    assert client.post("/admin/channels/chatidentity/add/", named).status_code == 302
    assert notes(order.complaint.number) == [("handler", f"{order.complaint.number} 已上门")]
    assert Change.objects.filter(area="mail", subject__startswith="chat-").count() == 3
    other = Client()
    other.force_login(member("supervisor"), backend="django.contrib.auth.backends.ModelBackend")
    assert other.get(place).status_code in {302, 403}
    assert client.get("/admin/channels/chatmessage/").status_code == 404
