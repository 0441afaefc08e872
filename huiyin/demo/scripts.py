"""The hand-written complaints as values: what was said, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Script:
    """One complaint in its own words; `[a|b]` is a free choice, `<a|b>` one by the kind of goods, `{slot}` a value."""

    code: str
    voice: str
    channel: str
    title: str
    text: str
    expectation: str
    emotion: int
    goods: tuple[str, ...]
    issues: tuple[tuple[str, str], ...]
    finding: str
    letter: str
    lang: str = "zh"
    tier: str = "STD"
    level: int | None = None
    hour: int = 0
    draw: Mapping[str, str] = field(default_factory=dict)
    elements: Mapping[str, str] = field(default_factory=dict)
    decline: str = ""
    send_back: str = ""
    reject: str = ""
    note: str = ""

    @property
    def group(self) -> str:
        return self.code[:2]


def _read(name: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((FOLDER / name).read_text("utf-8"), Loader=loader)


def _script(entry: Mapping[str, Any]) -> Script:
    made = dict(entry)
    made["goods"] = tuple(entry["goods"])
    made["issues"] = tuple((str(point), str(answer)) for point, answer in entry["issues"].items())
    made["draw"] = {name: str(span) for name, span in entry.get("draw", {}).items()}
    return Script(**made)


@cache
def scripts() -> tuple[Script, ...]:
    """Every script, in the order of the files."""
    paths = sorted((FOLDER / "texts").glob("*.yaml"))
    return tuple(_script(entry) for path in paths for entry in _read(f"texts/{path.name}"))


@cache
def catalogue() -> Mapping[str, Any]:
    """Goods, carriers, places and names of the fictional company and its customers."""
    made: Mapping[str, Any] = _read("catalogue.yaml")
    return made


@cache
def phrases() -> Mapping[str, Any]:
    """What is said on the way where a script brings no words of its own."""
    made: Mapping[str, Any] = _read("phrases.yaml")
    return made
