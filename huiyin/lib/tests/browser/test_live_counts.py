"""Counts of the views: soon after something happened, seldom while much happens, never old after the page was away."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from huiyin.lib.tests.browser.pages import Site

pytestmark = pytest.mark.browser

BODY = (
    '<meta name="live" content="/live/desk" data-complaints="/complaints/" data-presence="/presence">'
    '<i id="side-review">…</i><i id="list-total"></i><div id="counts" hidden data-counts="/counts"></div>'
    '<main id="main"><div id="list" data-live-view></div></main>'
)
HIDE = """is => {
    Object.defineProperty(document, "hidden", {get: () => is, configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def counting(site: Site, *, rows: int = 0) -> Page:
    """The page, whose stream tells `rows` times that something happened; each answer counts one more."""
    told = "".join(f"id: {n}\nevent: rows\ndata: {json.dumps({'numbers': [], 'more': False})}\n\n" for n in range(rows))
    site.answers["/live/desk"] = lambda request: {
        "status": 200, "content_type": "text/event-stream", "body": f"retry: 900000\n\n{told}",
    }  # fmt: skip
    site.answers["/counts"] = lambda request: {
        "status": 200, "content_type": "text/html; charset=utf-8",
        "body": f'<i id="side-review">{asked(site)}</i><i id="list-total">共 {asked(site)} 件</i>',
    }  # fmt: skip
    site.stop_the_clock()
    return site.open(BODY)


def asked(site: Site) -> int:
    return len([each for each in site.asked if urlsplit(each.url).path == "/counts"])


def shows(page: Page, count: int) -> None:
    expect(page.locator("#side-review")).to_have_text(str(count))
    expect(page.locator("#list-total")).to_have_text(f"共 {count} 件")


def passes(page: Page, seconds: int) -> None:
    for _second in range(seconds):
        page.clock.run_for(1_000)
        page.evaluate("() => 0")


def test_many_events_at_once_are_one_question_and_not_before_ten_seconds_are_over(site: Site) -> None:
    page = counting(site, rows=5)
    shows(page, 1)
    passes(page, 5)
    assert asked(site) == 1
    passes(page, 8)
    shows(page, 2)
    passes(page, 20)
    assert asked(site) == 2


def test_after_a_quiet_time_an_event_is_shown_within_three_seconds(site: Site) -> None:
    page = counting(site)
    shows(page, 1)
    passes(page, 20)
    page.evaluate("document.body.dispatchEvent(new CustomEvent('changed'))")
    passes(page, 3)
    shows(page, 2)


def test_what_the_clock_does_is_asked_for_each_minute(site: Site) -> None:
    page = counting(site)
    passes(page, 62)
    shows(page, 2)


def test_a_hidden_page_asks_nothing_and_asks_at_once_when_it_is_looked_at(site: Site) -> None:
    page = counting(site)
    shows(page, 1)
    page.evaluate(HIDE, True)
    passes(page, 130)
    assert asked(site) == 1
    page.evaluate(HIDE, False)
    shows(page, 2)


def test_a_page_from_the_browsers_own_cache_or_from_sleep_is_counted_anew_at_once(site: Site) -> None:
    page = counting(site)
    shows(page, 1)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page.locator("#side-review")).not_to_have_text("1")
    before = asked(site)
    page.clock.fast_forward(3_600_000)  # the machine slept: timers fire once
    passes(page, 6)
    assert asked(site) > before


def test_the_list_that_is_open_is_counted_as_it_is_filtered(site: Site) -> None:
    counting(site)
    [first, *_more] = [each.url for each in site.asked if urlsplit(each.url).path == "/counts"]
    assert urlsplit(first).query == ""
    site.page.evaluate("history.replaceState(null, '', '/?view=review&severity=1')")
    site.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    passes(site.page, 1)
    last: dict[str, Any] = {"query": urlsplit([e.url for e in site.asked if "/counts" in e.url][-1]).query}
    assert last == {"query": "view=review&severity=1"}
