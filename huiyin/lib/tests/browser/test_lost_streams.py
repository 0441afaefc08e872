"""Where no stream opens, the page says so and why, and asks by itself; in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from huiyin.lib.tests.browser.pages import Site, html

pytestmark = pytest.mark.browser

META = (
    '<meta name="live" content="/live/desk" data-inbox="/i" data-complaints="/complaints/" data-presence="/presence">'
)
SIGN = '{% include "parts/live_sign.html" only %}'
ROW = '<p data-row id="row-{0}"><a href="/complaints/TS{0}">甲</a></p>'
LIST = '<main id="main"><div id="list" data-live-view>' + ROW.format(1) + "{}</div></main>"
STREAM: dict[str, Any] = {
    "status": 200, "content_type": "text/event-stream", "body": 'retry: 5000\n\nid: 1\nevent: beat\ndata: {}\n\n',
}  # fmt: skip


def alive(request: Request) -> dict[str, Any]:
    return {"status": 200, "content_type": "application/json", "body": '{"status": "live"}'}


def opened(site: Site, body: str = LIST.format("")) -> Page:
    site.stop_the_clock()
    return site.open(META + SIGN + body)


def passes(site: Site, seconds: int) -> None:
    """In steps, so that what was asked for in between can be answered."""
    for _second in range(seconds):
        site.page.clock.run_for(1_000)
        site.page.evaluate("() => 0")


def test_a_proxy_that_does_not_lead_there_is_named_and_the_list_is_asked_for_by_itself(site: Site) -> None:
    page = opened(site)
    expect(page.locator("#live-sign")).to_be_hidden()
    passes(site, 12)
    expect(page.locator("#live-sign summary")).to_have_text("实时更新已断开")
    page.locator("#live-sign summary").click()
    expect(page.locator("[data-live-why]")).to_contain_text("反向代理没有把 /live/ 转到实时更新的端口")

    site.answers["/"] = html(META + SIGN + LIST.format(ROW.format(2)))
    asked = len(site.asked)
    passes(site, 40)
    compared = [each for each in site.asked[asked:] if each.headers.get("x-live") == "compare"]
    assert compared == []  # politely: not before a minute is over
    passes(site, 50)
    expect(page.locator("#live-news")).to_contain_text("1 件有更新")


def test_a_page_of_a_complaint_asks_whether_it_has_moved_on(site: Site) -> None:
    body = '<main id="main" data-live-complaint="TS1"><i id="live-seq" data-live-seq="{}"></i></main>'
    page = opened(site, body.format(3))
    site.answers["/complaints/TS1"] = html(body.format(4))
    passes(site, 100)
    expect(page.locator("#live-news")).to_contain_text("这件投诉有了新的进展")


def test_what_waits_in_the_inbox_is_asked_for_too_and_on_the_next_page_at_once(site: Site) -> None:
    waiting = iter((3, 0, 120))
    site.answers["/i"] = lambda request: {
        "status": 200, "content_type": "application/json", "body": f'{{"count": {next(waiting)}}}',
    }  # fmt: skip
    page = opened(site, '<a class="nav-item" href="/i">通知</a>' + LIST.format(""))
    figure = page.locator(".nav-item .nav-count")
    passes(site, 40)
    expect(figure).to_have_count(0)  # not before a minute is over
    passes(site, 55)
    expect(figure).to_have_text("3")
    asked = [each for each in site.asked if each.url.endswith("/i")]
    assert [each.headers["x-live"] for each in asked] == ["inbox"]

    page.reload()
    expect(figure).to_be_hidden()
    expect(figure).to_have_count(1)
    passes(site, 90)
    expect(figure).to_have_text("99+")


@pytest.mark.parametrize(("status", "words"), [(502, "没有应答"), (200, "可能已退出登录")])
def test_it_says_whether_the_process_is_away_or_refuses(site: Site, status: int, words: str) -> None:
    site.answers["/live/healthz"] = lambda request: alive(request) | {"status": status}
    page = opened(site)
    passes(site, 12)
    expect(page.locator("[data-live-why]")).to_contain_text(words)


def test_the_sign_goes_when_the_stream_is_back_and_stays_from_page_to_page_until_then(site: Site) -> None:
    page = opened(site)
    passes(site, 12)
    expect(page.locator("#live-sign")).to_be_visible()
    page.reload()
    expect(page.locator("#live-sign")).to_be_visible()  # at once: this tab knows already

    site.answers["/live/desk"] = lambda request: STREAM
    page.locator("#live-sign summary").click()
    page.get_by_role("button", name="现在再连一次").click()
    expect(page.locator("#live-sign")).to_be_hidden()
