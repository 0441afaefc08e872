"""Classes of incidents, the eight disciplines and the rules on records, out of the default files."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.lib.defaults import bring
from huiyin.quality.models import AssessmentRule, Discipline, IncidentClass, RecurrenceRule

_NAMED = re.compile(r"([a-z0-9_]+)\s*(?:[（(](.*)[）)])?$")
_WHOLE = re.compile(r",(?![^(]*\))")  # YAML cuts `members(name,dept)` in two: a comma within brackets is none
_COUNT = re.compile(r"count\s*>=\s*(\d+)")
TEAM = frozenset({"champion", "leader", "members", "kickoff_at"})  # D1 keeps these as rows of their own, not as text


@transaction.atomic
def load(documents: Mapping[str, Any], at: datetime) -> int:
    """Whatever the documents have stands in the tables, save what an administrator changed. Returns how many are new
    or renewed."""
    ours = documents["quality"]
    return (
        _load_classes(documents["severity"]["incident_classes"], ours["incidents"])
        + _load_disciplines(documents["eight_d"]["disciplines"])
        + _load_assessments(documents["routing"]["rules"], ours["assessment"])
        + _load_recurrence(documents["alerts"], ours["recurrence"])
    )


def _load_classes(classes: list[Mapping[str, Any]], ours: Mapping[str, Any]) -> int:
    """Who joins once share prices may move does not join before: BSO stands among INC-MAJ's units for that."""
    adds = list(ours["market_moving"]["adds"])
    return bring(
        IncidentClass,
        "code",
        {
            row["id"]: {
                "position": position,
                "name_zh": row["zh"],
                "name_en": ours["names_en"].get(row["id"], ""),
                "lead_code": row["lead"],
                "joint_codes": [code for code in row["joint"] if code not in adds],
                "market_codes": adds,
                "duties": list(row["duties"]),
                "duties_due": dict(ours["duties_due"]),
                "report_clock": ours["report_clock"].get(row["id"], ""),
            }
            for position, row in enumerate(classes, start=1)
        },
    )


def _load_disciplines(rows: list[Mapping[str, Any]]) -> int:
    return bring(
        Discipline,
        "code",
        {
            row["id"]: {
                "position": position,
                "name_zh": row["zh"],
                "name_en": row.get("en", ""),
                "fields": [each for each in fields(row) if each["name"] not in TEAM],
                "gate": row["gate"],
                "rule": row.get("rule", ""),
                "due": dict(row["due"]),
            }
            for position, row in enumerate(rows)
        },
    )


def fields(row: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """What a discipline asks, each with a hint: 5W2H and is/is-not one by one, tables as text."""
    asked = row.get("fields", [])
    if isinstance(asked, Mapping):
        for name, inner in asked.items():
            yield from _of_group(name, inner)
    else:
        axes = {"fishbone": "、".join(row.get("fishbone_axes", ()))}
        for field in map(_of_word, _WHOLE.split(",".join(map(_text, asked)))):
            yield field | {"hint": field["hint"] or axes.get(field["name"], "")}
    if table := row.get("containment_table"):
        yield {"name": "containment", "hint": "、".join(table["locations"])}
    if remedies := row.get("customer_remedy"):
        yield {"name": "customer_remedy", "hint": "、".join(remedies)}


def _of_group(name: str, inner: Any) -> Iterator[dict[str, str]]:
    if isinstance(inner, Mapping):
        yield from ({"name": key, "hint": str(hint)} for key, hint in inner.items())
    elif name == "is_is_not":
        yield from ({"name": f"is_is_not_{each}", "hint": ""} for each in inner)
    else:
        yield {"name": name, "hint": "、".join(inner)}


def _text(word: str | Mapping[str, Any]) -> str:
    return word if isinstance(word, str) else next(iter(word))


def _of_word(text: str) -> dict[str, str]:
    found = _NAMED.match(text)
    return {"name": found[1], "hint": found[2] or ""} if found else {"name": text, "hint": ""}


def _load_assessments(rules: list[Mapping[str, Any]], record: str) -> int:
    wanted = {
        rule["id"]: {"category_code": rule["when"]["code"]}
        for rule in rules
        if rule["then"].get("record") == record and "code" in rule["when"]
    }
    return bring(AssessmentRule, "code", wanted)


def _load_recurrence(alerts: Mapping[str, Any], ours: Mapping[str, Any]) -> int:
    rows = next(value for value in alerts.values() if isinstance(value, list) and value and "id" in value[0])
    alert = next(row for row in rows if row["id"] == ours["alert"])
    found = _COUNT.search(alert["when"])
    threshold = int(found[1]) if found else 5
    values = {"threshold": threshold, "clock": ours["clock"], "unit_code": ours["unit"]}
    return bring(RecurrenceRule, "code", {alert["id"]: values})
