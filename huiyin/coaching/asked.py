"""What the reviewers of a draw are asked: the scorecard and the thresholds as they were when it was drawn."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from huiyin.coaching.models import Draw, Sampled, SamplingRule, ScoreItem
from huiyin.org.models import in_language


@dataclass(frozen=True)
class Line:
    """One line of the card, as a `ScoreItem` had it."""

    code: str
    name_zh: str
    name_en: str
    weight: int
    is_fatal: bool
    looks_at: str = ""

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)

    @property
    def named(self) -> dict[str, str]:
        return {"code": self.code, "name_zh": self.name_zh, "name_en": self.name_en}


@dataclass(frozen=True)
class Asked:
    """`agreement` is kappa in hundredths, `settle_over` points, `appeal_days` working days."""

    lines: tuple[Line, ...]
    agreement: int
    settle_over: int
    appeal_days: int

    @classmethod
    def of(cls, items: Iterable[ScoreItem], rule: SamplingRule) -> Self:
        lines = tuple(
            Line(each.code, each.name_zh, each.name_en, each.weight, each.is_fatal, each.looks_at) for each in items
        )
        return cls(lines, rule.agreement, rule.settle_over, rule.appeal_days)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        return cls(**{**kept, "lines": tuple(Line(**each) for each in kept["lines"])})

    def kept(self) -> dict[str, Any]:
        """As `read` understands it, in JSON."""
        lines = [asdict(each) for each in self.lines]
        return {**asdict(self), "lines": [{k: v for k, v in each.items() if k != "looks_at" or v} for each in lines]}


def asked_in(draw: Draw) -> Asked:
    """What was kept with the draw; what is in force today for one that was drawn before the card was kept,
    until somebody changes it in the settings: from then on what was in force until then."""
    return _read(draw.card)


def asked_of(case: Sampled) -> Asked:
    """The same for one case, without the draw's strata; one query."""
    return _read(Draw.objects.values_list("card", flat=True).get(pk=case.draw_id))


def _read(kept: Mapping[str, Any] | None) -> Asked:
    return Asked.of(ScoreItem.objects.all(), SamplingRule.objects.get()) if kept is None else Asked.read(kept)
