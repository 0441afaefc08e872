"""The escalation ladder of a policy: by level, who up the organisation tree hears of a broken promise, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from huiyin.sla.engine import Target
from huiyin.sla.policy import UNITS, Policy

LEVELS: Final = ("L1", "L2", "L3", "L4")
PARENT_LEAD: Final = "parent_lead"  # of the next unit further up that has a lead
TOLD: Final = ("dept_lead", PARENT_LEAD, "supervisor", "cc_manager", "director", "executive")
PART: Final = "escalation"
SHIPPED = Path(__file__).parent.parent / "defaults" / "sla.yaml"


@dataclass(frozen=True, slots=True)
class Rung:
    """Reached at this share of the promised time, or so long after the rung before."""

    tell: tuple[str, ...]
    at: float | None
    after: Target | None


def rungs(policy: Policy, severity: int) -> tuple[Rung, ...]:
    """From the first to the last; a document that does not speak of escalation has what the product ships."""
    if PART not in policy.memory:
        policy.memory[PART] = read(policy.body.get(PART, shipped()))
    found: tuple[Rung, ...] = policy.memory[PART].get(f"L{severity}", ())
    return found


def read(ladders: Sequence[Mapping[str, Any]]) -> dict[str, tuple[Rung, ...]]:
    """By level."""
    return {level: tuple(_rung(each) for each in ladder["rungs"]) for ladder in ladders for level in ladder["level"]}


@cache
def shipped() -> tuple[Mapping[str, Any], ...]:
    return tuple(yaml.safe_load(SHIPPED.read_text("utf-8"))[PART])


def _rung(spec: Mapping[str, Any]) -> Rung:
    after = next((Target.of(unit, amount) for unit, amount in spec.get("after", {}).items() if unit in UNITS), None)
    return Rung(tuple(spec["tell"]), float(spec["at"]) if "at" in spec else None, after)
