"""Somebody at a browser of their own, doing what the pages offer: by labels and buttons, as a person finds them."""

import os
import re
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

PASSWORD = "渔舟唱晚响穷彭蠡之滨"
PATIENCE = 30_000  # milliseconds: two cores may be busy with other tests
PICTURES = "JOURNEY_PICTURES"  # names the folder that the pictures of a journey go to; `tools/journeys.py` sets it
SIZES = {"1440": ViewportSize(width=1440, height=900), "1024": ViewportSize(width=1024, height=768),
         "360": ViewportSize(width=360, height=780)}  # fmt: skip


def in_colours(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Light or dark, and painted so."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


class Visitor:
    """A browser context of its own; `faults` keeps what no visitor should ever meet."""

    def __init__(self, browser: Browser, address: str, **how: Any) -> None:
        self.address = address
        self.context = browser.new_context(locale="zh-CN", base_url=address, **how)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._look_at)

    def _look_at(self, response: Any) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.request.method} {response.url}")

    def picture(self, name: str) -> None:
        """What is on the screen now, at three widths, light and dark; only where pictures are wanted."""
        if PICTURES not in os.environ:
            return
        folder = Path(os.environ[PICTURES])
        folder.mkdir(parents=True, exist_ok=True)
        was, top = self.page.viewport_size, self.page.evaluate("scrollY")
        for width, size in SIZES.items():
            self.page.set_viewport_size(size)
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                self.page.evaluate("scrollTo(0, 0)")
                path = folder / f"{name}-{width}-{scheme}.png"
                self.page.screenshot(path=path, full_page=True, animations="disabled")
        self.page.emulate_media(color_scheme="light")
        if was:
            self.page.set_viewport_size(was)
        self.page.evaluate("top => scrollTo(0, top)", top)

    def says(self, words: str) -> None:
        """The page says so, somewhere in its main part or in a notice."""
        expect(self.page.locator("body")).to_contain_text(words, timeout=PATIENCE)


class Person(Visitor):
    """A member who has signed in."""

    def __init__(self, browser: Browser, address: str, username: str, **how: Any) -> None:
        super().__init__(browser, address, **how)
        self.sign_in(username)

    def sign_in(self, username: str) -> None:
        self.username = username
        self.page.goto("/accounts/login/")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url("**/desk/")

    def open(self, number: str) -> None:
        self.page.goto(f"/desk/complaints/{number}")
        expect(self.page.locator("h1")).to_be_visible(timeout=PATIENCE)

    def finds(self, number: str) -> bool:
        """Whether the complaint can be opened by them at all."""
        answer = self.page.goto(f"/desk/complaints/{number}")
        return answer is not None and answer.status == 200

    def order(self, unit: str, *, state: str) -> Locator:
        """The work order of that unit in that state, on the open complaint."""
        card = (
            self.page.locator("#orders article")
            .filter(has_text=unit)
            .filter(has=self.page.get_by_text(state, exact=True))
        )
        expect(card).to_have_count(1, timeout=PATIENCE)
        return card

    def press(self, name: str, *, on: Locator | None = None, then: str) -> None:
        """A thing to do that needs no words."""
        self._where(on).get_by_role("button", name=name, exact=True).click()
        self.says(then)

    def opens(self, name: str, *, on: Locator | None = None) -> Locator:
        """The form of a thing to do."""
        self._where(on).get_by_role("link", name=name, exact=True).click()
        form = self.page.locator("#act")
        expect(form).to_be_visible(timeout=PATIENCE)
        return form

    def sends(self, form: Locator, name: str, *, then: str) -> None:
        form.get_by_role("button", name=name, exact=True).click()
        self.says(then)

    @property
    def deeds(self) -> Locator:
        return self.page.locator("#now")

    def _where(self, on: Locator | None) -> Locator:
        """What may be done with one's own order stands among what is to be done now."""
        return self.deeds if on is None else on.or_(self.deeds)

    @property
    def timeline(self) -> list[str]:
        """What has happened, oldest first."""
        return [words.strip() for words in self.page.locator("#record .entry-kind").all_inner_texts()][::-1]


def choose(select: Locator, words: str) -> None:
    """The option that says so, however deep it stands in the tree."""
    option = select.locator("option").filter(has_text=re.compile(rf"^\s*{re.escape(words)}"))
    select.select_option(str(option.first.get_attribute("value")))


def group(form: Locator, name: str) -> Locator:
    return form.get_by_role("group", name=re.compile(f"^{re.escape(name)}"))
