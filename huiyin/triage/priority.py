"""How urgent a complaint is beside others, 0 to 100 (severity.yaml, priority_score). It orders work, promises nothing.

100 * (0.40 S + 0.15 E + 0.15 V + 0.20 T + 0.10 R): severity, emotion, the customer's tier, how far the tightest clock
has run, and whether it came back or was referred. Values only.
"""

from typing import NamedTuple

WEIGHTS = {"S": 0.40, "E": 0.15, "V": 0.15, "T": 0.20, "R": 0.10}
SEVERITY = {1: 1.0, 2: 0.7, 3: 0.35, 4: 0.1}
TIER = {"VUL": 1.0, "VIP": 0.8, "STD": 0.3}
PRIOR_COUNTS_TO = 3


class Term(NamedTuple):
    """One part of the score: S, E, V, T or R; its value from 0 to 1; the points it brings."""

    code: str
    value: float
    points: float


class Priority(NamedTuple):
    """The score, and its parts from the heaviest on. `rank` sorts: level 1 first, then what is past a clock."""

    score: float
    terms: tuple[Term, ...]
    rank: tuple[int, int, float]


def priority(
    *,
    severity: int,
    emotion: int,
    tier: str,
    elapsed: float,
    returned: bool = False,
    prior: int = 0,
    breached: bool = False,
) -> Priority:
    """`elapsed`: the share of the tightest open clock that is used up. `returned`: reopened, or referred by a
    regulator. `prior`: complaints of the same customer in the 90 days before."""
    values = {
        "S": SEVERITY[severity],
        "E": (min(max(emotion, 1), 5) - 1) / 4,
        "V": TIER.get(tier, TIER["STD"]),
        "T": min(max(elapsed, 0.0), 1.0),
        "R": 1.0 if returned else min(max(prior, 0), PRIOR_COUNTS_TO) / PRIOR_COUNTS_TO,
    }
    terms = [Term(code, value, round(100 * WEIGHTS[code] * value, 2)) for code, value in values.items()]
    score = round(100 * sum(WEIGHTS[code] * value for code, value in values.items()), 2)
    is_first = 0 if severity == 1 else 1
    return Priority(
        score, tuple(sorted(terms, key=lambda term: -term.points)), (is_first, severity * 2 - int(breached), -score)
    )
