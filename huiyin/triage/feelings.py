"""How the customer feels, 1 to 5, and whether it cannot wait. An estimate: it stands beside the agent's, never over."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from huiyin.triage.matching import Hit
from huiyin.triage.reading import Reading
from huiyin.triage.signals import Found

CALM, UNHAPPY, ANGRY, THREATENING = 1, 2, 4, 5
_SHOUTING: Final = re.compile(r"！{3,}|！.*！.*！", re.DOTALL)
_THREATS: Final = ("media_threat",)
_WARNINGS: Final = ("lawsuit_threat", "regulator_threat")


def emotion_of(reading: Reading, hits: Sequence[Hit], found: Mapping[str, Found], *, is_praise: bool) -> int:
    """The strongest cue counts; asking more than once makes unhappy anxious,
    and shouting adds one to what is not calm. Praise is calm unless it curses."""
    level = CALM
    for start, _end, entry in hits:
        if entry.emotion > level and not reading.is_denied(start):
            level = entry.emotion
    if any(signal in found for signal in _THREATS):
        level = THREATENING
    elif any(signal in found for signal in _WARNINGS):
        level = max(level, ANGRY)
    if reading.is_cross:
        level = max(level, ANGRY)
    if level == UNHAPPY and reading.folded.count("？") > 1:
        level += 1
    if CALM < level < ANGRY and _SHOUTING.search(reading.folded):
        level += 1
    return CALM if is_praise and level < THREATENING else level


def is_urgent(reading: Reading, hits: Sequence[Hit]) -> bool:
    """Someone says why it cannot wait, or speaks of harming themselves or others."""
    return any(entry.is_urgent and not reading.is_denied(start) for start, _end, entry in hits)
