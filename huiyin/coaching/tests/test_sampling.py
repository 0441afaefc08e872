"""A fifth by lot, in proportion to every stratum, and the same for the same seed."""

from collections import Counter
from decimal import Decimal
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.coaching.sampling import Closed, draw, size_of
from huiyin.coaching.scoring import score

STAYS = [1, 4, 7, 9, 22, 26, 32, 35]
CLOSED = st.builds(
    Closed,
    pk=st.integers(1, 10_000),
    unit=st.integers(1, 3),
    severity=st.integers(1, 4),
    channel=st.sampled_from(["phone", "email"]),
    agent=st.none() | st.integers(1, 4),
    is_certain=st.booleans(),
)
MONTHS = st.lists(CLOSED, max_size=60, unique_by=lambda each: each.pk)


@pytest.mark.req("C030")
@settings(max_examples=80, deadline=None)
@given(rows=MONTHS, seed=st.text(max_size=8), percent=st.integers(1, 100), least=st.integers(0, 5))
def test_a_fifth_at_least_of_every_stratum_in_proportion_and_the_same_again(
    rows: list[Closed], seed: str, percent: int, least: int
) -> None:
    sample = draw(rows, seed=seed, percent=percent, least_per_agent=least)

    assert size_of(len(rows), 20) >= ceil(0.20 * len(rows) - 1e-9)
    assert len(sample.drawn) == size_of(len(rows), percent)
    for stratum in sample.strata:
        assert set(stratum.drawn) <= set(stratum.closed)
        assert abs(len(stratum.drawn) - len(sample.drawn) * len(stratum.closed) / len(rows)) < 1
    assert sorted(pk for stratum in sample.strata for pk in stratum.closed) == sorted(each.pk for each in rows)
    assert draw(reversed(rows), seed=seed, percent=percent, least_per_agent=least) == sample
    assert {each.pk for each in rows if each.is_certain} <= sample.everything
    had = Counter(each.agent for each in rows if each.agent)
    taken = Counter(each.agent for each in rows if each.pk in sample.everything)
    assert all(taken[agent] >= min(least, count) for agent, count in had.items())
    assert not sample.certain & sample.drawn
    assert not sample.topped_up & (sample.drawn | sample.certain)


@pytest.mark.req("C030")
def test_the_lot_is_by_the_seed_alone_and_stays_what_it_was() -> None:
    rows = [Closed(pk, 1 + pk % 2, 3, "phone") for pk in range(1, 41)]

    assert sorted(draw(rows, seed="2026-10", percent=20).drawn) == STAYS
    assert len({draw(rows, seed=str(seed), percent=20).drawn for seed in range(20)}) > 15
    often = Counter(pk for seed in range(400) for pk in draw(rows, seed=str(seed), percent=20).drawn)
    assert min(often.values()) > 40  # of 400 draws each is expected in 80
    assert max(often.values()) < 130


@pytest.mark.parametrize(
    ("marks", "is_fatal", "wanted"),
    [
        ({"A": "full", "B": "full"}, False, "100.0"),
        ({"A": "half", "B": "full"}, False, "83.3"),
        ({"A": "none", "B": "half"}, False, "33.3"),
        ({"A": "na", "B": "half"}, False, "50.0"),
        ({"A": "full", "B": "full"}, True, "0.0"),
    ],
)
def test_a_score_is_by_weight_of_what_applied_and_naught_for_what_is_fatal(
    marks: dict[str, str], is_fatal: bool, wanted: str
) -> None:
    assert score({"A": 4, "B": 8}, marks, is_fatal=is_fatal) == Decimal(wanted)


@pytest.mark.parametrize("marks", [{"A": "full"}, {"A": "na", "B": "na"}, {"A": "full", "B": "splendid"}])
def test_what_was_left_out_or_did_not_apply_at_all_gives_no_score(marks: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        score({"A": 4, "B": 8}, marks)
