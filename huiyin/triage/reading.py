"""Title and text as one folded string; and where a place in it is in what the customer wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from huiyin.triage.cues import ANGRY_FACES, FORBIDDEN, NEGATED, NEGATED_LATIN, SUPPOSED, SUPPOSED_LATIN
from huiyin.triage.folding import fold

LIMIT: Final = 6000  # characters read; of a longer text the beginning
TITLE_LIMIT: Final = 500


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a rule's, a category's or a limit's code, and a sentence for people. `start` and `end` say where in
    `source` ("text" or "title") it was found, -1 when it was not found there. It quotes nothing, so that a record may
    keep it after the customer's words are erased."""

    rule: str
    text: str
    source: str = ""
    start: int = -1
    end: int = -1


class Reading:
    __slots__ = ("_denied", "_forbidden", "_supposed", "folded", "is_cross", "is_cut", "offset")

    def __init__(self, title: str, text: str) -> None:
        head = title[:TITLE_LIMIT]
        self.offset = len(head) + 1 if head else 0
        self.is_cut = len(text) > LIMIT or len(title) > TITLE_LIMIT
        whole = f"{head}\n{text[:LIMIT]}" if head else text[:LIMIT]
        self.is_cross = any(face in whole for face in ANGRY_FACES)
        self.folded = fold(whole)
        self._denied = _spans(NEGATED, NEGATED_LATIN, self.folded)
        self._supposed = _spans(SUPPOSED, SUPPOSED_LATIN, self.folded)
        self._forbidden = [match.span(1) for match in FORBIDDEN.finditer(self.folded)]

    def is_denied(self, place: int) -> bool:
        """没有, 不, 未 stand right before the place: what begins there is said not to be so."""
        return _within(place, self._denied)

    def is_supposed(self, place: int) -> bool:
        """如果, 担心, 容易 stand before the place in its clause: what begins there is not so yet."""
        return _within(place, self._supposed) or self.is_forbidden(place)

    def is_forbidden(self, place: int) -> bool:
        """不要, 请勿 stand before the place in its clause: what begins there is asked not to happen."""
        return _within(place, self._forbidden)

    def reason(self, rule: str, text: str, start: int, end: int) -> Reason:
        if start < 0:
            return Reason(rule, text)
        if start < self.offset:
            return Reason(rule, text, "title", start, end)
        return Reason(rule, text, "text", start - self.offset, end - self.offset)


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    for start, end in spans:  # noqa: SIM110  # asked for every word found: a generator takes twice as long
        if start <= place <= end:
            return True
    return False


def _spans(pattern: re.Pattern[str], latin: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    spans = [match.span(1) for match in pattern.finditer(text)]
    if not text.isascii() and not _LATIN.search(text):
        return spans
    return spans + [match.span(1) for match in latin.finditer(text)]


_LATIN: Final = re.compile(r"[a-z]{2}")
