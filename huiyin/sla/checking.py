"""Whether a policy document is sound: all its faults at once, each with its place, in an administrator's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, time
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from huiyin.sla.checking_clocks import check_clocks
from huiyin.sla.errors import PolicyUnsound
from huiyin.sla.faults import Faults
from huiyin.sla.ladder import LEVELS, TOLD
from huiyin.sla.policy import TABLE, UNITS, opening_hours

PARTS = frozenset(
    {
        "schema_version", "calendars", "clocks", "pause_reasons", "never_pause", "not_a_reason", "warnings",
        "escalation", "extension", "reassessment", "recompute_policy", "last_calls",
    }
)  # fmt: skip
CALENDAR = frozenset(
    {
        "id", "zh", "en", "tz", "open", "close", "hours", "always", "workdays", "holiday_source",
        "warn_when_data_ends_within_days",
    }
)  # fmt: skip
INTERVAL = re.compile(r"\d{2}:\d{2} *- *\d{2}:\d{2}")
LONGEST = frozenset(f"max_{unit}" for unit in UNITS)
PAUSE_REASON = frozenset({"id", "zh", "en", "remind_nh", "allowed_for", "needs"}) | LONGEST
THRESHOLD = frozenset({"at", "notify", "action", "requires"})
LAST_CALL = frozenset({"alert", "clock", "before_nh", "notify"})
EXTENSION = frozenset({"max_times", "max_wd", "approver", "customer_informed", "counts_as"})
REGULATORY = "regulatory"


def check(document: Any, *, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The document as it is kept: dates as text, nothing but what JSON knows. `before` is the version it replaces.

    Raises PolicyUnsound.
    """
    faults = Faults()
    body = _plain(document, "", faults)
    if not isinstance(body, dict):
        raise PolicyUnsound([_("内容不是“键: 值”形式的 YAML 文档。")])
    for key in body.keys() - PARTS:
        if not TABLE.fullmatch(key):
            faults.add(key, _("未知的项目"))
    _calendars(body.get("calendars"), faults)
    for key, table in body.items():
        if found := TABLE.fullmatch(key):
            _table(key, int(found[1]), table, faults)
    codes = check_clocks(body, before or {}, faults)
    _pauses(body, codes, faults)
    _thresholds(body.get("warnings", []), faults)
    _last_calls(body.get("last_calls", []), codes, faults)
    _ladders(body.get("escalation", []), faults)
    _extension(body.get("extension", {}), faults)
    if faults.found:
        raise PolicyUnsound(faults.found)
    return body


def _plain(value: Any, place: str, faults: Faults) -> Any:
    match value:
        case dict():
            for key in value:
                if not isinstance(key, str):
                    faults.add(f"{place}.{key}", _("键必须是文字，on、off、yes、no 和数字请加引号"))
            return {str(key): _plain(each, f"{place}.{key}".lstrip("."), faults) for key, each in value.items()}
        case list():
            return [_plain(each, f"{place}[{count}]", faults) for count, each in enumerate(value, 1)]
        case date():
            return value.isoformat()
        case None:
            faults.add(place, _("没有写值"))
        case str() | bool() | int() | float():
            return value
        case _:
            faults.add(place, _("不能使用这种类型的值"))
    return None


def _calendars(calendars: Any, faults: Faults) -> None:
    specs = list(faults.entries("calendars", calendars, CALENDAR, needs={"id", "tz"}))
    faults.distinct("calendars", [spec.get("id") for _place, spec in specs])
    if not any(not spec.get("always") for _place, spec in specs):
        faults.add("calendars", _("至少要有一个带营业时间的工作日历"))
    for place, spec in specs:
        try:
            ZoneInfo(str(spec.get("tz")))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            faults.add(f"{place}.tz", _("没有这个时区：%s") % spec.get("tz"))
        if not spec.get("always"):
            _opening(place, spec, faults)


def _opening(place: str, spec: Mapping[str, Any], faults: Faults) -> None:
    days = spec.get("workdays")
    if not isinstance(days, list) or not days or any(type(day) is not int or not 1 <= day <= 7 for day in days):
        faults.add(f"{place}.workdays", _("须列出 1（周一）到 7（周日）中的上班日"))
    written = spec.get("hours")
    if written is None:
        for key in ("open", "close"):
            if not _is_time(spec.get(key)):
                faults.add(f"{place}.{key}", _("须写成带引号的时刻，如 '09:00'"))
                return
    elif not isinstance(written, list) or not written or not all(_is_interval(each) for each in written):
        faults.add(f"{place}.hours", _("须写成时段列表，如 ['09:00-12:00', '13:30-18:00']"))
        return
    edges = [edge for interval in opening_hours(spec) for edge in interval]
    if any(late <= early for early, late in pairwise(edges)):
        faults.add(place, _("营业时段须从早到晚，互不重叠，且不跨零点"))


def _is_time(written: Any) -> bool:
    with suppress(ValueError):
        return isinstance(written, str) and len(written) == len("09:00") and bool(time.fromisoformat(written) or True)
    return False


def _is_interval(written: Any) -> bool:
    return (
        isinstance(written, str)
        and bool(INTERVAL.fullmatch(written))
        and all(_is_time(part.strip()) for part in written.split("-"))
    )


