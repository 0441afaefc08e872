"""Which of a month's closed complaints are reviewed (C030): a fifth by lot, spread over team x level x channel. Pure.

The lot is a digest of the seed and the complaint's key, so that the same seed and the same complaints give the same
sample in any process, on any day, by any version of the language.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

Key = tuple[int, int, str]  # unit, severity, channel


@dataclass(frozen=True)
class Closed:
    """A complaint as it was closed; `is_certain`: it is reviewed whatever the lot says."""

    pk: int
    unit: int
    severity: int
    channel: str
    agent: int | None = None
    is_certain: bool = False

    @property
    def key(self) -> Key:
        return (self.unit, self.severity, self.channel)


@dataclass(frozen=True)
class Stratum:
    key: Key
    closed: tuple[int, ...]
    drawn: tuple[int, ...]


@dataclass(frozen=True)
class Sample:
    """`drawn` by lot; `certain` and `topped_up` come on top of it, so that the lot stays a fair one."""

    strata: tuple[Stratum, ...]
    certain: frozenset[int]
    topped_up: frozenset[int]
    twice: frozenset[int] = frozenset()  # of everything, those that two score

    @property
    def drawn(self) -> frozenset[int]:
        return frozenset(pk for stratum in self.strata for pk in stratum.drawn)

    @property
    def everything(self) -> frozenset[int]:
        return self.drawn | self.certain | self.topped_up


def size_of(population: int, percent: int) -> int:
    """At least so many per cent, rounded up."""
    return -(-population * percent // 100)


def draw(
    closed: Iterable[Closed], *, seed: str, percent: int, least_per_agent: int = 0, twice_percent: int = 0
) -> Sample:
    """The same for the same complaints in any order."""
    rows = {each.pk: each for each in closed}
    strata: dict[Key, list[int]] = defaultdict(list)
    for row in rows.values():
        strata[row.key].append(row.pk)
    sizes = {key: len(keys) for key, keys in strata.items()}
    shares = allot(sizes, size_of(len(rows), percent), seed=seed)
    drawn = {key: tuple(_by_lot(keys, seed)[: shares[key]]) for key, keys in strata.items()}
    taken = {pk for keys in drawn.values() for pk in keys}
    certain = frozenset(row.pk for row in rows.values() if row.is_certain) - taken
    sample = Sample(
        strata=tuple(Stratum(key, tuple(sorted(strata[key])), drawn[key]) for key in sorted(strata)),
        certain=certain,
        topped_up=_top_up(rows, taken | certain, least_per_agent, seed),
    )
    # a lot of its own: who was drawn first is not also the likelier to be scored by two
    lots = _by_lot(sorted(sample.everything), f"{seed}:twice")
    return replace(sample, twice=frozenset(lots[: size_of(len(lots), twice_percent)]))


def allot(sizes: Mapping[Key, int], wanted: int, *, seed: str) -> dict[Key, int]:
    """So many of each stratum, in proportion; what is left over goes to the largest remainders, ties by lot."""
    population = sum(sizes.values())
    if not population:
        return {}
    shares = {key: wanted * size // population for key, size in sizes.items()}
    left = sorted(sizes, key=lambda key: (-(wanted * sizes[key] % population), _lot(seed, *key)))
    for key in left[: wanted - sum(shares.values())]:
        shares[key] += 1
    return shares


def _top_up(rows: Mapping[int, Closed], taken: Iterable[int], least: int, seed: str) -> frozenset[int]:
    """More of those who have fewer than the least, as far as they have any."""
    known = set(taken)
    counts = Counter(rows[pk].agent for pk in known)
    others: dict[int, list[int]] = defaultdict(list)
    for row in rows.values():
        if row.agent is not None and row.pk not in known:
            others[row.agent].append(row.pk)
    return frozenset(
        pk for agent, keys in others.items() for pk in _by_lot(keys, seed)[: max(0, least - counts[agent])]
    )


def _by_lot(keys: Sequence[int], seed: str) -> list[int]:
    return sorted(keys, key=lambda pk: _lot(seed, pk))


def _lot(seed: str, *what: object) -> bytes:
    return sha256(":".join([seed, *map(str, what)]).encode()).digest()
