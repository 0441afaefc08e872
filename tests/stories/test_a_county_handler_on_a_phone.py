"""With a telephone in the hand, 360 by 780, by touch alone: a county handler sees what is to sign, signs, answers with
a photo taken on the spot, finishes the order; an agent writes to the customer, takes it back, records a call. Nothing
is smaller than a finger, nothing is wider than the screen."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from huiyin.lib.tests.browser.conftest import chromium as chromium
from tests.house.prepared import prepared
from tests.house.running import Up, huiyin
from tests.stories.browsing import PASSWORD, PATIENCE, Person, group

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("up")]

TELEPHONE = {
    "viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2,
    "user_agent": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile "
                  "Safari/537.36",
}  # fmt: skip
MAKE = f"""
from django.utils.timezone import now
from huiyin.dispatch.actions import dispatching
from huiyin.org.actions import demo_members
from huiyin.org.actions.loading import load_demo_units
from tests import cast
load_demo_units(at=now())
demo_members.make(password={PASSWORD!r}, at=now())
complaint = cast.reviewed(cast.filed(at=now()), issues=("电饭煲不通电", "没有人回电"), at=now())
dispatching.dispatch(complaint, orders=[dispatching.Order(unit=cast.unit("CTY-E01"))], actor=cast.actor("supervisor"),
                     at=now())
print(complaint.number)
print(cast.filed(at=now(), name="客户王芳", phone="13900002222", email="wangfang@example.com").number)
"""
# What a finger presses: not the words of a sentence that lead somewhere, nor a box whose label is pressed with it;
# a row's title spreads over its card.
TOO_SMALL = """() => {
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    const isShown = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    return isShown && box.width > 1 && box.height > 1;
  };
  const inWords = (element) => element.matches("a") && getComputedStyle(element).display === "inline";
  const target = (element) =>
    getComputedStyle(element, "::after").position === "absolute" && element.closest("tr:has(.row-title)") ||
    element.matches("input[type=checkbox], input[type=radio], input[type=file]") && element.labels?.[0] || element;
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((element) => seen(element) && !inWords(element) && !element.closest(".skip-link"))
    .map(target).filter(seen)
    .map((element) => [element.getBoundingClientRect(), element])
    .filter(([box]) => box.height < 39.5 || box.width < 39.5)
    .map(([box, element]) => `${Math.round(box.width)}x${Math.round(box.height)} ${element.outerHTML.slice(0, 110)}`);
}"""


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
def numbers(up: Up) -> list[str]:
    made = huiyin(up.home, "django", "shell", "-v", "0", "-c", MAKE)
    assert made.returncode == 0, made.stderr
    return made.stdout.split()


@pytest.fixture
def number(numbers: list[str]) -> str:
    return numbers[0]


def fits(page: Page) -> None:
    """No sideways scrolling, and every target big enough for a finger."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate(TOO_SMALL) == []


def sent(form: Locator, name: str) -> None:
    form.get_by_role("button", name=name, exact=True).tap()


