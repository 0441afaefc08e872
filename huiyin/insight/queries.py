"""Figures for a report page, each only over what the member may see."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count

from huiyin.complaints.models import Guidance
from huiyin.complaints.models.complaint import Outcome
from huiyin.complaints.states import OPEN
from huiyin.knowledge.models import Method, Playbook
from huiyin.org.models import Member

STILL_OPEN = "open"
ENDED_OTHERWISE = "other"
# The columns of the report, in order: the customer's opinions, then what has none yet or never got one.
OUTCOMES = (*Outcome.values, STILL_OPEN, ENDED_OTHERWISE)


@dataclass(frozen=True)
class MethodUse:
    """How often a method, or one of the four main ways (引导客户 …), was followed, and how those complaints ended.

    `counts` is by the names in OUTCOMES; a complaint counts once for each method that was followed on it.
    """

    code: str
    name: str
    is_special: bool
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def accepted_share(self) -> float | None:
        """Of those whose customer said something: satisfied or acceptable. None where nobody has."""
        answered = sum(
            self.counts[outcome] for outcome in (Outcome.SATISFIED, Outcome.ACCEPTABLE, Outcome.NOT_ACCEPTED)
        )
        good = self.counts[Outcome.SATISFIED] + self.counts[Outcome.ACCEPTABLE]
        return good / answered if answered else None


@dataclass(frozen=True)
class MethodUses:
    by_method: tuple[MethodUse, ...]
    by_tag: tuple[MethodUse, ...]


def method_use_by_outcome(member: Member) -> MethodUses:
    """Use of methods by outcome (A12), over the complaints that the member may see; three queries.

    Every method and playbook has its row, used or not. By tag: the main ways that the playbooks followed stand for.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    used = Guidance.objects.visible_to(member).order_by()
    grouped = used.values("method", "complaint__state", "complaint__outcome").annotate(
        n=Count("complaint", distinct=True)
    )
    for row in grouped:
        counts[row["method"]][_outcome(row["complaint__state"], row["complaint__outcome"])] += row["n"]
    methods = [MethodUse(each.code, each.name, False, counts[each.code]) for each in Method.objects.all()]
    playbooks = list(Playbook.objects.all())
    special = [MethodUse(each.code, each.name, True, counts[each.code]) for each in playbooks]
    by_tag: dict[str, Counter[str]] = {}
    for playbook in playbooks:
        for tag in playbook.tags:
            by_tag.setdefault(tag, Counter()).update(counts[playbook.code])
    return MethodUses((*methods, *special), tuple(MethodUse(tag, tag, True, each) for tag, each in by_tag.items()))


def _outcome(state: str, outcome: str) -> str:
    return outcome or (STILL_OPEN if state in OPEN else ENDED_OTHERWISE)
