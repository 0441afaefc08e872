"""Where a page looks for its event streams, with a proxy and without, and who notices that they are not there."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory

from huiyin.lib.csp import ContentSecurityPolicy
from huiyin.lib.live import Unreachable, public_address, reached

SHOWN = Template('{% load live %}{% stream "/live/desk" %}')


def address(*, secure: bool) -> tuple[str, str]:
    """What the page is told, and where its policy lets it connect to."""
    request = RequestFactory().get("/desk/", secure=secure, headers={"Host": "localhost:9000"})
    policy = ContentSecurityPolicy(lambda _request: HttpResponse())(request).headers["Content-Security-Policy"]
    return SHOWN.render(Context({"request": request})), policy.split("; ")[-1]


def test_without_a_proxy_it_is_the_port_beside(settings: LazySettings) -> None:
    settings.HUIYIN_LIVE_PORT = 9001
    assert address(secure=False) == (
        "http://localhost:9001/live/desk", "connect-src 'self' http://localhost:9001"
    )  # fmt: skip
    settings.HUIYIN_PUBLIC_URL = "http://desk.example:9000"
    assert public_address() == "http://desk.example:9001"


def test_behind_tls_it_is_the_same_origin(settings: LazySettings) -> None:
    assert address(secure=True) == ("/live/desk", "connect-src 'self'")
    settings.HUIYIN_PUBLIC_URL = "https://desk.example"
    assert public_address() == "https://desk.example"


def test_an_address_that_was_set_is_taken(settings: LazySettings) -> None:
    settings.HUIYIN_PUBLIC_URL, settings.HUIYIN_LIVE_URL = "https://desk.example", "https://push.example/"
    assert address(secure=True)[0] == "https://push.example/live/desk"
    assert public_address() == "https://push.example"
    settings.HUIYIN_LIVE_URL = "/push"
    assert address(secure=True) == ("/push/live/desk", "connect-src 'self'")
    assert public_address() == "https://desk.example/push"


class Door(BaseHTTPRequestHandler):
    """The live process where `told` says so; else a web process that was asked instead."""

    told: dict[str, str] | None = None

    def do_GET(self) -> None:
        self.send_response(200 if self.told else 404)
        self.end_headers()
        self.wfile.write(json.dumps(self.told).encode() if self.told else b"<html>")

    def log_request(self, *_about: object) -> None:
        pass


@pytest.fixture
def door(settings: LazySettings) -> Iterator[type[Door]]:
    server = HTTPServer(("127.0.0.1", 0), type("Asked", (Door,), {}))
    Thread(target=server.serve_forever, daemon=True).start()
    settings.HUIYIN_LIVE_URL = f"http://127.0.0.1:{server.server_port}"
    yield server.RequestHandlerClass  # type: ignore[misc]
    server.shutdown()
    server.server_close()


def test_only_the_live_process_counts_as_an_answer(door: type[Door], settings: LazySettings) -> None:
    door.told = {"status": "live"}
    assert reached() == settings.HUIYIN_LIVE_URL
    door.told = {"status": "ok"}
    with pytest.raises(Unreachable):
        reached()
    door.told = None
    with pytest.raises(Unreachable, match="HTTP 404"):
        reached()


def test_where_nobody_listens_it_is_said(settings: LazySettings) -> None:
    settings.HUIYIN_LIVE_URL = "http://127.0.0.1:9"
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:9"):
        reached()
