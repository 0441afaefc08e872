"""From what was seen to what is forecast. Values only.

A kind of which little was seen leans on the wider kind above it: `n` of its own against PSEUDO of the other's, in
logarithms, as durations are skewed. (Partial pooling with a fixed prior weight; see Gelman and Hill, Data Analysis
Using Regression and Multilevel/Hierarchical Models, 2007, ch. 12.)
"""

from collections.abc import Iterable, Mapping
from math import exp, log
from typing import NamedTuple

PSEUDO = 20
FEW = 5  # of so few nothing is said of their own kind


class Seen(NamedTuple):
    """What one kind of complaint took, in hours; `above` is the next wider kind, empty for the widest."""

    key: str
    above: str
    n: int
    median: float
    p90: float


def key_of(code: str, severity: int) -> str:
    return f"{code}/{severity}"


def keys_for(leaf: str, group: str, severity: int) -> tuple[str, ...]:
    """Where to look for a complaint's forecast, the narrowest kind first."""
    return key_of(leaf, severity), key_of(group, severity), key_of("*", severity), "*"


def shrink(seen: Iterable[Seen]) -> dict[str, Seen]:
    """Every kind with its figures drawn towards the kind above; a median never above its P90."""
    known: Mapping[str, Seen] = {each.key: each for each in seen}
    made: dict[str, Seen] = {}
    for key in known:
        _shrunk(key, known, made)
    return made


def _shrunk(key: str, known: Mapping[str, Seen], made: dict[str, Seen]) -> Seen:
    if key not in made:
        own = known[key]
        above = _shrunk(own.above, known, made) if own.above in known else own
        weight = own.n / (own.n + PSEUDO)
        made[key] = own._replace(
            median=_between(above.median, own.median, weight), p90=_between(above.p90, own.p90, weight)
        )
    return made[key]


def _between(above: float, own: float, weight: float) -> float:
    return exp(weight * log(own) + (1 - weight) * log(above))
