"""The design tokens hold WCAG AA in both themes: 4.5 for text on its ground, 3 for the edges of controls."""

import re
from pathlib import Path

import pytest

TOKENS = re.findall(
    r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);",
    (Path(__file__).parents[3] / "frontend" / "style" / "_tokens.scss").read_text("utf-8"),
)
COLOURS = {name: (light, dark) for name, light, dark in TOKENS}
PAIRED = sorted(name.removesuffix("-fg") for name in COLOURS if name.endswith("-fg"))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("name", PAIRED)
def test_words_stand_out_from_their_own_ground(name: str, theme: int) -> None:
    assert contrast(COLOURS[f"{name}-fg"][theme], COLOURS[f"{name}-bg"][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["surface", "ground", "raised", "note-bg", "letter-bg"])
@pytest.mark.parametrize("ink", ["ink", "ink-soft", "ink-faint", "accent", "tone-red-fg", "due-over-fg"])
def test_ink_stands_out_from_every_ground(ink: str, ground: str, theme: int) -> None:
    assert contrast(COLOURS[ink][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("edge", ["line-strong", "focus", "accent-fill"])
def test_edges_of_controls_are_seen(edge: str, theme: int) -> None:
    assert contrast(COLOURS[edge][theme], COLOURS["surface"][theme]) >= 3


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_on_the_primary_button_are_read(theme: int) -> None:
    assert contrast(COLOURS["accent-ink"][theme], COLOURS["accent-fill"][theme]) >= 4.5
