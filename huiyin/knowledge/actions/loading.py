"""The shipped scripts, phrases, methods, playbooks and cases into rows; what an administrator changed stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.knowledge import phrases
from huiyin.knowledge.actions.cases import index
from huiyin.knowledge.models import Frame, LibraryCase, Method, Phrase, Playbook, Script
from huiyin.lib.defaults import bring

Documents = Mapping[str, Any]
# What should be said at the first contact or where it was our doing asks for a second look; the rest is a hint.
_LEVEL_OF_REQUIRED = {phrases.OPENING: phrases.WARN, phrases.AT_FAULT: phrases.WARN}


@transaction.atomic
def load(documents: Documents, at: datetime) -> int:
    """Whatever the documents have stands in the tables, save what an administrator changed; how many rows are new
    or renewed."""
    own = documents["knowledge"]
    count = bring(Frame, "channel", {each["channel"]: _frame(each) for each in own["frames"]})
    count += bring(Script, "code", _scripts(documents["scripts"]["scripts"], own))
    count += bring(Phrase, "code", dict(_phrases(documents["forbidden_phrases"], own)))
    count += bring(Method, "code", _methods(own["methods"]))
    count += bring(Playbook, "code", _playbooks(documents["special_customers"], own["playbook_tags"]))
    cases = bring(LibraryCase, "code", _cases(own["cases"]))
    index(LibraryCase.objects.all() if cases else LibraryCase.objects.filter(words=None))
    return count + cases


def _frame(each: Mapping[str, str]) -> dict[str, str]:
    return {"opening": each.get("opening", ""), "closing": each.get("closing", "")}


def _named(each: Mapping[str, Any], position: int) -> dict[str, Any]:
    return {"name_zh": each["zh"], "name_en": each.get("en", ""), "position": position}


def _scripts(scripts: Iterable[Mapping[str, Any]], own: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        each["id"]: {
            **_named(each, position),
            "stage": each["stage"],
            "categories": [code for code in each["codes"] if code != "any"],
            "text": each["text"],
            "is_regret": each["id"] in own["regret"],
            "is_confessing": each["id"] in own["confessing"],
        }
        for position, each in enumerate(scripts, start=1)
    }


def _phrases(document: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    avoided = [*document["phrases"], *({**each, "level": phrases.NOTE} for each in own["positive"])]
    for position, each in enumerate(avoided, start=1):
        yield (
            each["id"],
            {
                "when": phrases.FORBIDDEN,
                "level": each["level"],
                "words": [each["match"]] if "match" in each else [],
                "pattern": each.get("re", ""),
                "exceptions": list(each.get("exceptions", [])),
                "why": each["why"],
                "rewrite": each["rewrite"],
                "note": each.get("note", ""),
                "position": position,
            },
        )
    for position, each in enumerate(document["required_phrases"], start=1):
        yield (
            each["id"],
            {
                "when": each["when"],
                "level": _LEVEL_OF_REQUIRED.get(each["when"], phrases.NOTE),
                "words": list(each.get("any", [])),
                "pattern": each.get("re", ""),
                "exceptions": [],
                "why": each["zh"],
                "rewrite": "",
                "note": "",
                "position": 1000 + position,
            },
        )


def _methods(methods: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        each["id"]: {**_named(each, position), "steps": [dict(step) for step in each["steps"]]}
        for position, each in enumerate(methods, start=1)
    }


def _playbooks(document: Mapping[str, Any], tags: Mapping[str, list[str]]) -> dict[str, dict[str, Any]]:
    return {
        each["id"]: {
            **_named(each, position),
            "traits": dict(each["traits"]),
            "signals": list(each["signals"]),
            "steps": list(each["steps"]),
            "tags": list(tags.get(each["id"], [])),
            "techniques": [way for way in each["methods"] if way not in tags.get(each["id"], [])],
            "avoid": list(each["avoid"]),
            "script_codes": list(each["scripts"]),
            "escalate_when": list(each["escalate_when"]),
            "guards": list(document["guard"]),
        }
        for position, each in enumerate(document["types"], start=1)
    }


def _cases(cases: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """After the playbooks, whose codes they name."""
    playbooks = dict(Playbook.objects.values_list("code", "pk"))
    return {
        each["id"]: {
            **_named(each, position),
            "playbook_id": playbooks.get(each.get("playbook", "")),
            "categories": list(each["codes"]),
            "situation": each["situation"],
            "cause": each["cause"],
            "handling": each["handling"],
            "result": each["result"],
            "lesson": each["lesson"],
        }
        for position, each in enumerate(cases, start=1)
    }
