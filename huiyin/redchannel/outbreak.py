"""舆情发酵 (AL-10, C040): whether an hour's mentions of a topic are an outbreak. Pure: numbers in, numbers out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

AN_HOUR = timedelta(hours=1)
KNOWN_AT_LEAST = 24  # hours; with fewer nobody can say what is usual


@dataclass(frozen=True)
class Bounds:
    """It opens at `times` the usual of the last `days`, from `at_least` mentions on; or at a post with such reach."""

    times: float = 3
    days: int = 7
    at_least: int = 10
    reach: int = 100_000

    @classmethod
    def of(cls, given: Mapping[str, float]) -> "Bounds":
        plain = cls()
        return cls(
            times=float(given.get("times", plain.times)),
            days=int(given.get("days", plain.days)),
            at_least=int(given.get("at_least", plain.at_least)),
            reach=int(given.get("reach", plain.reach)),
        )


@dataclass(frozen=True)
class Rise:
    """The numbers that caused it. `usual`: the mean of an hour; `ratio`: 0 where nobody can say."""

    hour: datetime
    count: int
    usual: float
    ratio: float
    reach: int


def rise(
    counts: Mapping[datetime, int], *, hour: datetime, count: int, reach: int = 0, bounds: Bounds | None = None
) -> Rise | None:
    """Against the mean of the known hours in the days before this one; None where it is nothing unusual."""
    bounds = bounds or Bounds()
    since = hour - timedelta(days=bounds.days)
    before = [each for at, each in counts.items() if since <= at < hour]
    is_known = len(before) >= KNOWN_AT_LEAST and sum(before) > 0
    usual = sum(before) / len(before) if is_known else 0.0
    many = is_known and count >= bounds.at_least and count * len(before) >= bounds.times * sum(before)
    if not many and reach < bounds.reach:
        return None
    return Rise(hour, count, usual, count / usual if is_known else 0.0, reach)
