"""The shipped policy and the reference figures."""

import json
from copy import deepcopy
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import huiyin
from huiyin.sla.policy import Policy

PACKAGE = Path(huiyin.__file__).parent


@cache
def _shipped() -> dict[str, Any]:
    body: dict[str, Any] = yaml.safe_load((PACKAGE / "defaults" / "sla.yaml").read_text(encoding="utf-8"))
    return body


def shipped() -> dict[str, Any]:
    return deepcopy(_shipped())


def clock(body: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in body["clocks"] if each["id"] == code)
    return found


@cache
def policy() -> Policy:
    return Policy(shipped(), number=1)


@cache
def golden(part: str) -> dict[str, Any]:
    figures = json.loads((PACKAGE.parent / "tests" / "golden_vectors.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = figures[part]
    return found


def at(text: str) -> datetime:
    """A moment in China: `at("2026-11-20 17:59")`."""
    return datetime.fromisoformat(f"{text}+08:00")
