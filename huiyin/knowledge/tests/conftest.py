"""The library as the product ships it, as values without tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from huiyin.knowledge.phrases import Book
    from huiyin.knowledge.scripts import Framing, Wording

DEFAULTS = Path(__file__).resolve().parents[2] / "defaults"
NAMES = ("scripts", "forbidden_phrases", "special_customers", "knowledge")


@pytest.fixture(scope="session")
def documents() -> Mapping[str, Any]:
    return {name: yaml.safe_load((DEFAULTS / f"{name}.yaml").read_text("utf-8")) for name in NAMES}


@pytest.fixture(scope="session")
def book(documents: Mapping[str, Any]) -> Book:
    from huiyin.knowledge.actions.loading import _phrases  # models: not before Django is set up
    from huiyin.knowledge.phrases import Book, Rule

    rules = [
        Rule(
            code=code,
            when=row["when"],
            level=row["level"],
            why=row["why"],
            words=tuple(row["words"]),
            pattern=row["pattern"],
            exceptions=tuple(row["exceptions"]),
            rewrite=row["rewrite"],
        )
        for code, row in _phrases(documents["forbidden_phrases"], documents["knowledge"])
    ]
    return Book(tuple(rules), tuple(each["zh"] for each in documents["special_customers"]["types"]))


@pytest.fixture(scope="session")
def wordings(documents: Mapping[str, Any]) -> list[Wording]:
    from huiyin.knowledge.scripts import Wording

    return [
        Wording(
            code=row["id"],
            name=row["zh"],
            stage=row["stage"],
            text=row["text"],
            codes=frozenset(row["codes"]) - {"any"},
            is_regret=row["id"] in documents["knowledge"]["regret"],
            is_confessing=row["id"] in documents["knowledge"]["confessing"],
        )
        for row in documents["scripts"]["scripts"]
    ]


@pytest.fixture(scope="session")
def frames(documents: Mapping[str, Any]) -> dict[str, Framing]:
    from huiyin.knowledge.scripts import Framing

    return {each["channel"]: Framing(each["opening"], each["closing"]) for each in documents["knowledge"]["frames"]}
