"""Single pages in a real Chromium, without a server: the browser's requests are answered here."""

import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.template import Context, Template
from playwright.sync_api import Page, Request, Route

STATIC = Path(__file__).parents[3] / "static"
ADDRESS = "http://huiyin.test"

Answer = Callable[[Request], dict[str, Any]]


def html(body: str, *, page: str = "page", member: int = 7, token: str = "token-1", status: int = 200) -> Answer:
    """An answer: `body` within base.html, as the signed-in member number `member` gets it."""
    text = Template(
        '{% extends "base.html" %}{% block page %}' + page + "{% endblock %}{% block body %}" + body + "{% endblock %}"
    ).render(Context({"csrf_token": token, "user": {"is_authenticated": bool(member), "pk": member}}))
    return lambda request: {"status": status, "body": text, "content_type": "text/html; charset=utf-8"}


class Site:
    """Answers by path, changed as the test goes; `asked` keeps what the page requested."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answers: dict[str, Answer] = {}
        self.asked: list[Request] = []
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.route("**/*", self._answer)

    def _answer(self, route: Route, request: Request) -> None:
        path = urlsplit(request.url).path
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "text/plain")
            return
        self.asked.append(request)
        if path in self.answers:
            route.fulfill(**self.answers[path](request))
        else:
            route.fulfill(status=404, body="")

    def open(self, body: str, **how: Any) -> Page:
        self.answers["/"] = html(body, **how)
        self.page.goto(ADDRESS + "/")
        return self.page

    def stop_the_clock(self) -> None:
        """From the next page on time passes as the test says (`page.clock.run_for`), however slow the machine is."""
        self.page.clock.install(time=0)
        self.page.clock.pause_at(1_000)

    def posts(self, path: str) -> list[str]:
        return [
            request.post_data or ""
            for request in self.asked
            if request.method == "POST" and urlsplit(request.url).path == path
        ]
