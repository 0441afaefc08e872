"""One accent colour into a whole look that can be read in both themes. Values only; figures of WCAG 2.2."""

from __future__ import annotations

import re
from typing import NamedTuple

HEX = re.compile(r"#[0-9a-f]{6}")
TEXT, EDGE = 4.5, 3.0  # least contrast of words, and of what marks a control
WHITE, BLACK = "#ffffff", "#000000"
# what the accent stands on as words: surface, ground, sunken, raised, fields, note, letter; and the palest words that
# stand on its own soft ground (each as frontend/style/_tokens.scss has it: tested)
LIGHT_GROUNDS = ("#ffffff", "#f6f7f9", "#eef0f4", "#ffffff", "#ffffff", "#fff9e5", "#eef4fe")
DARK_GROUNDS = ("#1b212c", "#12161e", "#0d1117", "#232a37", "#141a24", "#2b2614", "#182640")
DARK_SURFACE, LIGHT_SURFACE = DARK_GROUNDS[0], WHITE
PALEST = ("#626d7e", "#95a1b3")


class Pair(NamedTuple):
    """Two colours that meet, in one theme, and how far apart they are."""

    use: str
    theme: str
    one: str
    other: str
    ratio: float
    least: float

    @property
    def is_enough(self) -> bool:
        return self.ratio >= self.least


class Palette(NamedTuple):
    """The tokens that follow from one accent."""

    accent: tuple[str, str]
    fill: tuple[str, str]
    soft: tuple[str, str]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """`share` of the other in it."""
    pairs = [(int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def is_readable(accent: str) -> bool:
    """As words on every light ground, and under white words."""
    return all(contrast(accent, ground) >= TEXT for ground in (*LIGHT_GROUNDS, _soft(accent, LIGHT_SURFACE, 90)))


def nearest(accent: str) -> str:
    """The accent itself, or the least darkened that can be read."""
    steps = (mixed(accent, BLACK, step / 50) for step in range(51))
    return next(each for each in steps if is_readable(each))


def _soft(accent: str, surface: str, least: int) -> str:
    """The surface with a touch of the accent: as much as leaves the palest words on it readable, 100 - `least` % at
    most."""
    palest = PALEST[surface == DARK_SURFACE]
    touched = (mixed(accent, surface, share / 100) for share in range(least, 101))
    return next(each for each in touched if contrast(palest, each) >= TEXT)


def palette(accent: str) -> Palette:
    """Light as chosen; dark lightened for words and kept strong for what carries white words."""
    light, soft = _soft(accent, LIGHT_SURFACE, 90), _soft(accent, DARK_SURFACE, 78)
    grounds = (*DARK_GROUNDS, soft)
    lighter = (mixed(accent, WHITE, step / 50) for step in range(51))
    words = next(each for each in lighter if all(contrast(each, ground) >= TEXT for ground in grounds))
    steps = [mixed(accent, WHITE, step / 100) for step in range(101)]
    fills = [each for each in steps if contrast(each, WHITE) >= TEXT and contrast(each, DARK_SURFACE) >= EDGE]
    return Palette((accent, words), (accent, fills[0] if fills else accent), (light, soft))


def pairs(accent: str) -> list[Pair]:
    """What meets what, the tightest of each use first: shown where the colour is chosen."""
    made = palette(accent)
    found = []
    for theme, at, grounds in (("light", 0, LIGHT_GROUNDS), ("dark", 1, DARK_GROUNDS)):
        ground = min((*grounds, made.soft[at]), key=lambda each: contrast(made.accent[at], each))
        surface = grounds[0]
        found += [
            Pair("link", theme, made.accent[at], ground, contrast(made.accent[at], ground), TEXT),
            Pair("button", theme, WHITE, made.fill[at], contrast(WHITE, made.fill[at]), TEXT),
            Pair("edge", theme, made.fill[at], surface, contrast(made.fill[at], surface), EDGE),
            Pair("soft", theme, PALEST[at], made.soft[at], contrast(PALEST[at], made.soft[at]), TEXT),
        ]
    return found


def stylesheet(accent: str) -> str:
    """The tokens as CSS, to come after the house's own."""
    made = palette(accent)
    rgb = [", ".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) for colour in made.fill]
    return (
        ":root{"
        f"--accent:light-dark({made.accent[0]},{made.accent[1]});"
        f"--accent-fill:light-dark({made.fill[0]},{made.fill[1]});"
        f"--accent-soft:light-dark({made.soft[0]},{made.soft[1]});"
        f"--focus:light-dark({made.accent[0]},{made.accent[1]});"
        f"--primary:{made.fill[0]};--primary-rgb:{rgb[0]}"
        "}\n"
        f':root[data-bs-theme="dark"],[data-bs-theme="dark"]{{--primary:{made.fill[1]};--primary-rgb:{rgb[1]}}}\n'
    )
