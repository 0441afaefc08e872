"""A notice in words: names in braces are replaced by values, and that is all a template can do. No ORM, no clock."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.notices.kinds import Words

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
NOTHING = "—"
LONGEST = 400  # of one value


def placeholders(words: str) -> set[str]:
    return set(PLACEHOLDER.findall(words))


def faults(words: str, allowed: Collection[str]) -> list[str]:
    """What in the template is neither a placeholder of its kind nor plain text."""
    unknown = [f"{{{name}}}" for name in sorted(placeholders(words) - set(allowed))]
    rest = PLACEHOLDER.sub("", words)
    return unknown + re.findall(r"\{[^{}]{0,40}\}?|\}", rest)


def fill(words: Words, values: Mapping[str, Any], *, language: str, zone: ZoneInfo) -> Words:
    """Title and body with the values in place; what has no value is a dash. A value is never looked into: braces in
    it stay braces."""

    def put(match: re.Match[str]) -> str:
        return shown(match[1], values.get(match[1]), language=language, zone=zone)

    return Words(PLACEHOLDER.sub(put, words.title), PLACEHOLDER.sub(put, words.body))


def shown(name: str, value: Any, *, language: str, zone: ZoneInfo) -> str:
    if isinstance(value, Mapping):
        value = value.get(language) or value.get("zh")
    if value is None or value == "":
        return NOTHING
    if name == "at" or name.endswith("_at"):
        return _moment(value, language, zone)
    return " ".join(str(value).split())[:LONGEST]


def _moment(value: Any, language: str, zone: ZoneInfo) -> str:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return " ".join(str(value).split())[:LONGEST]
    local = moment.astimezone(zone) if moment.tzinfo else moment
    clock = f"{local:%H:%M}"
    return f"{local.month}月{local.day}日 {clock}" if language == "zh" else f"{local.day} {local:%b} {clock}"
