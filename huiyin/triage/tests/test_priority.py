"""The priority score, by the default file's own examples and by what must hold of any score."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from huiyin.triage.priority import SEVERITY, TIER, WEIGHTS, priority

FILE = Path(__file__).parents[2] / "defaults" / "severity.yaml"


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))["priority_score"]
    return found


@pytest.mark.req("C057")
def test_the_weights_are_those_of_the_default_file(spec: dict[str, Any]) -> None:
    assert {f"L{level}": value for level, value in SEVERITY.items()} == spec["terms"]["S"]
    assert spec["terms"]["V"] == TIER
    assert spec["formula"] == "100 * (" + " + ".join(f"{WEIGHTS[code]:.2f}*{code}" for code in "SEVTR") + ")"


@pytest.mark.req("C057")
def test_the_examples_of_the_default_file_hold(spec: dict[str, Any]) -> None:
    for example in spec["examples"]:
        found = priority(
            severity=int(example["S"][1]),
            emotion=example["emotion"],
            tier=example["tier"],
            elapsed=example["T"],
            returned=example["R"] == 1,
        )
        assert found.score == example["score"], example


@given(
    severity=st.integers(1, 4), emotion=st.integers(1, 5), tier=st.sampled_from(["STD", "VIP", "VUL"]),
    elapsed=st.floats(-1, 9), returned=st.booleans(), prior=st.integers(0, 99),
)  # fmt: skip
def test_the_score_is_the_sum_of_its_parts_and_stays_within_its_bounds(**given_: Any) -> None:
    found = priority(**given_)

    assert 0 <= found.score <= 100
    assert abs(sum(term.points for term in found.terms) - found.score) < 0.05
    assert [term.points for term in found.terms] == sorted((term.points for term in found.terms), reverse=True)


def test_level_one_comes_first_and_what_is_late_before_what_is_not() -> None:
    calm_first = priority(severity=1, emotion=1, tier="STD", elapsed=0)
    loud_second = priority(severity=2, emotion=5, tier="VUL", elapsed=1, returned=True)
    late = priority(severity=3, emotion=1, tier="STD", elapsed=1, breached=True)
    in_time = priority(severity=3, emotion=5, tier="VUL", elapsed=0.9, returned=True)

    assert calm_first.rank < loud_second.rank < late.rank < in_time.rank
