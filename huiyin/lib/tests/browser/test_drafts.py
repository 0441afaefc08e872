"""What was typed survives a reload, a failed request and an expired session, and goes when it arrived."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from huiyin.lib.tests.browser.pages import ADDRESS, Site, html

pytestmark = pytest.mark.browser

FORM = (
    '<main id="main"><form method="post" action="/send" data-draft-key="note:1">'
    '<input type="hidden" name="csrfmiddlewaretoken" value="old"><textarea name="text"></textarea>'
    "<button>提交</button></form></main>"
)
HTMX = FORM.replace('action="/send"', 'action="/send" hx-post="/send" hx-target="#out"') + '<div id="out"></div>'
WORDS = "客户说冰箱又坏了"


def kept(page: Page) -> int:
    return int(page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('huiyin.draft:')).length"))


def type_words(page: Page) -> None:
    page.locator("textarea").fill(WORDS)
    page.wait_for_function("Object.keys(localStorage).some(name => name.startsWith('huiyin.draft:7:note:1'))")


def test_it_comes_back_after_a_reload_and_can_be_discarded(site: Site) -> None:
    page = site.open(FORM)
    type_words(page)
    page.reload()
    expect(page.locator("textarea")).to_have_value(WORDS)
    expect(page.locator(".draft-banner")).to_contain_text("已恢复未提交的内容")
    page.get_by_role("button", name="丢弃").click()
    page.locator("#confirm [data-confirm-yes]").click()
    expect(page.locator("textarea")).to_have_value("")
    assert kept(page) == 0


def test_another_member_at_the_same_desk_does_not_get_it(site: Site) -> None:
    type_words(site.open(FORM))
    page = site.open(FORM, member=8)
    expect(page.locator("textarea")).to_have_value("")


def test_it_says_so_when_the_complaint_moved_on(site: Site) -> None:
    versioned = FORM.replace("data-draft-key", 'data-draft-version="3" data-draft-key')
    type_words(site.open(versioned))
    page = site.open(versioned.replace('"3"', '"4"'))
    expect(page.locator(".draft-banner")).to_contain_text("此后内容已有变化")


@pytest.mark.parametrize(
    ("page_kind", "left"),
    [("page", 0), ("error", 1), ("login", 1)],
    ids=["a page: it arrived", "an error: kept", "the sign-in: kept"],
)
def test_the_page_after_a_submit_tells_whether_it_arrived(site: Site, page_kind: str, left: int) -> None:
    page = site.open(FORM)
    type_words(page)
    site.answers["/send"] = html("<main>结果</main>", page=page_kind)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url(ADDRESS + "/send")
    expect(page.locator("main")).to_have_text("结果")
    assert kept(page) == left


def test_the_same_form_again_keeps_it_unless_a_message_says_it_arrived(site: Site) -> None:
    page = site.open(FORM)
    type_words(page)
    site.answers["/send"] = html(FORM)
    with page.expect_navigation():
        page.get_by_role("button", name="提交").click()
    expect(page.locator("textarea")).to_have_value(WORDS)
    site.answers["/send"] = html(FORM + '<p data-draft-clear="note:1"></p>')
    with page.expect_navigation():
        page.get_by_role("button", name="提交").click()
    expect(page.locator("textarea")).to_have_value("")
    assert kept(page) == 0


@pytest.mark.parametrize(("status", "left"), [(200, 0), (422, 1), (500, 1)])
def test_an_htmx_answer_tells_whether_it_arrived(site: Site, status: int, left: int) -> None:
    page = site.open(HTMX)
    type_words(page)
    site.answers["/send"] = lambda request: {"status": status, "body": "<p>回答</p>", "content_type": "text/html"}
    with page.expect_response("**/send"):
        page.get_by_role("button", name="提交").click()
    page.wait_for_function("!document.querySelector('.htmx-request')")
    assert kept(page) == left
    expect(page.locator("textarea")).to_have_value(WORDS)


def test_an_expired_session_asks_to_sign_in_without_leaving_the_page(site: Site) -> None:
    page = site.open(HTMX)
    type_words(page)
    sign_in = '<form method="post" data-sign-in><input name="login"><button>登录</button></form>'
    site.answers["/send"] = lambda request: {"status": 401, "body": ""}
    site.answers["/accounts/login/"] = lambda request: (
        html("<main></main>", token="token-2")(request)
        if request.method == "POST"
        else html(sign_in, page="login", member=0)(request)
    )
    page.get_by_role("button", name="提交").click()
    page.locator("#relogin input[name=login]").fill("agent")
    page.locator("#relogin").get_by_role("button", name="登录", exact=True).click()
    expect(page.locator("#relogin")).not_to_be_visible()
    expect(page.locator("textarea")).to_have_value(WORDS)
    site.answers["/send"] = lambda request: {"body": "<p>回答</p>", "content_type": "text/html"}
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#out")).to_have_text("回答")
    assert "csrfmiddlewaretoken=token-2" in site.posts("/send")[-1]
    assert kept(page) == 0


def test_signing_out_says_what_would_be_lost(site: Site) -> None:
    page = site.open(FORM + '<form method="post" action="/out" data-logout><button>退出</button></form>')
    site.answers["/out"] = html("<main>再见</main>", member=0)
    type_words(page)
    page.get_by_role("button", name="退出").click()
    expect(page.locator("#confirm")).to_contain_text("有 1 份未提交的草稿")
    page.locator("#confirm [data-confirm-yes]").click()
    expect(page.locator("main")).to_have_text("再见")
    assert kept(page) == 0


STORED = FORM.replace("data-draft-key", 'data-draft-store="/store" data-draft-key')


def kept_at_once(request: Request) -> dict[str, Any]:
    said = {"at": 1_000} if request.method == "POST" else {"draft": None}
    return {"body": json.dumps(said), "content_type": "application/json"}


def values_in(sent: str) -> Any:
    """Of a multipart body."""
    return json.loads(sent.split('name="values"')[1].split("\r\n\r\n", 1)[1].split("\r\n--", 1)[0])


WATCHED = """(() => { const real = fetch; window.outlives = [];
  window.fetch = (where, how) => { if (how.method === "POST") outlives.push(how.keepalive); return real(where, how); };
})()"""


@pytest.mark.parametrize(("length", "outlives"), [(20_000, True), (30_000, False)])
def test_the_longest_letter_in_chinese_reaches_the_server_when_its_page_is_left_at_once(
    site: Site, length: int, outlives: bool
) -> None:
    site.answers["/store"] = kept_at_once
    page = site.open(STORED)
    page.evaluate(WATCHED)
    words = ("这台冰箱又坏了" * 5_000)[:length]
    page.locator("textarea").fill(words)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    page.wait_for_function("Object.values(localStorage).some(kept => kept.includes('isStored'))")
    assert values_in(site.posts("/store")[-1]) == {"text": [words]}
    assert page.evaluate("outlives") == [outlives]  # a browser refuses more than 64 kB there


def test_who_types_without_a_pause_is_kept_every_ten_seconds(site: Site) -> None:
    site.stop_the_clock()
    site.answers["/store"] = kept_at_once
    page = site.open(STORED)
    with page.expect_response(lambda answered: answered.request.method == "POST"):  # what was answered is in `posts`
        for _second in range(11):
            page.locator("textarea").press_sequentially("坏")
            page.clock.run_for(1_000)
    assert len(site.posts("/store")) == 1


HELD = """(() => { const real = fetch;
  window.fetch = (where, how) => how.method !== "POST" ? real(where, how)
    : new Promise(done => { window.letGo = () => { window.fetch = real; done(real(where, how)); }; });
})()"""


def test_what_was_typed_while_the_server_kept_the_words_before_is_not_taken_for_kept(site: Site) -> None:
    site.stop_the_clock()
    site.answers["/store"] = kept_at_once
    page = site.open(STORED)
    page.evaluate(HELD)
    page.locator("textarea").press_sequentially("冰箱")
    page.clock.run_for(3_000)
    page.locator("textarea").press_sequentially("又坏了")
    page.clock.run_for(500)
    with page.expect_response(lambda answered: answered.request.method == "POST"):
        page.evaluate("letGo()")
    page.wait_for_function("Object.values(localStorage).some(kept => kept.includes('isStored'))")

    assert page.evaluate("Object.values(localStorage).map(kept => JSON.parse(kept).isStored)") == [False]
    with page.expect_response(lambda answered: answered.request.method == "POST"):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert values_in(site.posts("/store")[-1]) == {"text": ["冰箱又坏了"]}


def test_signing_out_asks_for_nothing_that_the_server_has(site: Site) -> None:
    site.answers["/store"] = kept_at_once
    site.answers["/out"] = html("<main>再见</main>", member=0)
    page = site.open(STORED + '<form method="post" action="/out" data-logout><button>退出</button></form>')
    type_words(page)
    page.wait_for_function("Object.values(localStorage).some(kept => kept.includes('isStored'))")
    page.get_by_role("button", name="退出").click()
    expect(page.locator("main")).to_have_text("再见")
    assert kept(page) == 0
