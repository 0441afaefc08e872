"""Sums, floors and the tariff as functions of values: no table, no clock."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import huiyin
from huiyin.compensation import authority, worth
from huiyin.compensation.policy import Policy
from huiyin.compensation.states import MAY_BECOME, OfferState
from huiyin.compensation.worth import Proposed

POLICY = Policy(yaml.safe_load((Path(huiyin.__file__).parent / "defaults" / "compensation.yaml").read_text("utf-8")))
REFUND = frozenset({"refund"})
sums = st.decimals(min_value=0, max_value=500_000, places=2)


@pytest.mark.parametrize(
    ("total", "first", "co_sign"),
    [
        ("5000", "supervisor", set()),
        ("5000.01", "cc_manager", set()),
        ("20000", "cc_manager", set()),
        ("20000.01", "director", {"legal"}),
        ("100000.01", "executive", {"legal", "finance"}),
    ],
)
def test_each_sum_has_its_smallest_sufficient_authority(total: str, first: str, co_sign: set[str]) -> None:
    found = authority.deciders(POLICY, REFUND, Decimal(total))

    assert (found[0].role, set(found[0].co_sign)) == (first, co_sign)


@given(sums, sums)
def test_more_money_never_takes_less_authority(one: Decimal, other: Decimal) -> None:
    less, more = (len(authority.deciders(POLICY, REFUND, total)) for total in sorted((one, other)))

    assert less >= more >= 1


@given(sums)
def test_a_decision_ends_once_everybody_who_is_missing_has_signed(total: Decimal) -> None:
    signed: list[str] = []
    while missing := authority.missing(POLICY, REFUND, total, signed):
        assert not missing & set(signed)
        signed.append(min(missing))

    assert 1 <= len(signed) <= 3


@given(sums)
def test_the_front_line_gives_alone_exactly_to_its_limits(amount: Decimal) -> None:
    kinds = frozenset({"goodwill"})
    refused = authority.may_give_at_once(
        POLICY, ["frontline"], kinds, sum_here=amount, amount=amount, today=authority.Today(Decimal(5000), 4)
    )

    assert (refused == "") == (amount <= 1000)


@pytest.mark.req("C112")
def test_the_tariff_goes_by_type_and_tier_and_is_capped() -> None:
    def guide(code: str, tier: str, units: int = 1, price: int = 0) -> Decimal | None:
        return worth.guideline(POLICY, code, tier=tier, units=units, price=Decimal(price))

    assert [guide("PQ-01", tier) for tier in ("STD", "VUL", "VIP")] == [100, 120, 150]
    assert guide("LG-01", "VIP", units=99) == 100
    assert guide("TD-08", "STD", price=1200) == 120
    assert guide("SG-01", "VIP") is None


@given(st.decimals(min_value=1, max_value=100_000, places=2), st.sampled_from(sorted(POLICY.floors)))
def test_one_cent_below_a_floor_is_below_and_the_floor_itself_is_not(price: Decimal, code: str) -> None:
    floor = POLICY.floors[code]
    owed = floor.amount(price)

    assert not worth.is_below(Proposed("cash", owed), floor, price)
    assert worth.is_below(Proposed("cash", owed - Decimal("0.01")), floor, price)
    assert worth.is_below(Proposed("voucher", owed * 10), floor, price)


def test_every_state_of_an_offer_can_be_reached_and_the_table_names_all() -> None:
    assert set(MAY_BECOME) == set(OfferState)
    assert set().union(*MAY_BECOME.values()) == set(OfferState) - {OfferState.PROPOSED}
