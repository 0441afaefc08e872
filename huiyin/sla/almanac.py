"""What is known of a day: the State Council's holidays and make-up working days, and the policy's own tables.

chinesecalendar learns of a year only when the State Council has announced it (in November), so each year has an end of
knowledge. Past it an almanac answers None, the calendar goes by the weekday, and `huiyin check` warns beforehand.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

import chinese_calendar

from huiyin.sla.days import Almanac, Ruling

SATURDAY = 6
NOTHING_SPECIAL = Ruling(None)
_CHINESE: dict[str, str] = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
_ENGLISH = {chinese: english for english, chinese in _CHINESE.items()}


class YearTable(NamedTuple):
    """A policy's `holidays_2026`: that year is then known, whatever the library knows."""

    days_off: frozenset[date]
    makeup_workdays: frozenset[date]
    names: Mapping[date, str] = MappingProxyType({})


def state_council(day: date) -> Ruling | None:
    """The statutory calendar, with the holiday's Chinese name."""
    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None
    if name is None:
        return NOTHING_SPECIAL
    return Ruling(not is_off, _CHINESE[name])


def with_tables(tables: Mapping[int, YearTable], otherwise: Almanac) -> Almanac:
    """The policy's tables decide their years; names, and weekends inside a holiday, still come from `otherwise`."""

    def ruling(day: date) -> Ruling | None:
        other = otherwise(day)
        table = tables.get(day.year)
        if table is None:
            return other
        name = table.names.get(day) or (other.name if other else "")
        if day in table.days_off:
            return Ruling(False, name)
        if day in table.makeup_workdays:
            return Ruling(True, name)
        is_weekend_off = other is not None and other.is_working is False and day.isoweekday() >= SATURDAY
        return other if is_weekend_off else NOTHING_SPECIAL

    return ruling


def english_name(name: str) -> str:
    return _ENGLISH.get(name, name)
