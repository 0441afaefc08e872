"""How a quiz is marked: a question counts when exactly its right options are ticked. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime


def marks(right: Mapping[int, Collection[int]], given: Mapping[int, Collection[int]]) -> dict[int, bool]:
    """By question: whether it was answered rightly. What was not answered is wrong."""
    return {number: set(given.get(number, ())) == set(wanted) for number, wanted in right.items()}


def score(found: Sequence[bool]) -> int:
    """Out of a hundred, rounded down: 79.9 is no pass."""
    return sum(found) * 100 // len(found) if found else 0


def months_later(at: datetime, months: int) -> datetime:
    """The same day so many months on; the last day of a shorter month."""
    years, month = divmod(at.month - 1 + months, 12)
    for day in (at.day, 30, 29, 28):
        try:
            return at.replace(year=at.year + years, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
