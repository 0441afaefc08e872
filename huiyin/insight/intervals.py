"""How sure a change is. Values only.

Medians: the standard error of a log median from two order statistics, and from it the interval of a ratio of medians
(R. M. Price, D. G. Bonett, Distribution-free confidence intervals for difference and ratio of medians, Journal of
Statistical Computation and Simulation 72, 2002, 119-124). Shares: the log ratio of two binomials (D. Katz et al.,
Biometrics 34, 1978, 469-474). One share: Wilson's score interval (E. B. Wilson, Journal of the American Statistical
Association 22, 1927, 209-212). The net promoter score: the variance of a difference of two shares of one sample.
"""

from math import ceil, comb, exp, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

LEVEL = 0.95
Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
LEAST = 10  # of fewer no interval is told
EXACT_UP_TO = 500


class Change(NamedTuple):
    """In per cent, negative: less than before; with the ends of its 95 % interval."""

    percent: float
    low: float
    high: float


class Interval(NamedTuple):
    value: float
    low: float
    high: float


def wilson(hits: int, n: int) -> Interval | None:
    """Of a share, from 0 to 1; None of nothing."""
    if not n:
        return None
    share, weight = hits / n, Z * Z / n
    middle = (share + weight / 2) / (1 + weight)
    reach = Z * sqrt(share * (1 - share) / n + weight / (4 * n)) / (1 + weight)
    return Interval(share, max(middle - reach, 0.0), min(middle + reach, 1.0))


def net(promoters: int, detractors: int, n: int) -> Interval | None:
    """The net promoter score, from -100 to 100; None of fewer than LEAST, where its error means nothing."""
    if n < LEAST:
        return None
    difference = (promoters - detractors) / n
    error = sqrt(max((promoters + detractors) / n - difference**2, 0.0) / n)
    if not error:  # all alike: this error says nothing of how sure that is
        return None
    ends = (max(difference - Z * error, -1.0), min(difference + Z * error, 1.0))
    return Interval(100 * difference, 100 * ends[0], 100 * ends[1])


def mean(total: float, squares: float, n: int) -> Interval | None:
    """Of n values, from their sum and the sum of their squares; None of fewer than LEAST."""
    if n < LEAST:
        return None
    middle = total / n
    reach = Z * sqrt(max(squares / n - middle**2, 0.0) / (n - 1))
    if not reach:
        return None
    return Interval(middle, middle - reach, middle + reach)


def needed(share: float) -> int:
    """How many, if every one is a hit, show with an interval that the share is reached: 189 for 98 %."""
    return ceil(Z * Z * share / (1 - share))


def rank(n: int) -> int:
    """Which smallest and largest values of n bracket the median for its standard error (1 is the smallest)."""
    return max(1, round((n + 1) / 2 - sqrt(n)))


def log_error(n: int, low: float, high: float) -> float | None:
    """The standard error of the log median, from the rank(n)-th smallest and largest of n values above 0."""
    if n < LEAST:
        return None
    return (log(high) - log(low)) / (2 * NormalDist().inv_cdf(1 - _tail(n, rank(n))))


def _tail(n: int, c: int) -> float:
    """P(B < c) for B binomial (n, 1/2)."""
    if n > EXACT_UP_TO:
        return NormalDist(n / 2, sqrt(n) / 2).cdf(c - 0.5)
    return float(sum(comb(n, k) for k in range(c)) / 2**n)


def of_medians(before: float, before_error: float | None, after: float, after_error: float | None) -> Change | None:
    """None where either side has too few, or no spread to tell of."""
    if before_error is None or after_error is None:
        return None
    return _change(log(after / before), sqrt(before_error**2 + after_error**2))


def of_shares(before_hits: int, before_n: int, after_hits: int, after_n: int) -> Change | None:
    """Of the share of hits, as a ratio; None where either side has too few or no hit at all."""
    if min(before_n, after_n) < LEAST or not before_hits or not after_hits:
        return None
    error = sqrt(1 / before_hits - 1 / before_n + 1 / after_hits - 1 / after_n)
    if not error:
        return None
    return _change(log((after_hits / after_n) / (before_hits / before_n)), error)


def _change(ratio: float, error: float) -> Change:
    low, middle, high = (100 * (exp(ratio + step * Z * error) - 1) for step in (-1, 0, 1))
    return Change(middle, low, high)
