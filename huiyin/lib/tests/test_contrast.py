"""The design tokens hold WCAG AA in both themes: 4.5 for words on their ground, 3 for what marks a control.

What meets what follows from the names in the file itself: `NAME-fg` is words on `NAME-bg`, and on every ground of the
page as well, `NAME-line` is drawn around `NAME-bg`. A colour that has no such name is given its place below; one that
stands nowhere fails.
"""

import pytest

from huiyin.lib.tests.tokens import COLOURS, coloured

GROUNDS = ("surface", "ground", "sunken", "raised", "bg-forms", "accent-soft", "note-bg", "letter-bg")
INKS = ("ink", "ink-soft", "ink-faint", "accent")
MARKS = ("line-strong", "focus")  # around a control, on whatever ground it stands
FILLS = {"accent-fill": "accent-ink", "primary": "accent-ink", "danger": "accent-ink"}  # a button, and its words
ORNAMENTS = ("line",)  # parts what reads apart without it
SHADOWS = ("shadow-1", "shadow-2")

OWN = sorted(name.removesuffix("-fg") for name in COLOURS if name.endswith("-fg"))
ON_FILL = {"sev-1"}  # its words are white, on its own strong ground only
THEMES = pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def between(one: str, other: str, theme: int) -> float:
    return contrast(COLOURS[one][theme], COLOURS[other][theme])


def test_every_colour_of_the_file_has_its_place_here() -> None:
    families = {f"{name}-{part}" for name in OWN for part in ("bg", "fg", "line")}
    placed = {*GROUNDS, *INKS, *MARKS, *FILLS, *FILLS.values(), *ORNAMENTS, *SHADOWS, *families}
    assert coloured() - placed == set(), "say here what it meets"
    assert coloured() - set(SHADOWS) == COLOURS.keys(), "a colour is written as two of six digits, light and dark"
    assert {name.removesuffix("-bg") for name in COLOURS if name.endswith("-bg")} == set(OWN)
    assert {*GROUNDS, *INKS, *MARKS, *FILLS, *ORNAMENTS} <= COLOURS.keys()


@THEMES
@pytest.mark.parametrize("name", OWN)
def test_words_stand_out_from_their_own_ground(name: str, theme: int) -> None:
    assert between(f"{name}-fg", f"{name}-bg", theme) >= 4.5


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", [*INKS, *(f"{name}-fg" for name in OWN if name not in ON_FILL)])
def test_ink_stands_out_from_every_ground(ink: str, ground: str, theme: int) -> None:
    assert between(ink, ground, theme) >= 4.5


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("mark", MARKS)
def test_edges_of_controls_are_seen_on_every_ground(mark: str, ground: str, theme: int) -> None:
    assert between(mark, ground, theme) >= 3


@THEMES
@pytest.mark.parametrize(("fill", "words"), FILLS.items())
def test_the_words_of_a_filled_button_are_read(fill: str, words: str, theme: int) -> None:
    assert between(words, fill, theme) >= 4.5


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("fill", FILLS)
def test_a_filled_button_is_seen_on_every_ground(fill: str, ground: str, theme: int) -> None:
    """A box, a bar and a toast are raised, a notice stands on a tint: what can be pressed has no edge but its fill."""
    assert between(fill, ground, theme) >= 3


@THEMES
@pytest.mark.parametrize("name", [name for name in OWN if f"{name}-line" in COLOURS and name not in ON_FILL])
def test_a_line_is_told_from_the_ground_within_it_and_around_it(name: str, theme: int) -> None:
    """It repeats what the words in it say, so 3 is not asked; to be seen it must be."""
    assert between(f"{name}-line", f"{name}-bg", theme) >= 1.4
    assert between(f"{name}-line", "surface", theme) >= 1.6
