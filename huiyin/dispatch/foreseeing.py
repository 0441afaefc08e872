"""What a change of the routing table or of a category's keywords would have done to the complaints that came in last:
each is looked at as it is now, twice, by the table or the words in use and by the new ones. Nothing is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count

from huiyin.complaints.models import Complaint
from huiyin.dispatch.models import RoutingRule
from huiyin.dispatch.queries import facts_of, table
from huiyin.dispatch.routing import Proposal, Table, propose
from huiyin.triage.grading import grade
from huiyin.triage.models import Category
from huiyin.triage.queries import book, book_with

MOST: Final = 200  # complaints looked at, the latest
SHOWN: Final = 10


@dataclass(frozen=True)
class Change:
    """One complaint that it would have been otherwise for: codes of units (leads first, then who helps), or of a
    category."""

    complaint_id: int
    category: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class Foreseen:
    """Of `looked` complaints `changed` would be otherwise, the latest of them in `examples`."""

    looked: int
    changed: int
    examples: tuple[Change, ...]

    @classmethod
    def of(cls, looked: int, changes: Sequence[Change]) -> "Foreseen":
        return cls(looked, len(changes), tuple(changes[:SHOWN]))


def by_rule(
    code: str, *, position: int, condition: Mapping[str, Any], effect: Mapping[str, Any], is_active: bool = True
) -> Foreseen:
    """If the rule of that code, there or not yet, said so. For units only: what else a rule does is not compared."""
    now = table()
    wanted = _with(now, code, position=position, condition=condition, effect=effect, is_active=is_active)
    rows = _latest("category__owner", "confirmed_category__owner")
    merged = Complaint.objects.filter(merged_into__in=rows).values_list("merged_into").order_by()
    others = dict(merged.annotate(n=Count("id")))
    changes = []
    for row in rows:
        facts = facts_of(row, complainants=others.get(row.pk, 0) + 1)
        old, new = _named(propose(facts, now)), _named(propose(facts, wanted))
        if old != new:
            changes.append(Change(row.pk, facts.code, old, new))
    return Foreseen.of(len(rows), changes)


def _with(now: Table, code: str, *, position: int, is_active: bool, **said: Mapping[str, Any]) -> Table:
    """The rule stands where it was if it keeps its place, otherwise after the others of its place."""
    places = dict(RoutingRule.objects.filter(is_active=True).values_list("code", "position"))
    new, rules = (code, said["condition"], said["effect"]), list(now.rules)
    codes = [each[0] for each in rules]
    if is_active and places.get(code) == position and code in codes:
        rules[codes.index(code)] = new
        return Table(tuple(rules), now.default_team)
    rules = [each for each in rules if each[0] != code]
    if is_active:
        rules.insert(sum(places.get(each[0], 0) <= position for each in rules), new)
    return Table(tuple(rules), now.default_team)


def _named(proposal: Proposal) -> tuple[str, ...]:
    return (*proposal.lead, *proposal.support)


def by_keywords(leaf: Category) -> Foreseen:
    """If the leaf, new or changed and not kept yet, were recognised by its keywords as they stand."""
    now, wanted = book(), book_with(leaf)
    rows = _latest()
    changes = []
    for row in rows:
        old, new = (
            grade(row.text, title=row.title, kind=row.kind, channel=row.channel, tier=row.tier, book=each).category
            for each in (now, wanted)
        )
        if old != new:
            changes.append(Change(row.pk, new, (old,), (new,)))
    return Foreseen.of(len(rows), changes)


def _latest(*related: str) -> list[Complaint]:
    rows = Complaint.objects.filter(put_away_at=None).order_by("-received_at", "-id")
    return list(rows.select_related(*related)[:MOST] if related else rows[:MOST])
