"""Gathering the faults of a document, and the questions that are asked of each of its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from huiyin.lib.phrasing import listed, told
from huiyin.sla.days import ONE_DAY
from huiyin.sla.engine import Target, Unit

WHOLE = frozenset({Unit.WORKING_DAYS, Unit.LEGAL_DAYS})
LONGEST_TARGET = 3650 * ONE_DAY
LONGEST_IN_DAYS = 3650


class Faults:
    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, place: str, sentence: str) -> None:
        self.found.append(told(place, sentence) if place else sentence)

    def mapping(self, place: str, value: Any, known: Set[str], *, needs: Set[str] = frozenset()) -> bool:
        """Whether it is a mapping at all; says what it lacks and what nobody would read."""
        if not isinstance(value, dict):
            self.add(place, _("须是“键: 值”形式"))
            return False
        for key in sorted(value.keys() - known):
            self.add(f"{place}.{key}", _("未知的项目"))
        for key in sorted(needs - value.keys()):
            self.add(place, _("缺少 %s") % key)
        return True

    def listed(self, place: str, value: Any) -> list[Any]:
        if isinstance(value, list):
            return value
        self.add(place, _("须是列表"))
        return []

    def words(self, place: str, value: Any) -> list[str]:
        """A list of texts; what is not one is named and left out."""
        written = self.listed(place, value)
        if any(not isinstance(each, str) or not each for each in written):
            self.add(place, _("只能列出文字"))
        return [each for each in written if isinstance(each, str) and each]

    def entries(
        self, place: str, value: Any, known: Set[str], *, needs: Set[str] = frozenset()
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """The mappings of a list with the place of each: by its id, or by its position from one."""
        for count, entry in enumerate(self.listed(place, value), 1):
            name = entry.get("id") if isinstance(entry, dict) else None
            here = f"{place}[{name or count}]"
            if self.mapping(here, entry, known, needs=needs):
                yield here, entry

    def distinct(self, place: str, values: list[Any]) -> None:
        for value, count in Counter(str(value) for value in values if value is not None).items():
            if count > 1:
                self.add(place, _("%s 重复") % value)

    def amount(self, place: str, unit: str, value: Any) -> None:
        kind = Unit(unit)
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        if not is_number or value <= 0 or (kind in WHOLE and value != int(value)):
            self.add(place, _("须是大于 0 的整数") if kind in WHOLE else _("须是大于 0 的数"))
        elif value > LONGEST_IN_DAYS * 24 * 60 or Target.of(unit, value).span > LONGEST_TARGET:
            self.add(place, _("时限过长，最多十年"))

    def choice(self, place: str, value: Any, choices: Set[str]) -> None:
        wanted = value if isinstance(value, list) else [value]
        for each in wanted:
            if not isinstance(each, str) or each not in choices:
                said = {"value": each, "choices": listed(sorted(choices))}
                self.add(place, _("%(value)s 不在可选值 %(choices)s 之中") % said)
        if not wanted:
            self.add(place, _("没有写值"))
