"""What a changed policy would promise, beside what this one does, for a few complaints that every desk knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from huiyin.sla.policy import FINAL, RESOLVE, Inputs, Policy
from huiyin.sla.promises import UnknownClock, deadline

CASES: Final = (
    Inputs(level="L1", cx="C"),
    Inputs(level="L2", cx="S"),
    Inputs(level="L2", cx="C"),
    Inputs(level="L3", cx="S"),
    Inputs(level="L3", cx="C", departments=2),
    Inputs(level="L3", cx="S", tier="VIP"),
    Inputs(level="L4", cx="S"),
)
CLOCKS: Final = ("CK-FR", "CK-PLAN", RESOLVE, RESOLVE + FINAL)


class Compared(NamedTuple):
    """One promise of one case under both policies; None where one of them makes none."""

    case: Inputs
    clock: str
    name: str
    old_due: datetime | None
    new_due: datetime | None

    @property
    def is_changed(self) -> bool:
        return self.old_due != self.new_due


def compared(old: Policy, body: Mapping[str, Any], *, start: datetime) -> list[Compared]:
    """Every promise of every case that either policy makes, for a complaint received at `start`. `body` is sound."""
    new = Policy(body, number=old.number + 1, exceptions=old.exceptions)
    rows = [
        Compared(case, code, _name(old, code), _due(old, code, case, start), _due(new, code, case, start))
        for case in CASES
        for code in CLOCKS
    ]
    return [row for row in rows if row.old_due or row.new_due]


def _name(policy: Policy, code: str) -> str:
    clock = policy.clocks.get(code.removesuffix(FINAL))
    return clock.zh if clock else code


def _due(policy: Policy, code: str, case: Inputs, start: datetime) -> datetime | None:
    try:
        found = deadline(policy, code, start=start, inputs=case)
    except UnknownClock:
        return None
    return found.due_at if found else None
