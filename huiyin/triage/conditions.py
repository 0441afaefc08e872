"""The `when` of a severity rule: {any: [...]}, {all: [...]}, {claimed_loss_cny_gte: 20000}, {category_group: SG}."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

Atom = tuple[str, float]  # a signal and the least value that counts; any value above nothing is 1e-9

_AT_LEAST: Final = re.compile(r"(?P<name>.+)_gte_(?P<n>\d+(?:\.\d+)?)")
_CODE: Final = "category_code_"


class Case(NamedTuple):
    facts: Mapping[str, float]
    category: str
    group: str


class UnknownCondition(ValueError):
    """A rule asks something that nobody can answer."""


@dataclass(frozen=True, slots=True)
class Condition:
    """All parts must hold: one of `some`, each of `every`, none of `none`, and the category's part."""

    some: tuple[Atom, ...] = ()
    every: tuple[Atom, ...] = ()
    none: tuple[Atom, ...] = ()
    group: str = ""
    codes: frozenset[str] = frozenset()
    not_codes: frozenset[str] = frozenset()
    is_never: bool = False
    is_always: bool = field(init=False, compare=False)
    signals: tuple[str, ...] = field(init=False, compare=False)  # those that make it hold, by name

    def __post_init__(self) -> None:
        """What is asked of every text is worked out once."""
        parts = (self.some, self.every, self.none, self.group, self.codes, self.not_codes, self.is_never)
        object.__setattr__(self, "is_always", not any(parts))
        object.__setattr__(self, "signals", tuple(dict.fromkeys(name for name, _ in (*self.some, *self.every))))

    def holds(self, case: Case) -> bool:
        facts = case.facts
        if not facts and (self.some or self.every):
            return False
        if self.is_never or (self.some and not _any(self.some, facts)):
            return False
        for name, least in self.every:
            if facts.get(name, 0.0) < least:
                return False
        if self.group and case.group != self.group:
            return False
        if (self.codes and case.category not in self.codes) or case.category in self.not_codes:
            return False
        return not _any(self.none, facts)


def parse(when: Mapping[str, Any]) -> Condition:
    """Raises UnknownCondition on a part that is not of the language."""
    some: list[Atom] = []
    every: list[Atom] = []
    none: list[Atom] = []
    codes: set[str] = set()
    not_codes: set[str] = set()
    group, is_never = "", not when
    for key, value in when.items():
        if key == "always":
            is_never = is_never or not value
        elif key == "any":
            codes |= _codes(value)
            some += _atoms(value)
        elif key == "all":
            codes |= _codes(value)
            every += _atoms(value)
        elif key == "not":
            not_codes |= _codes(value)
            none += _atoms(value)
        elif key == "category_group":
            group = str(value)
        elif key == "category_code":
            codes.add(str(value))
        elif key.endswith("_gte"):
            every.append((key.removesuffix("_gte"), float(value)))
        else:
            raise UnknownCondition(key)
    return Condition(tuple(some), tuple(every), tuple(none), group, frozenset(codes), frozenset(not_codes), is_never)


def atom(word: str) -> Atom:
    """same_batch_defects_gte_3 is the signal and the least value; a plain signal must just be there."""
    if match := _AT_LEAST.fullmatch(word):
        return match["name"], float(match["n"])
    return word, 1e-9


def _atoms(words: Iterable[str]) -> list[Atom]:
    return [atom(word) for word in words if not word.startswith(_CODE)]


def _codes(words: Iterable[str]) -> set[str]:
    return {word.removeprefix(_CODE) for word in words if word.startswith(_CODE)}


def _any(atoms: Iterable[Atom], facts: Mapping[str, float]) -> bool:
    for name, least in atoms:  # noqa: SIM110  # asked of every rule for every text: a generator takes twice as long
        if facts.get(name, 0.0) >= least:
            return True
    return False
