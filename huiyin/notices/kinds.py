"""The kinds of notice that come with the product: their words in two languages, and how they go by default.

`shipped.yaml` is the list; a kind is added there, nothing else is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from huiyin.org.models.people import in_language

LANGUAGES = ("zh", "en")
ALWAYS = ("number", "at")  # placeholders that every kind has


class UnknownKind(LookupError):
    """shipped.yaml does not name it."""


@dataclass(frozen=True)
class Words:
    title: str
    body: str


@dataclass(frozen=True)
class Kind:
    code: str
    label_zh: str
    label_en: str
    values: tuple[str, ...]  # what its words may speak of, besides ALWAYS
    ways: frozenset[str]  # beyond the inbox, where the member chose nothing
    is_for_groups: bool
    words: Mapping[str, Words]  # by language

    @property
    def label(self) -> str:
        return in_language(self.label_zh, self.label_en)

    @property
    def placeholders(self) -> tuple[str, ...]:
        return (*self.values, *ALWAYS)


@cache
def kinds() -> Mapping[str, Kind]:
    """All of them by code, in the order of the file."""
    document = yaml.safe_load((Path(__file__).parent / "shipped.yaml").read_text("utf-8"))
    return {code: _kind(code, given) for code, given in document.items()}


def kind_of(code: str) -> Kind:
    """Raises UnknownKind."""
    try:
        return kinds()[code]
    except KeyError:
        raise UnknownKind(code) from None


def _kind(code: str, given: Mapping[str, object]) -> Kind:
    label, values, ways = given["label"], given.get("values", []), given.get("ways", [])
    assert isinstance(label, list)
    assert isinstance(values, list)
    assert isinstance(ways, list)
    words = {language: Words(*_pair(given[language])) for language in LANGUAGES}
    return Kind(code, label[0], label[1], tuple(values), frozenset(ways), bool(given.get("groups", True)), words)


def _pair(given: object) -> tuple[str, str]:
    assert isinstance(given, list)
    return given[0], given[1]
