"""The compensation policy, read from its document (huiyin/defaults/compensation.yaml). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Grade:
    """Up to which sum a role decides alone, and over what; `ceiling` None: without limit, `kinds` None: all."""

    role: str
    ceiling: Decimal | None
    kinds: frozenset[str] | None
    is_pre_authorised: bool
    co_sign: frozenset[str]

    def covers(self, kinds: frozenset[str], total: Decimal) -> bool:
        return (self.kinds is None or kinds <= self.kinds) and (self.ceiling is None or total <= self.ceiling)


@dataclass(frozen=True)
class Floor:
    """What the law gives, where its condition is confirmed: never less."""

    code: str
    basis: str
    when: str
    gives: str
    returns_price: bool
    multiple: Decimal
    least: Decimal
    instead: frozenset[str]

    def amount(self, price: Decimal) -> Decimal:
        extra = max(price * self.multiple, self.least) if self.multiple else Decimal(0)
        return (price if self.returns_price else Decimal(0)) + extra


@dataclass(frozen=True)
class Guideline:
    """A line of the tariff: so much each time, or so many hundredths of the price, or the price itself."""

    code: str
    basis: str
    amount: Decimal | None
    share: Decimal | None
    cap: Decimal


@dataclass(frozen=True)
class Limits:
    window_days: int
    daily_amount: Decimal
    daily_awards: int
    report_hours: int
    four_eyes_above: Decimal
    frequency_days: int
    flag_at: int
    times_median: int
    band: tuple[Decimal, Decimal]


class Policy:
    """One version of the document."""

    def __init__(self, body: Mapping[str, Any], *, number: int = 0) -> None:
        self.body, self.number = body, number

    @cached_property
    def kind_of(self) -> dict[str, str]:
        """The kind of each instrument."""
        return {instrument: kind for kind, row in self.body["kinds"].items() for instrument in row["instruments"]}

    @cached_property
    def order(self) -> list[str]:
        """In which order the kinds are offered: words before money (C113)."""
        return list(self.body["order_of_offer"])

    @cached_property
    def grades(self) -> tuple[Grade, ...]:
        """From the smallest authority to the greatest."""
        return tuple(_grade(row) for row in self.body["authority"])

    @cached_property
    def floors(self) -> dict[str, Floor]:
        return {row["id"]: _floor(row) for row in self.body["statutory_floors"]}

    @cached_property
    def tariff(self) -> dict[str, Guideline]:
        return {row["code"]: _guideline(row) for row in self.body["tariff"]}

    @cached_property
    def tier_factors(self) -> dict[str, Decimal]:
        return {tier: Decimal(str(factor)) for tier, factor in self.body["tier_factors"].items()}

    @cached_property
    def limits(self) -> Limits:
        given = self.body["limits"]
        low, high = (Decimal(str(each)) for each in given["tariff_band"])
        return Limits(
            window_days=given["window_days"],
            daily_amount=Decimal(given["daily_amount"]),
            daily_awards=given["daily_awards"],
            report_hours=given["report_hours"],
            four_eyes_above=Decimal(given["four_eyes_above"]),
            frequency_days=given["frequency"]["days"],
            flag_at=given["frequency"]["flag_at"],
            times_median=given["frequency"]["times_median"],
            band=(low, high),
        )


def _grade(row: Mapping[str, Any]) -> Grade:
    return Grade(
        role=row["role"],
        ceiling=None if row["max"] is None else Decimal(row["max"]),
        kinds=None if row["kinds"] == "all" else frozenset(row["kinds"]),
        is_pre_authorised=row["mode"] == "pre_authorised",
        co_sign=frozenset(row.get("co_sign", ())),
    )


def _floor(row: Mapping[str, Any]) -> Floor:
    rule = row["rule"]
    return Floor(
        code=row["id"],
        basis=row["basis"],
        when=row["when"],
        gives=row["amount"],
        returns_price=bool(rule.get("refund")),
        multiple=Decimal(str(rule.get("multiple", 0))),
        least=Decimal(str(rule.get("least", 0))),
        instead=frozenset(rule.get("or", ())),
    )


def _guideline(row: Mapping[str, Any]) -> Guideline:
    amount, given = row["amount"], None
    share: Decimal | None = Decimal(1)  # the difference, the face value, the days' fee: what the form calls the price
    if isinstance(amount, int):
        given, share = Decimal(amount), None
    elif amount.endswith("%"):
        share = Decimal(amount.rstrip("%")) / 100
    return Guideline(code=row["code"], basis=row["basis"], amount=given, share=share, cap=Decimal(row["cap"]))
