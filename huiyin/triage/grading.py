"""Category, severity, complexity and emotion of a text, each with its reasons. Computed from values only.

The machine proposes; for severity 1 and 2 people decide (C016). The words are the book's (categories' keywords), the
levels are the rules' (severity.yaml): the first rule that holds and the category's default combine by the more severe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from huiyin.triage import scoring
from huiyin.triage import signals as signalling
from huiyin.triage.book import Book, Leaf, Rule
from huiyin.triage.conditions import Case
from huiyin.triage.feelings import emotion_of, is_urgent
from huiyin.triage.levels import LEVELS, MOST_SEVERE, ORDINARY, more_severe
from huiyin.triage.reading import LIMIT, Reading, Reason
from huiyin.triage.scoring import UNCLASSIFIED, Mark, is_grave
from huiyin.triage.signals import LABELS, Found

__all__ = ["LIMIT", "MODEL", "UNCLASSIFIED", "Book", "Leaf", "Reason", "Rule", "Verdict", "grade"]

MODEL: Final = "rules-1"
COMPLEX_WORDS: Final = ("鉴定", "检测报告", "送检", "第三次", "第四次", "第三方检测")
CLAIMS: Final = ("claimed_loss_cny", "injury_reported", "hospitalised", "lawsuit_or_lawyer_letter", "lawsuit_threat")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A proposal. `candidates` are the three likeliest leaves, each with its share of the score."""

    category: str
    severity: int
    complexity: str
    issue_class: str
    emotion: int
    urgent: bool
    reasons: tuple[Reason, ...]
    confidence: float
    model: str = MODEL
    candidates: tuple[tuple[str, float], ...] = ()

    @property
    def needs_people(self) -> bool:
        """The level is only proposed: a person must confirm it (C016)."""
        return LEVELS[self.severity].is_confirmed_by_people


def grade(
    text: str,
    *,
    title: str = "",
    kind: str = "complaint",
    channel: str = "",
    tier: str = "STD",
    signals: Mapping[str, object] | None = None,
    category: str | None = None,
    book: Book,
) -> Verdict:
    """Propose category, severity, complexity and emotion for any text whatever, and say why.

    A `category` given by a person stands, if the book has it. `signals` are facts known from elsewhere
    (group_complainants, reopened_count, claimed_loss_cny, ...); the larger of theirs and the text's counts. A tier
    never lowers anything.
    """
    reading = Reading(title, text)
    hits = book.index.hits(reading.folded)
    found = signalling.find(reading, hits)
    marked = scoring.marks(reading, hits, found, kind, book)
    ranked = scoring.ranking(marked)
    is_given = category is not None and category in book.leaves
    code, confidence = (category, 1.0) if category is not None and is_given else scoring.choose(ranked)
    leaf = book.leaves.get(code) or Leaf(code, "", code.split("-")[0], ORDINARY, "S", "general")
    facts = signalling.facts(found, channel=channel, tier=tier, known=signals)
    default = leaf.severity if is_given or leaf.severity >= ORDINARY or is_grave(code, ranked, book) else ORDINARY
    severity, levels = _severity(leaf, default, facts, found, book, reading)
    complexity, why_complex = _complexity(leaf, facts, reading.folded)
    reasons = [_why_category(leaf, marked.get(code), reading, is_given=is_given), *levels, *why_complex]
    if reading.is_cut:
        reasons.append(Reason("LIMIT", f"文本过长，只分析了前{LIMIT}字"))
    return Verdict(
        category=code,
        severity=severity,
        complexity=complexity,
        issue_class=leaf.issue_class,
        emotion=emotion_of(reading, hits, found, is_praise=code == "SG-04"),
        urgent=severity == MOST_SEVERE or is_urgent(reading, hits),
        reasons=tuple(reasons),
        confidence=confidence,
        candidates=scoring.shares(ranked),
    )


def _why_category(leaf: Leaf, marks: Sequence[Mark] | None, reading: Reading, *, is_given: bool) -> Reason:
    if is_given:
        return Reason(leaf.code, f"{leaf.name}：人工选定")
    if not marks:
        return Reason(leaf.code, f"{leaf.name}：没有命中任何类别的关键词")
    text = f"{leaf.name}：命中{len(marks)}个关键词"
    return reading.reason(leaf.code, text, marks[0].start, marks[0].end)


def _severity(
    leaf: Leaf,
    default: int,
    facts: Mapping[str, float],
    found: Mapping[str, Found],
    book: Book,
    reading: Reading,
) -> tuple[int, list[Reason]]:
    """The first rule that holds sets the level and every one that holds is a reason; the catch-all only where it
    sets the level. The category's default may make it more severe, never less (raise_only)."""
    case = Case(facts, leaf.code, leaf.group)
    level: int | None = None
    reasons = []
    for rule in book.rules:
        if (level is not None and rule.condition.is_always) or not rule.condition.holds(case):
            continue
        level = rule.level if level is None else level
        reasons += _why_level(rule, facts, found, reading)
    by_rules = ORDINARY if level is None else level
    if default < by_rules:
        reasons.append(Reason(leaf.code, f"类别默认{LEVELS[default].zh}，从重"))
    return more_severe(by_rules, default), reasons


def _why_level(rule: Rule, facts: Mapping[str, float], found: Mapping[str, Found], reading: Reading) -> list[Reason]:
    """One reason for each signal that made the rule hold, or one for the rule itself."""
    level = LEVELS[rule.level].code
    reasons = []
    for signal in rule.condition.signals:
        value = facts.get(signal)
        if not value:
            continue
        amount = "" if value == 1 else f" {value:,.0f}"
        text = f"{level} {rule.name}：{LABELS.get(signal, signal)}{amount}"
        place = found.get(signal)
        if place is None:
            reasons.append(Reason(rule.code, text))
        else:
            reasons.append(reading.reason(rule.code, text, place.start, place.end))
    return reasons or [Reason(rule.code, f"{level} {rule.name}")]


def _complexity(leaf: Leaf, facts: Mapping[str, float], text: str) -> tuple[str, list[Reason]]:
    """Complex by category; or for liability, inspection, law, or the third round (severity.yaml complexity)."""
    if leaf.complexity == "C":
        return "C", []
    for signal in CLAIMS:
        if facts.get(signal):
            return "C", [Reason("CX", f"复杂：{LABELS[signal]}")]
    if facts.get("reopened_count", 0) >= 2:
        return "C", [Reason("CX", "复杂：第三次及以上往返")]
    for word in COMPLEX_WORDS:
        if word in text:
            return "C", [Reason("CX", f"复杂：{word}")]
    return leaf.complexity or "S", []
