"""What an agent begins at one machine they find at another, in real browsers; the newer one comes, the other is
offered, and they are told when the complaint moved on meanwhile."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from huiyin.lib.tests.browser.conftest import chromium as chromium
from tests.house.prepared import prepared
from tests.house.running import Up, huiyin
from tests.stories.browsing import PATIENCE, Person
from tests.stories.test_two_at_one_complaint import MAKE_COMPANY

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("up")]


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    folder = Path(tempfile.mkdtemp(prefix="huiyin-drafts-"))
    running = Up(prepared(folder / "home"))
    try:
        yield running.wait_until_ready()
    finally:
        running.end()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def numbers(up: Up) -> list[str]:
    made = huiyin(up.home, "django", "shell", "-v", "0", "-c", MAKE_COMPANY)
    assert made.returncode == 0, made.stderr
    return made.stdout.split()


def write(person: Person, words: str) -> None:
    """Typed, and known to be on the server."""
    note = person.page.get_by_label("内部备注")
    with person.page.expect_response(lambda answer: "/desk/drafts/" in answer.url and answer.request.method == "POST"):
        note.fill(words)
    expect(person.page.locator("#composer-body [data-draft-status]")).to_contain_text("换台机器也能找到")


def test_the_newer_draft_comes_back_at_the_other_machine_and_the_older_is_offered(
    up: Up, numbers: list[str], chromium: Browser
) -> None:
    office, counter = (
        Person(chromium, f"http://127.0.0.1:{up.port}", "agent"),
        Person(chromium, f"http://127.0.0.1:{up.port}", "agent"),
    )
    office.open(numbers[0])
    write(office, "办公室写的第一稿")

    counter.open(numbers[0])
    note = counter.page.get_by_label("内部备注")
    expect(note).to_have_value("办公室写的第一稿", timeout=PATIENCE)
    write(counter, "柜台接着写的第二稿")
    counter.page.goto("/desk/")
    counter.says("柜台接着写的第二稿")

    office.page.reload()
    here = office.page.get_by_label("内部备注")
    expect(here).to_have_value("柜台接着写的第二稿", timeout=PATIENCE)
    office.page.get_by_role("button", name="改用另一份").click()
    expect(here).to_have_value("办公室写的第一稿")
    office.page.get_by_role("button", name="改用另一份").click()
    expect(here).to_have_value("柜台接着写的第二稿")

    office.page.get_by_role("button", name="保存备注").click()
    office.says("备注已保存")
    expect(office.page.get_by_label("内部备注")).to_have_value("")
    counter.open(numbers[0])
    expect(counter.page.locator("#timeline, .timeline").first).to_contain_text("柜台接着写的第二稿", timeout=PATIENCE)
    assert (office.faults, counter.faults) == ([], [])


def test_who_comes_back_is_told_that_the_complaint_moved_on(up: Up, numbers: list[str], chromium: Browser) -> None:
    agent, other = (
        Person(chromium, f"http://127.0.0.1:{up.port}", "agent"),
        Person(chromium, f"http://127.0.0.1:{up.port}", "agent"),
    )
    agent.open(numbers[1])
    write(agent, "等复核后再补充")
    reviewer = Person(chromium, f"http://127.0.0.1:{up.port}", "reviewer")
    reviewer.open(numbers[1])
    reviewer.press("开始复核", then="已由您复核")

    other.open(numbers[1])

    expect(other.page.get_by_label("内部备注")).to_have_value("等复核后再补充", timeout=PATIENCE)
    other.says("此后内容已有变化，提交前请核对")
    other.page.goto("/desk/")
    other.says("此后有新进展")
    assert (agent.faults, other.faults, reviewer.faults) == ([], [], [])


KEYS = "Object.keys(localStorage).filter((name) => name.startsWith('huiyin.draft:'))"
PASTED = """(words) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 0])], "image.png", { type: "image/png" }));
  words.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_who_sits_down_at_a_shared_computer_finds_nothing_of_who_was_there_before(
    up: Up, numbers: list[str], chromium: Browser
) -> None:
    before = Person(chromium, f"http://127.0.0.1:{up.port}", "agent")
    before.open(numbers[0])
    write(before, "客户的手机是 13900001111")
    [kept] = before.page.evaluate(KEYS)
    assert kept.endswith(f":notes:{numbers[0]}")

    before.page.context.clear_cookies()  # the session ran out
    before.sign_in("reviewer")
    before.open(numbers[0])
    expect(before.page.get_by_label("内部备注")).to_have_value("")
    assert before.page.evaluate(KEYS) == []

    again = Person(chromium, f"http://127.0.0.1:{up.port}", "agent")
    again.open(numbers[0])
    expect(again.page.get_by_label("内部备注")).to_have_value("客户的手机是 13900001111", timeout=PATIENCE)


