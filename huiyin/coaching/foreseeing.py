"""What a change of the card or of the rule would do: which draws keep theirs, and how many would have been drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from huiyin.coaching.actions.drawing import RULE, closed_in, month_before
from huiyin.coaching.models import Draw, Sampled, SamplingRule
from huiyin.coaching.queries import today
from huiyin.coaching.sampling import draw

Reason = Sampled.Reason
_SEED = "foreseen"  # of a month that is not drawn yet; how many it takes does not hang on the lot, but for top-ups


@dataclass(frozen=True)
class Drawn:
    """`certain` and `topped_up` come on top of `random`; of all of them `twice` are scored by two."""

    random: int
    certain: int
    topped_up: int
    twice: int

    @property
    def total(self) -> int:
        return self.random + self.certain + self.topped_up


@dataclass(frozen=True)
class Foreseen:
    """Of the month before: `actual` None where it is not drawn yet. `now` and `new` are reckoned alike, of what is
    closed today and by the same seed; `actual` of what was closed when it was drawn."""

    month: date
    closed: int
    actual: Drawn | None
    now: Drawn
    new: Drawn


@dataclass(frozen=True)
class Standing:
    """`last`: the latest month that is drawn, None before the first; `waiting`: cases of all draws that are yet to be
    scored, by the cards they were drawn with; `coming`: the month that the next nightly draw takes."""

    last: date | None
    waiting: int
    coming: date


def standing(at: datetime) -> Standing:
    """Figures only; three queries."""
    last = Draw.objects.values_list("month", flat=True).first()
    before = month_before(at)
    is_drawn = Draw.objects.filter(month=before).exists()
    coming = today(at).replace(day=1) if is_drawn else before
    return Standing(last, Sampled.objects.waiting().count() if last else 0, coming)


def foresee(values: Mapping[str, Any], *, at: datetime) -> Foreseen:
    """How many of the month before a rule with these values would take, beside what was taken. Figures only; it reads
    the month's closed complaints twice."""
    month = month_before(at)
    made = Draw.objects.filter(month=month).only("seed").first()
    seed = made.seed if made else _SEED
    closed, now = _reckoned(SamplingRule.objects.get(code=RULE), month, seed)
    _closed, new = _reckoned(SamplingRule(code=RULE, **values), month, seed)
    return Foreseen(month, closed, _actual(made) if made else None, now, new)


def _reckoned(rule: SamplingRule, month: date, seed: str) -> tuple[int, Drawn]:
    rows = closed_in(month, rule)
    sample = draw(
        rows.values(),
        seed=seed,
        percent=rule.percent,
        least_per_agent=rule.least_per_agent,
        twice_percent=rule.twice_percent,
    )
    return len(rows), Drawn(len(sample.drawn), len(sample.certain), len(sample.topped_up), len(sample.twice))


def _actual(made: Draw) -> Drawn:
    counts = made.cases.order_by().aggregate(
        random=Count("pk", filter=Q(reason=Reason.RANDOM)),
        certain=Count("pk", filter=Q(reason=Reason.CERTAIN)),
        topped_up=Count("pk", filter=Q(reason=Reason.AGENT)),
        twice=Count("pk", filter=Q(is_twice=True)),
    )
    return Drawn(**counts)
