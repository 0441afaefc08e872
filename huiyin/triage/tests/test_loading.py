"""The default tree goes into the tables once, and an administrator's changes outlive it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from huiyin.triage import errors
from huiyin.triage.actions import loading
from huiyin.triage.models import Category, ElementSet, SeverityRule, Synonym

pytestmark = pytest.mark.django_db


@pytest.mark.req("A57")
def test_every_one_of_the_103_leaves_has_exactly_one_owner_department(tree: None) -> None:
    leaves = Category.objects.leaves().select_related("owner")
    assert leaves.count() == 103
    assert {leaf.owner is not None and leaf.owner.kind in {"department", "service_centre"} for leaf in leaves} == {True}


def test_the_seven_groups_hold_the_leaves_of_the_file(tree: None, documents: Mapping[str, Any]) -> None:
    by_group = {group.code: group.children.count() for group in Category.objects.groups()}
    assert by_group == {group["code"]: len(group["leaves"]) for group in documents["categories"]["groups"]}


def test_a_leaf_is_as_the_file_has_it(tree: None, documents: Mapping[str, Any]) -> None:
    leaf = Category.objects.select_related("parent", "owner", "element_set").get(code="PQ-03")
    assert leaf.parent is not None
    assert leaf.element_set is not None
    assert (leaf.parent.code, leaf.owner_code, leaf.support_codes, leaf.element_set.code, leaf.acts) == (
        "PQ",
        "QM",
        ["RD", "SUP"],
        "E-PRD",
        ["trace", "batch"],
    )
    assert (leaf.severity, leaf.complexity, leaf.issue_class) == (3, "C", "tech")
    assert leaf.keywords == documents["keywords"]["keywords"]["PQ-03"]
    assert leaf.required_fields == ["sku", "batch_or_serial", "production_line_if_known"]


def test_each_leaf_is_of_product_service_or_logistics_as_its_group_is(tree: None) -> None:
    classes = {leaf.code[:2]: leaf.intake_class for leaf in Category.objects.leaves()}
    assert classes == {
        "PQ": "product",
        "LG": "logistics",
        **dict.fromkeys(("SP", "TD", "RL", "TN", "SG"), "service"),
    }
    assert {group.code: group.intake_class for group in Category.objects.groups()} == classes


@pytest.mark.req("B15", "B16")
def test_wrong_goods_and_wrong_numbers_ask_for_their_cause(tree: None) -> None:
    leaves = {leaf.code: leaf for leaf in Category.objects.filter(code__in=["TD-09", "TD-10", "TD-11"])}
    assert leaves["TD-09"].causes == ["下错单", "点错数"]
    assert leaves["TD-10"].causes == ["下错单", "发错货"]
    assert {code: "cause" in leaf.required_fields for code, leaf in leaves.items()} == {
        "TD-09": True,
        "TD-10": True,
        "TD-11": False,
    }


def test_rules_sets_and_synonyms_are_as_the_files_have_them(tree: None, documents: Mapping[str, Any]) -> None:
    rules = [(rule.code, f"L{rule.level}", rule.condition) for rule in SeverityRule.objects.all()]
    assert rules == [(rule["id"], rule["level"], rule["when"]) for rule in documents["severity"]["rules"]]
    assert ElementSet.objects.get(code="E-FOOD").required == documents["intake_elements"]["sets"]["E-FOOD"]["required"]
    assert ElementSet.objects.get(code=ElementSet.COMMON).required[0] == "complainant_name"
    assert Synonym.objects.get(canonical="破损").variants[0] == "损坏"


def test_loading_again_changes_nothing(tree: None, documents: Mapping[str, Any], at: datetime) -> None:
    before = list(Category.objects.order_by("code").values())
    assert loading.load(documents, at + timedelta(days=1)) == 0
    assert list(Category.objects.order_by("code").values()) == before


def test_loading_again_takes_a_handful_of_queries(
    tree: None, documents: Mapping[str, Any], at: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(13):
        loading.load(documents, at)


def test_what_an_administrator_changed_stays(tree: None, documents: Mapping[str, Any], at: datetime) -> None:
    Category.objects.filter(code="LG-01").update(name_zh="送晚了", severity=2)
    SeverityRule.objects.filter(code="SEV-12").update(condition={"claimed_loss_cny_gte": 5000})
    newer = copy.deepcopy(dict(documents))
    newer["categories"]["groups"][4]["leaves"][0]["zh"] = "配送延迟"
    assert loading.load(newer, at) == 0
    leaf = Category.objects.get(code="LG-01")
    assert (leaf.name_zh, leaf.severity) == ("送晚了", 2)
    assert SeverityRule.objects.get(code="SEV-12").condition == {"claimed_loss_cny_gte": 5000}


def test_a_newer_default_renews_what_nobody_changed(tree: None, documents: Mapping[str, Any], at: datetime) -> None:
    newer = copy.deepcopy(dict(documents))
    newer["categories"]["groups"][4]["leaves"][0]["zh"] = "配送延迟"
    newer["categories"]["groups"][0]["leaves"].append(
        {**newer["categories"]["groups"][0]["leaves"][0], "code": "PQ-19", "zh": "新增类别"}
    )
    assert loading.load(newer, at) == 2
    assert Category.objects.get(code="LG-01").name_zh == "配送延迟"
    assert Category.objects.get(code="PQ-19").owner_code == "QM"


def test_a_leaf_of_an_unknown_department_is_refused(tree: None, documents: Mapping[str, Any], at: datetime) -> None:
    newer = copy.deepcopy(dict(documents))
    newer["categories"]["groups"][0]["leaves"][0]["owner"] = "NOWHERE"
    with pytest.raises(errors.UnknownOwner, match="NOWHERE"):
        loading.load(newer, at)
