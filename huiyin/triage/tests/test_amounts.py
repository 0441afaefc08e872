"""Numbers as people write them."""

from __future__ import annotations

import pytest

from huiyin.triage.amounts import largest_cny, numeral


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("损失10万", 100_000),
        ("十万元", 100_000),
        ("12,000元", 12_000),
        ("￥1,234,567.89", 1_234_567.89),
        ("¥3.5万", 35_000),
        ("三万五千元", 35_000),
        ("3万5", 35_000),
        ("两万块", 20_000),
        ("2w", 20_000),
        ("一百二十万元", 1_200_000),
        ("二十多万", 200_000),
        ("1000多万元", 10_000_000),
        ("1.2亿元", 120_000_000),
        ("一千零五十元", 1_050),
        ("先付了500元，后来又付了8000元", 8_000),
        ("5万户", 0),
        ("3万公里", 0),
        ("100000", 0),
        ("第3次投诉", 0),
        ("13800138000", 0),
        ("", 0),
    ],
)
def test_the_largest_amount_of_money_is_read(text: str, amount: float) -> None:
    assert largest_cny(text) == pytest.approx(amount)


@pytest.mark.parametrize(
    ("word", "number"),
    [("30", 30), ("几十", 20), ("上百", 100), ("二百多", 200), ("三十几", 30), ("1.5万", 15_000), ("1,200", 1_200),
     ("十五", 15), ("一百二", 120), ("两千三", 2_300), ("3千", 3_000), ("二十万", 200_000), ("许多", 0), ("", 0)],
)  # fmt: skip
def test_a_number_of_people_is_read(word: str, number: float) -> None:
    assert numeral(word) == number


@pytest.mark.parametrize("text", ["9" * 400 + "元", "1" * 5000, "万" * 3000, "十" * 3000 + "元", "9999999999999亿元"])
def test_a_joke_is_no_endless_amount(text: str) -> None:
    assert 0 <= largest_cny(text) <= 10**13
