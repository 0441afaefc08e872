"""Does ten common tasks in the demo company with a real Chromium, counts them, and writes docs/usability.md.

A stroke is one key or chord; a click is one press of the mouse or finger; words that must be typed are counted as
texts, not by their letters. What Zammad needs was read from its user documentation, by hand.
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
from tools.screenshots import FLAGS, sign_in  # noqa: E402  # the same

PAGE = ROOT / "docs" / "usability.md"
BODY = "您好，我是客服李雷。经核查确有此事，很抱歉给您添了麻烦，已为您安排处理，11月24日18点前办好。感谢您的理解。"


class Hand:
    """One person at one page; every act is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.strokes, self.clicks, self.texts = page, 0, 0, 0

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

    def wait(self, css: str) -> None:
        self.page.locator(css).first.wait_for()

    def said(self) -> str:
        parts = [(self.clicks, "次点按"), (self.strokes, "次按键"), (self.texts, "段文字")]
        return "，".join(f"{n} {words}" for n, words in parts if n)


def begin_with_the_first(hand: Hand) -> None:
    hand.press("s")
    hand.page.wait_for_url("**through=**")


def find_by_number(hand: Hand) -> None:
    link = hand.page.locator('a[href*="/desk/complaints/TS"]').first.get_attribute("href") or ""
    number = link.split("/complaints/")[1].split("?")[0]
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
    hand.press("t")
    hand.wait("#composer-body textarea")
    hand.page.wait_for_timeout(600)
    hand.write("打了两次，无人接听。")
    hand.click('#composer-body label:has(input[name=reached][value="no"])')
    hand.click("#composer-body .btn-primary")
    hand.wait(".toast-card")


def sign_on_the_phone(hand: Hand) -> None:
    hand.click('tr:has([data-tone="amber"]) .row-title')
    hand.page.wait_for_url("**/complaints/TS**")
    hand.click('#now form[action*="signature"] button')
    hand.wait(".toast-card")


def dispatch_to_a_unit(hand: Hand) -> None:
    _open_one(hand, "view=dispatch")
    hand.press("d")
    hand.wait("#act")
    hand.click("#act .btn-primary")
    hand.wait(".toast-card")


def assign_three(hand: Hand) -> None:
    hand.page.goto(_site(hand) + "/desk/complaints/?view=all")
    hand.press("j x j x j x")
    hand.choose("[data-bulk-bar] select[name=to]")
    hand.click('[data-bulk-bar] button:has-text("指定负责人")')
    hand.wait("text=3 件完成")


def register_a_call(hand: Hand) -> None:
    hand.press("c")
    hand.page.wait_for_url("**/complaints/new")
    hand.write("13912345678")
    hand.press("Tab")
    hand.write("王小明")
    hand.click("textarea[name=text]")
    hand.write("洗衣机上周买的，这周开始漏水，约好的师傅没有来，打热线三次都说会回电，没有人回。")
    hand.press("Tab")
    hand.write("上门维修")
    hand.click('label:has(input[name=emotion][value="3"])')
    hand.choose("select[name=category]", "SP-11")


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
    zammad: str


TASKS = (
    Task("从等着我的第一件开始", "supervisor", begin_with_the_first, "1 次组合键到概览，再点选概览与工单"),
    Task("按编号找到一件", "supervisor", find_by_number, "1 次组合键（搜索）、编号、回车"),
    Task("写备注并提到同事", "agent", note_with_a_mention, "1 次组合键（备注）、@@ 选人、文字、点“更新”"),
    Task("写邮件告知客户进展", "agent", answer_by_mail, "1 次组合键（回复）、文字、点“更新”"),
    Task("撤回刚写好的邮件", "agent", take_the_mail_back, "文档中没有撤回"),
    Task("记一次没打通的电话", "agent", record_a_call, "点文本框、点类型选“电话”、文字、点“更新”"),
    Task("在手机上签收工单", "branch", sign_on_the_phone, "没有签收；认领是打开工单、改负责人、点“更新”"),
    Task("派单（按路由建议）", "reviewer", dispatch_to_a_unit, "改分组、改负责人、点“更新”"),
    Task("三件一起换负责人", "supervisor", assign_three, "勾选三次，拖到负责人上放下"),
    Task("登记一件电话投诉（到可提交）", "agent", register_a_call, "1 次组合键（新建）、选客户、标题、文字、分组"),
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
    lines = [f"| {task.name} | `{task.member}` | {said} | {task.zammad} |" for task, said in found]
    return "\n".join([
        "# 十件常做的事，各要动几下手", "",
        "由 `python tools/usability.py` 在演示公司里用真实的 Chromium 做一遍、数出来的：",
        "每件事从已打开的那一页开始，到看见结果为止。",
        "一次组合键算一次按键，要打的字按段数，从列表里选一项算两次点按。",
        "右栏是 Zammad 用户文档写明的做法（keyboard-shortcuts、text-modules、follow-up、macros 几页），",
        "由人读出，没有装来数。", "",
        "| 事情 | 谁 | 回音 | Zammad（文档） |", "|-|-|-|-|", *lines, "",
        "回音多要的手数，都花在它必须知道而通用工单不问的地方：投诉原因、联系情况、情绪和类型。", "",
    ])  # fmt: skip


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
