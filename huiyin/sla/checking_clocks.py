"""The clocks of a policy document: well-formed, all there, and promising something to every complaint."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from huiyin.lib.phrasing import listed
from huiyin.sla.faults import Faults
from huiyin.sla.policy import AGREED, FORMULAS, LEAST, ORDER, UNITS, Clock, Inputs, read_clock
from huiyin.sla.promises import STARTED_AT_FILING, WORK_ORDER_CLOCKS

CLOCK = frozenset(
    {
        "id", "zh", "en", "start", "stop", "kind", "seed", "note", "meaning", "target", "targets", "target_rule",
        "alert_over", "formula", "when", "while", "until", "repeat_every", "repeat_at", "attainment_target",
    }
)  # fmt: skip
ENTRY = UNITS | {"when", "min_of", "then", "seed", "note", "meaning"}
SOURCES = ("target", "targets", "alert_over", "formula", "repeat_at")
LEVELS = frozenset({"L1", "L2", "L3", "L4"})
CHOICES = {
    "level": LEVELS,
    "cx": frozenset({"S", "C"}),
    "issue": frozenset({"tech", "attitude", "contract", "general"}),
    "tier": frozenset({"VIP", "STD", "VUL"}),
}
SWITCHES = ("urgent", "open")
NUMBERS = ("departments", "departments_gte")
CONDITIONS = frozenset({*CHOICES, *SWITCHES, *NUMBERS, "act"})
NEEDED = (*STARTED_AT_FILING, *WORK_ORDER_CLOCKS, ORDER)
CODE = re.compile(r"CK-[A-Z0-9]{2,10}")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def check_clocks(body: Mapping[str, Any], before: Mapping[str, Any], faults: Faults) -> frozenset[str]:
    """The codes of the clocks, sound or not."""
    already = len(faults.found)
    clocks = list(faults.entries("clocks", body.get("clocks"), CLOCK, needs={"id", "zh"}))
    faults.distinct("clocks", [clock.get("id") for _place, clock in clocks])
    formulas = {clock["id"]: clock.get("formula") for clock in before.get("clocks", [])}
    for place, clock in clocks:
        _clock(place, clock, formulas, faults)
    codes = frozenset(str(clock.get("id")) for _place, clock in clocks)
    for code in NEEDED:
        if code not in codes:
            faults.add("clocks", _("缺少 %s，产品离不开这个时限") % code)
    if len(faults.found) == already:
        for _place, clock in clocks:
            if clock["id"] in NEEDED and clock["id"] not in FORMULAS:
                _everybody(read_clock(clock), faults)
    return codes


def _clock(place: str, clock: dict[str, Any], formulas: Mapping[str, Any], faults: Faults) -> None:
    code = clock.get("id")
    if not isinstance(code, str) or not CODE.fullmatch(code):
        faults.add(f"{place}.id", _("须写成 CK- 加 2 到 10 位大写字母或数字"))
    for key in {"zh", "en", "start", "stop", "kind", "seed", "until"} & clock.keys():
        if not isinstance(clock[key], str) or not clock[key]:
            faults.add(f"{place}.{key}", _("须是文字"))
    given = [key for key in SOURCES if key in clock] or [key for key in ("repeat_every",) if key in clock]
    if len(given) != 1:
        faults.add(place, _("须写且只写 %s 之一") % "、".join(SOURCES))
    if clock.get("target_rule", LEAST) != LEAST:
        faults.add(f"{place}.target_rule", _("只能是 %s") % LEAST)
    if (code in FORMULAS) != ("formula" in clock):
        faults.add(place, _("formula 只用于、且必须用于 %s") % "、".join(FORMULAS))
    elif isinstance(code, str) and code in formulas and clock.get("formula") != formulas[code]:
        faults.add(f"{place}.formula", _("这条公式由程序计算，改文字不起作用，请保持原样"))
    for key in ("when", "while"):
        _conditions(f"{place}.{key}", clock.get(key, {}), faults)
    if "repeat_at" in clock and not (isinstance(clock["repeat_at"], str) and TIME.fullmatch(clock["repeat_at"])):
        faults.add(f"{place}.repeat_at", _("须写成带引号的时刻，如 '18:00'"))
    if "repeat_every" in clock:
        _plain_target(f"{place}.repeat_every", clock["repeat_every"], faults)
    for here, entry in _entries(place, clock, faults):
        _entry(here, entry, faults)


def _entries(place: str, clock: Mapping[str, Any], faults: Faults) -> Iterator[tuple[str, Any]]:
    for key in {"target", "alert_over"} & clock.keys():
        if (key, clock[key]) != ("target", AGREED):
            yield f"{place}.{key}", clock[key]
    if "targets" in clock:
        targets = faults.listed(f"{place}.targets", clock["targets"])
        if not targets:
            faults.add(f"{place}.targets", _("没有写值"))
        yield from ((f"{place}.targets[{count}]", entry) for count, entry in enumerate(targets, 1))


def _entry(place: str, entry: Any, faults: Faults) -> None:
    if not faults.mapping(place, entry, ENTRY):
        return
    _conditions(f"{place}.when", entry.get("when", {}), faults)
    if "min_of" in entry:
        choices = faults.listed(f"{place}.min_of", entry["min_of"])
        if len(choices) < 2 or UNITS & entry.keys():
            faults.add(f"{place}.min_of", _("须列出至少两个目标，旁边不再写别的目标"))
        for count, choice in enumerate(choices, 1):
            _plain_target(f"{place}.min_of[{count}]", choice, faults)
    else:
        _plain_target(place, {key: value for key, value in entry.items() if key in UNITS}, faults)
    if "then" in entry:
        _plain_target(f"{place}.then", entry["then"], faults)


def _plain_target(place: str, target: Any, faults: Faults) -> None:
    if not isinstance(target, dict) or len(target) != 1 or not target.keys() <= UNITS:
        faults.add(place, _("须写且只写一个目标：%s") % "、".join(sorted(UNITS)))
        return
    for unit, amount in target.items():
        faults.amount(f"{place}.{unit}", unit, amount)


def _conditions(place: str, conditions: Any, faults: Faults) -> None:
    if not faults.mapping(place, conditions, CONDITIONS):
        return
    for key, wanted in conditions.items():
        here = f"{place}.{key}"
        if key in CHOICES:
            faults.choice(here, wanted, CHOICES[key])
        elif key in SWITCHES and not isinstance(wanted, bool):
            faults.add(here, _("须是 true 或 false"))
        elif key in NUMBERS and (type(wanted) is not int or wanted < 1):
            faults.add(here, _("须是不小于 1 的整数"))
        elif key == "act" and not (isinstance(wanted, str) and wanted):
            faults.add(here, _("须是文字"))


def _everybody(clock: Clock, faults: Faults) -> None:
    """Each level must be promised something whatever else is true of the complaint."""
    for level in sorted(LEVELS):
        rest = product(sorted(CHOICES["cx"]), sorted(CHOICES["issue"]), sorted(CHOICES["tier"]), (False, True), (1, 2))
        missed = next((each for each in rest if not clock.matching(Inputs(level, *each))), None)
        if missed is not None:
            sort = listed((level, *missed[:3]))
            faults.add(f"clocks[{clock.code}]", _("%s 的投诉没有对应的时限") % sort)