def _table(key: str, year: int, table: Any, faults: Faults) -> None:
    needed = {"days_off", "makeup_workdays"}
    if not faults.mapping(key, table, needed | {"names", "source"}, needs=needed):
        return
    days: list[str] = []
    for part in ("days_off", "makeup_workdays"):
        for count, written in enumerate(faults.listed(f"{key}.{part}", table.get(part)), 1):
            days.append(written)
            if not any(day.year == year for day in _date(written)):
                said = {"year": year, "written": written}
                faults.add(f"{key}.{part}[{count}]", _("须是 %(year)d 年的日期：%(written)s") % said)
    faults.distinct(key, days)
    names = table.get("names", {})
    if not isinstance(names, Mapping) or not all(isinstance(name, str) for name in names.values()):
        faults.add(f"{key}.names", _("须是“日期: 名称”"))


def _date(written: Any) -> Iterator[date]:
    with suppress(ValueError, TypeError):
        yield date.fromisoformat(written)


def _pauses(body: Mapping[str, Any], codes: frozenset[str], faults: Faults) -> None:
    never = frozenset(str(code) for code in faults.listed("never_pause", body.get("never_pause", [])))
    for code in sorted(never - codes - {REGULATORY}):
        faults.add("never_pause", _("没有这个时限：%s") % code)
    written = body.get("pause_reasons", [])
    reasons = list(faults.entries("pause_reasons", written, PAUSE_REASON, needs={"id", "zh", "allowed_for"}))
    faults.distinct("pause_reasons", [reason.get("id") for _place, reason in reasons])
    for place, reason in reasons:
        for key in LONGEST & reason.keys():
            faults.amount(f"{place}.{key}", key.removeprefix("max_"), reason[key])
        for count, hours in enumerate(faults.listed(f"{place}.remind_nh", reason.get("remind_nh", [])), 1):
            faults.amount(f"{place}.remind_nh[{count}]", "nh", hours)
        faults.words(f"{place}.needs", reason.get("needs", []))
        for code in faults.words(f"{place}.allowed_for", reason.get("allowed_for", [])):
            if code not in codes:
                faults.add(f"{place}.allowed_for", _("没有这个时限：%s") % code)
            elif code in never:
                faults.add(f"{place}.allowed_for", _("%s 列在 never_pause 中，不允许暂停") % code)


def _thresholds(thresholds: Any, faults: Faults) -> None:
    last = 0.0
    for place, threshold in faults.entries("warnings", thresholds, THRESHOLD, needs={"at", "notify"}):
        share = threshold.get("at")
        if isinstance(share, bool) or not isinstance(share, int | float) or not last < share <= 10:
            faults.add(f"{place}.at", _("须是大于上一条的比例，如 0.8 表示用去八成时间"))
        else:
            last = share
        if not faults.words(f"{place}.notify", threshold.get("notify", [])):
            faults.add(f"{place}.notify", _("须写明通知谁"))


def _last_calls(calls: Any, codes: frozenset[str], faults: Faults) -> None:
    for place, call in faults.entries("last_calls", calls, LAST_CALL, needs={"clock", "before_nh", "notify"}):
        if call.get("clock") not in codes:
            faults.add(f"{place}.clock", _("没有这个时限：%s") % call.get("clock"))
        hours = call.get("before_nh")
        if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= 240:
            faults.add(f"{place}.before_nh", _("须是到期前的小时数，大于 0，不超过 240"))
        if not faults.words(f"{place}.notify", call.get("notify", [])):
            faults.add(f"{place}.notify", _("须写明通知谁"))


def _ladders(ladders: Any, faults: Faults) -> None:
    levels: list[str] = []
    for place, ladder in faults.entries("escalation", ladders, frozenset({"level", "rungs"}), needs={"level", "rungs"}):
        faults.choice(f"{place}.level", ladder.get("level"), frozenset(LEVELS))
        levels += faults.words(f"{place}.level", ladder.get("level", []))
        last, is_waiting = 1.0, False
        for count, rung in enumerate(faults.listed(f"{place}.rungs", ladder.get("rungs", [])), 1):
            here = f"{place}.rungs[{count}]"
            if not faults.mapping(here, rung, frozenset({"at", "after", "tell"}), needs={"tell"}):
                continue
            faults.choice(f"{here}.tell", rung.get("tell", []), frozenset(TOLD))
            if ("at" in rung) == ("after" in rung):
                faults.add(here, _("at（用去的比例）和 after（上一级之后多久）须写且只写一个"))
            elif "after" in rung:
                is_waiting = True
                if faults.mapping(f"{here}.after", rung["after"], UNITS):
                    if len(rung["after"]) != 1:
                        faults.add(f"{here}.after", _("须写一个时长，如 {wd: 2}"))
                    for unit in UNITS & rung["after"].keys():
                        faults.amount(f"{here}.after", unit, rung["after"][unit])
            elif not _is_share(rung["at"], last) or is_waiting:
                faults.add(f"{here}.at", _("须是大于 1 且大于上一级的比例，且排在 after 之前"))
            else:
                last = rung["at"]
    faults.distinct("escalation.level", levels)


def _is_share(written: Any, above: float) -> bool:
    return not isinstance(written, bool) and isinstance(written, int | float) and above < written <= 10


def _extension(extension: Any, faults: Faults) -> None:
    if not faults.mapping("extension", extension, EXTENSION):
        return
    times = extension.get("max_times", 0)
    if type(times) is not int or times < 0:
        faults.add("extension.max_times", _("须是不小于 0 的整数"))
    if "max_wd" in extension:
        faults.amount("extension.max_wd", "wd", extension["max_wd"])
    faults.words("extension.approver", extension.get("approver", []))
