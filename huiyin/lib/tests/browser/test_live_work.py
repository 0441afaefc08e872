"""我的工作 while it is open: what came or went is offered and moves nothing, what changed is filled where it stands; it
is looked for when the member is told something, when the page is looked at again, and now and then."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from huiyin.lib.tests.browser.pages import Site
from huiyin.lib.tests.browser.test_live_counts import HIDE, passes

pytestmark = pytest.mark.browser

FRAME = (
    '<meta name="live" content="/live/desk" data-complaints="/complaints/" data-presence="/presence">'
    '<main id="main"><div id="work" data-live-view="/work" data-live-watch>{}</div></main>'
)
MENTION = (
    "<section><h2>提到我的</h2><ul>"
    '<li id="mention-1" data-live-item><a href="#a">TS-1</a><div>{}</div></li>{}</ul></section>'
)
SECOND = '<li id="mention-2" data-live-item><a href="#b">TS-2</a><div>请您看一下</div></li>'
DRAFTS = (
    "<section><h2>没有发出的草稿</h2><ul>"
    '<li id="draft-typed-9" data-live-item><a href="#c">备注</a></li></ul></section>'
)
GROUP = (
    '<section><h2>待复核</h2><span id="group-review-count" data-live-part>{}</span><p id="read">正在读</p></section>'
)


def working(site: Site, before: str, after: str, *, told: str = "") -> Page:
    """The page as it was, and as it would be now; its stream tells that."""
    site.answers["/live/desk"] = lambda request: {
        "status": 200, "content_type": "text/event-stream", "body": f"retry: 900000\n\n{told}",
    }  # fmt: skip
    site.answers["/work"] = lambda request: {
        "status": 200, "content_type": "text/html; charset=utf-8", "body": FRAME.format(after),
    }  # fmt: skip
    site.stop_the_clock()
    return site.open(FRAME.format(before))


def asked(site: Site) -> int:
    return len([each for each in site.asked if urlsplit(each.url).path == "/work"])


def notice() -> str:
    data: dict[str, Any] = {"text": "陈静提到了您", "number": "TS-2", "key": 1}
    return f"id: 1\nevent: notice\ndata: {json.dumps(data)}\n\n"


def top(page: Page) -> float:
    return float(page.evaluate("document.getElementById('read').getBoundingClientRect().top"))


def test_a_mention_and_a_draft_that_came_are_offered_and_nothing_moves_until_then(site: Site) -> None:
    before = MENTION.format("请看", "") + GROUP.format(3)
    after = MENTION.format("请看", SECOND) + DRAFTS + GROUP.format(4)
    page = working(site, before, after, told=notice())
    at_first = top(page)
    passes(page, 4)
    expect(page.locator("#live-news")).to_contain_text("2 件有更新")
    expect(page.locator("#group-review-count")).to_have_text("4")  # a figure changes where it stands
    assert (page.locator("[data-live-item]").count(), top(page)) == (1, at_first)

    page.get_by_role("button", name="点击显示").click()
    expect(page.locator("#mention-2")).to_have_attribute("data-fresh", "")
    expect(page.locator("#draft-typed-9")).to_be_visible()
    expect(page.locator("#live-news")).to_be_hidden()


def test_words_that_changed_are_filled_anew_and_what_is_gone_is_said(site: Site) -> None:
    before = MENTION.format("请看", SECOND) + GROUP.format(3)
    page = working(site, before, MENTION.format("请尽快看", "") + GROUP.format(3), told=notice())
    at_first = top(page)
    passes(page, 4)
    expect(page.locator("#mention-1")).to_contain_text("请尽快看")
    expect(page.locator("#mention-2")).to_have_attribute("data-gone", "")
    expect(page.locator("#live-news")).to_contain_text("1 件有更新")
    assert top(page) == at_first


def test_without_news_it_is_compared_once_a_minute_and_when_it_is_looked_at_again(site: Site) -> None:
    same = MENTION.format("请看", "") + GROUP.format(3)
    page = working(site, same, same)
    passes(page, 50)
    assert asked(site) == 0
    passes(page, 15)
    assert asked(site) == 1
    page.evaluate(HIDE, True)
    passes(page, 70)
    assert asked(site) == 1
    page.evaluate(HIDE, False)
    passes(page, 2)
    assert asked(site) == 2
