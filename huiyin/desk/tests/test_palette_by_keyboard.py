"""The palette and the keys of a list, by keyboard alone, in a real browser; Chinese composition included."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from huiyin.lib.tests.browser.conftest import chromium, site
from huiyin.lib.tests.browser.pages import ADDRESS, Site

__all__ = ["chromium", "site"]
pytestmark = pytest.mark.browser

PALETTE = '{% include "desk/palette.html" %}'
DEEDS = (
    '<button id="here">这里</button><div data-deeds><a href="#orders">在哪里</a><a href="/#review">复核通过</a></div>'
    '<div data-deeds="储运物流部"><form method="post" action="/sign"><button data-key="s">签收</button></form></div>'
)


@pytest.fixture(autouse=True)
def _company() -> None:
    """No demo company here: beside a running browser Django refuses every query."""


def option(place: int, label: str, number: str = "") -> str:
    more = f' data-number="{number}"' if number else ""
    return (
        f'<a class="palette-item" role="option" aria-selected="false" id="palette-1-{place}" href="#{label}"{more}>'
        f'<span class="palette-label">{label}</span></a>'
    )


def answers(*labels: str) -> Any:
    options = "".join(option(place, label) for place, label in enumerate(labels))
    body = f'<div role="group" aria-labelledby="g"><div id="g">投诉</div>{options}</div>'
    return lambda request: {"body": body, "content_type": "text/html; charset=utf-8"}


def opened(site: Site, body: str = DEEDS) -> Page:
    site.answers["/desk/palette"] = answers("电饭煲不通电", "宽带没有网")
    page = site.open(body + PALETTE)
    page.locator("#here").focus()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option")).to_have_count(4)
    return page


def chosen(page: Page) -> str:
    words = page.locator("#palette [aria-selected=true]").inner_text()
    assert page.get_by_role("combobox").get_attribute("aria-activedescendant") == page.locator(
        "#palette [aria-selected=true]"
    ).get_attribute("id")
    return words.strip()


def test_arrows_choose_enter_opens_and_escape_gives_the_focus_back(site: Site) -> None:
    page = opened(site)
    assert chosen(page) == "复核通过"
    page.keyboard.press("ArrowUp")
    assert chosen(page) == "宽带没有网"
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("#here")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option")).to_have_count(4)
    for _step in range(2):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#*")
    assert page.evaluate("decodeURI(location.hash)") == "#电饭煲不通电"


HELD = """(() => { const real = fetch; let go; const gate = new Promise(done => { go = done; }); window.release = go;
  window.fetch = async (...asked) => { const answer = await real(...asked); await gate; return answer; };
})()"""


def test_an_answer_that_comes_late_does_not_move_what_was_chosen(site: Site) -> None:
    page = opened(site)
    page.keyboard.press("Escape")
    page.evaluate(HELD)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option")).to_have_count(2)  # the page's own, at once
    page.keyboard.press("ArrowDown")
    assert chosen(page) == "储运物流部 · 签收\ns"
    page.evaluate("release()")
    expect(page.get_by_role("option")).to_have_count(4)
    assert chosen(page) == "储运物流部 · 签收\ns"


def test_enter_before_the_answer_opens_what_was_typed_and_not_what_was_listed_before(site: Site) -> None:
    page = opened(site)
    site.answers["/desk/palette"] = answers("洗衣机漏水")
    page.evaluate(HELD)
    page.keyboard.type("漏水")
    page.keyboard.press("Enter")
    assert page.url == ADDRESS + "/"
    page.evaluate("release()")
    page.wait_for_url("**/#*")
    assert page.evaluate("decodeURI(location.hash)") == "#洗衣机漏水"


def test_it_offers_the_deeds_that_the_page_offers_and_no_others(site: Site) -> None:
    page = opened(site)
    site.answers["/desk/palette"] = answers()
    page.keyboard.type("签")
    expect(page.locator("[role=option] .palette-label")).to_have_text(["储运物流部 · 签收"])
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('[data-key=s]').disabled = true")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option")).to_have_text(["复核通过"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/#review")


def test_what_is_composed_is_searched_when_it_is_done_and_its_enter_chooses_nothing(site: Site) -> None:
    page = opened(site)
    asked = len(site.asked)
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "dian fan", "selectionStart": 8, "selectionEnd": 8})
    for how in ("{isComposing: true}", "{keyCode: 229}"):
        page.evaluate(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
            f" {{key: 'Enter', bubbles: true, cancelable: true, ...{how}}}))"
        )
    expect(page.locator("#palette")).to_be_visible()
    assert page.url == ADDRESS + "/"
    assert [request.url for request in site.asked[asked:]] == []
    site.answers["/desk/palette"] = answers("电饭煲不通电")
    keyboard.send("Input.insertText", {"text": "电饭煲"})
    expect(page.get_by_role("option")).to_have_text(["电饭煲不通电"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/#*")


def test_the_ones_opened_last_are_asked_for_when_nothing_is_typed(site: Site) -> None:
    page = site.open('<div data-live-complaint="TS20261122-00042"></div>' + PALETTE)
    site.answers["/desk/palette"] = answers("电饭煲不通电")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option")).to_have_count(1)
    assert site.asked[-1].url.endswith("?q=&recent=TS20261122-00042")


def test_a_single_key_leads_to_a_button_that_sends_and_enter_presses_it(site: Site) -> None:
    page = site.open(DEEDS)
    site.answers["/sign"] = lambda request: {"body": "<p>已签收</p>", "content_type": "text/html; charset=utf-8"}
    page.keyboard.press("s")
    expect(page.locator("[data-key=s]")).to_be_focused()
    assert site.posts("/sign") == []
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_text("已签收")


def test_one_moves_in_a_list_ticks_and_opens_by_single_keys(site: Site) -> None:
    rows = "".join(
        f'<tr data-row id="row-{n}"><td><input type="checkbox" data-bulk-item></td>'
        f'<td><a class="row-title" href="#{n}">第 {n} 件</a></td></tr>'
        for n in (1, 2, 3)
    )
    page = site.open(f'<main id="main"><input id="field"><form data-bulk><table>{rows}</table></form></main>')
    for key in ("j", "j", "ArrowDown", "ArrowDown", "k"):
        page.keyboard.press(key)
    expect(page.locator("#row-2 a")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("#row-2 input")).to_be_checked()
    page.keyboard.press("o")
    page.wait_for_url("**/#2")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#3")
    page.locator("#field").press("j")
    expect(page.locator("#field")).to_have_value("j")


def test_the_switch_of_the_sheet_and_of_the_account_page_are_one(site: Site) -> None:
    page = site.open('<input type="checkbox" data-keys-switch id="mine" checked><a href="#c" data-key="c">新</a>')
    page.locator("#mine").uncheck()
    page.keyboard.press("c")
    assert page.url == ADDRESS + "/"
    page.reload()
    expect(page.locator("#mine")).not_to_be_checked()
    expect(page.locator("#keys [data-keys-switch]")).not_to_be_checked()


WRITING = (
    '<button id="here">这里</button><nav data-deeds><a href="#composer" data-composer-tab data-key-label="写信给客户"'
    ' data-also="letter xxgkh" id="letter">信</a></nav>'
    '<form data-act-label="写备注" data-also="note xbz"><textarea id="words"></textarea></form>'
)


def test_what_may_be_written_is_offered_and_found_by_other_words_too(site: Site) -> None:
    page = opened(site, WRITING)
    options = page.get_by_role("option")
    expect(options.nth(0)).to_have_text("写信给客户")
    expect(options.nth(1)).to_have_text("写备注")
    page.get_by_role("combobox").fill("xbz")
    expect(options.nth(0)).to_have_text("写备注")
    page.keyboard.press("Enter")
    expect(page.locator("#words")).to_be_focused()
    page.locator("#here").focus()
    page.evaluate("document.querySelector('#letter').addEventListener('click', () => { window.pressed = true; })")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("letter")
    expect(options.nth(0)).to_have_text("写信给客户")
    page.keyboard.press("Enter")
    page.wait_for_function("window.pressed === true")
