"""Chinese full-text search: words cut by rjieba, and every pair of neighbouring characters.

Cutting depends on context: 退货款 may be cut 退 | 货款, and a search for 退货 would miss it. So the vector holds the
words and the pairs that the cut broke, and a query asks for pairs: whatever stands in the text is found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from operator import add

import rjieba

LIMIT = 20_000
MOST_TERMS = 32

_HAN = r"\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_HAN_RUN = re.compile(rf"[{_HAN}]+")
_HAN_FIRST = re.compile(rf"[{_HAN}]")
_PARTS = re.compile(r"[^\W\d_]+|\d+")  # of E20981 also 20981


def normalised(text: str, limit: int = LIMIT) -> str:
    """Compatibility forms folded, lower case, cut to the limit, and nothing that UTF-8 cannot say."""
    said = text[:limit].encode("utf-8", "ignore").decode()
    for wide, narrow in _WIDE:
        said = said.replace(wide, narrow)
    return (said if unicodedata.is_normalized("NFKC", said) else unicodedata.normalize("NFKC", said)).lower()


# what NFKC changes in nearly every Chinese text: a look that nothing else is to be folded is cheaper than folding
_WIDE = (("，", ","), ("！", "!"), ("？", "?"), ("：", ":"), ("；", ";"), ("（", "("), ("）", ")"))


def cut(text: str) -> list[str]:
    """The words of the text in order, in search mode: a long word is followed by the short words in it."""
    return [word for word in rjieba.cut_for_search(normalised(text), True) if _RUN.fullmatch(word)]


def plain_words(text: str, *, limit: int = LIMIT) -> list[str]:
    """The words of the text in order, each once, none inside another."""
    runs: list[str] = _RUN.findall(normalised(text, limit))
    words = (part for word in rjieba.cut(" ".join(runs), True) for part in _RUN.findall(word))
    return list(dict.fromkeys(words))


def _pairs(run: str) -> Iterator[str]:
    """Neighbouring characters, then the last character alone, so that each character begins some lexeme."""
    for start in range(len(run) - 1):
        yield run[start : start + 2]
    yield run[-1]


def lexemes(text: str, *, limit: int = LIMIT) -> list[str]:
    """What the text is found by: its words in order, then the pairs that the cut broke."""
    runs: list[str] = _RUN.findall(normalised(text, limit))
    words = [word for word in rjieba.cut_for_search(" ".join(runs), True) if _RUN.fullmatch(word)]
    pairs = (pair for run in runs for pair in (_pairs(run) if _HAN_RUN.match(run) else (run,)))
    return [*words, *sorted(set(pairs) - set(words))]


def terms(text: str, *, limit: int = LIMIT) -> set[str]:
    """What a query can ask for of this text: its pairs of characters, and its numbers, codes and foreign words.

    The longer words of lexemes() are left out: a query asks for a Han word by its pairs, so they would only make the
    index larger. Letters, digits and Han only, so nothing to escape.
    """
    found: set[str] = set()
    runs: list[str] = _RUN.findall(normalised(text, limit))
    for run in runs:
        if _HAN_FIRST.match(run):
            found.update(map(add, run, run[1:]))
            found.add(run[-1])
        else:
            found.add(run)
            found.update(_PARTS.findall(run))
    return found


def to_vector_text(text: str, *, limit: int = LIMIT) -> str:
    """The lexemes, space-joined, for to_tsvector('simple', ...)."""
    return " ".join(lexemes(text, limit=limit))


def _terms(word: str) -> list[str]:
    """A Han word by its pairs; a single character, or the beginning of a number, code or foreign word, by prefix."""
    if len(word) == 1 or not _HAN_RUN.match(word):
        return [f"'{word}':*"]
    return [f"'{pair}'" for pair in _pairs(word) if len(pair) == 2]


def to_query(q: str) -> str:
    """An AND query for to_tsquery('simple', ...), '' where the question holds no word.

    Only letters, digits and Han reach the query, so there is nothing to escape. Single characters are asked
    for only where nothing longer is: 的 or 不 beside a word would cost much and decide little.
    """
    words = plain_words(q, limit=200)
    long = [word for word in words if len(word) > 1]
    terms = dict.fromkeys(term for word in (long or words) for term in _terms(word))
    return " & ".join(list(terms)[:MOST_TERMS])


def either(words: Iterable[str]) -> str:
    """An OR query: whatever has one of these words, each by all of its pairs; '' where there is none."""
    ways = dict.fromkeys(" & ".join(_terms(word)) for word in words if _RUN.fullmatch(word))
    return " | ".join(f"({way})" for way in ways)
