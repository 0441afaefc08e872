"""Somebody at a browser of their own, doing what the pages offer: by labels and buttons, as a person finds them."""

import re
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

PASSWORD = "渔舟唱晚响穷彭蠡之滨"
PATIENCE = 30_000  # milliseconds: two cores may be busy with other tests


class Visitor:
    """A browser context of its own; `faults` keeps what no visitor should ever meet."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self.context = browser.new_context(locale="zh-CN", base_url=address)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._look_at)

    def _look_at(self, response: Any) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.request.method} {response.url}")

    def says(self, words: str) -> None:
        """The page says so, somewhere in its main part or in a notice."""
        expect(self.page.locator("body")).to_contain_text(words, timeout=PATIENCE)


class Person(Visitor):
    """A member who has signed in."""

    def __init__(self, browser: Browser, address: str, username: str) -> None:
        super().__init__(browser, address)
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
