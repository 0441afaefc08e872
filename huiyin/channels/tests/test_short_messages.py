"""A short message goes to the company's own gateway, once it has one."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import LazySettings

from huiyin.channels import sms
from huiyin.channels.actions import sending
from huiyin.channels.models import Message

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


class Gateway:
    """Takes what it is sent, or answers with `status`."""

    def __init__(self) -> None:
        self.status, self.taken = 200, []  # type: int, list[tuple[str, dict[str, Any]]]
        gateway = self

        class Answers(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.taken.append((self.headers["Authorization"], json.loads(body)))
                self.send_response(gateway.status)
                self.end_headers()

            def log_message(self, *_said: Any) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Answers)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def gateway(settings: LazySettings) -> Iterator[Gateway]:
    made = Gateway()
    settings.HUIYIN_SMS_URL = f"http://127.0.0.1:{made.server.server_port}/send"
    settings.HUIYIN_SMS_KEY = "key-1"
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.mark.django_db
def test_it_is_queued_and_handed_over_with_its_own_id(gateway: Gateway) -> None:
    message = sending.queue_sms(to="139 0000 1111", body="验证码 123456", at=AT)

    sending.deliver(message, at=AT)

    assert (message.status, message.channel) == (Message.Status.SENT, "sms")
    expected = {"id": message.external_id, "to": "13900001111", "text": "验证码 123456"}
    assert gateway.taken == [("Bearer key-1", expected)]


@pytest.mark.django_db
def test_a_gateway_that_refuses_leaves_it_to_be_tried_again(gateway: Gateway) -> None:
    message = sending.queue_sms(to="13900001111", body="验证码 123456", at=AT)
    gateway.status = 503

    with pytest.raises(sending.NotDelivered):
        sending.deliver(message, at=AT)

    assert message.status == Message.Status.FAILED


@pytest.mark.django_db
def test_nothing_waits_for_a_gateway_that_is_not_there() -> None:
    with pytest.raises(sms.NoGateway):
        sending.queue_sms(to="13900001111", body="验证码 123456", at=AT)
    assert Message.objects.count() == 0
