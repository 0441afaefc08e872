"""The grading's reference: the tree's leaves, the severity rules, and the words of both in one index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from huiyin.triage.conditions import Condition, parse
from huiyin.triage.levels import ORDINARY
from huiyin.triage.matching import Index, index


@dataclass(frozen=True, slots=True)
class Leaf:
    code: str
    name: str
    group: str
    severity: int
    complexity: str
    issue_class: str
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    level: int
    condition: Condition
    name: str


@dataclass(frozen=True, slots=True)
class Book:
    """Leaves by code, rules in their order. `category_ids` are the rows of the leaves, where they have any."""

    version: str
    leaves: Mapping[str, Leaf]
    rules: tuple[Rule, ...]
    index: Index
    category_ids: Mapping[str, int] = field(default_factory=dict)
    grave: Mapping[str, int] = field(default_factory=dict)  # leaves whose default is 1 or 2, with it

    @classmethod
    def of(
        cls,
        leaves: Sequence[Leaf],
        rules: Sequence[Rule],
        synonyms: Mapping[str, Sequence[str]],
        *,
        version: str = "",
        category_ids: Mapping[str, int] | None = None,
    ) -> Book:
        return cls(
            version,
            {leaf.code: leaf for leaf in leaves},
            tuple(rules),
            index({leaf.code: leaf.keywords for leaf in leaves}, synonyms),
            category_ids or {},
            {leaf.code: leaf.severity for leaf in leaves if leaf.severity < ORDINARY},
        )

    @classmethod
    def from_documents(cls, documents: Mapping[str, Any]) -> Book:
        """The book as the default files have it, without tables."""
        words = documents["keywords"]["keywords"]
        ranks = {level["id"]: place for place, level in enumerate(documents["severity"]["levels"], start=1)}
        return cls.of(
            [
                Leaf(
                    code=leaf["code"],
                    name=leaf["zh"],
                    group=group["code"],
                    severity=ranks[leaf["sev"]],
                    complexity=leaf["cx"],
                    issue_class=leaf["issue"],
                    keywords=tuple(words.get(leaf["code"], ())),
                )
                for group in documents["categories"]["groups"]
                for leaf in group["leaves"]
            ],
            [
                Rule(rule["id"], ranks[rule["level"]], parse(rule["when"]), rule["zh"])
                for rule in documents["severity"]["rules"]
            ],
            {group["to"]: tuple(group["from"]) for group in documents["synonyms"]["groups"]},
            version="documents",
        )
