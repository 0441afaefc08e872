"""渠道与邮件: how short messages fare, which sites may frame the customers' form and by which line, and the poster."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from huiyin.channels.actions import sending
from huiyin.channels.models import Message
from huiyin.channels.queries import sms_state
from huiyin.notices.models import Lane

Sits = Callable[[str], Client]
PAGE = "/desk/settings/channels"
GATEWAY = "http://user:secret@127.0.0.1:9/sms?token=secret"


def said(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def message(settings: Settings, number: int) -> Message:
    settings.HUIYIN_SMS_URL = GATEWAY
    return sending.queue_sms(to=f"1390000{number:04d}", body="验证码 778899", at=timezone.now())


def test_without_a_gateway_it_says_so_and_how_to_set_one(sits: Sits, settings: Settings) -> None:
    settings.HUIYIN_SMS_URL = ""
    page = said(sits("admin"))
    assert "没有设置短信网关" in page
    assert "HUIYIN_SMS_URL" in page


def test_the_gateway_its_last_sending_and_its_failures_are_told_and_no_secret(sits: Sits, settings: Settings) -> None:
    settings.HUIYIN_SMS_KEY = "top-secret"
    went = message(settings, 1)
    Message.objects.filter(pk=went.pk).update(status="sent", sent_at=timezone.now() - timedelta(hours=3))
    Lane.objects.create(name="sms", error="网关不在", failed_at=timezone.now(), failures=3)
    page = said(sits("admin"))
    assert "http://127.0.0.1:9/sms" in page
    assert "已填密钥" in page
    assert "最近送达" in page
    assert "网关不在" in page  # to colleagues

    refused = message(settings, 2)
    with pytest.raises(sending.NotDelivered):  # nobody listens there
        sending.deliver(refused, at=timezone.now())
    message(settings, 3)
    page = said(sits("admin"))
    assert ("1 条没有发出" in page, "1 条在等" in page, "URLError" in page) == (True, True, True)
    for secret in ("secret", "13900000002", "778899"):
        assert secret not in page


def test_the_sites_that_may_embed_the_form_and_the_line_for_it(sits: Sits, settings: Settings) -> None:
    settings.HUIYIN_PUBLIC_URL = "https://help.example.com"
    settings.HUIYIN_EMBED_ORIGINS = []
    assert "HUIYIN_EMBED_ORIGINS" in said(sits("admin"))

    settings.HUIYIN_EMBED_ORIGINS = ["https://www.example.com", "https://shop.example.com"]
    page = said(sits("admin"))
    assert "<code>https://www.example.com</code>、<code>https://shop.example.com</code>" in page
    address = "https://help.example.com/portal/embed?lang=zh-hans"
    line = f'<iframe src="{address}" title="反映问题" width="100%" height="900"></iframe>'
    assert line in [each for _language, _label, each in sits("admin").get(PAGE).context["frames"]]
    assert f'data-copy="{line.replace("<", "&lt;").replace(">", "&gt;").replace(chr(34), "&quot;")}"' in page
    framed = sits("admin").get("/portal/embed?lang=zh-hans")
    assert "https://www.example.com" in framed.headers["Content-Security-Policy"]


def test_the_poster_is_a_click_away(sits: Sits) -> None:
    admin = sits("admin")
    assert 'href="/portal/counter"' in said(admin)
    assert admin.get("/portal/counter").status_code == 200


def test_it_costs_the_same_however_many_messages_there_are(settings: Settings) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            sms_state()
        return len(found)

    message(settings, 1)
    one = cost()
    message(settings, 2)
    message(settings, 3)
    assert cost() == one == 3
