"""Whatever accent a company chooses, both themes can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.org import colours

HEX = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(HEX)
def test_the_nearest_to_any_colour_can_be_read_in_both_themes(colour: str) -> None:
    accent = colours.nearest(colour)
    assert all(pair.is_enough for pair in colours.pairs(accent)), colours.pairs(accent)


@given(HEX)
def test_a_colour_that_can_be_read_is_left_as_it_is(colour: str) -> None:
    nearest = colours.nearest(colour)
    assert colours.nearest(nearest) == nearest
    assert (nearest == colour) == colours.is_readable(colour)


def test_the_houses_own_accent_is_one() -> None:
    assert colours.is_readable("#2554b8")


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)])
def test_the_figure_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.01)


def test_the_stylesheet_sets_tokens_and_nothing_else() -> None:
    css = colours.stylesheet("#7a1f5c")
    assert css.startswith(":root{--accent:light-dark(#7a1f5c,")
    assert [word for word in ("url(", "@", "<") if word in css] == []
