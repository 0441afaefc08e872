"""docs/time.md says what the engine reckons: every row of its tables, and the two sentences."""

import re
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import huiyin
from huiyin.sla.engine import Calendar, Pause, Target
from huiyin.sla.explaining import explain
from huiyin.sla.policy import Policy
from huiyin.sla.promises import Inputs, deadline
from huiyin.sla.reasons import reckon
from huiyin.sla.tests.documents import at, policy, shipped

PAGE = (Path(huiyin.__file__).parent.parent / "docs" / "time.md").read_text("utf-8")


def rows() -> Iterator[dict[str, str]]:
    head: list[str] = []
    for line in PAGE.splitlines():
        if not line.startswith("|"):
            head = []
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not head:
            head = cells
        elif head[0] == "Received" and not set(line) <= set("|-"):
            yield dict(zip(head, cells, strict=True))


ROWS = list(rows())


def calendar_of(row: dict[str, str]) -> Calendar:
    body: dict[str, Any] = shipped()
    if "Hours" in row:
        spec = body["calendars"][0]
        del spec["open"], spec["close"]
        spec["hours"] = row["Hours"].split()
    return Policy(body, number=1, zone=row.get("Zone")).calendar


def test_the_page_has_the_examples_it_is_for() -> None:
    assert len(ROWS) >= 25
    assert {unit for row in ROWS for unit in re.findall(r"[a-z]{2}", row.get("Target") or row["Targets"])} == {
        "nm", "nh", "bm", "bh", "wd", "ld",
    } - {"nm"}  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['Received']} {row.get('Target') or row['Targets']}")
def test_every_example_of_the_page_is_what_the_engine_says(row: dict[str, str]) -> None:
    zone = ZoneInfo(row.get("Zone", "Asia/Shanghai"))

    def moment(written: str) -> datetime:
        return datetime.fromisoformat(written).replace(tzinfo=zone)

    pauses = [Pause(*map(moment, row["Paused"].split(" to ")))] if "Paused" in row else []
    wanted = [each.split() for each in (row.get("Target") or row["Targets"]).split(", ")]
    targets = [Target.of(unit, float(amount)) for amount, unit in wanted]
    start, calendar = moment(row["Received"]), calendar_of(row)
    due, is_provisional = min(reckon(calendar, start, target, pauses) for target in targets)
    said = f"{due.astimezone(zone):%Y-%m-%d %H:%M:%S}".removesuffix(":00") + " provisional" * is_provisional
    assert said == row["Due"]


def test_its_sentences_are_those_of_the_complaint_page() -> None:
    found = deadline(policy(), "CK-RESOLVE", start=at("2026-02-13 17:30"), inputs=Inputs("L3", "C", "tech"))
    assert found is not None
    for language in ("zh-hans", "en"):
        assert f"> {explain(found.why, language)}\n" in PAGE


def test_its_shipped_calendar_is_the_shipped_one() -> None:
    calendar = policy().calendar
    assert calendar.hours == ((time(9), time(18)),)
    assert calendar.workdays == frozenset(range(1, 6))
