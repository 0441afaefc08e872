"""Which tier a customer is by the rules, and why (C032). Pure, but for the words.

A tier may shorten a promise or add service; it never makes anything worse (severity.yaml tier_guard).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

STANDARD, VIP, VULNERABLE = "STD", "VIP", "VUL"
RISING: Final = (STANDARD, VIP, VULNERABLE)
MARKED, STATED, BY_HAND, NONE = "marked", "stated", "by_hand", "none"  # beside the rules' own codes
CONTRACT, PERCENTILE, YEARS = "contract", "percentile", "years"


@dataclass(frozen=True)
class Facts:
    """What is known of a customer's worth."""

    contribution: Decimal | None = None
    since: date | None = None
    by_contract: bool = False
    is_vulnerable: bool = False

    @property
    def is_empty(self) -> bool:
        return self.contribution is None and self.since is None and not self.by_contract


class Rule(NamedTuple):
    """`line`: the contribution at the rule's percentile, None where nobody's is known."""

    code: str
    tier: str
    basis: str
    threshold: int
    line: Decimal | None = None


class Standing(NamedTuple):
    tier: str
    why: dict[str, Any]


def standing(facts: Facts, rules: Sequence[Rule], *, today: date, stated: str = STANDARD) -> Standing:
    """By the first rule that fits. Of whom nothing is known, what was stated at intake stands."""
    if facts.is_vulnerable:
        return Standing(VULNERABLE, {"rule": MARKED})
    for rule in rules:
        if (figures := _fits(facts, rule, today)) is not None:
            return Standing(rule.tier, {"rule": rule.code, "basis": rule.basis, **figures})
    if facts.is_empty and stated != STANDARD:
        return Standing(stated, {"rule": STATED})
    return Standing(STANDARD, {"rule": NONE})


def stated(tier: str, why: Mapping[str, Any]) -> str:
    """What was stated at intake, whatever says the tier now: the row's own where nothing else has said it since."""
    return tier if why.get("rule", STATED) == STATED else str(why.get(STATED, STANDARD))


def remembering(found: Standing, stated: str) -> Standing:
    """A tier by a rule or by hand covers what was stated at intake; that is kept beside the reason until it counts."""
    is_covered = stated != STANDARD and found.why["rule"] != STATED
    return Standing(found.tier, {**found.why, STATED: stated}) if is_covered else found


def _fits(facts: Facts, rule: Rule, today: date) -> dict[str, Any] | None:
    """The figures that decide, None where the rule does not fit."""
    if rule.basis == CONTRACT:
        return {} if facts.by_contract else None
    if rule.basis == YEARS:
        whole = years(facts.since, today) if facts.since else 0
        return {"years": whole, "threshold": rule.threshold} if facts.since and whole >= rule.threshold else None
    if facts.contribution is None or rule.line is None or facts.contribution < rule.line:
        return None
    figures = {"contribution": str(facts.contribution), "line": str(rule.line), "threshold": rule.threshold}
    return figures if facts.contribution > 0 else None


def years(since: date, today: date) -> int:
    """Whole years, as one counts a birthday."""
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))


def better(one: str, other: str) -> str:
    return max(one, other, key=RISING.index)


def reason(why: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Why the tier is what it is, in a sentence; `names` are the rules' by code."""
    code = str(why.get("rule", ""))
    name = names.get(code, code)
    match why.get("basis", code):
        case "contract":
            return name
        case "years" if "years" in why:
            given = {"name": name, "years": why["years"], "threshold": why.get("threshold")}
            return _("%(name)s：%(years)s 年（%(threshold)s 年起）") % given
        case "years":  # for whom, or where, the customer's figures are not
            return _("%(name)s：%(threshold)s 年起") % {"name": name, "threshold": why.get("threshold")}
        case "percentile" if "contribution" in why:
            given = {
                "name": name, "contribution": _money(why["contribution"]), "line": _money(why.get("line")),
                "threshold": why.get("threshold"),
            }  # fmt: skip
            return _("%(name)s：%(contribution)s 元，达到 %(threshold)s%% 分位线 %(line)s 元") % given
        case "percentile":
            return _("%(name)s：达到 %(threshold)s%% 分位线") % {"name": name, "threshold": why.get("threshold")}
        case "marked":
            return _("登记为需特别关照")
        case "stated":
            return _("登记时说明")
        case "none":
            return _("没有符合的规则")
    return ""


def without_money(why: Mapping[str, Any]) -> dict[str, Any]:
    """For colleagues who need not know what a customer brings in."""
    return {name: value for name, value in why.items() if name not in {"contribution", "line"}}


def without_figures(why: Mapping[str, Any]) -> dict[str, Any]:
    """The rule and what it asks, and no figure of the customer's: for a record that cannot be erased."""
    return {name: why[name] for name in ("rule", "basis", "threshold") if name in why}


def _money(value: Any) -> str:
    return f"{Decimal(str(value or 0)):,.0f}"
