"""An agent takes a phone complaint by keyboard alone, in Chinese, from the sign-in to the number on the screen: every
Chinese word is composed as an input method does it, and nothing but the keyboard is touched."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from huiyin.lib.tests.browser.conftest import chromium as chromium
from tests.house.prepared import prepared
from tests.house.running import Up, huiyin
from tests.stories.browsing import PASSWORD, PATIENCE, Visitor
from tests.stories.keyboard import Typist

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("up")]

PHONE = "13900001111"
MAKE = f"""
from datetime import timedelta
from django.utils.timezone import now
from huiyin.org.actions import demo_members
from huiyin.org.actions.loading import load_demo_units
from tests import cast
load_demo_units(at=now())
demo_members.make(password={PASSWORD!r}, at=now())
open_one = cast.filed(at=now() - timedelta(days=9), phone={PHONE!r}, name="客户张伟")
closed = cast.closed(at=now())
print(open_one.number, closed.number)
"""
# what no script of the page may do while words are composed, and what no hand may do at all
WATCH = """
  window.clicks = []; window.words = [];
  addEventListener("click", (event) => event.detail > 0 && window.clicks.push("mouse"), true);
  for (const name of ["mousedown", "touchstart", "wheel"]) addEventListener(name, () => window.clicks.push(name), true);
  for (const name of ["compositionstart", "compositionend"])
    addEventListener(name, (event) => event.isTrusted && window.words.push(name + " " + event.data), true);
