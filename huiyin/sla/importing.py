"""Holidays out of a file: iCal as phones and mail programs subscribe to it, or YAML (JSON). Values only.

iCal knows no day that must be worked. What Chinese holiday calendars do instead is read here: Apple's own mark, 休 and
班 in the title, Outlook's "out of office". An event that says neither is left out and named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import yaml
from django.utils.translation import gettext as _
from icalendar import Calendar as ICal

from huiyin.sla.days import ONE_DAY, Ruling
from huiyin.sla.errors import Refused
from huiyin.sla.policy import TABLE

LARGEST = 1_000_000
LONGEST_EVENT = timedelta(days=30)
YEARS = range(2000, 2100)
WHOLE_YEAR = 7  # days off that a year's announcement has at the least; fewer are a few days of it
SHOWN_UNCLEAR = 8
WORKED = re.compile(r"补班|上班|[（(【\[]\s*班\s*[)）】\]]|^班[:： ]|[ 　·-]班$")
OFF = re.compile(r"放假|休假|[（(【\[]\s*[休假]\s*[)）】\]]|^休[:： ]|[ 　·-]休$|休息|假期")
MARKS = re.compile(r"\s*[（(【\[]\s*[休班假]\s*[)）】\]]|^[休班][:： ]|[ 　·-][休班]$|\s*(放假|补班|调休上班|上班)$")
APPLE = {"WORK-HOLIDAY": False, "ALTERNATE-WORKDAY": True}


class NotACalendar(Refused):
    """The file cannot be read as holidays; the sentence says why."""


class Imported(NamedTuple):
    """By day whether it is worked, and its name. `unclear` are events that did not say."""

    days: dict[date, Ruling]
    unclear: tuple[str, ...] = ()

    def tables(self, source: str) -> dict[str, dict[str, Any]]:
        """The years that are there whole, as a policy's tables."""
        return {f"holidays_{year}": self._table(year, source) for year in self.whole_years()}

    def whole_years(self) -> list[int]:
        years = sorted({day.year for day in self.days})
        return [year for year in years if len(self._of(year, is_working=False)) >= WHOLE_YEAR]

    def single_days(self) -> dict[date, Ruling]:
        """Days of years that are not there whole: they are set one by one, and the rest of the year stays unknown."""
        whole = set(self.whole_years())
        return {day: ruling for day, ruling in sorted(self.days.items()) if day.year not in whole}

    def _of(self, year: int, *, is_working: bool) -> list[date]:
        found = (day for day, ruling in self.days.items() if day.year == year and ruling.is_working is is_working)
        return sorted(found)

    def _table(self, year: int, source: str) -> dict[str, Any]:
        names = {day.isoformat(): ruling.name for day, ruling in sorted(self.days.items()) if day.year == year}
        return {
            "days_off": [day.isoformat() for day in self._of(year, is_working=False)],
            "makeup_workdays": [day.isoformat() for day in self._of(year, is_working=True)],
            "names": {day: name for day, name in names.items() if name},
            "source": source,
        }


def read(content: bytes, name: str) -> Imported:
    """What the file says of days. Raises NotACalendar."""
    if len(content) > LARGEST:
        raise NotACalendar(_("文件太大：放假安排不会超过 1 MB。"))
    is_ical = name.casefold().endswith((".ics", ".ical")) or content.lstrip().startswith(b"BEGIN:VCALENDAR")
    unclear: list[str] = []
    days: dict[date, Ruling] = {}
    for day, ruling in _from_ical(content, unclear) if is_ical else _from_yaml(content):
        if day.year not in YEARS:
            raise NotACalendar(_("日期不在 2000 至 2099 年之间：%s") % day.isoformat())
        before = days.get(day)
        if before is not None and before.is_working != ruling.is_working:
            raise NotACalendar(_("%s 既写作休息又写作上班，请先改正文件。") % day.isoformat())
        days[day] = ruling if before is None or not before.name else before
    if not days:
        raise NotACalendar(_("文件里没有能认出的放假或调休日期。") + "；".join(unclear[:SHOWN_UNCLEAR]))
    return Imported(days, tuple(unclear))


def _from_ical(content: bytes, unclear: list[str]) -> Iterator[tuple[date, Ruling]]:
    try:
        calendar = ICal.from_ical(content)
        events = list(calendar.walk("VEVENT"))
    except (ValueError, KeyError, IndexError, AttributeError, UnicodeDecodeError) as error:
        raise NotACalendar(_("不是完整的 iCal 文件：%s") % error) from error
    for event in events:
        title = str(event.get("SUMMARY", "")).strip()
        first, after = _ends(event)
        if first is None or after is None:
            unclear.append(_("%s：不是全天事件") % (title or "?"))
            continue
        is_working = _is_worked(event, title)
        if is_working is None:
            unclear.append(_("%(day)s %(title)s：没有写明休或班") % {"day": first.isoformat(), "title": title})
            continue
        while first < after:
            yield first, Ruling(is_working, _plain(title))
            first += ONE_DAY


def _ends(event: Any) -> tuple[date | None, date | None]:
    """The first day of an all-day event, and the day after its last."""
    start = getattr(event.get("DTSTART"), "dt", None)
    if isinstance(start, datetime) or not isinstance(start, date):
        return None, None
    end = getattr(event.get("DTEND"), "dt", None)
    lasting = getattr(event.get("DURATION"), "dt", None)
    after = end if isinstance(end, date) and not isinstance(end, datetime) else start + (lasting or ONE_DAY)
    if not start < after <= start + LONGEST_EVENT:
        return None, None
    return start, after


def _is_worked(event: Any, title: str) -> bool | None:
    special = str(event.get("X-APPLE-SPECIAL-DAY", "")).upper()
    if special in APPLE:
        return APPLE[special]
    if WORKED.search(title):
        return True
    if OFF.search(title) or str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "OOF":
        return False
    return None


def _plain(title: str) -> str:
    return MARKS.sub("", title)[:40].strip()


def _from_yaml(content: bytes) -> Iterator[tuple[date, Ruling]]:
    """A policy's own tables (`holidays_2027`), or a list of days (`{year, days: [{date, isOffDay, name}]}`)."""
    try:
        document = yaml.safe_load(content.decode("utf-8-sig"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise NotACalendar(_("不是 iCal，也读不成 YAML：%s") % str(error)[:200]) from error
    if not isinstance(document, Mapping):
        raise NotACalendar(_("内容不是放假安排：须有 holidays_年份，或 days 列表。"))
    tables = {key: table for key, table in document.items() if TABLE.fullmatch(str(key))}
    for key, table in tables.items():
        if not isinstance(table, Mapping):
            raise NotACalendar(_("%s 须有 days_off 和 makeup_workdays。") % key)
        names = table.get("names") or {}
        for part, is_working in (("days_off", False), ("makeup_workdays", True)):
            for written in table.get(part) or []:
                day = _day(written)
                yield day, Ruling(is_working, str(names.get(day.isoformat(), "")))
    for each in document.get("days") or []:
        if not isinstance(each, Mapping) or not isinstance(each.get("isOffDay"), bool):
            raise NotACalendar(_("days 的每一项须有 date 和 isOffDay（true 休，false 班）。"))
        yield _day(each.get("date")), Ruling(not each["isOffDay"], str(each.get("name", ""))[:40])


def _day(written: Any) -> date:
    try:
        return written if isinstance(written, date) else date.fromisoformat(str(written))
    except ValueError as error:
        raise NotACalendar(_("不是日期：%s") % str(written)[:40]) from error
