"""Starts the demo company in a folder of its own and takes the pictures of docs/images with a real Chromium."""

import re
import shutil
import sys
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.house.running import Up  # noqa: E402  # found only once the root is on the path

IMAGES, GALLERY = ROOT / "docs" / "images", ROOT / "docs" / "screens.md"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"^[^\u4e00-\u9fff]*[A-Za-z]{2,} [^\u4e00-\u9fff]*$", re.DOTALL)  # words, not a number alone
DESKTOP, PHONE = (1440, 900), (360, 780)


class View(NamedTuple):
    """A page worth a picture, and who looks at it."""

    name: str
    title: str
    member: str | None
    path: str
    opened: str = ""  # the link of the list that is followed: the first whose address contains this
    part: str = ""  # what is brought to the top of the picture


class Look(NamedTuple):
    """One of the ways in which each page is taken."""

    suffix: str
    title: str
    size: tuple[int, int] = DESKTOP
    scheme: str = "light"
    language: str = "zh-CN"


ALL = "/desk/complaints/?view=all"
COMPLAINT, RED_CASE = "/desk/complaints/TS", "/desk/red/TS"
VIEWS = (
    View("work", "我的工作 · My work", "supervisor", "/desk/"),
    View("queue", "投诉列表 · Queue", "supervisor", ALL),
    View("complaint", "投诉页 · A complaint", "supervisor", f"{ALL}&state=in_audit", COMPLAINT),
    View("clocks", "时限说明 · Clocks", "supervisor", f"{ALL}&state=awaiting_customer", COMPLAINT, "#clocks"),
    View("intake", "受理登记 · Taking in a call", "agent", "/desk/complaints/new"),
    View("board", "督办看板 · Board", "supervisor", "/desk/board/?hours=24"),
    View("red-channel", "红色通道 · Red channel", "executive", "/desk/red/", RED_CASE),
    View("reports", "报表 · Reports", "manager", "/desk/reports/"),
    View("attainment", "时限达成 · Attainment", "supervisor", "/desk/reports/attainment"),
    View("settings", "系统设置 · Settings", "admin", "/desk/settings/"),
    View("portal", "客户门户 · Portal", None, "/portal/"),
)
TONGUES = (("", "中文", "zh-CN"), ("-en", "English", "en-GB"))
SIZES = (("", DESKTOP), ("-phone", PHONE))
THEMES = (("", "light"), ("-dark", "dark"))
LOOKS = tuple(  # a table has a row for each size; the language changes least often, as it is kept with the member
    Look(f"{spoken}{wide}{lit}", f"{title}{' · ' + scheme if lit else ''}", size, scheme, language)
    for spoken, title, language in TONGUES for wide, size in SIZES for lit, scheme in THEMES
)  # fmt: skip


def take(browser: Browser, up: Up, view: View, look: Look, password: str) -> None:
    context = browser.new_context(
        viewport={"width": look.size[0], "height": look.size[1]}, locale=look.language,
        color_scheme="dark" if look.scheme == "dark" else "light", reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    site = f"http://127.0.0.1:{up.port}"
    if view.member:
        sign_in(page, site, view.member, password)
        in_language(page, look.language)
    page.goto(site + view.path)
    if view.opened:
        the_link(page, view.opened, look.language).click()
        page.wait_for_url(f"**{view.opened}*")
    page.wait_for_timeout(1500)  # a page with a live stream is never idle
    if view.part:
        page.eval_on_selector(view.part, "each => scrollTo(0, each.getBoundingClientRect().top + scrollY - 80)")
    page.screenshot(path=IMAGES / f"{view.name}{look.suffix}.png")
    print(f"docs/images/{view.name}{look.suffix}.png", flush=True)
    context.close()


def the_link(page: Page, address: str, language: str) -> Locator:
    """The first whose words are in the language of the picture, as its customer's are; else the first."""
    links = page.locator(f'a[href*="{address}"]')
    words = ENGLISH if language.startswith("en") else CHINESE
    return next((each for each in links.all() if words.search(each.inner_text())), links.first)


def sign_in(page: Page, site: str, member: str, password: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("#id_login", member)
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/desk/**")


def in_language(page: Page, wanted: str) -> None:
    """By the switch on the page, as a member does it: it is kept with the member, so Chinese is switched back to."""
    name = "English" if wanted.startswith("en") else "中文"
    if page.locator("html").get_attribute("lang") == ("en" if name == "English" else "zh-Hans"):
        return
    switches = page.locator("header").get_by_role("button", name=name, exact=True)
    if not any(each.is_visible() for each in switches.all()):  # on a phone it stands in the menu
        page.locator("header > details.menu > summary").click()
    next(each for each in switches.all() if each.is_visible()).click()
    page.wait_for_load_state()


def gallery() -> str:
    """All pictures on one page."""
    lines = ["# Screens", "", "Made by `make screenshots` from the demo company.", ""]
    for view in VIEWS:
        lines += [f"## {view.title}", ""]
        for at, (_name, size) in enumerate(SIZES):
            looks = [look for look in LOOKS if look.size == size]
            titles = [look.title for look in looks]
            lines += [_row(titles), _row(["-"] * len(looks))] if at == 0 else []
            lines.append(_row([f"![{look.title}](images/{view.name}{look.suffix}.png)" for look in looks]))
        lines.append("")
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> int:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        up = Up(Path(folder) / "home", "--demo")
        try:
            up.wait_until_ready(patience=600)
            password = (up.home / "demo-password").read_text().strip()
            with sync_playwright() as playwright:
                chromium = shutil.which("chromium") or shutil.which("google-chrome")
                browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
                wanted = sys.argv[1:]
                for view, look in product(VIEWS, LOOKS):
                    if not wanted or f"{view.name}{look.suffix}" in wanted:
                        take(browser, up, view, look, password)
                browser.close()
        finally:
            up.end()
    GALLERY.write_text(gallery())
    return 0


if __name__ == "__main__":
    sys.exit(main())
