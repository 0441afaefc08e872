"""Which words of the book stand where in a text: one pass, whatever the number of words.

Words are found by their first two characters, so that the time depends on the text and hardly on the book.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from huiyin.triage.conditions import atom
from huiyin.triage.cues import DESPERATE, EMOTIONS, SIGNALS, URGENT, Cue
from huiyin.triage.folding import fold

NEAR, NEAR_LATIN = 12, 32  # how far the parts of 甲~乙 may stand from each other
_CODEC: Final = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"
_STOP: Final = re.compile(r"[。！？\n]")
_TERM: Final = re.compile(r"(?P<words>.+?)(?:\^(?P<weight>\d+(?:\.\d+)?))?", re.DOTALL)


class Gap(NamedTuple):
    """甲~乙: the anchor is the entry's own word; the head stands before it, the tails follow in order."""

    leaf: str
    weight: float
    head: str
    tails: tuple[str, ...]


@dataclass(slots=True)
class Entry:
    word: str
    leaves: dict[str, float] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)
    emotion: int = 0
    is_urgent: bool = False
    is_latin: bool = False
    is_whole_word: bool = False
    reach: int = 0  # how far from the word its gaps look
    followed: list[tuple[str, Gap]] = field(default_factory=list)  # the gaps 词~乙, by far the most, with their 乙
    others: list[Gap] = field(default_factory=list)

    def settle(self) -> None:
        """What is asked of every text is worked out once."""
        self.is_latin = _is_latin(self.word[0])
        self.is_whole_word = self.is_latin and len(self.word) <= 5
        parts = [part for gap in self.gaps for part in (*gap.tails, gap.head)]
        self.reach = (NEAR_LATIN if self.word.isascii() else NEAR) + max(map(len, parts), default=0)
        for gap in self.gaps:
            if gap.head or len(gap.tails) > 1:
                self.others.append(gap)
            else:
                self.followed.append((gap.tails[0], gap))

    def fitting(self, text: str, start: int, end: int) -> list[Gap]:
        """The gaps whose other parts stand near the word, in order, in the same sentence."""
        after = text[end : end + self.reach]
        found = [gap for tail, gap in self.followed if tail in after]
        if self.others:
            before = _STOP.split(text[max(0, start - self.reach) : start])[-1]
            found += [gap for gap in self.others if gap.head in before]
        if found and (self.others or _STOP.search(after)):
            after = _STOP.split(after, maxsplit=1)[0]
            found = [gap for gap in found if _in_order(gap.tails, after)]
        return found


Hit = tuple[int, int, Entry]  # start, end, and what stands there
Longer = Mapping[str, tuple[tuple[str, Entry], ...]]  # by the third character, the longest first
Bucket = tuple[Longer, Entry | None]  # and the word of two characters


