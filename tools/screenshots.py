"""Starts the demo company in a folder of its own and takes the pictures of docs/images with a real Chromium."""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.house.running import Up  # noqa: E402  # found only once the root is on the path

IMAGES = ROOT / "docs" / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
DESKTOP, PHONE = (1440, 900), (360, 780)


class Shot(NamedTuple):
    name: str
    member: str | None
    path: str
    size: tuple[int, int] = DESKTOP
    scheme: str = "light"
    first_row: bool = False  # open the first complaint of the list
    language: str = "zh-CN"
    part: str = ""  # what is brought to the top of the picture


SHOTS = (
    Shot("work", "supervisor", "/desk/"),
    Shot("queue", "supervisor", "/desk/complaints/?view=all"),
    Shot("queue-en", "supervisor", "/desk/complaints/?view=all", language="en-GB"),
    Shot("queue-dark", "supervisor", "/desk/complaints/?view=all", scheme="dark"),
    Shot("queue-phone", "supervisor", "/desk/complaints/?view=all", size=PHONE),
    Shot("complaint", "supervisor", "/desk/complaints/?view=all&state=in_audit", first_row=True),
    Shot("complaint-en", "supervisor", "/desk/complaints/?view=all&state=in_audit", first_row=True, language="en-GB"),
    Shot("complaint-dark", "supervisor", "/desk/complaints/?view=all&state=in_audit", scheme="dark", first_row=True),
    Shot("complaint-phone", "branch", "/desk/complaints/?view=sign", size=PHONE, first_row=True),
    Shot("clocks", "supervisor", "/desk/complaints/?view=all&state=awaiting_customer", first_row=True, part="#clocks"),
    Shot(
        "clocks-phone",
        "supervisor",
        "/desk/complaints/?view=all&state=awaiting_customer",
        PHONE,
        first_row=True,
        part="#clocks",
    ),
    Shot("board", "supervisor", "/desk/board/?hours=24"),
    Shot("board-dark", "supervisor", "/desk/board/?hours=24", scheme="dark"),
    Shot("board-phone", "supervisor", "/desk/board/?hours=24", size=PHONE),
    Shot("attainment", "supervisor", "/desk/reports/attainment"),
    Shot("intake", "agent", "/desk/complaints/new"),
    Shot("reports", "manager", "/desk/reports/"),
    Shot("settings", "admin", "/desk/settings/"),
    Shot("portal", None, "/portal/"),
    Shot("portal-en", None, "/portal/", language="en-GB"),
    Shot("portal-dark", None, "/portal/", scheme="dark"),
    Shot("portal-phone", None, "/portal/", size=PHONE),
)


def take(browser: Browser, up: Up, shot: Shot, password: str) -> None:
    context = browser.new_context(
        viewport={"width": shot.size[0], "height": shot.size[1]}, locale=shot.language,
        color_scheme="dark" if shot.scheme == "dark" else "light", reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    site = f"http://127.0.0.1:{up.port}"
    if shot.member:
        sign_in(page, site, shot.member, password)
        in_language(page, shot.language)
    page.goto(site + shot.path)
    if shot.first_row:
        page.locator('a[href*="/desk/complaints/TS"]').first.click()
        page.wait_for_url("**/desk/complaints/TS*")
    page.wait_for_timeout(1500)  # a page with a live stream is never idle
    if shot.part:
        page.eval_on_selector(shot.part, "each => scrollTo(0, each.getBoundingClientRect().top + scrollY - 80)")
    page.screenshot(path=IMAGES / f"{shot.name}.png")
    print(f"docs/images/{shot.name}.png", flush=True)
    context.close()


def sign_in(page: Page, site: str, member: str, password: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("#id_login", member)
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/desk/**")


def in_language(page: Page, wanted: str) -> None:
    """By the switch on the page, as a member does it: it is kept with the member, so Chinese is switched back to."""
    name = "English" if wanted.startswith("en") else "中文"
    switch = page.locator("header").get_by_role("button", name=name, exact=True).first
    if switch.count() and switch.is_visible():
        switch.click()
        page.wait_for_load_state()


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
                for shot in SHOTS:
                    if not wanted or shot.name in wanted:
                        take(browser, up, shot, password)
                browser.close()
        finally:
            up.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
