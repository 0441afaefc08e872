"""Every page of the product, found from its own addresses, in a real Chromium, in both languages and both themes.

axe-core finds nothing, nothing sticks out of a phone, nothing is logged as an error, no word is in the other language.
What people wrote is in a third script here (tests/visiting/company.py): a word in the wrong language is ours.
"""

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.template import Context, Template
from django.test import override_settings
from django.utils import timezone, translation
from playwright.sync_api import Page, ViewportSize, sync_playwright
from pytest_django import DjangoDbBlocker

from huiyin.complaints.models import Complaint
from huiyin.lib.tests.browser.conftest import FLAGS
from huiyin.org.models import Member
from tests.visiting import company, configuring, starts, walking
from tests.visiting.opening import OPENINGS, PHONE, WIDE, dialogs, page_of
from tests.visiting.serving import Stage, stage
from tests.visiting.tongues import strange_in_chinese, strange_in_english
from tests.visiting.walking import Answer, Place

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("every-page")]

LOOK = (Path(__file__).parent / "visiting" / "looking.js").read_text("utf-8")
AXE = (Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
RUN = (Path(__file__).parent / "visiting" / "axing.js").read_text("utf-8")
BRING = """() => new Promise(done => document.head.append(Object.assign(document.createElement("script"),
  {src: "/axe.js", onload: () => done(true), onerror: () => done(false)})))"""
OURS = Answer(200, {"Content-Type": "text/javascript", "Cache-Control": "max-age=3600"}, AXE.encode())
OPEN = "document.querySelectorAll('details:not([data-menu])').forEach(each => { each.open = true })"
STICKS_OUT = """() => {
  const over = document.documentElement.scrollWidth - innerWidth;
  const reach = each => each.getBoundingClientRect().left + Math.max(each.offsetWidth, each.scrollWidth);
  const shown = [...document.body.querySelectorAll("*")].filter(each => each.checkVisibility());
  const out = shown.filter(each => reach(each) > innerWidth);
  const last = out.filter(each => !out.some(other => other !== each && each.contains(other))).slice(0, 3);
  const named = last.map(each => each.outerHTML.slice(0, 120)).join(" ");
  return over > 0 ? [`${over} px over the width: ${named}`] : [];
}"""
CSP = "Content-Security-Policy"
SAMPLES = {"/desk/design": "what people might have written, in Chinese; the parts around it stand on other pages"}
# Every page is looked at twice by all rules: in Chinese on a wide light screen, in the longer language on a dark phone.
SEEN: dict[str, tuple[ViewportSize, Literal["light", "dark"]]] = {"zh-hans": (WIDE, "light"), "en": (PHONE, "dark")}
LANGUAGES = {"zh-hans": "zh-Hans", "en": "en"}


@dataclass
class Rendered:
    found: walking.Found
    answers: dict[str, dict[Place, Answer]]  # by language
    parts: dict[str, dict[str, Answer]]  # what a page fetches when something on it is opened; by path without query
    codes: frozenset[str]
    configured: dict[str, dict[Place, Answer]]  # pages of the configuration site, by language
    unseen: set[str]  # models of that site that nobody is shown
    complaints: dict[Place, Answer]  # each one's page, in the longer language


@pytest.fixture(scope="module")
def rendered(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Rendered:
    """All pages as their readers get them; the company is gone before the browser starts."""
    live = override_settings(HUIYIN_LIVE_URL="/live")  # answered here, not by a process of its own
    with live, django_db_blocker.unblock(), transaction.atomic():
        at = timezone.now()
        company.make(at=at)
        company.disguise()
        found = walking.walk(starts.READERS, starts.starts(at=at))
        read = {"zh-hans": found.places, "en": _read_in_english(found.places)}
        answers = {language: _finished(places, language) for language, places in read.items()}
        codes = company.codes()
        places, unseen = configuring.walk(("admin", *starts.READERS))
        configured = {language: configuring.again(places, language) for language in read}
        complaints = _read_in_english(
            Place(f"/desk/complaints/{number}", "supervisor")
            for number in Complaint.objects.values_list("number", flat=True)
        )
        transaction.set_rollback(True)
    parts = {language: _by_path(places) for language, places in read.items()}
    return Rendered(found, answers, parts, codes, configured, unseen, complaints)


def _read_in_english(places: Iterable[Place]) -> dict[Place, Answer]:
    Member.objects.update(language="en")
    places = list(places)
    browsers = {reader: walking.browser(reader, "en") for reader in {place.reader for place in places}}
    return {place: walking.ask(browsers[place.reader], place) for place in places}


def _finished(answers: Mapping[Place, Answer], language: str) -> dict[Place, Answer]:
    with translation.override(language):
        return {place: _whole(answer) for place, answer in answers.items()} | starts.failures()


def _by_path(places: Mapping[Place, Answer]) -> dict[str, Answer]:
    return {urlsplit(place.path).path: answer for place, answer in reversed([*places.items()]) if not place.typed}


def _whole(answer: Answer) -> Answer:
    """A part of a page, within one."""
    if answer.is_page:
        return answer
    text = Template(
        '{% extends "base.html" %}{% block title %}1{% endblock %}'
        '{% block body %}<main id="main"><h1>1</h1>{{ part|safe }}</main>{% endblock %}'
    ).render(Context({"part": _in_its_list(answer.text)}))
    return answer._replace(body=text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def _in_its_list(part: str) -> str:
    is_bare = 'role="option"' in part and 'role="listbox"' not in part
    if part.lstrip().startswith("<tr"):
        return f'<table class="rows"><tbody>{part}</tbody></table>'
    return f'<div role="listbox" aria-label="1">{part}</div>' if is_bare else part


@dataclass
class Visitor:
    page: Page
    stage: Stage
    files: dict[str, Answer]
    logged: list[str] = field(default_factory=list)

    def goes(self, place: Place, answer: Answer, parts: Mapping[str, Answer] | None = None) -> dict[str, Any]:
        self.logged.clear()
        headers = {name: value for name, value in answer.headers.items() if name in ("Content-Type", CSP)}
        self.stage.answers = {**self.files, "/axe.js": OURS, place.path: answer._replace(status=200, headers=headers)}
        self.stage.parts = parts or {}
        self.page.goto(self.stage.address + place.path)
        self.page.evaluate(OPEN)
        looks: dict[str, Any] = self.page.evaluate(LOOK)
        return looks

    def finds(self, within: str = "") -> list[str]:
        """From an address of its own, axe-core is compiled once; where a page's policy forbids that, anew."""
        if not self.page.evaluate(BRING):
            self.page.evaluate(AXE)
        found: list[str] = self.page.evaluate(RUN, within)
        return found

    def sticks_out(self) -> list[str]:
        found: list[str] = self.page.evaluate(STICKS_OUT)
        return found


@pytest.fixture
def visitor(db: None, rendered: Rendered) -> Iterator[Visitor]:
    """The browser of one test: beside a running one Django refuses every query, and the next test begins with some."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with stage() as shown, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        made = Visitor(browser.new_page(reduced_motion="reduce"), shown, rendered.found.files)
        made.page.on("console", lambda message: made.logged.append(message.text) if message.type == "error" else None)
        made.page.on("pageerror", lambda error: made.logged.append(str(error)))
        yield made
        browser.close()


@pytest.mark.req("A41")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_and_speaks_one_language(rendered: Rendered, visitor: Visitor, language: str) -> None:
    strange_words = strange_in_english if language == "en" else strange_in_chinese
    wrong: list[str] = []
    strange: dict[str, str] = {}
    size, theme = SEEN[language]
    visitor.page.emulate_media(color_scheme=theme)
    sizes = [size] if size == PHONE else [size, PHONE]
    visitor.page.set_viewport_size(size)
    for place, answer in rendered.answers[language].items():
        looks = visitor.goes(place, answer)
        is_paper = "attachment" in answer.headers.get("Content-Disposition", "")
        faults = [*visitor.logged, *_misbuilt(looks, LANGUAGES[language], is_paper=is_paper)]
        for width in sizes:  # as the page before left it, first: another size costs as much as another page
            if len(sizes) > 1 and width != visitor.page.viewport_size:
                visitor.page.set_viewport_size(width)
            faults += [*(visitor.finds() if width == size else ()), *visitor.sticks_out()]
        sizes.reverse()
        wrong += [f"{place.path} ({place.reader or 'nobody'}): {fault}" for fault in dict.fromkeys(faults)]
        for words in looks["said"] if place.path not in SAMPLES else ():
            for each in strange_words(words, rendered.codes):
                strange.setdefault(each, f"{place.path}: {words[:120]}")

    faults_of_words = [f"{each}: {where}" for each, where in strange.items()]
    assert not (all_of_them := sorted([*wrong, *faults_of_words])), "\n" + "\n".join(all_of_them)


@pytest.mark.req("A41")
def test_no_complaint_sticks_out_of_a_phone(rendered: Rendered, visitor: Visitor) -> None:
    """Each has other promises, orders and figures, and the walk looks at one of a state."""
    visitor.page.set_viewport_size(PHONE)
    wrong: list[str] = []
    for place, answer in rendered.complaints.items():
        visitor.goes(place, answer)
        wrong += [f"{place.path}: {fault}" for fault in visitor.sticks_out()]

    assert len(rendered.complaints) > 40
    assert wrong == []


def _misbuilt(looks: dict[str, Any], lang: str, *, is_paper: bool) -> list[str]:
    faults = []
    if looks["headings"] != 1:
        faults.append(f"{looks['headings']} main headings")
    if not re.search(r"\S · \S", looks["title"]):
        faults.append(f"no title: {looks['title']!r}")
    if looks["lang"] != lang:
        faults.append(f"lang is {looks['lang']!r}")
    if not looks["skips"] and not is_paper:
        faults.append("no way to skip to the main part")
    return faults


@pytest.mark.req("A41")
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_opens_over_a_page_is_accessible_and_speaks_its_language(
    rendered: Rendered, visitor: Visitor, language: str
) -> None:
    strange_words = strange_in_english if language == "en" else strange_in_chinese
    size, theme = SEEN[language]
    answers, wrong = rendered.answers[language], list[str]()
    visitor.page.emulate_media(color_scheme=theme)
    for each in OPENINGS:
        place = page_of(each, answers)
        visitor.page.set_viewport_size(each.size or size)
        visitor.goes(place, answers[place], parts=rendered.parts[language])
        each.opens(visitor.page)
        visitor.page.locator(each.shown).first.wait_for()
        words = visitor.page.evaluate(LOOK)["said"] if place.path not in SAMPLES else []
        faults = [*visitor.logged, *visitor.finds(within=each.shown), *visitor.sticks_out()]
        faults += [strange for said in words for strange in strange_words(said, rendered.codes)]
        wrong += [f"{each.shown} of {place.path}: {fault}" for fault in dict.fromkeys(faults)]

    assert wrong == []
    found = {name for answer in answers.values() for name in re.findall(r'<dialog id="([\w-]+)"', answer.text)}
    assert found - dialogs() == set(), "name how it is opened in tests/visiting/opening.py"


@pytest.mark.req("A41")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_configuration_site_is_accessible(rendered: Rendered, visitor: Visitor, language: str) -> None:
    size, theme = SEEN[language]
    wrong: list[str] = []
    visitor.page.emulate_media(color_scheme=theme)
    visitor.page.set_viewport_size(size)
    for place, answer in rendered.configured[language].items():
        assert answer.status == 200, place
        looks = visitor.goes(place, answer)
        wrong += [f"{place.path}: lang is {looks['lang']}"] if looks["lang"] != language else []
        wrong += [f"{place.path}: {fault}" for fault in visitor.finds()]

    assert not wrong, "\n" + "\n".join(wrong)
    assert len(rendered.configured[language]) > 50
    assert rendered.unseen == UNSEEN


# Packages put these on the site by themselves; no right of ours shows them to anybody.
UNSEEN = {"account.EmailAddress", "auth.Group", "mfa.Authenticator", "procrastinate.ProcrastinateJob"}


SAMPLE = (
    "/desk/", "/desk/complaints/", "/desk/complaints/new", r"/desk/complaints/TS[^/]+",
    r"/desk/complaints/TS[^/]+/letters",
    "/desk/board/", "/desk/settings/roles", "/portal/", r"/portal/t/[^/]+", "/accounts/login/",
)  # fmt: skip
FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect(), around = at.matches("input") && at.closest("label");
  const looks = [at, around || at].map(each => getComputedStyle(each));
  const isFramed = looks.some(look => (look.outlineStyle !== "none" && look.outlineWidth !== "0px")
    || look.boxShadow !== "none");
  return {html: at.outerHTML.slice(0, 120), skips: at.matches(".skip-link"), is_seen: isFramed && box.width > 0};
}"""


@pytest.mark.req("A41")
def test_at_twice_the_size_nothing_sticks_out_and_the_keyboard_sees_where_it_is(
    rendered: Rendered, visitor: Visitor
) -> None:
    visitor.page.set_viewport_size(ViewportSize(width=720, height=450))  # 1440 wide at 200 %
    answers = {place.path: (place, answer) for place, answer in rendered.answers["zh-hans"].items()}
    wrong: list[str] = []
    for pattern in SAMPLE:
        path = next(each for each in answers if re.fullmatch(pattern, each))
        visitor.goes(*answers[path])
        wrong += [f"{path}: {fault}" for fault in visitor.sticks_out()]
        visitor.page.evaluate("document.activeElement?.blur()")
        for stop in range(12):
            visitor.page.keyboard.press("Tab")
            focus = visitor.page.evaluate(FOCUS)
            wrong += [f"{path}: focus is not seen on {focus['html']}"] if focus and not focus["is_seen"] else []
            if stop == 0 and "autofocus" not in answers[path][1].text:
                wrong += [] if focus and focus["skips"] else [f"{path}: the first stop does not skip to the main part"]
        moving = visitor.page.evaluate(
            "document.getAnimations().filter(each => each.effect.getComputedTiming().duration > 1).length"
        )
        wrong += [f"{path}: {moving} things move, though the reader asked for stillness"] if moving else []

    assert wrong == []


def test_every_address_is_visited_or_answers_only_to_a_deed(rendered: Rendered) -> None:
    """A new address without a page that links to it is named here: put it into tests/visiting/starts.py."""
    assert rendered.found.unfilled - UNREACHED.keys() == set()
    assert len(rendered.found.places) > 120


UNREACHED = {
    r"accounts/confirm-email/(?P<key>[-:\w]+)/$": "addresses are not confirmed here (ACCOUNT_EMAIL_VERIFICATION)",
    "desk/complaints/<str:number>/attachments/<int:pk>/preview": "a picture",
    "desk/reports/departments/scores": "a file",
    "desk/reports/monthly.<str:kind>": "a file",
    "^brand/(?P<digest>[0-9a-f]{12})[.](?P<ending>css|png|svg)$": "a file",
}
