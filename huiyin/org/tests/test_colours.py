"""Whatever accent a company chooses, both themes can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.lib.tests.tokens import COLOURS
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


def test_it_is_reckoned_with_the_grounds_and_the_palest_words_that_the_pages_have() -> None:
    named = [COLOURS[name] for name in ("surface", "ground", "sunken", "raised", "bg-forms", "note-bg", "letter-bg")]
    assert [*zip(colours.LIGHT_GROUNDS, colours.DARK_GROUNDS, strict=True)] == named
    assert COLOURS["ink-faint"] == colours.PALEST


@given(HEX)
def test_all_words_are_read_on_the_soft_ground_of_any_accent(colour: str) -> None:
    """A chosen row, the line under the pointer: what stands there keeps the house's own colours."""
    soft = colours.palette(colours.nearest(colour)).soft
    words = [name for name in COLOURS if name.startswith("ink") or (name.endswith("-fg") and name != "sev-1-fg")]
    faint = {
        (name, ground) for name in words for at, ground in enumerate(soft)
        if colours.contrast(COLOURS[name][at], ground) < colours.TEXT
    }  # fmt: skip
    assert faint == set()


@given(HEX)
def test_the_words_on_a_button_and_the_ring_around_it_are_seen_in_any_accent(colour: str) -> None:
    made = colours.palette(colours.nearest(colour))
    for at, grounds in enumerate((colours.LIGHT_GROUNDS, colours.DARK_GROUNDS)):
        assert colours.contrast(COLOURS["accent-ink"][at], made.fill[at]) >= colours.TEXT
        assert min(colours.contrast(made.accent[at], ground) for ground in (*grounds, made.soft[at])) >= colours.TEXT


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)])
def test_the_figure_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.01)


def test_the_stylesheet_sets_tokens_and_nothing_else() -> None:
    css = colours.stylesheet("#7a1f5c")
    assert css.startswith(":root{--accent:light-dark(#7a1f5c,")
    assert [word for word in ("url(", "@", "<") if word in css] == []
