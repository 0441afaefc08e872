"""Which leaf a text speaks of: the weights of the words that stand in it, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from huiyin.triage.book import Book
from huiyin.triage.levels import MOST_SEVERE
from huiyin.triage.matching import Hit
from huiyin.triage.reading import Reading
from huiyin.triage.signals import Found

UNCLASSIFIED: Final = "SG-05"
TITLE_FACTOR: Final = 1.8
TOPIC: Final = 1.0  # a word up to this weight only names a topic: it holds under 没有 and 不
LEAST_SCORE: Final = 1.05  # and alone it makes no category
FADING: Final = 0.55  # each further word of a leaf says less, so that a leaf with many spellings has no advantage
MOST_SURE: Final = 0.95
GRAVE_SHARE: Final = 0.33  # a leaf's default makes it worse than ordinary when such leaves hold a third of the score
KINDS: Final[Mapping[str, tuple[tuple[str, float], ...]]] = {
    "suggestion": (("SG-02", 1.6), ("SG-01", 1.6)),
    "praise": (("SG-04", 3.0),),
    "enquiry": (("SG-03", 3.0),),
    "inquiry": (("SG-03", 3.0),),
    "consultation": (("SG-03", 3.0),),
}


class Mark(NamedTuple):
    """A word that counted for a leaf."""

    weight: float
    start: int
    end: int


Marks = dict[str, dict[object, Mark]]


def marks(
    reading: Reading, hits: Sequence[Hit], found: Mapping[str, Found], kind: str, book: Book
) -> dict[str, list[Mark]]:
    """For each leaf the words that count for it, every word once; of overlapping words the first and longest."""
    marked: Marks = {}
    covered, text, grave = 0, reading.folded, book.grave
    for start, end, entry in hits:
        counts = start >= covered and bool(entry.leaves)
        gaps = entry.fitting(text, start, end) if entry.gaps else ()
        if not counts and not gaps:
            continue
        is_denied = reading.is_denied(start)
        if counts:
            covered = end
            for leaf, weight in entry.leaves.items():
                if weight <= TOPIC or not (
                    is_denied or (leaf in grave and _is_only_feared(leaf, start, reading, book))
                ):
                    _mark(marked, leaf, weight, entry.word, start, end, reading)
        for gap in gaps:
            if gap.leaf not in grave or not (is_denied or _is_only_feared(gap.leaf, start, reading, book)):
                _mark(marked, gap.leaf, gap.weight, gap, start, end, reading)
    for signal, each in found.items():
        for leaf, weight, least in book.index.signals.get(signal, ()):
            if each.value >= least:
                _mark(marked, leaf, weight, signal, each.start, each.end, reading)
    for leaf, weight in KINDS.get(kind, ()):
        if leaf in book.leaves:
            marked.setdefault(leaf, {})[kind] = Mark(weight, -1, -1)
    return {leaf: sorted(words.values(), reverse=True) for leaf, words in marked.items()}


def _mark(marked: Marks, leaf: str, weight: float, word: object, start: int, end: int, reading: Reading) -> None:
    words = marked.setdefault(leaf, {})
    if word not in words:
        is_headline = start < reading.offset and weight >= TOPIC  # a word that says less says no more in a title
        words[word] = Mark(weight * TITLE_FACTOR if is_headline else weight, start, end)


def _is_only_feared(leaf: str, start: int, reading: Reading, book: Book) -> bool:
    """怕漏电 is no leak: where the category alone makes a level 1, the word must be meant as having happened. At
    level 2 a suspicion counts, a 请不要 does not."""
    return reading.is_supposed(start) if book.grave[leaf] == MOST_SEVERE else reading.is_forbidden(start)


def ranking(marked: Mapping[str, Sequence[Mark]]) -> list[tuple[str, float]]:
    """Leaves by score, the likeliest first; equal ones by code."""
    scores = [
        (leaf, sum(mark.weight * FADING**place for place, mark in enumerate(each))) for leaf, each in marked.items()
    ]
    return sorted(scores, key=lambda item: (-item[1], item[0]))


def choose(ranked: Sequence[tuple[str, float]]) -> tuple[str, float]:
    """The leaf and how sure that is, 0 to 1; too little said is unclassified."""
    if not ranked or ranked[0][1] < LEAST_SCORE:
        return UNCLASSIFIED, 0.1
    (leaf, first), second = ranked[0], ranked[1][1] if len(ranked) > 1 else 0.0
    said = first / (first + 1.5)
    lead = (first - second) / first
    return leaf, round(min(MOST_SURE, said * (0.45 + 0.75 * lead)), 3)


def is_grave(leaf: str, ranked: Sequence[tuple[str, float]], book: Book) -> bool:
    """Whether enough speaks for a level as severe as this leaf's default; a passing word is no alarm."""
    severity = book.leaves[leaf].severity
    grave = sum(score for each, score in ranked if book.leaves[each].severity <= severity)
    return grave >= GRAVE_SHARE * sum(score for _each, score in ranked)


def shares(ranked: Sequence[tuple[str, float]], most: int = 3) -> tuple[tuple[str, float], ...]:
    total = sum(score for _leaf, score in ranked)
    return tuple((leaf, round(score / total, 3)) for leaf, score in ranked[:most])
