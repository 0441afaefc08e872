"""The composer: the steps of listening are offered and shown, never in the way; an apology comes before the options."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.compensation.actions import deciding, offering
from huiyin.compensation.actions.offering import Terms
from huiyin.compensation.worth import Proposed
from huiyin.complaints.actions import judging
from huiyin.complaints.models import Complaint, Event, Letter, Validity
from tests import cast

Sits = Callable[[str], Client]
RESTATED = "我复述一下：电饭煲用了三次不通电，您想换新。我这样记对吗？"


def judged(complaint: Complaint, value: Validity.Value) -> None:
    at = timezone.now()
    row = judging.judge(
        complaint, value=value, reason="虚焊", evidence="检测单", actor=cast.actor("supervisor"), at=at
    )  # fmt: skip
    judging.confirm(row, actor=cast.actor("supervisor2"), at=at + timedelta(seconds=1))


@pytest.mark.req("C069", "B42")
def test_a_call_shows_whether_it_was_restated_and_goes_either_way(sits: Sits) -> None:
    complaint, client = cast.waiting_for_reply(), sits("agent")
    place = f"/desk/complaints/{complaint.number}"

    form = client.get(f"{place}/letters").content.decode()
    assert all(words in form for words in ("接收：让客户说完", "复述：把问题和要求", "确认：问过客户"))
    assert 'data-insert-phone="我复述一下：您反映的问题' in form  # RS-03, filled with what the complaint says

    def shown(body: str, channel: str = "phone") -> str:
        given = {"body": body, "channel": channel, "purpose": "progress"}
        return str(client.post(f"{place}/wording", given).content.decode())

    assert "没有看到" in shown("您好，我是李雷，明天上门。")
    assert shown(RESTATED).count('data-tone="green"') == 2
    assert "倾听三步" not in shown(RESTATED, "email")
    assert "倾听三步" not in shown(" ")

    sent = {"purpose": "progress", "channel": "phone", "reached": "yes"}
    said = {"body": "您好，我是李雷，明天上门。", "listened": ["received", "confirmed"]}
    assert client.post(f"{place}/letters", {**sent, **said}).status_code == 302
    assert Event.objects.filter(complaint=complaint, kind="informed").latest("seq").particulars["listened"] == [
        "received", "confirmed",
    ]  # fmt: skip
    assert "倾听三步 接收、确认" in client.get(place).content.decode()
    assert client.post(f"{place}/letters", {**sent, "body": "明天上门。"}).status_code == 302
    assert "listened" not in Event.objects.filter(complaint=complaint, kind="informed").latest("seq").particulars


@pytest.mark.req("B47")
def test_where_it_was_our_doing_the_letter_begins_with_an_apology_and_lacking_one_is_told(sits: Sits) -> None:
    [order] = cast.dispatched()
    complaint, client, at = Complaint.objects.get(pk=order.complaint_id), sits("agent"), timezone.now()
    place = f"/desk/complaints/{complaint.number}"
    options = [Proposed("reship", words="补发一件"), Proposed("replace", words="换一台新的")]
    terms = Terms(options=options, explanation="责任在我们。")
    made = offering.offer(complaint, terms=terms, actor=cast.actor("agent"), at=at)
    deciding.approve(made, actor=cast.actor("supervisor"), at=at)
    assert "郑重道歉。\n\n结合核查结果" not in client.get(f"{place}/letters").content.decode()

    judged(complaint, Validity.Value.OURS)
    cast.passed(cast.completed(order))

    form = client.get(f"{place}/letters").content.decode()
    assert (
        "这件事是我们没有做好，给您添了麻烦，我们郑重道歉。\n\n结合核查结果，有这样几种处理办法：一是补发一件" in form
    )
    assert form.index("RS-33") < form.index("RS-61") < form.index("RS-09")
    bare = "您好，我是李雷。一是补发一件，明天送到；二是换新。"
    said = {"purpose": "final", "channel": "post", "reached": "yes", "cause": "product", "breach_reason": "晚到"}
    assert "缺少致歉（RP-07）" in client.post(f"{place}/wording", {**said, "body": bare}).content.decode()
    refused = client.post(f"{place}/letters", {**said, "body": bare})
    assert (refused.status_code, complaint.letters.count()) == (422, 0)
    for words in ("我们向您致歉。", "We are sorry. "):
        assert "RP-07" not in client.post(f"{place}/wording", {**said, "body": words + bare}).content.decode()
    assert client.post(f"{place}/letters", {**said, "body": bare, "confirm_words": "on"}).status_code == 302
    assert complaint.letters.get().status == Letter.Status.SENT


@pytest.mark.parametrize("value", [Validity.Value.MISUNDERSTOOD, Validity.Value.THIRD_PARTY])
def test_where_it_was_not_no_apology_is_asked_for(sits: Sits, value: Validity.Value) -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    judged(complaint, value)
    given = {"body": "您好，我是李雷。核查完了。", "channel": "post", "purpose": "final"}
    assert "RP-07" not in sits("agent").post(f"/desk/complaints/{complaint.number}/wording", given).content.decode()
