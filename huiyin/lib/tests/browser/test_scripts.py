"""Keys, confirmations, ticking boxes, swapped fields, files, theme: the script of the pages, in a real browser."""

import pytest
from playwright.sync_api import expect

from huiyin.lib.tests.browser.pages import Site, html

pytestmark = pytest.mark.browser


def test_a_single_key_acts_but_not_while_one_types_or_composes(site: Site) -> None:
    page = site.open(
        '<a href="#c" data-key="c">新</a><a href="#q" data-key="g q">列表</a><input id="field"><textarea></textarea>'
    )
    page.keyboard.press("c")
    assert page.url.endswith("#c")
    page.keyboard.press("g")
    page.keyboard.press("q")
    assert page.url.endswith("#q")
    page.locator("#field").press("c")
    expect(page.locator("#field")).to_have_value("c")
    page.evaluate("document.activeElement.blur()")
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'c', isComposing: true, bubbles: true}))"
    )
    assert page.url.endswith("#q")


def test_the_sheet_lists_the_keys_and_switches_them_off(site: Site) -> None:
    page = site.open('<a href="#c" data-key="c" data-key-label="新投诉">新</a>')
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("新投诉")
    page.locator("[data-keys-switch]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    assert not page.url.endswith("#c")


def test_control_enter_sends_the_form_but_not_while_composing(site: Site) -> None:
    page = site.open('<form method="post" action="/send"><textarea name="text">好</textarea></form>')
    site.answers["/send"] = html("<main>已收到</main>")
    page.locator("textarea").press("Control+Enter")
    expect(page.locator("main")).to_have_text("已收到")


def test_a_confirmation_can_be_declined_and_sends_once_when_agreed(site: Site) -> None:
    page = site.open(
        '<form method="post" action="/void"><button name="act" value="void" data-confirm="作废后不能恢复。" '
        'data-confirm-tone="danger" data-confirm-ok="作废">作废工单</button></form>'
    )
    site.answers["/void"] = html("<main>已作废</main>")
    page.get_by_role("button", name="作废工单").click()
    expect(page.locator("#confirm")).to_contain_text("作废后不能恢复。")
    page.get_by_role("button", name="取消").click()
    assert site.posts("/void") == []
    page.get_by_role("button", name="作废工单").click()
    page.get_by_role("button", name="作废", exact=True).click()
    expect(page.locator("main")).to_have_text("已作废")
    assert site.posts("/void") == ["act=void"]


def test_a_form_pressed_twice_goes_out_once(site: Site) -> None:
    page = site.open('<form method="post" action="/send"><button>提交</button></form>')
    site.answers["/send"] = html("<main>已收到</main>")
    page.evaluate("() => { const form = document.forms[0]; form.requestSubmit(); form.requestSubmit(); }")
    expect(page.locator("main")).to_have_text("已收到")
    assert len(site.posts("/send")) == 1


def test_ticking_shows_the_bar_with_the_count_and_shift_takes_a_range(site: Site) -> None:
    rows = "".join(f'<div data-row><input type="checkbox" data-bulk-item value="{n}"></div>' for n in range(5))
    page = site.open(
        f'<form data-bulk><input type="checkbox" data-bulk-all id="all">{rows}'
        "<div data-bulk-bar hidden><b data-bulk-count></b></div></form>"
    )
    boxes = page.locator("[data-bulk-item]")
    expect(page.locator("[data-bulk-bar]")).to_be_hidden()
    boxes.nth(0).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 4 件")
    page.locator("#all").click()
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 5 件")
    assert page.locator("[data-selected]").count() == 5


@pytest.mark.req("A39")
def test_fields_that_are_swapped_keep_what_was_typed(site: Site) -> None:
    site.answers["/elements"] = lambda request: {
        "body": '<div id="elements" data-keep-typed><input name="order_no"><input name="amount"></div>',
        "content_type": "text/html",
    }
    page = site.open(
        '<form><select name="category" hx-get="/elements" hx-target="#elements" hx-swap="outerHTML">'
        '<option value="1">配送</option><option value="2">支付</option></select>'
        '<div id="elements" data-keep-typed><input name="order_no"><input name="waybill_no"></div></form>'
    )
    page.locator("[name=order_no]").fill("WX20261118")
    page.locator("select").select_option("2")
    expect(page.locator("[name=amount]")).to_be_visible()
    expect(page.locator("[name=order_no]")).to_have_value("WX20261118")


def test_a_pasted_picture_joins_the_files_and_can_be_taken_out(site: Site) -> None:
    page = site.open(
        '<form><textarea></textarea><div data-drop><input type="file" multiple><ul data-drop-list></ul></div></form>'
    )
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(['x'], 'image.png', {type: 'image/png'}));
          const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
          document.querySelector('textarea').dispatchEvent(paste);
        }"""
    )
    expect(page.locator(".drop-name")).to_contain_text(".png")
    assert page.evaluate("document.querySelector('input[type=file]').files.length") == 1
    page.locator("[data-drop-list] button").click()
    assert page.evaluate("document.querySelector('input[type=file]').files.length") == 0


def test_the_intake_clock_starts_with_the_first_keystroke(site: Site) -> None:
    page = site.open(
        '<form data-timer><input name="name"><b data-timer-display data-timer-aim="0"></b>'
        '<input type="hidden" name="intake_seconds" data-timer-seconds></form>'
    )
    assert page.locator("[data-timer-seconds]").input_value() == ""
    page.locator("[name=name]").fill("张伟")
    expect(page.locator("[data-timer-seconds]")).to_have_value("1", timeout=4000)
    expect(page.locator("[data-timer-display]")).to_have_attribute("data-late", "")


def test_the_theme_is_there_before_the_page_is_drawn_and_is_kept(site: Site) -> None:
    page = site.open('<button type="button" data-theme-choice="dark">深色</button><main>正文</main>')
    assert page.locator("html").get_attribute("data-bs-theme") == "light"
    page.get_by_role("button", name="深色").click()
    page.reload(wait_until="commit")
    page.wait_for_function("document.documentElement.dataset.bsTheme === 'dark'")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_a_refused_request_says_why_and_keeps_the_page(site: Site) -> None:
    page = site.open('<form hx-post="/sign" hx-target="#out"><button>签收</button></form><div id="out">原来</div>')
    site.answers["/sign"] = lambda request: {"status": 403, "body": "<h1>403</h1>", "content_type": "text/html"}
    page.get_by_role("button", name="签收").click()
    expect(page.locator(".toast-card")).to_contain_text("您没有做这件事的权限")
    expect(page.locator("#out")).to_have_text("原来")
    site.answers["/sign"] = lambda request: {"status": 409, "body": "李雷刚刚签收了", "content_type": "text/html"}
    page.get_by_role("button", name="签收").click()
    expect(page.locator("#out")).to_have_text("李雷刚刚签收了")


def test_a_notice_stays_as_long_as_what_it_says_can_be_taken_back(site: Site) -> None:
    site.stop_the_clock()
    cards = "".join(
        f'<div class="toast-card" data-level="success"{undo}>{words}</div>'
        for words, undo in (("已保存", ""), ("已写好", ' data-toast-undo="40"'), ("已记下", ' data-toast-undo="0"'))
    )
    page = site.open(f'<main id="main"></main><template id="more">{cards}</template>')
    page.evaluate("document.querySelector('#toasts').append(document.querySelector('#more').content)")
    shown = []
    for seconds in (5, 10, 10, 10, 10):
        page.clock.run_for(seconds * 1_000)
        shown.append(page.locator("#toasts .toast-card").all_inner_texts())
    every, undone = ["已保存", "已写好", "已记下"], ["已写好", "已记下"]
    assert shown == [every, undone, ["已写好"], ["已写好"], []]


@pytest.mark.parametrize("place", ["margin-left: 0", "margin-left: 8rem", "margin-left: 18rem"])
def test_a_menu_stays_inside_a_phone_wherever_it_opens_and_makes_no_page_wider_while_it_is_closed(
    site: Site, place: str
) -> None:
    site.page.set_viewport_size({"width": 360, "height": 780})
    words = "收到之日起七十二小时，先于三个工作日；规则第四条。" * 2
    page = site.open(
        f'<main id="main"><div style="{place}"><details class="menu due-why" data-menu><summary>期限</summary>'
        f'<div class="menu-list">{words}</div></details></div></main>'
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_text("期限").click()
    box = page.locator(".menu-list").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") == 360