def test_files_wait_while_another_tab_of_the_composer_is_open(up: Up, numbers: list[str], chromium: Browser) -> None:
    agent = Person(chromium, f"http://127.0.0.1:{up.port}", "agent")
    agent.open(numbers[0])
    page, composer = agent.page, agent.page.locator("#composer")
    note = page.get_by_label("内部备注")
    note.fill("两张照片")
    files = [{"name": f"{n}.txt", "mimeType": "text/plain", "buffer": n.encode()} for n in ("one", "two")]
    composer.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]  # as Playwright has it
    expect(composer.locator(".drop-name")).to_have_count(2)
    composer.get_by_role("link", name="写信给客户").click()
    expect(composer.get_by_label("正文")).to_be_visible(timeout=PATIENCE)
    expect(composer.locator(".drop-name")).to_have_count(0)  # a note's files never go to the customer by themselves

    composer.get_by_role("link", name="备注").click()
    expect(composer.locator(".drop-name")).to_have_text(["one.txt", "two.txt"], timeout=PATIENCE)
    expect(page.get_by_label("内部备注")).to_have_value("两张照片")
    page.get_by_role("button", name="保存备注").click()
    agent.says("备注已保存")
    expect(page.locator("#timeline .entry[data-kind=note]").first).to_contain_text("two.txt")
    assert agent.faults == []


def test_what_is_done_on_its_own_page_leaves_one_where_one_was(up: Up, numbers: list[str], chromium: Browser) -> None:
    agent = Person(chromium, f"http://127.0.0.1:{up.port}", "agent")
    agent.open(numbers[0])
    page = agent.page
    page.set_viewport_size({"width": 900, "height": 600})
    page.locator(".timeline-sieve").get_by_text("备注", exact=True).click()
    files = page.locator("#files")
    files.scroll_into_view_if_needed()
    files.locator("input[type=file]").set_input_files(
        {"name": "保修卡.txt", "mimeType": "text/plain", "buffer": "保修".encode()}
    )
    files.get_by_role("button", name="上传", exact=True).click()
    agent.says("附件已上传。")
    expect(files).to_contain_text("保修卡.txt")
    expect(files.get_by_role("button", name="上传", exact=True)).to_be_in_viewport()
    expect(files.get_by_role("button", name="上传", exact=True)).to_be_focused()
    assert page.evaluate("scrollY") > 400
    expect(page.locator("input[name=timeline-shows][value=note]")).to_be_checked()
    assert agent.faults == []


def test_a_pasted_screenshot_goes_with_the_note_and_the_note_is_taken_back_by_keyboard(
    up: Up, numbers: list[str], chromium: Browser
) -> None:
    agent = Person(chromium, f"http://127.0.0.1:{up.port}", "agent")
    agent.open(numbers[0])
    note = agent.page.get_by_label("内部备注")
    note.fill("客户发来的截图")
    note.evaluate(PASTED)
    expect(agent.page.locator("#composer .drop-name")).to_have_count(1)
    agent.page.get_by_role("button", name="保存备注").click()
    agent.says("备注已保存")
    expect(agent.page.locator("#timeline .entry[data-kind=note] .attachment-name").first).to_contain_text(".png")

    agent.page.locator("h1").first.click()
    agent.page.keyboard.press("z")  # leads to the button; Enter presses it
    agent.page.keyboard.press("Enter")
    agent.says("备注已撤回")
    expect(agent.page.locator("#timeline")).not_to_contain_text("客户发来的截图")
    assert agent.faults == []
