"""Cohen's kappa against published values, and when a third is to settle."""

import pytest

from huiyin.coaching.agreement import Agreement, agreement, apart


def cards(yes_yes: int, yes_no: int, no_yes: int, no_no: int) -> list[tuple[dict[str, str], dict[str, str]]]:
    counts = {("full", "full"): yes_yes, ("full", "none"): yes_no, ("none", "full"): no_yes, ("none", "none"): no_no}
    return [({"Q": first}, {"Q": second}) for (first, second), count in counts.items() for _each in range(count)]


@pytest.mark.parametrize(
    ("counts", "kappa"),
    [  # the worked examples of the encyclopaedia's article on Cohen's kappa
        ((20, 5, 10, 15), 0.4),
        ((45, 15, 25, 15), 0.1304),
        ((25, 35, 5, 35), 0.2593),
        ((50, 0, 0, 50), 1.0),
        ((0, 50, 50, 0), -1.0),
    ],
)
def test_kappa_is_as_published(counts: tuple[int, int, int, int], kappa: float) -> None:
    found = agreement(cards(*counts))
    assert found.kappa == pytest.approx(kappa, abs=0.00005)
    assert found.low <= kappa + 0.00005
    assert found.high >= kappa - 0.00005
    assert (found.cards, found.marks) == (sum(counts), sum(counts))


def test_the_standard_error_is_cohens() -> None:
    found = agreement(cards(20, 5, 10, 15))
    assert found.error == pytest.approx((0.7 * 0.3 / (50 * 0.5**2)) ** 0.5)  # by hand: 0.1296


def test_few_cards_or_marks_that_never_differ_are_no_sample_to_judge_by() -> None:
    assert agreement([]) == Agreement(0, 0, None)
    assert agreement(cards(40, 0, 0, 0)).verdict(0.6) == "unknown"  # chance alone would do as well
    assert agreement(cards(15, 0, 0, 14)).verdict(0.6) == "unknown"
    assert [agreement(cards(*each)).verdict(0.6) for each in ((15, 0, 0, 15), (20, 5, 10, 15))] == ["met", "missed"]
    assert agreement([({"A": "full", "B": "na"}, {"A": "full", "C": "na"})]).marks == 1  # of what both were asked


@pytest.mark.parametrize(
    ("second", "fatal", "wanted"), [("80.0", (), False), ("79.9", (), True), ("90.0", ("QF-1",), True)]
)
def test_a_third_settles_more_points_than_the_limit_or_another_fatal_item(
    second: str, fatal: tuple[str, ...], wanted: bool
) -> None:
    assert apart(("90.0", second), ((), fatal), limit=10) is wanted
