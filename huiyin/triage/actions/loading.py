"""The default tree, element sets, severity rules and synonyms out of the default files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.lib.defaults import bring
from huiyin.org.models import Unit
from huiyin.triage import errors, queries
from huiyin.triage.levels import rank
from huiyin.triage.models import Brand, Category, Cause, ElementSet, SeverityRule, Synonym

INTAKE_CLASS = {"产品": "product", "服务": "service", "物流": "logistics"}


@transaction.atomic
def load(documents: Mapping[str, Any], at: datetime) -> int:
    """Whatever the documents have stands in the tables, save what an administrator changed; how many rows are new
    or renewed. Load the organisation first. Raises UnknownOwner."""
    tree = documents["categories"]
    words = documents.get("keywords", {})
    count = _load_element_sets(documents["intake_elements"])
    count += _load_groups(tree, at)
    count += _load_leaves(tree, words, at)
    count += _load_rules(documents["severity"])
    count += _load_synonyms(documents.get("synonyms", {}))
    count += _load_causes(documents.get("causes", {}).get("causes", []))
    count += _load_brands(documents.get("brands", {}).get("brands", []))
    queries.forget_on_commit()
    return count


def _load_element_sets(elements: Mapping[str, Any]) -> int:
    sets = {ElementSet.COMMON: elements["common"], **elements["sets"]}
    count = bring(
        ElementSet,
        "code",
        {
            code: {"required": list(each["required"]), "optional": list(each.get("optional", []))}
            for code, each in sets.items()
        },
    )
    for row in ElementSet.objects.filter(code__in=sets, name_zh=""):  # a name is never renewed: it is the company's own
        row.name_zh, row.name_en = sets[row.code].get("zh", ""), sets[row.code].get("en", "")
        row.save(update_fields=["name_zh", "name_en"])
    return count


def _load_groups(tree: Mapping[str, Any], at: datetime) -> int:
    intake_class = _intake_classes(tree)
    return bring(
        Category,
        "code",
        {
            group["code"]: {
                "name_zh": group["zh"],
                "name_en": group.get("en", ""),
                "position": 1000 * number,
                "requires": list(group.get("requires", [])),
                "intake_class": intake_class.get(group["code"], ""),
            }
            for number, group in enumerate(tree["groups"], start=1)
        },
        first={"valid_from": at},
        always={"tree_version": tree.get("tree_version", "")},
    )


def _intake_classes(tree: Mapping[str, Any]) -> dict[str, str]:
    """产品, 服务 or 物流 for each group (C059)."""
    three_way = tree.get("cross_codes", {}).get("intake_three_way", {})
    return {code: INTAKE_CLASS[word] for word, codes in three_way.items() for code in codes}


def _load_leaves(tree: Mapping[str, Any], words: Mapping[str, Any], at: datetime) -> int:
    leaves = [
        (group["code"], 1000 * number + place, leaf)
        for number, group in enumerate(tree["groups"], start=1)
        for place, leaf in enumerate(group["leaves"], start=1)
    ]
    owners = {unit.code: unit.pk for unit in Unit.objects.filter(code__in={leaf["owner"] for _g, _p, leaf in leaves})}
    if missing := {leaf["owner"] for _g, _p, leaf in leaves} - owners.keys():
        raise errors.UnknownOwner(missing)
    groups = dict(Category.objects.groups().values_list("code", "pk"))
    sets = dict(ElementSet.objects.values_list("code", "pk"))
    intake_class = _intake_classes(tree)
    wanted = {
        leaf["code"]: {
            "name_zh": leaf["zh"],
            "name_en": leaf.get("en", ""),
            "parent_id": groups[group],
            "position": position,
            "severity": rank(leaf["sev"]),
            "complexity": leaf["cx"],
            "issue_class": leaf["issue"],
            "intake_class": intake_class.get(group, ""),
            "owner_id": owners[leaf["owner"]],
            "support_codes": list(leaf.get("sup", [])),
            "element_set_id": sets[leaf["el"]],
            "acts": list(leaf.get("act", [])),
            "keywords": list(words.get("keywords", {}).get(leaf["code"], [])),
            "causes": list(words.get("causes", {}).get(leaf["code"], [])),
            "requires": list(leaf.get("requires", [])),
        }
        for group, position, leaf in leaves
    }
    return bring(
        Category,
        "code",
        wanted,
        first={"valid_from": at},
        always={"tree_version": tree.get("tree_version", "")},
    )


def _load_rules(severity: Mapping[str, Any]) -> int:
    return bring(
        SeverityRule,
        "code",
        {
            rule["id"]: {
                "position": 10 * place,
                "level": rank(rule["level"]),
                "condition": dict(rule["when"]),
                "name_zh": rule["zh"],
            }
            for place, rule in enumerate(severity["rules"], start=1)
        },
    )


def _load_synonyms(synonyms: Mapping[str, Any]) -> int:
    return bring(
        Synonym,
        "canonical",
        {
            group["to"]: {"variants": list(group["from"]), "tag": group.get("tag", "")}
            for group in synonyms.get("groups", [])
        },
    )


def _load_causes(rows: Sequence[Mapping[str, Any]]) -> int:
    wanted = _choices(rows)
    for row in rows:
        wanted[row["code"]]["is_explanation"] = bool(row.get("explanation", False))
    return bring(Cause, "code", wanted)


def _load_brands(rows: Sequence[Mapping[str, Any]]) -> int:
    return bring(Brand, "code", _choices(rows))


def _choices(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        row["code"]: {"name_zh": row["zh"], "name_en": row.get("en", ""), "position": 10 * place}
        for place, row in enumerate(rows, start=1)
    }
