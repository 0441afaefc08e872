"""Who should get the work: the routing table evaluated for one complaint. Values only.

Rules are read top down; effects accumulate until one says `stop` (routing.yaml). The result is a proposal with its
reasons; a person dispatches.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Facts:
    """What the rules look at."""

    code: str
    level: int
    complexity: str
    emotion: int
    tier: str
    source: str
    acts: frozenset[str]
    owner: str
    support: tuple[str, ...]
    reopened_count: int = 0
    has_named_employee: bool = False


@dataclass(frozen=True)
class Table:
    """The rules in order, and which team is a department's own."""

    rules: tuple[tuple[str, Mapping[str, Any], Mapping[str, Any]], ...]
    default_team: Mapping[str, str]


@dataclass
class Proposal:
    """`lead` and `support` are unit codes, best first; `reasons` maps each to the rules that named it."""

    lead: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    reasons: dict[str, list[str]] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)
    incident: str = ""  # the class of incident that it may be part of
    automatic: dict[str, str] = field(default_factory=dict)  # who is sent an order at once, and what is asked of them

    def name(self, code: str, rule: str, *, leads: bool) -> None:
        group = self.lead if leads else self.support
        if code not in self.lead and code not in self.support:
            group.append(code)
        self.reasons.setdefault(code, []).append(rule)


# how a rule's source names what our channels are called
_SOURCES = {"12315": "hotline_12315", "12345": "hotline_12345", "consumer_association": "consumer_association"}


def propose(facts: Facts, table: Table) -> Proposal:
    proposal = Proposal()
    for code, condition, effect in table.rules:
        if not all(_holds(key, wanted, facts) for key, wanted in condition.items()):
            continue
        proposal.rules.append(code)
        _apply(code, effect, facts, table, proposal)
        if effect.get("stop"):
            break
    return proposal


def _holds(key: str, wanted: Any, facts: Facts) -> bool:
    match key:
        case "always":
            return True
        case "level":
            return bool(f"L{facts.level}" == wanted)
        case "code":
            return bool(facts.code == wanted)
        case "act":
            return str(wanted) in facts.acts
        case "owner":
            return bool(facts.owner == wanted)
        case "tier":
            return bool(facts.tier == wanted)
        case "cx":
            return bool(facts.complexity == wanted)
        case "emotion_gte":
            return bool(facts.emotion >= wanted)
        case "reopened_count_gte":
            return bool(facts.reopened_count >= wanted)
        case "named_employee":
            return bool(facts.has_named_employee == wanted)
        case "source":
            return any(facts.source == _SOURCES.get(str(each), str(each)) for each in wanted)
    return False  # a condition that later apps know (groups, media, language): does not hold here


def _apply(code: str, effect: Mapping[str, Any], facts: Facts, table: Table, proposal: Proposal) -> None:
    proposal.incident = proposal.incident or str(effect.get("incident", ""))
    team = effect.get("team")
    if team == "owner_default_team":
        team = table.default_team.get(facts.owner)
    named = [(team, True)] if team else []
    named += [(helper, False) for helper in _co_teams(effect.get("co_teams", ()), facts, table)]
    for unit, leads in named:
        proposal.name(unit, code, leads=leads)
        if effect.get("dispatch") == "auto":
            proposal.automatic.setdefault(unit, str(effect.get("request", "")))


def _co_teams(given: Any, facts: Facts, table: Table) -> Sequence[str]:
    if given == "from_leaf_sup":
        return [table.default_team[unit] for unit in facts.support if unit in table.default_team]
    return list(given)
