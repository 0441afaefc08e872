import datetime
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from huiyin.sla.checking import check
from huiyin.sla.errors import PolicyUnsound
from huiyin.sla.policy import Policy
from huiyin.sla.tests.documents import clock, shipped
from huiyin.sla.writing import as_text, changes, from_text


def spoilt(path: str, value: Any) -> dict[str, Any]:
    """The shipped policy with another value at a place: `CK-FR targets 0 nm`."""
    body = shipped()
    spot: Any = body
    *steps, last = (int(step) if step.isdigit() else step for step in path.split())
    for step in steps:
        spot = clock(body, step) if isinstance(step, str) and step.startswith("CK-") else spot[step]
    spot[last] = value
    return body


def faults(document: Any, **more: Any) -> tuple[str, ...]:
    with pytest.raises(PolicyUnsound) as raised:
        check(document, **more)
    return raised.value.faults


def test_the_shipped_policy_is_sound_and_stays_as_it_is() -> None:
    assert check(shipped()) == shipped()


SPOILT: list[tuple[str, Any, str]] = [
    ("clokcs", [], "clokcs：未知的项目"),
    ("calendars 0 tz", "Asia/Peking", "calendars[CN-BIZ].tz：没有这个时区：Asia/Peking"),
    ("calendars 0 open", 540, "calendars[CN-BIZ].open：须写成带引号的时刻，如 '09:00'"),
    ("calendars 0 close", "08:00", "calendars[CN-BIZ]：营业时段须从早到晚，互不重叠，且不跨零点"),
    ("calendars 0 hours", ["9-12"], "calendars[CN-BIZ].hours：须写成时段列表，如 ['09:00-12:00', '13:30-18:00']"),
    ("calendars 0 workdays", [0, 1], "calendars[CN-BIZ].workdays：须列出 1（周一）到 7（周日）中的上班日"),
    ("calendars 0 always", True, "calendars：至少要有一个带营业时间的工作日历"),
    ("holidays_2026 days_off 0", "2027-01-01", "holidays_2026.days_off[1]：须是 2026 年的日期：2027-01-01"),
    ("holidays_2026 days_off 0", "2026-01-02", "holidays_2026：2026-01-02 重复"),
    ("CK-FR id", "CK-SR", "clocks：CK-SR 重复"),
    ("CK-FR target", {"nh": 2}, "clocks[CK-FR]：须写且只写 target、targets、alert_over、formula、repeat_at 之一"),
    ("CK-FR targets 0 nm", 0, "clocks[CK-FR].targets[1].nm：须是大于 0 的数"),
    ("CK-FR targets 0 nm", "30", "clocks[CK-FR].targets[1].nm：须是大于 0 的数"),
    ("CK-FR targets 0 nm", float("inf"), "clocks[CK-FR].targets[1].nm：须是大于 0 的数"),
    ("CK-FR targets 0 nm", 1000000000000.0, "clocks[CK-FR].targets[1].nm：时限过长，最多十年"),
    ("CK-FR targets 0 nh", 1, "clocks[CK-FR].targets[1]：须写且只写一个目标：bh、bm、ld、nh、nm、wd"),
    ("CK-FR targets 0 hours", 1, "clocks[CK-FR].targets[1].hours：未知的项目"),
    ("CK-FR targets 0 when levels", ["L1"], "clocks[CK-FR].targets[1].when.levels：未知的项目"),
    ("CK-FR targets 0 when level", ["L5"], "clocks[CK-FR].targets[1].when.level：L5 不在可选值 L1、L2、L3、L4 之中"),
    ("CK-FR targets 0 when urgent", "yes", "clocks[CK-FR].targets[1].when.urgent：须是 true 或 false"),
    ("CK-FR target_rule", "max", "clocks[CK-FR].target_rule：只能是 min_of_matching"),
    ("CK-RESOLVE targets 4 wd", 2.5, "clocks[CK-RESOLVE].targets[5].wd：须是大于 0 的整数"),
    ("CK-RESOLVE targets 2 then", {"wd": 0}, "clocks[CK-RESOLVE].targets[3].then.wd：须是大于 0 的整数"),
    ("CK-RESOLVE targets 3 min_of", [{"wd": 3}],
     "clocks[CK-RESOLVE].targets[4].min_of：须列出至少两个目标，旁边不再写别的目标"),
    ("CK-DAILY repeat_at", 1080, "clocks[CK-DAILY].repeat_at：须写成带引号的时刻，如 '18:00'"),
    ("CK-OUTRPT repeat_every", {"h": 2},
     "clocks[CK-OUTRPT].repeat_every：须写且只写一个目标：bh、bm、ld、nh、nm、wd"),
    ("CK-FR targets", [{"when": {"level": ["L1", "L2", "L3"]}, "nh": 2}],
     "clocks[CK-FR]：L4、C、attitude、STD 的投诉没有对应的时限"),
    ("pause_reasons 0 allowed_for", ["CK-NONE"], "pause_reasons[WAIT_CUST].allowed_for：没有这个时限：CK-NONE"),
    ("pause_reasons 0 allowed_for", ["CK-FR"],
     "pause_reasons[WAIT_CUST].allowed_for：CK-FR 列在 never_pause 中，不允许暂停"),
    ("pause_reasons 0 max_nh", -1, "pause_reasons[WAIT_CUST].max_nh：须是大于 0 的数"),
    ("never_pause 0", "CK-NONE", "never_pause：没有这个时限：CK-NONE"),
    ("warnings 1 at", 0.3, "warnings[2].at：须是大于上一条的比例，如 0.8 表示用去八成时间"),
    ("warnings 1 notify", [], "warnings[2].notify：须写明通知谁"),
    ("extension max_times", -1, "extension.max_times：须是不小于 0 的整数"),
    ("extension max_wd", None, "extension.max_wd：没有写值"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "fault"), SPOILT, ids=[fault for *_place, fault in SPOILT])
