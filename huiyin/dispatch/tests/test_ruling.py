"""An administrator changes the routing table, and tries a text on it."""

from datetime import date
from typing import Any

import pytest

from huiyin.complaints.models import Complaint, Event
from huiyin.dispatch import wording
from huiyin.dispatch.actions import ruling
from huiyin.dispatch.errors import RuleUnsound
from huiyin.dispatch.models import RoutingRule
from huiyin.dispatch.queries import trial
from huiyin.org.errors import MayNotConfigure
from huiyin.org.models import Change
from tests import cast
from tests.cast import MONDAY, actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


def test_a_new_rule_fires_for_a_text_that_it_is_for_and_nothing_is_kept_of_the_text() -> None:
    first = RoutingRule.objects.order_by("position").values_list("position", flat=True)[0]
    category = trial(cast.TEXT).category.code
    ruling.add_rule(
        code="RT-901", position=first, condition={"code": category}, effect={"team": "QM-CASE", "stop": True},
        actor=actor("admin"), at=MONDAY,
    )  # fmt: skip

    found = trial(cast.TEXT)

    assert "RT-901" in found.proposal.rules
    assert "QM-CASE" in found.proposal.lead
    assert (Complaint.objects.count(), Event.objects.count()) == (0, 0)
    assert Change.objects.get(area="routing").subject == "RT-901"


@pytest.mark.parametrize(
    ("condition", "effect"),
    [
        ({}, {"team": "QM-CASE"}),
        ({"always": True}, {}),
        ({"weather": "rain"}, {"team": "QM-CASE"}),
        ({"always": True}, {"explode": True}),
        ({"always": True}, {"team": "NOBODY"}),
        ({"always": True}, {"co_teams": "QM-CASE"}),
        ({"always": True}, {"co_teams": ["QM-CASE", "NOBODY"]}),
    ],
)
def test_a_rule_that_could_not_be_followed_is_refused(condition: dict[str, Any], effect: dict[str, Any]) -> None:
    rule, count = RoutingRule.objects.get(code="RT-010"), RoutingRule.objects.count()
    kept = {"position": rule.position, "is_active": True, "actor": actor("admin"), "at": MONDAY}
    with pytest.raises(RuleUnsound):
        ruling.amend_rule(rule, condition=condition, effect=effect, **kept)  # type: ignore[arg-type]  # by name
    with pytest.raises(RuleUnsound):
        ruling.add_rule(
            code="RT-902", position=1, condition=condition, effect=effect, actor=actor("admin"), at=MONDAY
        )  # fmt: skip
    same = RoutingRule.objects.get(code="RT-010")
    assert (same.condition, same.effect) == (rule.condition, rule.effect)
    assert (RoutingRule.objects.count(), Change.objects.filter(area="routing").count()) == (count, 0)


def test_nobody_else_changes_a_rule() -> None:
    rule = RoutingRule.objects.get(code="RT-010")
    with pytest.raises(MayNotConfigure):
        ruling.amend_rule(
            rule, position=1, condition=rule.condition, effect=rule.effect, is_active=False, actor=actor("manager"),
            at=MONDAY,
        )  # fmt: skip
    assert RoutingRule.objects.get(code="RT-010").is_active


def test_every_shipped_rule_can_be_said_in_words() -> None:
    rules = list(RoutingRule.objects.all())
    assert {key for rule in rules for key in rule.condition} <= wording.CONDITIONS.keys()
    assert {key for rule in rules for key in rule.effect} <= wording.EFFECTS.keys()


@pytest.mark.parametrize(
    ("condition", "effect"),
    [
        ({"source": 12315}, {"team": "QM-CASE"}),
        ({"source": "12315"}, {"team": "QM-CASE"}),
        ({"source": [["12315"]]}, {"team": "QM-CASE"}),
        ({"emotion_gte": "high"}, {"team": "QM-CASE"}),
        ({"emotion_gte": True}, {"team": "QM-CASE"}),
        ({"emotion_gte": float("nan")}, {"team": "QM-CASE"}),
        ({"reopened_count_gte": 10**4400}, {"team": "QM-CASE"}),
        ({"level": 1}, {"team": "QM-CASE"}),
        ({"code": date(2026, 11, 22)}, {"team": "QM-CASE"}),
        ({"code": "PQ\x00"}, {"team": "QM-CASE"}),
        ({"always": True}, {"team": ["QM-CASE"]}),
        ({"always": True}, {"co_teams": [["QM-CASE"]]}),
        ({"always": True}, {"note": float("inf")}),
        ({"always": True}, {"notify": {"a": {"b": 1}}}),
        ({"always": True}, {"dispatch": "sometimes"}),
        ({"always": True}, {"stop": "yes"}),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_the_name_of_its_part(
    condition: dict[str, Any], effect: dict[str, Any]
) -> None:
    wrong = next(iter({**condition, **effect} if condition != {"always": True} else effect))
    with pytest.raises(RuleUnsound) as refusal:
        ruling.add_rule(code="RT-902", position=1, condition=condition, effect=effect, actor=actor("admin"), at=MONDAY)
    assert [wrong in said for said in refusal.value.faults] == [True]
    assert not RoutingRule.objects.filter(code="RT-902").exists()


def test_every_shipped_rule_is_sound() -> None:
    for rule in RoutingRule.objects.all():
        ruling.amend_rule(
            rule, position=rule.position, condition={**rule.condition}, effect={**rule.effect, "note": "不变"},
            is_active=True, actor=actor("admin"), at=MONDAY,
        )  # fmt: skip
