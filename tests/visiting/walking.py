"""Every address of the product that can be read, found from its own list of addresses; what an address must be filled
with is taken from the links of the pages themselves, so that a new page is covered by being linked.
"""

import html
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from time import time
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import ResolverMatch

from huiyin.complaints.models import Complaint
from huiyin.org.models import Member

LINK = re.compile(r'\s(?:href|src|action|formaction|hx-get|hx-post|data-[a-z-]+)="(/[^"#]*)')
OTHERS = ("admin/", "api/v1/")  # Unfold's own pages; answers for machines (the description of them is a page: docs)
TOLD_APART = {"noun", "step", "kind"}  # words of an address that make it another page
TOLD_APART_IN_QUERY = {"tab", "view", "shelf", "stage"}


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace") if self.is_html else ""

    @property
    def is_html(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html")

    @property
    def is_page(self) -> bool:
        return self.is_html and b"<html" in self.body[:2000].lower()


class Place(NamedTuple):
    """An address, who reads it (nobody, for the portal), and what was typed where the answer is one to a form."""

    path: str
    reader: str
    typed: tuple[tuple[str, str], ...] = ()


@dataclass
class Found:
    places: dict[Place, Answer] = field(default_factory=dict)  # those that answer with words in HTML
    files: dict[str, Answer] = field(default_factory=dict)  # what else is read
    unfilled: set[str] = field(default_factory=set)  # routes of which nobody found one that is there


def routes() -> Iterator[str]:
    """Every route, as a match names it."""

    def below(resolver: URLResolver, before: str) -> Iterator[str]:
        for each in resolver.url_patterns:
            route = before + (str(each.pattern).removeprefix("^") if before else str(each.pattern))
            if route.startswith(OTHERS) and route != "api/v1/docs":
                continue
            if isinstance(each, URLPattern):
                yield route
            else:
                yield from below(each, route)

    return below(get_resolver(), "")


def browser(reader: str, language: str) -> Client:
    made = Client(headers={"Accept-Language": language})
    made.cookies["django_language"] = language
    if reader:
        made.force_login(Member.objects.get(username=reader), backend="django.contrib.auth.backends.ModelBackend")
        session = made.session  # gave the password just now: allauth asks for it otherwise
        session["account_authentication_methods"] = [{"method": "password", "reauthenticated": True, "at": time()}]
        session.save()
    return made


def walk(readers: Iterable[str], starts: Iterable[Place]) -> Found:
    """From `starts` and every address that needs no filling, by all links. Who comes first among `readers` and may read
    it, reads it."""
    found, known, missed = Found(), set[tuple[object, ...]](), set(routes())
    browsers = {reader: browser(reader, "zh-hans") for reader in readers}
    waiting = deque(starts)
    waiting += [Place("/" + route, reader) for route in routes() if _is_plain(route) for reader in browsers]
    anyhow = [(route, reader) for route in routes() if not _is_plain(route) for reader in browsers]
    while waiting or anyhow:
        if not waiting:  # what no link leads to may only answer to a deed
            route, reader = anyhow.pop(0)
            waiting += [Place("/" + _anyhow(route), reader)] if route in missed else []
            continue
        place = waiting.popleft()
        match = _match(place.path)
        if match is None or (key := _key(match, place)) in known:
            continue
        answer = ask(browsers[place.reader], place)
        if answer.status in (404, 403, 409) or _asks_who(answer):
            continue
        known.add(key)
        missed.discard(match.route)
        if answer.is_html and answer.status in (200, 422):
            found.places[place] = answer
            waiting += [Place(path, place.reader) for path in _links(answer.text)]
        elif answer.status == 200:
            found.files[place.path] = answer
    found.unfilled = missed
    return found


def _asks_who(answer: Answer) -> bool:
    return answer.status == 302 and answer.headers["Location"].startswith(
        ("/accounts/login/", "/accounts/reauthenticate/")
    )


def _anyhow(route: str) -> str:
    """For a route that only answers to a deed: it says so before it looks for anything."""
    return re.sub(r"<int:[^>]+>", "1", re.sub(r"<(?:str|slug):[^>]+>", "x", route))


def ask(client: Client, place: Place) -> Answer:
    response = client.post(place.path, dict(place.typed)) if place.typed else client.get(place.path)
    return Answer(response.status_code, dict(response.headers), b"".join(response))


def _is_plain(route: str) -> bool:
    return not re.search(r"[<(^\\]", route)


def _match(path: str) -> ResolverMatch | None:
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    return None if match.route.startswith(OTHERS) and match.route != "api/v1/docs" else match


def _key(match: ResolverMatch, place: Place) -> tuple[object, ...]:
    words = tuple(sorted((name, value) for name, value in match.kwargs.items() if name in TOLD_APART))
    asked = parse_qsl(urlsplit(place.path).query)
    query = tuple(sorted((name, value) for name, value in asked if name in TOLD_APART_IN_QUERY))
    kind: object = ""
    if match.view_name == "desk:complaint":
        kind = Complaint.objects.filter(number=match.kwargs["number"]).values_list("state", flat=True).first()
    if match.view_name == "desk:work":
        kind = place.reader
    return match.route, words, query, kind, bool(place.typed)


def _links(text: str) -> list[str]:
    return [html.unescape(path) for path in dict.fromkeys(LINK.findall(text)) if not path.startswith("/static/")]
