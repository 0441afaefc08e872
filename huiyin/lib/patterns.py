"""A regular expression that a person wrote on screen: read with a limit, so that none can stop a worker.

`(a+)+$` tries every way to cut a row of thirty letters, for years. Whoever may write an expression could so stop every
worker that reads a letter, by mistake as well as by intent. What a person wrote is compiled, tried and run only here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import regex

SECONDS: Final = 0.25  # for one text; a sound expression needs a thousandth of it
LONG: Final = 2_000  # characters of a hard sample: a long letter
MOST_COPIES: Final = 20_000  # `(a{1000}){1000}` is written out when it is compiled, and takes the memory of the machine
_PIECES: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|.", re.DOTALL)
_LITERALS: Final = re.compile(r"[^\W_]+")
GROUP: Final = re.compile(r"\\g<([^<>]{1,40})>")  # in a template
_MOST_TRIED: Final = 12  # runs and letters of the expression itself, of which hard samples are made


class Unusable(ValueError):
    """The expression cannot be read at all; the words say why, in English, as the library has them."""


class TooSlow(Exception):
    """The text was not read to its end within SECONDS: nothing is known of it."""


@dataclass(frozen=True)
class Pattern:
    """Reads a text or raises TooSlow."""

    form: regex.Pattern[str]

    def search(self, text: str) -> regex.Match[str] | None:
        try:
            return self.form.search(text, timeout=SECONDS)
        except TimeoutError as late:
            raise TooSlow(self.form.pattern) from late

    def finds(self, text: str) -> list[regex.Match[str]]:
        """All of them, or TooSlow: the limit is for the whole text."""
        try:
            return list(self.form.finditer(text, timeout=SECONDS))
        except TimeoutError as late:
            raise TooSlow(self.form.pattern) from late

    def filled(self, template: str, match: regex.Match[str]) -> str:
        r"""The template with what the groups found in the place of each `\g<name>`; what else it has stays as it is."""
        return GROUP.sub(
            lambda taken: (match[_key(taken[1])] or "") if self.has_group(taken[1]) else taken[0], template
        )

    def has_group(self, name: str) -> bool:
        return name in self.form.groupindex or (name.isdecimal() and int(name) <= self.form.groups)


def _key(name: str) -> str | int:
    return int(name) if name.isdecimal() else name


@lru_cache(512)  # a book has some sixty
def _compiled(written: str) -> Pattern:
    return Pattern(regex.compile(written))


def pattern(written: str) -> Pattern:
    """Raises Unusable."""
    if _copies(written) > MOST_COPIES:
        raise Unusable(f"repeats more than {MOST_COPIES} times")
    try:
        return _compiled(written)
    except (regex.error, RecursionError, OverflowError, MemoryError) as wrong:
        raise Unusable(str(wrong) or type(wrong).__name__) from wrong


def _copies(written: str) -> int:
    """How long the expression is with all its counts written out: those within one another multiply, those side by side
    add up."""
    lengths, lasts = [0], [0]  # of each group that is open, and of its latest piece
    for piece in _PIECES.finditer(written):
        if piece[0] == "(":
            lengths.append(0)
            lasts.append(0)
            continue
        if piece[0] == ")" and len(lengths) > 1:
            last = lengths.pop()
            lasts.pop()
        elif piece[1] is not None:
            times = max(int(piece[1]), int(piece[2] or 0), 1)
            lengths[-1] -= lasts[-1]
            last = lasts[-1] * times
        else:
            last = 1
        lengths[-1] += last
        lasts[-1] = last
    return sum(lengths)


def must_be_quick(written: str) -> None:
    """Runs the expression over samples that are hard for one that goes back and forth: long rows of what it looks for,
    which then end otherwise. Raises Unusable, or TooSlow at the first row that takes more than SECONDS."""
    tried = pattern(written)
    for sample in _hard(written):
        tried.finds(sample)


def _hard(written: str) -> list[str]:
    """Each row once with an end that is nowhere in the expression, and once with all its letters behind that: one that
    looks first whether the text has what it needs at all shall have to try."""
    runs = list(dict.fromkeys(_LITERALS.findall(re.sub(r"\\.", " ", written))))
    letters = list(dict.fromkeys("".join(runs)))
    own = [*runs[:_MOST_TRIED], *letters[:_MOST_TRIED], "".join(letters[:_MOST_TRIED])]
    rows = [row * (LONG // len(row)) for row in dict.fromkeys([*own, "a", "1", "好", "！", "好1a"]) if row]
    behind = "".join(dict.fromkeys(written))
    return [row + end for row in rows for end in ("\x00", f"\x00{behind}")]