def test_a_fault_is_named_with_its_place(path: str, value: Any, fault: str) -> None:
    assert fault in faults(spoilt(path, value))


def test_all_faults_are_told_at_once() -> None:
    body = spoilt("extension max_times", -1) | {"clokcs": []}
    assert faults(body) == ("clokcs：未知的项目", "extension.max_times：须是不小于 0 的整数")


def test_a_clock_that_the_product_starts_may_not_go() -> None:
    body = shipped()
    body["clocks"] = [each for each in body["clocks"] if each["id"] != "CK-ACK"]
    assert faults(body) == ("clocks：缺少 CK-ACK，产品离不开这个时限",)


def test_a_formula_is_not_changed_by_changing_its_words() -> None:
    body = shipped()
    clock(body, "CK-HANDLE")["formula"] = "CK-ORDER.due - 4h"
    assert check(body) == body
    assert faults(body, before=shipped()) == (
        "clocks[CK-HANDLE].formula：这条公式由程序计算，改文字不起作用，请保持原样",
    )


def test_yaml_dates_without_quotes_become_text_and_yaml_traps_are_named() -> None:
    body = shipped()
    body["holidays_2026"]["days_off"][0] = datetime.date(2026, 1, 1)
    assert check(body) == shipped()
    body["extension"][True] = "x"
    assert "extension.True：键必须是文字，on、off、yes、no 和数字请加引号" in faults(body)


WRONG = {"clocks": [None, 3], "calendars": [{}], "warnings": "x"}


@pytest.mark.parametrize("document", [None, [], "text", 5, {}, WRONG])
def test_whatever_is_not_a_policy_is_refused_in_words(document: Any) -> None:
    assert all(isinstance(fault, str) for fault in faults(document))


numbers = st.booleans() | st.integers() | st.floats()
scalars = st.none() | numbers | st.text(max_size=5) | st.lists(st.integers(), max_size=2)
steps = st.lists(st.integers(0, 30), min_size=1, max_size=5)


@given(steps, scalars | st.dictionaries(st.text(max_size=3), scalars, max_size=2))
def test_what_is_found_sound_can_be_read(steps: list[int], value: Any) -> None:
    body = shipped()
    spot: Any = body
    for step in steps:
        keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
        key = keys[step % len(keys)]
        if not isinstance(spot[key], dict | list) or not spot[key]:
            break
        parent, spot = spot, spot[key]
        parent_key = key
    if spot is not body:
        parent[parent_key] = value
    try:
        sound = check(body)
    except PolicyUnsound:
        return
    policy = Policy(sound, number=1)
    assert policy.clocks
    assert (policy.pause_reasons, policy.warnings, policy.extension) is not None


def test_the_text_an_administrator_edits_is_the_same_document() -> None:
    text = as_text(shipped())
    assert from_text(text) == shipped()
    assert "      - {when: {level: [L1]}, nm: 30, seed: C026}\n" in text
    assert max(len(line) for line in text.splitlines()) <= 140


def test_a_change_is_shown_by_its_lines() -> None:
    after = shipped()
    clock(after, "CK-FR")["targets"][0]["nm"] = 20
    lines = changes(shipped(), after).splitlines()
    assert [line for line in lines if line.startswith(("-  ", "+  "))] == [
        "-      - {when: {level: [L1]}, nm: 30, seed: C026}",
        "+      - {when: {level: [L1]}, nm: 20, seed: C026}",
    ]


def test_a_yaml_mistake_is_told_with_its_line() -> None:
    with pytest.raises(yaml.YAMLError, match="line 2"):
        from_text("a: [1\nb: 2")
