"""How far two reviewers who scored the same cases agree: Cohen's kappa over every mark both gave. Pure.

kappa = (po - pe) / (1 - pe): po is the share of marks on which the two agree, pe the share on which they would by
chance alone, the sum over the marks of the product of how often each of the two gives that mark.
Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960),
37-46. There also the standard error used here: sqrt(po (1 - po) / (n (1 - pe)^2)).
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

LEAST_CARDS: Final = 30  # fewer cases scored by two are no sample to judge by
Verdict = Literal["unknown", "met", "missed"]


@dataclass(frozen=True)
class Agreement:
    """Of `cards` cases that two scored, with `marks` items that both marked. `kappa` None: it can not be reckoned,
    because there is nothing, or both always gave one and the same mark."""

    cards: int
    marks: int
    kappa: float | None
    error: float = 0.0

    @property
    def low(self) -> float:
        """The lower end of the 95 % interval."""
        return max(-1.0, (self.kappa or 0.0) - 1.96 * self.error)

    @property
    def high(self) -> float:
        return min(1.0, (self.kappa or 0.0) + 1.96 * self.error)

    def verdict(self, threshold: float) -> Verdict:
        if self.kappa is None or self.cards < LEAST_CARDS:
            return "unknown"
        return "met" if self.kappa >= threshold else "missed"


def agreement(cards: Sequence[tuple[Mapping[str, str], Mapping[str, str]]]) -> Agreement:
    """Each card as the first marked it and as the second did, by item; what only one was asked does not count."""
    pairs = [(first[code], second[code]) for first, second in cards for code in first if code in second]
    if not pairs:
        return Agreement(len(cards), 0, None)
    count = len(pairs)
    firsts, seconds = Counter(first for first, _second in pairs), Counter(second for _first, second in pairs)
    same = sum(first == second for first, second in pairs) / count
    chance = sum(firsts[mark] * seconds[mark] for mark in firsts) / count**2
    if chance == 1:
        return Agreement(len(cards), count, None)
    error = sqrt(same * (1 - same) / count) / (1 - chance)
    return Agreement(len(cards), count, (same - chance) / (1 - chance), error)


def apart(scores: tuple[object, object], fatal: tuple[Collection[str], Collection[str]], *, limit: int) -> bool:
    """Whether a third is to settle it: more points between the two than the limit, or not the same fatal items."""
    first, second = (float(str(each)) for each in scores)
    return abs(first - second) > limit or set(fatal[0]) != set(fatal[1])
