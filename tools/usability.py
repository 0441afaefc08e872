"""Does ten common tasks in the demo company with a real Chromium, counts them, and writes docs/usability.md:
`python tools/usability.py`.

A stroke is one key or chord; a click is one press of the mouse or finger; words that must be typed are counted as
texts, not by their letters. What the others need was read from their documentation, by hand: see tools/others.py.
"""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.house.running import Up  # noqa: E402  # found only once the root is on the path
from tools.others import OTHERS, SOURCES, Told  # noqa: E402  # the same
from tools.screenshots import FLAGS, sign_in  # noqa: E402  # the same

PAGE = ROOT / "docs" / "usability.md"
BODY = "您好，我是客服李雷。经核查确有此事，很抱歉给您添了麻烦，已为您安排处理，11月24日18点前办好。感谢您的理解。"


class Hand:
    """One person at one page; every act is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.strokes, self.clicks, self.texts, self.drags = page, 0, 0, 0, 0

    def press(self, keys: str) -> None:
        for key in keys.split():
            self.page.keyboard.press(key)
            self.strokes += 1

    def click(self, css: str) -> None:
        self.page.locator(css).first.click()
        self.clicks += 1

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.texts += 1

    def choose(self, css: str, value: str | None = None) -> None:
        """A list opened and one of it taken (the first, unless it is named): two clicks."""
        chooser = self.page.locator(css).first
        chooser.select_option(value) if value else chooser.select_option(index=1)
        self.clicks += 2

    def drag(self, css: str, onto: str) -> None:
        """Taken up, moved, and let go of over what comes up meanwhile."""
        start = self.page.locator(css).first.bounding_box() or {"x": 0, "y": 0}
        mouse = self.page.mouse
        mouse.move(start["x"] + 5, start["y"] + 5)
        mouse.down()
        mouse.move(start["x"] + 40, start["y"] + 30, steps=4)
        self.wait(onto)
        end = self.page.locator(onto).first.bounding_box() or {"x": 0, "y": 0}
        mouse.move(end["x"] + 20, end["y"] + 10, steps=4)
        mouse.up()
        self.drags += 1

    def wait(self, css: str) -> None:
        self.page.locator(css).first.wait_for()

    def said(self) -> str:
        parts = [(self.clicks, "click"), (self.strokes, "key"), (self.texts, "text"), (self.drags, "drag")]
        return ", ".join(f"{n} {word}{'s' if n > 1 else ''}" for n, word in parts if n)


def begin_with_the_first(hand: Hand) -> None:
    hand.press("s")
    hand.page.wait_for_url("**through=**")


def find_by_number(hand: Hand) -> None:
    link = hand.page.locator('a[href*="/desk/complaints/TS"]').first.get_attribute("href") or ""
    number = link.split("/complaints/")[1].split("?")[0].split("#")[0]
    hand.press("/")
    hand.write(number)
    hand.press("Enter")
    hand.page.wait_for_url(f"**/{number}")


def note_with_a_mention(hand: Hand) -> None:
    _open_one(hand, "view=all&state=replying")
    hand.press("m")
    hand.page.wait_for_timeout(800)
    hand.write("@韩")
    hand.wait(".hand-list [role=option]")
    hand.press("Enter")
    hand.write("客户又来电催问，请今天给一次进展。")
    hand.press("Control+Enter")
    hand.wait(".toast-card")


def answer_by_mail(hand: Hand) -> None:
    _open_one(hand, "view=all&state=in_progress", "邮箱")
    hand.press("r")
    hand.wait("#composer-body textarea")
    hand.page.wait_for_timeout(600)
    hand.write(BODY)
    hand.press("Control+Enter")
    hand.wait("#waiting .banner")


def take_the_mail_back(hand: Hand) -> None:
    hand.press("z Enter")
    hand.page.wait_for_url("**/letters")


def record_a_call(hand: Hand) -> None:
    _open_one(hand, "view=all&state=in_progress")
    hand.press("T")
    hand.wait("#composer-body textarea:focus")
    hand.page.wait_for_timeout(600)
    hand.press("Control+Enter")
    hand.wait(".toast-card")


def sign_on_the_phone(hand: Hand) -> None:
    hand.click('section:has(h2:text-is("待签收")) .row-title')
    hand.page.wait_for_url("**/complaints/TS**")
    hand.click('#now form[action*="signature"] button')
    hand.wait(".toast-card")


def dispatch_to_a_unit(hand: Hand) -> None:
    _open_one(hand, "view=dispatch")
    hand.press("d")
    hand.wait("#act select:focus")
    hand.press("Control+Enter")
    hand.wait(".toast-card")


def assign_three(hand: Hand) -> None:
    hand.page.goto(_site(hand) + "/desk/complaints/?view=all")
    hand.click("[data-bulk-item]")
    hand.page.locator("[data-bulk-item]").nth(2).click(modifiers=["Shift"])
    hand.clicks += 1
    hand.wait("[data-bulk-bar] select[name=to]")
    hand.drag("tr[data-selected] .cell-title", ".drop-person")
    hand.wait("text=3 件完成")


def register_a_call(hand: Hand) -> None:
    hand.press("c")
    hand.page.wait_for_url("**/complaints/new")
    hand.write("13912345678")
    hand.wait("#caller :text('没有这个电话的投诉记录')")
    hand.press("Tab")
    hand.write("王小明")
    hand.press("Tab Tab Tab")
    hand.write("洗衣机上周买的，这周开始漏水，约好的师傅没有来，打热线三次都说会回电，没有人回。")
    hand.press("Tab")
    hand.write("上门维修")
    hand.wait("#take-category")
    hand.press("Tab 3 Tab Enter")
    hand.wait("#elements :text('产品名称')")


def _open_one(hand: Hand, query: str, words: str = "") -> None:
    """Not counted: where each task begins, the complaint is open; the first that has these words beside it."""
    hand.page.goto(f"{_site(hand)}/desk/complaints/?{query}")
    rows = hand.page.locator("a.row-title")
    for address in [row.get_attribute("href") for row in rows.all()]:
        hand.page.goto(f"{_site(hand)}{address}")
        if words in hand.page.locator("#customer").inner_text():
            break
    hand.page.wait_for_timeout(500)


def _site(hand: Hand) -> str:
    return hand.page.url.split("/desk")[0]


class Task(NamedTuple):
    name: str
    member: str
    do: Callable[[Hand], None]


TASKS = (
    Task("Begin with the first thing that waits for me", "supervisor", begin_with_the_first),
    Task("Find one by its number", "supervisor", find_by_number),
    Task("Write a note that mentions a colleague", "agent", note_with_a_mention),
    Task("Write to the customer by mail", "agent", answer_by_mail),
    Task("Take back the mail just written", "agent", take_the_mail_back),
    Task("Record a call that nobody answered", "agent", record_a_call),
    Task("Sign for a work order, on a phone", "branch", sign_on_the_phone),
    Task("Dispatch to the unit that routing proposes", "reviewer", dispatch_to_a_unit),
    Task("Give three to another owner", "supervisor", assign_three),
    Task("Take a call, until the category is known", "agent", register_a_call),
)


def measured(browser: Browser, up: Up, password: str) -> list[tuple[Task, str]]:
    found: list[tuple[Task, str]] = []
    pages: dict[str, Page] = {}
    for task in TASKS:
        if task.member not in pages:
            size = {"width": 360, "height": 780} if task.member == "branch" else {"width": 1440, "height": 900}
            pages[task.member] = browser.new_context(viewport=size, locale="zh-CN").new_page()  # type: ignore[arg-type]  # a size
            sign_in(pages[task.member], f"http://127.0.0.1:{up.port}", task.member, password)
        elif task.do is not take_the_mail_back:
            pages[task.member].goto(f"http://127.0.0.1:{up.port}/desk/")
        hand = Hand(pages[task.member])
        hand.page.wait_for_timeout(400)
        task.do(hand)
        print(task.name, hand.said(), flush=True)
        found.append((task, hand.said()))
    return found


def page_of(found: list[tuple[Task, str]]) -> str:
    lines = [
        f"| {task.name} | `{task.member}` | {said} | {_of(told.zammad)} | {_of(told.other)} |"
        for (task, said), told in zip(found, OTHERS, strict=True)
    ]
    return "\n".join([
        "# Ten common tasks, and how much the hand has to do", "",
        "Made by `python tools/usability.py`, which does each of them in the demo company with a real Chromium and",
        "counts: from the page where the task begins until its outcome is seen. A chord is one key; what must be typed",
        "is counted as texts, not by its letters; taking one from a list is two clicks, a drag is told by itself.", "",
        "What the others need was not measured but read from what they have written about themselves, at the pages",
        "named below; where nothing was found there, it says so.", "",
        "| Task | Who | Huiyin | Zammad | FreeScout, Libredesk |", "|-|-|-|-|-|", *lines, "",
        "## To be read with it", "",
        "- Three to another owner is one click less than Zammad's dragging; without a mouse it is `x`, `J`, `J`, `a`,",
        "  the name and Enter. It answers row by row what was not done and why, and takes all of it back with one key.",
        "- A call: five keys go to what a complaint has to hold and a ticket has not (wish, mood, category).",
        "- A call that nobody answered has its own key, and words that may stay as they are; it counts towards the",
        "  attempts that the rules ask for.",
        "", "## Read", "", *(f"[{key}]: {address}" for key, address in SOURCES.items()), "",
        *(f"- [{key}][{key}]" for key in SOURCES), "",
    ])  # fmt: skip


def _of(told: Told) -> str:
    """What they need, and where it was read."""
    return f"{told.words} ([{told.source}][{told.source}])" if told.source else told.words


def main() -> int:
    with TemporaryDirectory() as folder:
        up = Up(Path(folder) / "home", "--demo")
        try:
            up.wait_until_ready(patience=600)
            password = (up.home / "demo-password").read_text().strip()
            with sync_playwright() as playwright:
                chromium = shutil.which("chromium") or shutil.which("google-chrome")
                browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
                PAGE.write_text(page_of(measured(browser, up, password)), "utf-8")
                browser.close()
        finally:
            up.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
