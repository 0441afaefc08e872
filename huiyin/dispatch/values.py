"""Which values the parts of a routing rule take, so that a proposal can always be made with them. Values only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiyin.lib.clean import clean_line

LEVELS: Final = ("L1", "L2", "L3", "L4")
LONGEST: Final = 400
MOST: Final = 50
FROM_LEAF: Final = "from_leaf_sup"


class Kind(NamedTuple):
    takes: Callable[[Any], bool]
    sentence: str | Promise
    limits: tuple[object, ...] = ()

    @property
    def words(self) -> str:
        return str(self.sentence) % self.limits


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST and clean_line(value) == value


def _is_name(value: Any) -> bool:
    """12315 is written without quotation marks."""
    return _is_word(value) or (type(value) is int and 0 < value < 10**9)


def _are(value: Any, is_one: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and 0 < len(value) <= MOST and all(is_one(each) for each in value)


def _whole(least: int, most: int) -> Kind:
    def takes(value: Any) -> bool:
        return type(value) is int and least <= value <= most

    return Kind(takes, _("须是 %s 到 %s 的整数。"), (least, most))


def _one_of(*known: str) -> Kind:
    return Kind(lambda value: isinstance(value, str) and value in known, _("须是 %s 之一。"), ("、".join(known),))


FLAG: Final = Kind(lambda value: isinstance(value, bool), _("须是 true 或 false。"))
WORD: Final = Kind(_is_word, _("须是一行文字。"))
NAMES: Final = Kind(lambda value: _are(value, _is_name), _("须是列表，如 [12315, 12345]。"))
TEAMS: Final = Kind(
    lambda value: value == FROM_LEAF or _are(value, _is_word), _("须是单位编码的列表，或 from_leaf_sup。")
)
LOOSE: Final = Kind(
    lambda value: isinstance(value, bool) or _is_word(value) or _are(value, _is_word),
    _("须是文字、文字的列表、true 或 false。"),
)

CONDITION_KINDS: Final = {
    "always": FLAG, "level": _one_of(*LEVELS), "code": WORD, "act": WORD, "owner": WORD,
    "tier": _one_of("VIP", "STD", "VUL"), "cx": _one_of("S", "C"), "emotion_gte": _whole(1, 5),
    "reopened_count_gte": _whole(1, 99), "named_employee": FLAG, "source": NAMES,
    "group_complainants_gte": _whole(1, 100_000), "media_or_viral": FLAG, "language_not": WORD,
    "resolvable_on_spot": FLAG,
}  # fmt: skip
_OTHERS: Final = (
    "notify", "prefer", "exclude", "skill", "attach", "record", "start", "open", "check", "clock", "add_clock",
    "alert", "channel", "merge_as", "translate", "task", "into", "note", "block_close_without",
)  # fmt: skip
EFFECT_KINDS: Final = {
    **dict.fromkeys(_OTHERS, LOOSE), "team": WORD, "co_teams": TEAMS, "incident": WORD, "request": WORD, "stop": FLAG,
    "level_at_least": _one_of(*LEVELS),
    "dispatch": Kind(lambda value: value is False or value == "auto", _("须是 auto 或 false。")),
}  # fmt: skip
