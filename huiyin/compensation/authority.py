"""Who may decide which sum: guards CG-1 to CG-5 of the policy as functions of values. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from huiyin.compensation.policy import Grade, Policy


@dataclass(frozen=True)
class Today:
    """What one member has already given on their own authority: since midnight, and not yet written up."""

    amount: Decimal = Decimal(0)
    awards: int = 0
    owes_report: bool = False


def needs_nobody(policy: Policy, kinds: frozenset[str], total: Decimal) -> bool:
    """An apology costs nothing and waits for nobody (C113)."""
    return kinds <= {"emotional"} and total == 0


def deciders(policy: Policy, kinds: frozenset[str], total: Decimal) -> tuple[Grade, ...]:
    """Whose authority reaches so far, the smallest first; `total` is cumulated (CG-1, CG-2)."""
    counted = kinds - {"emotional"}
    return tuple(grade for grade in policy.grades if not grade.is_pre_authorised and grade.covers(counted, total))


def missing(policy: Policy, kinds: frozenset[str], total: Decimal, signed: Collection[str]) -> frozenset[str]:
    """The roles one of which, or (co-signers) each of which, has still to sign; empty: it is decided.

    Who co-signs, the smallest sufficient authority says: a greater one needs no more signatures for the same sum.
    """
    found = deciders(policy, kinds, total)
    if not found:  # a policy with a gap: nobody may, and the highest is told so; it is never decided by that
        return frozenset(grade.role for grade in policy.grades[-1:])
    roles = {grade.role for grade in found}
    open_ones = set() if roles & set(signed) else roles
    return frozenset(open_ones | (found[0].co_sign - set(signed)))


def may_give_at_once(
    policy: Policy, roles: Collection[str], kinds: frozenset[str], *, sum_here: Decimal, amount: Decimal, today: Today
) -> str:
    """Empty if a front-line member may promise it alone (C038); else which guard is in the way.

    `sum_here`: all awards of the complaint and its customer, this one included. `role`: not a front-line role;
    `kind`: not a kind for the front line; `sum`, `daily_amount`, `daily_awards`: beyond the limit; `report`: an older
    award is still to be written up (CG-4).
    """
    grades = [grade for grade in policy.grades if grade.is_pre_authorised and grade.role in roles]
    if not grades:
        return "role"
    fitting = [grade for grade in grades if grade.kinds is None or kinds <= grade.kinds]
    if not fitting:
        return "kind"
    if not any(grade.ceiling is None or sum_here <= grade.ceiling for grade in fitting):
        return "sum"
    if today.amount + amount > policy.limits.daily_amount:
        return "daily_amount"
    if today.awards + 1 > policy.limits.daily_awards:
        return "daily_awards"
    return "report" if today.owes_report else ""


def may_pay(policy: Policy, total: Decimal, *, payer: int, requester: int, approvers: Collection[int]) -> bool:
    """Above the limit, requester, approver and payer are three different people (CG-5)."""
    return total <= policy.limits.four_eyes_above or (payer != requester and payer not in approvers)