def pairs(text: str) -> list[int]:
    """Each two neighbouring characters as one number: numbers are looked up twice as fast as strings of two. The text
    is folded, so that each character has sixteen bits."""
    data, size = text.encode(_CODEC), len(text)
    if size < 2:
        return []
    numbers = [0] * (size - 1)
    numbers[0::2] = memoryview(data)[: size // 2 * 4].cast("I").tolist()
    numbers[1::2] = memoryview(data)[2 : 2 + (size - 1) // 2 * 4].cast("I").tolist()
    return numbers


@dataclass(frozen=True, slots=True)
class Index:
    buckets: Mapping[int, Bucket]  # by their first two characters
    signals: Mapping[str, tuple[tuple[str, float, float], ...]]  # signal -> leaf, weight, least value

    def hits(self, text: str) -> list[Hit]:
        """Every word that stands in the folded text, by place, at one place the longest first."""
        found: list[Hit] = []
        for place, bucket in enumerate(map(self.buckets.get, pairs(text))):
            if bucket is None:
                continue
            longer, two = bucket
            for word, entry in longer.get(text[place + 2 : place + 3], ()):
                if text.startswith(word, place) and (not entry.is_latin or _is_word(text, place, entry)):
                    found.append((place, place + len(word), entry))
            if two is not None and (not two.is_latin or _is_word(text, place, two)):
                found.append((place, place + 2, two))
        return found


def _in_order(tails: tuple[str, ...], after: str) -> bool:
    place = 0
    for tail in tails:
        at = after.find(tail, place)
        if at < 0:
            return False
        place = at + len(tail)
    return True


def _is_word(text: str, place: int, entry: Entry) -> bool:
    if place and _is_latin(text[place - 1]):
        return False
    end = place + len(entry.word)
    return not entry.is_whole_word or end >= len(text) or not _is_latin(text[end])


def _is_latin(char: str) -> bool:
    return char < "\x80" and char.isalnum()


def index(keywords: Mapping[str, Iterable[str]], synonyms: Mapping[str, Iterable[str]]) -> Index:
    """The index of every leaf's keywords, spelled out by the synonyms, and of the cues."""
    entries: dict[str, Entry] = {}
    signals: dict[str, list[tuple[str, float, float]]] = {}
    for leaf, terms in keywords.items():
        for term in terms:
            words, weight = parse(term)
            if words.startswith("@"):
                signal, least = atom(words[1:])
                signals.setdefault(signal, []).append((leaf, weight, least))
                continue
            for spelling in spellings(words, synonyms):
                _enter(entries, leaf, spelling.split("~"), weight)
    _enter_cues(entries)
    return Index(_buckets(entries), {signal: tuple(leaves) for signal, leaves in signals.items()})


def _buckets(entries: Mapping[str, Entry]) -> dict[int, Bucket]:
    longer: dict[str, dict[str, list[tuple[str, Entry]]]] = {}
    for word in sorted(entries, key=lambda word: (-len(word), word)):
        entries[word].settle()
        longest_first = longer.setdefault(word[:2], {})
        if len(word) > 2:
            longest_first.setdefault(word[2], []).append((word, entries[word]))
    return {
        pairs(pair)[0]: ({third: tuple(words) for third, words in by_third.items()}, entries.get(pair))
        for pair, by_third in longer.items()
    }


def parse(term: str) -> tuple[str, float]:
    """A keyword and its weight: 词^1.5; without one, the longer it is the more it says."""
    match = _TERM.fullmatch(term.strip())
    if match is None:
        return "", 0.0
    words = fold(match["words"])
    if match["weight"]:
        return words, float(match["weight"])
    size = len(words.replace("~", ""))
    if words.isascii():
        return words, 2.0 if " " in words else 1.5
    return words, 1.0 if size <= 2 else 1.5 if size == 3 else 2.0


def spellings(words: str, synonyms: Mapping[str, Iterable[str]]) -> list[str]:
    """The keyword, and the keyword with each variant of a word that the synonyms know; one word is replaced."""
    found = [words]
    for canonical, variants in synonyms.items():
        if canonical in words:
            found += [words.replace(canonical, fold(variant)) for variant in variants if len(variant) > 1]
    return found


def _enter(entries: dict[str, Entry], leaf: str, parts: list[str], weight: float) -> None:
    """Under the first part that has two characters; a keyword without one is of no use and left out."""
    parts = [part for part in parts if part]
    at = next((place for place, part in enumerate(parts) if len(part) > 1), None)
    if at is None or at > 1:
        return
    entry = entries.setdefault(parts[at], Entry(parts[at]))
    if len(parts) == 1:
        entry.leaves[leaf] = max(weight, entry.leaves.get(leaf, 0.0))
    else:
        entry.gaps.append(Gap(leaf, weight, "".join(parts[:at]), tuple(parts[at + 1 :])))


def _enter_cues(entries: dict[str, Entry]) -> None:
    for cue in SIGNALS:
        for word in cue.words:
            entries.setdefault(word, Entry(word)).cues.append(cue)
    for emotion, words in EMOTIONS.items():
        for word in words:
            entry = entries.setdefault(word, Entry(word))
            entry.emotion = max(emotion, entry.emotion)
    for word in (*URGENT, *DESPERATE):
        entries.setdefault(word, Entry(word)).is_urgent = True
