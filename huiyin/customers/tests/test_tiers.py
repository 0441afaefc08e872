"""Of which tier a customer is, by which rule; by hand until a day; reckoned anew in batches."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from huiyin.customers import tiers
from huiyin.customers.actions import erasing, tiering
from huiyin.customers.models import Customer, TierOverride, TierRule
from huiyin.customers.tiers import Facts, Rule
from huiyin.org.actors import SYSTEM
from tests import cast

TODAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
RULES = [
    Rule("contract", "VIP", "contract", 0),
    Rule("contribution", "VIP", "percentile", 95, Decimal(52_000)),
    Rule("years", "VIP", "years", 5),
]
NAMES = {"contract": "合同约定", "contribution": "近 12 个月贡献", "years": "合作年限"}


@pytest.mark.req("C032")
@pytest.mark.parametrize(
    ("facts", "tier", "told"),
    [
        (Facts(by_contract=True), "VIP", "合同约定"),
        (Facts(Decimal(86_000)), "VIP", "近 12 个月贡献：86,000 元，达到 95% 分位线 52,000 元"),
        (Facts(Decimal(51_999), date(2021, 11, 22)), "VIP", "合作年限：5 年（5 年起）"),
        (Facts(Decimal(51_999), date(2021, 11, 23)), "STD", "没有符合的规则"),
        (Facts(Decimal(86_000), is_vulnerable=True), "VUL", "登记为需特别关照"),
        (Facts(), "STD", "没有符合的规则"),
    ],
)
def test_the_tier_says_which_rule_gave_it(facts: Facts, tier: str, told: str) -> None:
    found = tiers.standing(facts, RULES, today=TODAY)
    assert (found.tier, tiers.reason(found.why, NAMES)) == (tier, told)


def customer(**given: Any) -> Customer:
    return Customer.objects.create(created_at=AT, **given)


@pytest.mark.django_db
@pytest.mark.req("C032")
def test_every_night_the_tiers_are_reckoned_in_batches_and_what_was_said_by_hand_stands_until_its_day() -> None:
    cast.company()
    ordinary = [customer(contribution=Decimal(100 * n), since=TODAY) for n in range(1, 21)]
    best, loyal = customer(contribution=Decimal(90_000)), customer(since=date(2019, 1, 1))
    stated, nobody = customer(tier="VIP"), customer()
    by_hand = customer(contribution=Decimal(10))
    tiering.override(by_hand, tier="VIP", reason="团购代表", until=TODAY, actor=cast.actor("supervisor"), at=AT)
    over_stated = customer(tier="VIP")
    for tier, days in (("VUL", 5), ("STD", 0)):  # twice by hand: what was stated at intake is underneath all the same
        until = TODAY + timedelta(days=days)
        tiering.override(over_stated, tier=tier, reason="家人来电", until=until, actor=cast.actor("supervisor"), at=AT)

    assert tiering.reckon_all(today=TODAY, at=AT, size=7) == 24
    assert tiering.reckon_all(today=TODAY, at=AT, size=7) == 0
    held = {pk: (tier, why["rule"]) for pk, tier, why in Customer.objects.values_list("pk", "tier", "tier_why")}
    assert held[best.pk] == ("VIP", "contribution")
    assert held[loyal.pk] == ("VIP", "years")
    assert held[stated.pk] == ("VIP", "stated")
    assert held[nobody.pk] == ("STD", "none")
    assert held[by_hand.pk] == ("VIP", "by_hand")
    assert {held[each.pk] for each in ordinary[:-1]} == {("STD", "none")}

    assert held[over_stated.pk] == ("STD", "by_hand")

    assert tiering.reckon_all(today=TODAY + timedelta(days=1), at=AT + timedelta(days=1)) == 2
    by_hand.refresh_from_db()
    over_stated.refresh_from_db()
    assert (by_hand.tier, by_hand.tier_why) == ("STD", {"rule": "none"})
    assert (over_stated.tier, over_stated.tier_why) == ("VIP", {"rule": "stated"})
    assert TierOverride.objects.get(customer=by_hand).ended_at == AT + timedelta(days=1)
    Customer.objects.filter(pk=over_stated.pk).update(since=TODAY)  # known now, and ordinary
    assert tiering.reckon_all(today=TODAY + timedelta(days=1), at=AT + timedelta(days=1)) == 1
    Customer.objects.filter(pk=over_stated.pk).update(since=None)
    assert tiering.reckon_all(today=TODAY + timedelta(days=1), at=AT + timedelta(days=1)) == 1
    over_stated.refresh_from_db()
    assert over_stated.tier == "VIP"

    rule = TierRule.objects.get(code="years")
    values = {name: getattr(rule, name) for name in tiering.NAMES} | {"threshold": 10}
    assert tiering.amend_rule(rule, values=values, actor=cast.actor("admin"), at=AT)
    assert tiering.reckon_all(today=TODAY + timedelta(days=1), at=AT + timedelta(days=1)) == 1
    loyal.refresh_from_db()
    assert loyal.tier == "STD"


@pytest.mark.django_db
def test_nothing_of_a_customers_worth_is_left_when_they_are_erased() -> None:
    cast.company()
    gone = customer(contribution=Decimal(90_000), since=TODAY, is_by_contract=True)
    tiering.override(gone, tier="VIP", reason="张伟的表弟", until=TODAY, actor=cast.actor("supervisor"), at=AT)
    erasing.erase(gone, actor=SYSTEM, at=AT)
    assert (gone.contribution, gone.since, gone.is_by_contract) == (None, None, False)
    assert TierOverride.objects.get().reason == ""
