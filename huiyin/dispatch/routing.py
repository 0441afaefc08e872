"""Who should get the work: the routing table evaluated for one complaint. Values only.

Rules are read top down; effects accumulate until one says `stop` (routing.yaml). The result is a proposal with its
reasons; a person dispatches.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from huiyin.dispatch.effects import NEVER, is_carried_out


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
    complainants: int = 1
    is_in_media: bool = False
    is_chinese: bool = True


@dataclass(frozen=True)
class Table:
    """The rules in order, and which team is a department's own."""

    rules: tuple[tuple[str, Mapping[str, Any], Mapping[str, Any]], ...]
    default_team: Mapping[str, str]


class Hint(NamedTuple):
    """What a rule wants and nothing carries out: the dispatcher's to do."""

    rule: str
    effect: str
    value: Any


@dataclass
class Proposal:
    """`lead` and `support` are unit codes, best first; `reasons` maps each to the rules that named it."""

    lead: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    reasons: dict[str, list[str]] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)
    incident: str = ""  # the class of incident that it may be part of
    automatic: dict[str, str] = field(default_factory=dict)  # who is sent an order at once, and what is asked of them
    notify: dict[str, list[str]] = field(default_factory=dict)  # units and roles to be told, with the rules that say so
    floor: int = 0  # the level it is to have at least, by the rules `floored`; 0 where none says
    floored: list[str] = field(default_factory=list)
    clocks: list[str] = field(default_factory=list)
    starts: dict[str, str] = field(default_factory=dict)  # what begins with it, and by which rule
    exclude: set[str] = field(default_factory=set)  # who is not to handle it, by their part in it
    hints: list[Hint] = field(default_factory=list)

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
        case "group_complainants_gte":
            return bool(facts.complainants >= wanted)
        case "media_or_viral":
            return bool(facts.is_in_media == wanted)
        case "language_not":
            return not facts.is_chinese if wanted == "zh" else facts.is_chinese  # no other language is told apart
    assert key in NEVER, key
    return False


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
    _note_effects(code, effect, proposal)


def _note_effects(code: str, effect: Mapping[str, Any], proposal: Proposal) -> None:
    for unit in _several(effect.get("prefer")):
        proposal.reasons.setdefault(unit, []).append(code)
        proposal.lead = [unit, *(each for each in proposal.lead if each != unit)]
    for told in () if effect.get("channel") == "red" else _several(effect.get("notify")):  # the red channel pages
        proposal.notify.setdefault(told, []).append(code)
    if level := str(effect.get("level_at_least", ""))[1:]:
        proposal.floor = min(int(level), proposal.floor or int(level))
        proposal.floored.append(code)
    proposal.clocks += _several(effect.get("clock"))
    for started in _several(effect.get("start")):
        if is_carried_out("start", started):
            proposal.starts.setdefault(started, code)
    proposal.exclude.update(each for each in _several(effect.get("exclude")) if is_carried_out("exclude", each))
    proposal.hints += [Hint(code, key, value) for key, value in effect.items() if not is_carried_out(key, value)]


def _several(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]


def _co_teams(given: Any, facts: Facts, table: Table) -> Sequence[str]:
    if given == "from_leaf_sup":
        return [table.default_team[unit] for unit in facts.support if unit in table.default_team]
    return list(given)