"""


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    folder = Path(tempfile.mkdtemp(prefix="huiyin-story-"))
    running = Up(prepared(folder / "home"))
    try:
        yield running.wait_until_ready()
    finally:
        running.end()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def earlier(up: Up) -> tuple[str, str]:
    """Two complaints of the caller: an open one of last week, and one that was closed since."""
    made = huiyin(up.home, "django", "shell", "-v", "0", "-c", MAKE)
    assert made.returncode == 0, made.stderr
    open_one, closed = made.stdout.split()
    return open_one, closed


@pytest.fixture
def agent(up: Up, chromium: Browser, earlier: tuple[str, str]) -> Iterator[Visitor]:
    visitor = Visitor(chromium, f"http://127.0.0.1:{up.port}", viewport={"width": 1440, "height": 900})
    visitor.context.add_init_script(WATCH)
    yield visitor
    visitor.context.close()
    assert visitor.faults == []


def signed_in(agent: Visitor) -> Typist:
    hands = Typist(agent.page)
    agent.page.goto("/accounts/login/")
    expect(agent.page.get_by_label("用户名")).to_be_focused()
    hands.writes("agent")
    hands.press("Tab")
    hands.writes(PASSWORD)
    hands.press("Enter")
    agent.page.wait_for_url("**/desk/")
    return hands


def no_mouse(page: Page) -> None:
    assert page.evaluate("window.clicks") == []


@pytest.mark.req("A33", "A39")
def test_an_agent_takes_a_call_by_keyboard_alone_in_chinese(agent: Visitor, earlier: tuple[str, str]) -> None:
    page, hands = agent.page, signed_in(agent)
    hands.press("c")
    page.wait_for_url("**/complaints/new")
    expect(page.get_by_label("联系电话")).to_be_focused()
    no_mouse(page)

    hands.writes(PHONE)
    caller = page.locator("#caller")
    expect(caller).to_contain_text("客户张伟", timeout=PATIENCE)
    expect(caller.locator("li a").first).to_have_text(earlier[0])
    expect(caller.locator("li").nth(1)).to_contain_text("已结案")
    expect(page.locator("[data-timer-display]")).not_to_have_text("0:00", timeout=PATIENCE)
    hands.press("Control+k")
    palette = page.locator("#palette [role=option]")
    expect(palette.first).to_contain_text(f"来电人 · {earlier[0]}", timeout=PATIENCE)
    agent.picture("call-1-caller-in-the-palette")
    hands.press("Escape")
    expect(page.get_by_label("联系电话")).to_be_focused()

    hands.press("Tab Enter")
    name = page.get_by_label("投诉人姓名")
    expect(name).to_be_focused()
    expect(name).to_have_value("客户张伟")
    expect(page.locator("#take-name")).to_be_hidden()
    hands.press("Control+a")
    hands.composes("wangxiaoming", "王晓明", then="Enter")  # Enter that ends a composition sends no form
    expect(name).to_have_value("王晓明")
    hands.goes_to(page.get_by_label("投诉内容（客户原话）"))
    hands.composes("jingdian", "上周六在旗舰店买的电饭煲，用了三次就不通电")
    hands.composes("c", "，插头发黑。")  # c, m, ? are keys of the desk: not within a composition
    hands.composes("m?", "打了两次电话都没有人回？")
    assert page.url.endswith("/desk/complaints/new")
    expect(page.locator("dialog[open]")).to_have_count(0)
    hands.press("Tab")
    expect(page.locator("#prompts li").first).to_be_visible(timeout=PATIENCE)

    expect(page.get_by_label("客户期望")).to_be_focused()
    hands.composes("huanxin", "换一台新的")
    hands.press("Tab 3")
    expect(page.get_by_label("3 焦虑")).to_be_checked()
    agent.picture("call-2-words")
    hands.goes_to(page.locator("#take-category"))
    hands.press("Enter")
    category = page.get_by_label("受理类型")
    expect(category).to_be_focused()
    expect(category).to_have_value(re.compile("PQ-"))
    expect(page.locator("#take-category")).to_be_hidden()
    expect(page.locator("#elements")).to_contain_text("产品名称", timeout=PATIENCE)

    expect(page.locator("[data-draft-status]").first).to_contain_text("已", timeout=PATIENCE)
    page.reload()
    expect(page.get_by_label("投诉人姓名")).to_have_value("王晓明", timeout=PATIENCE)
    expect(page.get_by_label("投诉内容（客户原话）")).to_have_value(re.compile("插头发黑。打了两次"))
    expect(page.get_by_label("3 焦虑")).to_be_checked()
    expect(page.locator("#elements")).to_contain_text("产品名称", timeout=PATIENCE)
    expect(page.locator("[data-timer-display]")).not_to_have_text("0:00", timeout=PATIENCE)
    agent.picture("call-3-restored")

    answered_by_keys(hands)
    agent.picture("call-4-filled-in")
    hands.press("Control+Enter")
    page.wait_for_url(re.compile(r"/desk/complaints/TS"))
    agent.says("已受理，投诉编号")
    agent.picture("call-5-number")
    no_mouse(page)

    mentioned(agent, hands)


def answered_by_keys(hands: Typist) -> None:
    """Whatever the category requires, reached by Tab, in the order it stands."""
    page = hands.page
    for field in page.locator("#elements .field").filter(has_text="必填").all():
        box = field.locator("input:not([type=hidden]), select, textarea").first
        hands.goes_to(box)
        match box.evaluate("box => box.tagName + ':' + box.type"):
            case "SELECT:select-one":
                hands.press("ArrowDown")
            case "INPUT:datetime-local":
                hands.writes("11142026")
                hands.press("Tab")
                hands.writes("1030AM")
            case "INPUT:date":
                hands.writes("11142026")
            case _:
                hands.writes("XQ20261114-001")


def mentioned(agent: Visitor, hands: Typist) -> None:
    """A note for a colleague: what is offered while one composes takes no key from the composition."""
    page = hands.page
    hands.press("m")
    note = page.locator("#composer-body textarea")
    expect(note).to_be_focused(timeout=PATIENCE)
    hands.writes("@")
    options = page.locator(".hand-list [role=option]")
    expect(options.first).to_be_visible(timeout=PATIENCE)
    hands.composes("hanmeimei", "韩梅梅", then="Enter")
    expect(note).to_have_value("@韩梅梅")
    expect(options).to_have_count(1, timeout=PATIENCE)
    expect(options.first).to_contain_text("韩梅梅")
    agent.picture("call-6-mention")
    hands.press("Enter")
    expect(note).to_have_value(re.compile("^@supervisor "))
    hands.composes("qingkan", "请看一下：：")
    expect(options.first).to_be_visible(timeout=PATIENCE)  # scripts, by the full-width colons
    hands.press("Escape")
    hands.composes("jilu", "？？")
    expect(note).to_have_value(re.compile("请看一下：：？？$"))
    expect(options.first).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".hand-list [aria-selected=true]")).to_have_count(0)  # Enter ends the line
    hands.press("Escape")
    hands.press("Control+Enter")
    agent.says("备注已保存。")
    assert [word for word in page.evaluate("window.words") if "qingkan" in word or "请看" in word] == []  # a new page
    no_mouse(page)
