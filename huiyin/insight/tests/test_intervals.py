"""How sure a change is: the intervals hold what is true about as often as they promise."""

from math import exp
from random import Random

import pytest

from huiyin.insight.intervals import Change, log_error, of_medians, of_shares, rank


def side(draw: Random, n: int, middle: float) -> tuple[float, float | None]:
    values = sorted(draw.lognormvariate(0, 0.8) * middle for _each in range(n))
    place = rank(n)
    return values[n // 2], log_error(n, values[place - 1], values[n - place])


@pytest.mark.req("C058")
@pytest.mark.parametrize("n", [12, 60, 700])
def test_the_interval_of_a_ratio_of_medians_holds_the_truth_about_nineteen_times_in_twenty(n: int) -> None:
    draw, hits = Random(n), 0
    for _each in range(400):
        found = of_medians(*side(draw, n, 10), *side(draw, n, 6))
        assert found is not None
        hits += found.low <= -40 <= found.high

    assert hits / 400 >= 0.92


def test_of_shares_the_change_is_that_of_the_ratio_with_the_published_error() -> None:
    """Katz: 0.8 to 0.9 of 100 each; standard error of the log ratio sqrt(1/80 - 1/100 + 1/90 - 1/100)."""
    found = of_shares(80, 100, 90, 100)

    assert found is not None
    error = (1 / 80 - 1 / 100 + 1 / 90 - 1 / 100) ** 0.5
    assert found.percent == pytest.approx(12.5)
    assert found.low == pytest.approx(100 * (1.125 * exp(-1.959964 * error) - 1), abs=1e-4)


@pytest.mark.req("C058")
def test_of_too_few_no_interval_is_told() -> None:
    assert log_error(9, 1, 2) is None
    assert of_medians(10, None, 5, 0.1) is None
    assert of_shares(5, 9, 50, 90) is None
    assert of_shares(0, 100, 50, 90) is None


def test_a_change_lies_within_its_interval() -> None:
    found = of_medians(10, 0.05, 6, 0.05)

    assert isinstance(found, Change)
    assert found.low < found.percent < found.high
    assert found.percent == pytest.approx(-40)
