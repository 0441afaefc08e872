"""The default files agree with each other (the validate.py of the domain files, for what this app loads)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from huiyin.triage.conditions import parse
from huiyin.triage.cues import SIGNALS
from huiyin.triage.matching import parse as parse_keyword
from huiyin.triage.scoring import UNCLASSIFIED
from huiyin.triage.signals import LABELS

Documents = Mapping[str, Any]

# What a text cannot say: known from elsewhere and given to grade(signals=...).
FROM_ELSEWHERE = {"brand_mentions_ratio", "reopened_count"}


@pytest.fixture(scope="module")
def leaves(documents: Documents) -> Mapping[str, Mapping[str, Any]]:
    return {leaf["code"]: leaf for group in documents["categories"]["groups"] for leaf in group["leaves"]}


@pytest.fixture(scope="module")
def departments(documents: Documents) -> set[str]:
    return {department["id"] for department in documents["org"]["departments"]}


def test_there_are_103_leaves_and_no_code_twice(documents: Documents, leaves: Mapping[str, Any]) -> None:
    assert len(leaves) == sum(len(group["leaves"]) for group in documents["categories"]["groups"]) == 103


@pytest.mark.req("A57")
def test_each_leaf_has_one_owner_department(leaves: Mapping[str, Any], departments: set[str]) -> None:
    assert {code: leaf["owner"] for code, leaf in leaves.items() if leaf["owner"] not in departments} == {}


def test_what_a_leaf_names_exists(documents: Documents, leaves: Mapping[str, Any], departments: set[str]) -> None:
    sets = set(documents["intake_elements"]["sets"])
    for code, leaf in leaves.items():
        assert set(leaf["sup"]) <= departments, code
        assert leaf["el"] in sets, code
        assert leaf["issue"] in {"tech", "attitude", "contract", "general"}, code
        assert leaf["sev"] in {"L1", "L2", "L3", "L4"}, code
        assert leaf["cx"] in {"S", "C"}, code


def test_the_codes_that_the_rules_rely_on_are_leaves(documents: Documents, leaves: Mapping[str, Any]) -> None:
    assert {"PQ-03", "SP-12", "TD-07", "RL-09", UNCLASSIFIED} <= leaves.keys()
    named = {rule["when"]["code"] for rule in documents["routing"]["rules"] if "code" in rule["when"]}
    assert named <= leaves.keys()


def test_each_owner_has_a_team_of_its_own_department(documents: Documents, leaves: Mapping[str, Any]) -> None:
    teams, default = documents["routing"]["team_ids"], documents["routing"]["owner_default_team"]
    for owner in {leaf["owner"] for leaf in leaves.values()}:
        assert teams[default[owner]]["dept"] == owner


@pytest.mark.req("B09", "B10", "B11", "B12", "B13", "B14", "B17")
def test_the_paper_form_s_boxes_each_have_their_leaf(leaves: Mapping[str, Any]) -> None:
    assert (leaves["PQ-11"]["sev"], leaves["PQ-01"]["sev"], leaves["PQ-04"]["sev"]) == ("L1", "L3", "L3")
    assert leaves["PQ-09"]["act"] != leaves["PQ-10"]["act"]
    assert "eightd" in leaves["LG-14"]["act"]
    assert "eightd" not in leaves["LG-13"]["act"]
    boxes = {"LG-03", "LG-04", "PQ-05", "PQ-07", "PQ-08", "SP-01", "SP-03", "SP-11", "SP-13", "SP-18"}
    assert boxes <= leaves.keys()


def test_every_leaf_but_the_unclassified_has_at_least_ten_keywords(
    documents: Documents, leaves: Mapping[str, Any]
) -> None:
    words = documents["keywords"]["keywords"]
    assert set(words) == leaves.keys() - {UNCLASSIFIED}
    assert {code: len(each) for code, each in words.items() if len(each) < 10} == {}


def test_every_keyword_can_be_read(documents: Documents) -> None:
    for code, words in documents["keywords"]["keywords"].items():
        for word in words:
            assert isinstance(word, str), (code, word)
            text, weight = parse_keyword(word)
            assert 0 < weight <= 4, (code, word)
            assert not {"^", ""} & set(text.split("~")), (code, word)
            assert text.startswith("@") or max(map(len, text.split("~"))) > 1, (code, word)


def test_causes_are_asked_of_leaves_that_exist(documents: Documents, leaves: Mapping[str, Any]) -> None:
    assert documents["keywords"]["causes"].keys() <= leaves.keys()


def test_every_signal_a_rule_reads_is_found_in_texts_or_known_from_elsewhere(documents: Documents) -> None:
    read = {name for rule in documents["severity"]["rules"] for name in parse(rule["when"]).signals}
    assert read - {cue.signal for cue in SIGNALS} - FROM_ELSEWHERE == {"media_threat_credible"}
    assert read <= LABELS.keys()


def test_every_cue_has_a_label_for_people() -> None:
    assert {cue.signal for cue in SIGNALS} - LABELS.keys() == {"media_evidence"}


def test_rules_are_numbered_once_and_the_last_one_always_holds(documents: Documents) -> None:
    rules = documents["severity"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert parse(rules[-1]["when"]).is_always
