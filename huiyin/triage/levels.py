"""The four levels of severity: 1 is the most severe. Compare the numbers, never the words.

Source: the default policy (huiyin/defaults/severity.yaml `levels`, compared by a test)."""

from __future__ import annotations

from typing import Final, NamedTuple


class Level(NamedTuple):
    rank: int
    code: str
    zh: str
    en: str
    colour: str
    is_confirmed_by_people: bool  # the machine only proposes it (C016)
    owner: str  # the unit, and the role in it, that answer for a complaint of this level
    accountable: str


LEVELS: Final[dict[int, Level]] = {
    1: Level(1, "L1", "一级（紧急/重大）", "L1 Critical", "red", True, "EXE", "executive"),
    2: Level(2, "L2", "二级（重要/严重）", "L2 Major", "orange", True, "CC", "cc_manager"),
    3: Level(3, "L3", "三级（一般/轻微）", "L3 Ordinary", "yellow", False, "CC", "supervisor"),
    4: Level(4, "L4", "四级（建议/咨询）", "L4 Suggestion", "blue", False, "CC", "supervisor"),
}
RANKS: Final[dict[str, int]] = {level.code: rank for rank, level in LEVELS.items()}
MOST_SEVERE, ORDINARY, LEAST_SEVERE = 1, 3, 4


def severity_label(severity: int, language: str = "zh-hans") -> str:
    """The level's name in the language, Chinese unless it is English; KeyError where there is no such level."""
    level = LEVELS[severity]
    return level.en if language.startswith("en") else level.zh


def rank(code: str) -> int:
    """1 to 4 for L1 to L4; KeyError for anything else."""
    return RANKS[code]


def more_severe(one: int, other: int) -> int:
    return min(one, other)
