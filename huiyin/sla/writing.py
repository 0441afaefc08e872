"""The policy document as the text an administrator edits, and back."""

from __future__ import annotations

import json
from difflib import unified_diff
from typing import Any

import yaml

from huiyin.lib.documents import CRASHES

# PostgreSQL's jsonb forgets the order of keys; people read a clock from its name to its target
ORDER = (
    "schema_version", "calendars", "holidays", "clocks", "pause_reasons", "never_pause", "not_a_reason", "warnings",
    "last_calls", "escalation", "extension", "reassessment", "recompute_policy",
    "id", "max_times", "zh", "en", "tz", "open", "close", "hours", "always", "workdays", "days_off", "makeup_workdays",
    "start", "stop", "repeat_every", "repeat_at", "until", "while", "kind", "target_rule", "when", "target", "targets",
    "alert_over", "level", "cx", "issue", "tier", "urgent", "min_of", "nm", "nh", "bm", "bh", "wd", "ld", "then",
    "formula", "meaning", "rungs", "at", "after", "tell", "notify", "action", "requires", "max_nh", "max_wd",
    "approver", "customer_informed", "remind_nh", "allowed_for", "needs", "seed", "note",
)  # fmt: skip
PLACES = {key: place for place, key in enumerate(ORDER)}
WIDTH = 120


class _Line(dict[str, Any]):
    """A mapping short enough for one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def represent_line(self, value: _Line) -> yaml.Node:
        return self.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True)


_Dumper.add_representer(_Line, _Dumper.represent_line)


def as_text(body: dict[str, Any]) -> str:
    """YAML in reading order, what is short on one line. Comments are not kept; a `note` is."""
    text: str = yaml.dump(
        _ordered(body), Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=None, width=WIDTH
    )
    return text


def from_text(text: str) -> Any:
    """The document written there; raises yaml.YAMLError, where it can with line and column."""
    try:
        return yaml.safe_load(text)
    except (*CRASHES, RecursionError) as wrong:  # a 13th month, a number or a nesting without end
        raise yaml.YAMLError(str(wrong)) from wrong


def changes(before: dict[str, Any] | None, after: dict[str, Any]) -> str:
    """The lines that went and came, with three around them."""
    old = as_text(before).splitlines() if before else []
    return "\n".join(unified_diff(old, as_text(after).splitlines(), lineterm="", n=3))


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        found = {key: _ordered(value[key]) for key in sorted(value, key=_place)}
        return _Line(found) if len(json.dumps(found, ensure_ascii=False)) <= WIDTH else found
    return [_ordered(each) for each in value] if isinstance(value, list) else value


def _place(key: str) -> tuple[int, str]:
    return PLACES.get("holidays" if key.startswith("holidays_") else key, len(PLACES)), key