@pytest.mark.req("A51", "A53")
def test_a_county_handler_signs_answers_with_a_photo_and_finishes_on_a_phone(
    up: Up, chromium: Browser, number: str
) -> None:
    branch = Person(chromium, f"http://127.0.0.1:{up.port}", "branch", **TELEPHONE)
    page = branch.page
    expect(page.locator("#work-tiles a").filter(has_text="待签收")).to_contain_text("1")
    branch.picture("phone-1-to-sign")
    fits(page)
    page.locator("a.row-title").first.tap()
    page.wait_for_url(f"**/desk/complaints/{number}**")
    branch.says("等 临江县营业部 签收")
    branch.picture("phone-2-order")
    fits(page)

    branch.deeds.get_by_role("button", name="签收", exact=True).tap()
    branch.says("已签收。")
    fits(page)

    branch.deeds.get_by_role("link", name="处理完成", exact=True).tap()
    form = page.locator("#act form")
    expect(form).to_be_visible(timeout=PATIENCE)
    expect(form.get_by_label("处理内容")).to_be_in_viewport()
    fits(page)
    form.get_by_label("处理内容").fill("上门查看，插头烧黑，当场换了新机。")
    form.get_by_label("处理结果").fill("已换新")
    sent(form, "处理完成")  # the answers are missing: nothing typed is lost
    branch.says("问题点“电饭煲不通电”还没有答复。")
    form = page.locator("#act form")
    expect(form.get_by_label("处理内容")).to_have_value("上门查看，插头烧黑，当场换了新机。")
    form.get_by_label("电饭煲不通电").fill("插头烧黑，已换新机。")
    form.get_by_label("没有人回电").fill("值班漏记，已当面致歉。")
    form.locator("input[type=file]").set_input_files(
        {"name": "插头.jpg", "mimeType": "image/jpeg", "buffer": page.screenshot(type="jpeg")}
    )
    expect(form.locator("[data-drop-list] img")).to_be_visible(timeout=PATIENCE)
    branch.picture("phone-3-answer")
    fits(page)
    sent(form, "处理完成")
    branch.says("处理完成，等待审核。")
    expect(page.locator("#files")).to_contain_text("插头.jpg")
    small = page.locator("#files img").first
    small.scroll_into_view_if_needed()
    page.wait_for_function("image => image.naturalWidth > 0", arg=small.element_handle())
    branch.picture("phone-4-done")
    fits(page)

    page.get_by_role("link", name="我的工作").first.tap()
    expect(page.locator("#work-tiles a").filter(has_text="待签收")).to_contain_text("0")
    assert branch.faults == []
    branch.context.close()


@pytest.mark.req("A41")
def test_a_letter_is_written_taken_back_and_a_call_recorded_on_a_phone(
    up: Up, chromium: Browser, numbers: list[str]
) -> None:
    agent = Person(chromium, f"http://127.0.0.1:{up.port}", "agent", **TELEPHONE)
    page = agent.page
    agent.open(numbers[1])
    page.locator(f'a[href^="/desk/complaints/{numbers[1]}/letters"]').first.tap()
    form = page.locator("#act form")
    expect(form).to_be_visible(timeout=PATIENCE)
    group(form, "用途").get_by_text("进展告知", exact=True).tap()
    group(form, "方式").get_by_text("电子邮件", exact=True).tap()
    form.get_by_label("正文").fill("您好，工号 10086 正在为您核查，请放心。")
    agent.picture("phone-5-letter")
    fits(page)
    sent(form, "联系客户")
    notice = page.locator("#toasts .toast-card").filter(has_text="发出前可以撤回")
    expect(notice).to_be_visible(timeout=PATIENCE)
    expect(notice.get_by_role("button", name="撤销")).to_be_in_viewport()
    fits(page)  # no picture here: six of them take longer than it can be taken back

    notice.get_by_role("button", name="撤销").tap()
    agent.says("已撤回，没有发给客户。")
    expect(page.locator("#act form").get_by_label("正文")).to_have_value("您好，工号 10086 正在为您核查，请放心。")
    fits(page)

    page.goto(f"/desk/complaints/{numbers[1]}/letters?channel=phone")
    form = page.locator("#act form")
    form.get_by_label("正文").fill("您好，工号 10086 正在为您核查，请放心。客户同意等回音。")
    agent.picture("phone-6-call")
    fits(page)
    sent(form, "联系客户")
    agent.says("已记录与客户的联系。")
    expect(page.locator(".timeline")).to_contain_text("客户同意等回音")
    fits(page)
    assert agent.faults == []
    agent.context.close()


def test_a_phone_may_put_the_desk_on_its_home_screen_as_chromium_judges(up: Up, chromium: Browser, number: str) -> None:
    branch = Person(chromium, f"http://127.0.0.1:{up.port}", "branch", **TELEPHONE)
    protocol = branch.context.new_cdp_session(branch.page)

    manifest = protocol.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/manifest.webmanifest")
    faults = protocol.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # a browser context of a test is an incognito window, in which nothing is ever installed: all else must be right
    assert [fault["errorId"] for fault in faults if fault["errorId"] != "in-incognito"] == []
    branch.context.close()
