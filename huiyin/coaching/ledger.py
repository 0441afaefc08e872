"""1+1+1 as figures: what a year asks of a person, what they have, and what is lacking. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

HOURS, PROJECT, NEWCOMER = "hours", "project", "newcomer"
KINDS: Final = (HOURS, PROJECT, NEWCOMER)


@dataclass(frozen=True)
class Counters:
    """Of one person in one year. `courses` are the hours of the courses passed on screen, within `hours`."""

    hours: Decimal = Decimal(0)
    project: int = 0
    newcomer: int = 0
    courses: Decimal = Decimal(0)

    def of(self, kind: str) -> Decimal:
        return Decimal(getattr(self, kind))

    def lacking(self, wanted: "Counters") -> dict[str, str]:
        """By kind how much is short, as text; empty where the year is met."""
        short = {kind: wanted.of(kind) - self.of(kind) for kind in KINDS}
        return {kind: plain(each) for kind, each in short.items() if each > 0}


def plain(figure: Decimal) -> str:
    """37.5, and 100 for 100.0."""
    return f"{figure.normalize():f}"
