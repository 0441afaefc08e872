"""Which cases of the library fit what somebody asks or complains of, in what order, and why. Pure.

A case fits by the words asked for, by other words that mean the same (C077), and, where neither is enough, by how many
of the pairs of neighbouring characters it shares. What few cases say counts for more than what all of them say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Final

from huiyin.lib.words import normalised, plain_words, terms

Synonyms = Mapping[str, Sequence[str]]  # the words that mean the same, by the one that stands for them

_LITTLE: Final = """
没有 这样 那样 怎么 什么 可以 一个 我们 你们 他们 它们 就是 不是 现在 已经 还是 因为 所以 但是 而且 一直 今天 昨天 明天
时候 知道 觉得 希望 要求 客户 投诉 处理 公司 问题 情况 进行 之后 以后 然后 自己 大家 东西 不能 不会 只是 起来 出来 过来
上周 本周 一下 一次 两次 三次 如果 这个 那个 这种 到现在
认为 使用 机器 来电 电话 联系 上门 告诉 说明 工作 服务 结果 解决 客服 同事 人员 情绪 之前 时间
"""
_SAY_LITTLE: Final = frozenset(_LITTLE.split())
_SHORTEST: Final = 2
_ENOUGH, _ENOUGH_IF_VAGUE = 0.25, 0.5  # of the weight of what was asked
_ALIKE: Final = 0.4  # of the pairs of what was asked
_IN_NAME: Final = 2.0
_SAME_CATEGORY: Final = 3.0
_FEWEST: Final = 4  # words that a complaint and a case share, where they are not of one category


@dataclass(frozen=True)
class Word:
    """One thing asked for: as it was said, and however else it may be said."""

    said: str
    others: tuple[str, ...] = ()

    def within(self, text: str) -> str:
        """How the text says it; '' where it does not."""
        return next((each for each in (self.said, *self.others) if each in text), "")


@dataclass(frozen=True)
class Entry:
    """A case as it is compared: `name` and `text` normalised."""

    pk: int
    name: str
    text: str
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Hit:
    """`words` stand in the case as they were asked; `synonyms` are (asked, found); `alike` is a share of pairs in per
    cent, told where it is the reason."""

    pk: int
    score: float
    words: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()
    categories: tuple[str, ...] = ()
    alike: int = 0


@dataclass(frozen=True)
class Question:
    """`is_vague`: of nothing but words that say little."""

    words: tuple[Word, ...]
    pairs: frozenset[str] = field(default=frozenset())
    is_vague: bool = False

    @property
    def spellings(self) -> list[str]:
        return [each for word in self.words for each in (word.said, *word.others)]


def entry(pk: int, name: str, text: str, categories: Iterable[str] = ()) -> Entry:
    return Entry(pk, normalised(name), normalised(text), frozenset(categories))


def question(text: str, synonyms: Synonyms) -> Question:
    """What is asked for: first the words that the synonyms know, whatever the cut would make of them, then the rest."""
    plain = normalised(text)
    groups = {spelling: group for group in _groups(synonyms) for spelling in group}
    known = re.compile("|".join(sorted(map(re.escape, groups), key=len, reverse=True)) or r"(?!)")
    found = [Word(said, tuple(each for each in groups[said] if each != said)) for said in known.findall(plain)]
    rest = plain_words(known.sub(" ", plain))
    long = [word for word in rest if len(word) >= _SHORTEST and word not in _SAY_LITTLE]
    fallback = [] if found else [word for word in rest if len(word) >= _SHORTEST] or rest
    words = dict.fromkeys([*found, *map(Word, long or fallback)])
    pairs = frozenset(each for each in terms(text) if len(each) > 1)
    return Question(tuple(words), pairs, is_vague=not (found or long))


def _groups(synonyms: Synonyms) -> Iterable[tuple[str, ...]]:
    for canonical, variants in synonyms.items():
        group = dict.fromkeys(normalised(each) for each in (canonical, *variants))
        if usable := tuple(each for each in group if len(each) >= _SHORTEST):
            yield usable


def answering(asked: Question, entries: Sequence[Entry]) -> list[Hit]:
    """The cases that answer what was typed, the fittest first; equal ones keep their order."""
    weights = _weights(asked, entries)
    whole = sum(weights.values())
    hits = []
    for each in entries:
        hit = _hit(asked, each, weights)
        share = sum(weights[word] for word in asked.words if word.within(each.text)) / whole if whole else 0.0
        alike = len(asked.pairs & terms(each.text)) / len(asked.pairs) if asked.pairs else 0.0
        if share > (_ENOUGH_IF_VAGUE if asked.is_vague else _ENOUGH):
            hits.append(hit)
        elif alike >= _ALIKE:
            hits.append(Hit(each.pk, hit.score * _ALIKE + alike, hit.words, hit.synonyms, alike=round(alike * 100)))
    return sorted(hits, key=lambda hit: -hit.score)


def resembling(asked: Question, entries: Sequence[Entry], codes: Collection[str], *, most: int) -> list[Hit]:
    """The cases that resemble a complaint of these categories."""
    weights = _weights(asked, entries)
    hits = []
    for each in entries:
        hit = _hit(asked, each, weights)
        shared = tuple(sorted(each.categories.intersection(codes)))
        if shared or len(hit.words) + 2 * len(hit.synonyms) >= _FEWEST:
            score = hit.score + _SAME_CATEGORY * bool(shared) * max(weights.values(), default=1.0)
            hits.append(Hit(each.pk, score, hit.words, hit.synonyms, shared))
    return sorted(hits, key=lambda hit: -hit.score)[:most]


def _weights(asked: Question, entries: Sequence[Entry]) -> dict[Word, float]:
    """A longer word says more, and so does one that few cases have."""
    count = len(entries)
    having = {word: sum(bool(word.within(each.text)) for each in entries) for word in asked.words}
    return {word: len(word.said) * log(1.0 + (count + 1) / (n + 1)) for word, n in having.items()}


def _hit(asked: Question, case: Entry, weights: Mapping[Word, float]) -> Hit:
    score, words, synonyms = 0.0, [], []
    for word in sorted(asked.words, key=lambda each: -weights[each]):
        found = word.within(case.text)
        if not found:
            continue
        score += weights[word] * (_IN_NAME if word.within(case.name) else 1.0)
        if found == word.said:
            words.append(found)
        else:
            synonyms.append((word.said, found))
    return Hit(case.pk, score, tuple(words), tuple(synonyms))
