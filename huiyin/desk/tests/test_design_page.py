"""The living page of all partials: fits every width in both languages, and axe-core finds nothing wrong with it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from huiyin.desk.samples import sample
from huiyin.lib.tests.browser.conftest import chromium, site
from huiyin.lib.tests.browser.pages import ADDRESS, Site

__all__ = ["chromium", "site"]
pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
NAV = [
    {"label": "我的工作", "url": "/", "icon": "home", "is_current": True, "in_dock": True},
    {"label": "投诉", "url": "/q", "icon": "inbox", "count": 1280, "in_dock": True, "group": "处理"},
    {"label": "已超时", "url": "/late", "icon": "alert-circle", "count": 3, "tone": "red"},
]


@pytest.fixture(autouse=True)
def _company() -> None:
    """No demo company here: beside a running browser Django refuses every query."""


def show(site: Site, language: str) -> None:
    with translation.override(language):
        body = render_to_string(
            "desk/design.html",
            {
                "now": NOW, "sample": sample(NOW), "nav": NAV, "search_url": "/q", "new_url": "/new", "new_label": "＋",
                "user": {"is_authenticated": True, "pk": 7, "name": "李雷", "unit": {"name": "省客服中心"}},
            },
        )  # fmt: skip
    site.answers["/"] = lambda request: {"body": body, "content_type": "text/html; charset=utf-8"}
    site.page.goto(ADDRESS + "/")


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
