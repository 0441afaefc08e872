"""The living page of all partials: fits every width in both languages, and axe-core finds nothing wrong with it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.template import Template
from django.template.loader import render_to_string
from django.test.signals import template_rendered
from django.utils import translation

from huiyin.desk.samples import sample
from huiyin.lib.tests.browser.conftest import chromium, site
from huiyin.lib.tests.browser.pages import ADDRESS, Site

__all__ = ["chromium", "site"]
pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
PACKAGE = Path(__file__).parents[2]
AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
NAV = [
    {"label": "我的工作", "url": "/", "icon": "home", "is_current": True, "in_dock": True},
    {"label": "投诉", "url": "/q", "icon": "inbox", "count": 1280, "in_dock": True, "group": "处理"},
    {"label": "已超时", "url": "/late", "icon": "alert-circle", "count": 3, "tone": "red"},
]


@pytest.fixture(autouse=True)
def _company() -> None:
    """No demo company here: beside a running browser Django refuses every query."""


def partials() -> Iterator[tuple[str, Path]]:
    for folder in ("desk/parts/", "parts/"):
        for root in ("desk/templates/", "templates/"):
            yield from ((folder, file) for file in sorted((PACKAGE / root / folder).glob("*.html")))


def living_page(language: str) -> str:
    with translation.override(language):
        return render_to_string(
            "desk/design.html",
            {
                "now": NOW, "sample": sample(NOW), "nav": NAV, "search_url": "/q", "new_url": "/new", "new_label": "＋",
                "user": {"is_authenticated": True, "pk": 7, "name": "李雷", "unit": {"name": "省客服中心"}},
            },
        )  # fmt: skip


def show(site: Site, language: str) -> None:
    body = living_page(language)
    site.answers["/"] = lambda request: {"body": body, "content_type": "text/html; charset=utf-8"}
    site.page.goto(ADDRESS + "/")


# Parts of the frame stand on every page, this one too; what is one page's own is looked at there.
ELSEWHERE = {
    "desk/parts/queue_tools.html": "stands right of the queue's title, and posts to the queue",
    "desk/parts/sieve_clear.html": "within the filter bar",
    "parts/language.html": "in the frame of the portal and of the sign-in",
    "parts/live_sign.html": "in the frame, where the page is live",
    "parts/suggest.html": "in the frame of who may suggest",
}


def test_every_partial_is_shown_here_and_used_somewhere_else() -> None:
    every = {f"{folder}{file.name}": file for folder, file in partials()}
    shown: set[str] = set()

    def note(sender: Template, **_others: object) -> None:
        shown.add(str(sender.name))

    template_rendered.connect(note)
    try:
        living_page("zh-hans")
    finally:
        template_rendered.disconnect(note)
    assert {name for name in every if name not in shown} <= ELSEWHERE.keys()
    assert ELSEWHERE.keys() <= every.keys()

    texts = {file: file.read_text("utf-8") for file in PACKAGE.rglob("*.html") if file.name != "design.html"}
    unused = [
        name for name, own in every.items() if not any(name in text for file, text in texts.items() if file != own)
    ]
    assert unused == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [360, 1024, 1440])
def test_nothing_sticks_out_at_any_width(site: Site, width: int, language: str) -> None:
    site.page.set_viewport_size({"width": width, "height": 800})
    show(site, language)
    assert site.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.req("A41")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong(site: Site, scheme: str) -> None:
    site.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal, through parametrize
    for language in ("zh-hans", "en"):
        show(site, language)
        site.page.evaluate(AXE.read_text("utf-8"))
        found = site.page.evaluate("axe.run().then(run => run.violations.map(v => `${v.id}: ${v.nodes[0].html}`))")
        assert found == []


POSTS = re.compile(r"\{%\s*csrf_token\s*%\}")
ALONE = re.compile(r'\{%\s*include "([^"]+)"([^%]*)\bonly\s*%\}')


def test_a_part_that_posts_is_given_the_token_wherever_it_is_included_alone() -> None:
    """`only` keeps Django's token from it, and its form would be refused."""
    texts = {file: file.read_text("utf-8") for file in PACKAGE.rglob("templates/**/*.html")}
    posting = {str(file).split("/templates/")[1] for file, text in texts.items() if POSTS.search(text)}
    found = [(file.name, name, given) for file, text in texts.items() for name, given in ALONE.findall(text)]
    assert [each for each in found if each[1] in posting and "csrf_token=csrf_token" not in each[2]] == []
    assert any(each[1] in posting for each in found)
