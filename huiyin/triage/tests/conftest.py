from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from huiyin.triage.book import Book

DEFAULTS = Path(__file__).resolve().parents[2] / "defaults"
NAMES = ("org", "routing", "categories", "intake_elements", "severity", "synonyms", "keywords")


@pytest.fixture(scope="session")
def documents() -> Mapping[str, Any]:
    return {name: yaml.safe_load((DEFAULTS / f"{name}.yaml").read_text("utf-8")) for name in NAMES}


@pytest.fixture(scope="session")
def book(documents: Mapping[str, Any]) -> Book:
    from huiyin.triage.book import Book

    return Book.from_documents(documents)


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def tree(db: None, documents: Mapping[str, Any], at: datetime) -> None:
    from huiyin.org.actions import loading as org  # this file is read before Django is set up
    from huiyin.triage.actions import loading

    org.load(documents, at)
    loading.load(documents, at)
