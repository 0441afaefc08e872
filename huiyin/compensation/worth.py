"""What an option is worth: against the law's floors, the tariff's band (CG-9), and the limits of authority. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from huiyin.compensation.policy import Floor, Policy

MONEY_OWED = frozenset({"refund", "partial_refund", "price_difference", "freight", "cash", "statutory_multiple"})
NEEDS_AMOUNT = MONEY_OWED | {"voucher", "service_credit", "discount"}


@dataclass(frozen=True)
class Proposed:
    """One option: what is given, how much of it in CNY, and the words for the customer."""

    instrument: str
    amount: Decimal = Decimal(0)
    words: str = ""


def counted(option: Proposed, price: Decimal) -> Decimal:
    """How much of it uses up authority: what goes beyond a refund of what was paid (refund_exception)."""
    if option.instrument == "refund":
        return max(option.amount - price, Decimal(0))
    return option.amount


def is_below(option: Proposed, floor: Floor, price: Decimal) -> bool:
    """Whether it gives less than the law does: a voucher is not money owed, however large."""
    if option.instrument in floor.instead:
        return False
    return option.instrument not in MONEY_OWED or option.amount < floor.amount(price)


def below(options: Iterable[Proposed], floors: Iterable[Floor], price: Decimal) -> tuple[Proposed, Floor] | None:
    """The first option that stays below a confirmed floor."""
    confirmed = list(floors)
    return next(((option, floor) for option in options for floor in confirmed if is_below(option, floor, price)), None)


def guideline(policy: Policy, category: str, *, tier: str, units: int, price: Decimal) -> Decimal | None:
    """The tariff's sum for goodwill: so much each time or share of the price, by tier, capped (C112)."""
    line = policy.tariff.get(category)
    if line is None:
        return None
    base = line.amount * units if line.amount is not None else (line.share or Decimal(0)) * price
    return min(base * policy.tier_factors.get(tier, Decimal(1)), line.cap)


def is_outside(policy: Policy, amount: Decimal, guide: Decimal | None) -> bool:
    """Outside half to one and a half of the tariff wants a written reason (CG-9)."""
    if guide is None or guide == 0:
        return False
    low, high = policy.limits.band
    return not guide * low <= amount <= guide * high
