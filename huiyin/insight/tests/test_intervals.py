"""How sure a change is: the intervals hold what is true about as often as they promise."""

import json
from math import exp
from pathlib import Path
from random import Random

import pytest

from huiyin.insight.intervals import Change, log_error, mean, net, of_medians, of_shares, rank, wilson


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


@pytest.mark.req("C028")
def test_wilson_and_the_net_promoter_score_are_those_of_the_reference() -> None:
    golden = json.loads((Path(__file__).parents[3] / "tests" / "golden_vectors.json").read_bytes())
    for row in golden["wilson_ci95"]:
        found = wilson(row["x"], row["n"])
        assert found is not None
        assert found == pytest.approx((row["p"], row["lower"], row["upper"]), abs=1e-9)
    for row in golden["nps"]:
        n = row["promoters"] + row["passives"] + row["detractors"]
        told = net(row["promoters"], row["detractors"], n)
        assert told is not None
        assert told.value == pytest.approx(row["nps"])
        assert told.low == pytest.approx(max(row["nps"] - 1.959963984540054 * row["se"], -100))
    assert (wilson(0, 0), net(9, 0, 9), mean(9, 9, 9)) == (None, None, None)
    assert mean(40, 180, 10) == pytest.approx((4, 4 - 1.96 * (2 / 9) ** 0.5, 4 + 1.96 * (2 / 9) ** 0.5), abs=1e-3)
