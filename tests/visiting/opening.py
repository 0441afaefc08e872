"""What stands over a page once it is asked for: each kind of dialog, menu and list, opened as its reader opens it."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from playwright.sync_api import Page, ViewportSize

from tests.visiting.walking import Answer, Place


class Opening(NamedTuple):
    """`shown` is what `opens` brings, on the first page under `path` that has `mark` (a pattern)."""

    shown: str
    mark: str
    opens: Callable[[Page], object]
    path: str = "/desk/"
    size: ViewportSize | None = None  # where it is there only


def pressing(keys: str) -> Callable[[Page], object]:
    return lambda page: page.keyboard.press(keys)


def clicking(css: str) -> Callable[[Page], object]:
    """As a script does: where the button stands, the page itself has shown."""
    return lambda page: page.eval_on_selector(
        css, "each => each.matches('form') ? each.requestSubmit(each.querySelector('button')) : each.click()"
    )


def told(event: str) -> Callable[[Page], object]:
    return lambda page: page.evaluate("name => document.dispatchEvent(new Event(name))", event)


def menu(css: str) -> Callable[[Page], object]:
    return lambda page: page.eval_on_selector(f"{css} > summary", "each => { each.click() }")


def writing(text: str) -> Callable[[Page], object]:
    def write(page: Page) -> None:
        page.locator("#composer textarea").focus()
        page.keyboard.type(text)

    return write


TOP, DOCK, ENTRANCE = ".shell-top > details.menu", ".shell-dock details.menu", ".entrance details.menu"
LOOKS, EXPORT = "details.menu:has(> .looks)", "details.menu:has(> .menu-list > [download])"
TO_COME = ".roster td:not([data-past]) details.menu"  # a phone hides the days of this week that are over
MORE, ORDER = ".moves details.menu", "article [data-deeds] details.menu"
WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=780)
COMPLAINTS = "/desk/complaints/"
OPENINGS = (
    Opening("#palette [role=option]", 'id="palette"', pressing("Control+k")),
    Opening("#keys", 'id="keys"', pressing("?"), COMPLAINTS),
    Opening("#suggest", 'id="suggest"', clicking("[data-dialog-open='#suggest']")),
    Opening("#confirm", "data-confirm=", clicking("[data-confirm]"), "/desk/settings/"),
    Opening("#confirm", "data-confirm=", clicking("[data-confirm]"), "/portal/"),
    Opening("#relogin form", 'id="relogin"', told("session-expired"), COMPLAINTS),
    Opening("#hand-list [role=option]", "data-at-hand=", writing("::"), COMPLAINTS),
    Opening(f"{TOP} .menu-list", "shell-top", menu(TOP)),
    Opening(f"{DOCK} .menu-list", "shell-dock", menu(DOCK), size=PHONE),
    Opening(f"{ENTRANCE} .menu-list", 'class="entrance"', menu(ENTRANCE), "/accounts/"),
    Opening(".views-menu .menu-list", "views-menu", menu(".views-menu"), size=PHONE),
    Opening(f"{LOOKS} .menu-list", "menu-list looks", menu(LOOKS), COMPLAINTS, size=WIDE),
    Opening("#saving .menu-list", 'id="saving"', menu("#saving"), COMPLAINTS, size=WIDE),
    Opening(f"{EXPORT} .menu-list", "menu-item[^>]* download>", menu(EXPORT), COMPLAINTS, size=WIDE),
    Opening(f"{MORE} .menu-list", '<li><details class="menu"', menu(MORE), COMPLAINTS),
    Opening(f"{ORDER} .menu-list", r'data-deeds="[^"]+">(?:(?!</article>).)*<details', menu(ORDER), COMPLAINTS),
    Opening(".due-why .menu-list", "menu due-why", menu(".due-why"), COMPLAINTS),
    Opening(f"{TO_COME} .menu-list", "summary class=.duty-chip", menu(TO_COME), "/desk/duty"),
)


def dialogs() -> set[str]:
    return {each.shown.removeprefix("#").partition(" ")[0] for each in OPENINGS if each.shown.startswith("#")}


def page_of(each: Opening, answers: Mapping[Place, Answer]) -> Place:
    seen = re.compile(each.mark, re.DOTALL)
    return next(
        place for place, answer in answers.items() if place.path.startswith(each.path) and seen.search(answer.text)
    )
