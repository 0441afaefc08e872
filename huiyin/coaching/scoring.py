"""What a reviewed complaint comes to: weights of the scorecard, marks, and what makes it naught. Pure."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

FULL, HALF, NONE, NOT_ASKED = "full", "half", "none", "na"
_SHARES: Final = {FULL: Decimal(1), HALF: Decimal("0.5"), NONE: Decimal(0)}


def score(weights: Mapping[str, int], marks: Mapping[str, str], *, is_fatal: bool = False) -> Decimal:
    """Out of a hundred, of those items that applied. Raises ValueError where none did or one was left out."""
    if missing := [code for code in weights if marks.get(code) not in {*_SHARES, NOT_ASKED}]:
        raise ValueError(missing)
    asked = {code: weight for code, weight in weights.items() if marks[code] != NOT_ASKED}
    if not asked:
        raise ValueError("nothing applied")
    if is_fatal:
        return Decimal("0.0")
    reached = sum((weight * _SHARES[marks[code]] for code, weight in asked.items()), Decimal(0))
    return (reached * 100 / sum(asked.values())).quantize(Decimal("0.1"), ROUND_HALF_UP)
