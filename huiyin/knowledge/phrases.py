"""Whether a text may go to a customer: words to avoid, and words that should be there. Pure: no tables, no clock."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from huiyin.lib import patterns
from huiyin.lib.phrasing import listed

BLOCK, WARN, NOTE = "block", "warn", "note"
OPENING, LISTEN, EMOTION, COMMIT, CLOSING = "opening", "listen", "emotion_gte_3", "commit", "closing"
AT_FAULT = "at_fault"
FORBIDDEN = "forbidden"
UNFILLED: Final = "SLOT"
_STAGES: Final = {"listen": LISTEN, "progress": COMMIT, "commit": COMMIT, "close": CLOSING, "closing": CLOSING}
_HOLES: Final = re.compile(r"\{[a-z_]+\}|【待填[^】]*】")
_APOLOGISES: Final = re.compile(r"apolog|sorry")  # of an English letter, whose words the book does not have
_INVISIBLE: Final = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")


@dataclass(frozen=True)
class Rule:
    """`words` are literal, any of them; `pattern` is a regular expression; both are read as folded text."""

    code: str
    when: str
    level: str
    why: str
    words: tuple[str, ...] = ()
    pattern: str = ""
    exceptions: tuple[str, ...] = ()
    rewrite: str = ""


@dataclass(frozen=True)
class Finding:
    """`where` is a stretch of the text as it was given, (0, 0) where something is missing."""

    level: str
    code: str
    why: str
    rewrite: str
    words: str
    where: tuple[int, int] = (0, 0)
    is_missing: bool = False
    is_unread: bool = False  # the rule's expression could not be read in time: nobody knows what it would have said

    @property
    def is_block(self) -> bool:
        return self.level == BLOCK

    @property
    def is_warning(self) -> bool:
        return self.level == WARN


@dataclass(frozen=True)
class Book:
    """The rules in force. `inner_names`: names for use among ourselves, such as a playbook's, which block at once;
    they answer to the rule `inner_code`."""

    rules: tuple[Rule, ...]
    inner_names: tuple[str, ...] = ()
    inner_code: str = "FP-27"


@dataclass(frozen=True)
class Folded:
    text: str
    places: tuple[int, ...]  # for each folded character, where it stood

    def where(self, start: int, end: int) -> tuple[int, int]:
        return (self.places[start], self.places[end - 1] + 1) if end > start else (0, 0)


def form(rule: Rule) -> patterns.Pattern:
    """One expression for all that the rule looks for, over folded text. Raises patterns.Unusable."""
    parts = [re.escape(fold(words).text) for words in rule.words]
    parts += [f"(?:{rule.pattern})"] if rule.pattern else []
    return patterns.pattern("|".join(parts))


def fold(text: str) -> Folded:
    """Half width, lower case, without blanks; line breaks stay, so that nothing is found across paragraphs."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for folded in unicodedata.normalize("NFKC", letter).lower():
            if folded == "\n" or not (folded.isspace() or folded in _INVISIBLE):
                letters.append(folded)
                places.append(place)
    return Folded("".join(letters), tuple(places))


def check(
    text: str, *, stage: str, emotion: int, is_opening: bool, book: Book, is_at_fault: bool = False
) -> list[Finding]:
    """What is wrong with the text, the gravest first, then in the order of the text.

    `stage` is the script stage the text belongs to (listen, progress, close ...); `is_opening`: the customer hears from
    us for the first time; `is_at_fault`: it was found to be our doing, so that we owe an apology (B47).
    """
    folded = fold(text)
    found = [*_holes(text), *_inner(folded, text, book)]
    occasions = _occasions(stage, emotion, is_opening=is_opening)
    if is_at_fault and not _APOLOGISES.search(folded.text):
        occasions |= {AT_FAULT}
    for rule in book.rules:
        try:
            if rule.when == FORBIDDEN:
                found += _forbidden(rule, folded, text)
            elif rule.when in occasions and not form(rule).search(folded.text):
                missing = listed(rule.words)
                found.append(Finding(rule.level, rule.code, rule.why, rule.rewrite, missing, is_missing=True))
        except (patterns.TooSlow, patterns.Unusable):
            # Said, never passed over; and no more than a warning, or one bad rule would hold back every letter.
            found.append(Finding(NOTE if rule.level == NOTE else WARN, rule.code, rule.why, "", "", is_unread=True))
    return sorted(found, key=lambda each: ((BLOCK, WARN, NOTE).index(each.level), each.is_missing, each.where))


def blocks(findings: Iterable[Finding]) -> list[Finding]:
    return [each for each in findings if each.is_block]


def warnings(findings: Iterable[Finding]) -> list[Finding]:
    return [each for each in findings if each.is_warning]


def _occasions(stage: str, emotion: int, *, is_opening: bool) -> set[str]:
    named = {_STAGES[stage]} if stage in _STAGES else set()
    return named | ({OPENING} if is_opening else set()) | ({EMOTION} if emotion >= 3 else set())


def _forbidden(rule: Rule, folded: Folded, text: str) -> Iterator[Finding]:
    excused = [span for words in rule.exceptions for span in _spans(fold(words).text, folded.text)]
    written = form(rule)
    for match in written.finds(folded.text):
        start, end = match.span()
        if start == end or any(first <= start and end <= last for first, last in excused):
            continue
        where = folded.where(start, end)
        rewrite = written.filled(rule.rewrite, match)
        yield Finding(rule.level, rule.code, rule.why, rewrite, text[slice(*where)], where)


def _inner(folded: Folded, text: str, book: Book) -> Iterator[Finding]:
    rule = next((each for each in book.rules if each.code == book.inner_code), None)
    for name in book.inner_names:
        for start, end in _spans(fold(name).text, folded.text):
            where = folded.where(start, end)
            rewrite = rule.rewrite if rule else ""
            yield Finding(BLOCK, book.inner_code, rule.why if rule else "", rewrite, text[slice(*where)], where)


def _holes(text: str) -> Iterator[Finding]:
    """A script with an unfilled slot cannot be sent."""
    for match in _HOLES.finditer(text):
        yield Finding(BLOCK, UNFILLED, "", "", match[0], match.span())


def _spans(wanted: str, text: str) -> Iterator[tuple[int, int]]:
    if wanted:
        yield from (match.span() for match in re.finditer(re.escape(wanted), text))
