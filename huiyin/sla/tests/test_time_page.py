"""docs/time.md says what the engine reckons and the policy holds: every row of its tables, and the two sentences. What
else it tells is taken from tests that exist."""

import ast
import re
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

import huiyin
from huiyin.sla.engine import Calendar, Pause, Target, Unit
from huiyin.sla.explaining import explain
from huiyin.sla.ladder import LEVELS, Rung, rungs
from huiyin.sla.policy import Policy
from huiyin.sla.promises import Inputs, deadline
from huiyin.sla.reasons import reckon
from huiyin.sla.tests.documents import at, policy, shipped

ROOT = Path(huiyin.__file__).parent.parent
PAGE = (ROOT / "docs" / "time.md").read_text("utf-8")
STANDS = {
    "dept_lead": "head of the unit", "parent_lead": "head above", "supervisor": "supervisor", "director": "director",
    "executive": "executive",
}  # fmt: skip


def rows(first: str = "Received") -> Iterator[dict[str, str]]:
    """Of the tables that begin with this column."""
    head: list[str] = []
    for line in PAGE.splitlines():
        if not line.startswith("|"):
            head = []
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not head:
            head = cells
        elif head[0] == first and not set(line) <= set("|-"):
            yield dict(zip(head, cells, strict=True))


ROWS = list(rows())
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")


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


@pytest.mark.req("A36")
@pytest.mark.parametrize("row", list(rows("Dispatched")), ids=lambda row: str(row["Dispatched"]))
def test_a_departments_time_is_reckoned_as_the_page_says(row: dict[str, str]) -> None:
    severity, complexity = row["Grade"].split()
    given: dict[str, Any] = {"start": at(row["Received"]), "inputs": Inputs(severity, complexity, "tech")}
    whole = deadline(policy(), "CK-ORDER", **given)
    part = deadline(policy(), "CK-HANDLE", **given, dispatched=at(row["Dispatched"]))
    assert whole is not None
    assert part is not None
    assert (whole.due_at, part.due_at) == (at(row["Order due"]), at(row["Department due"]))


def test_its_ladder_is_the_shipped_one() -> None:
    shown = {row.pop("Level"): [cell for cell in row.values() if cell] for row in rows("Level")}

    assert shown == {level: [said(rung) for rung in rungs(policy(), int(level[1]))] for level in LEVELS}


def said(rung: Rung) -> str:
    tells = ", ".join(STANDS[role] for role in rung.tell)
    if rung.after is not None:
        assert rung.after.unit == Unit.WORKING_DAYS
        return f"{rung.after.amount:g} working days later: {tells}"
    return f"{rung.at:.0%} {tells}".replace("%", " %")


def test_its_figures_of_the_red_channel_are_the_shipped_ones() -> None:
    red = yaml.safe_load((ROOT / "huiyin" / "defaults" / "redchannel.yaml").read_text("utf-8"))
    targets = {each["id"]: each for each in shipped()["clocks"]}
    told = {row["What"]: row["When"] for row in rows("What")}
    paging = red["paging"]
    rounds = [ORDINALS[paging["widen_after"] * rung] for rung in range(1, len(paging["rungs"]) + 1)]

    assert told == {
        "pages": f"at once, then every {paging['every']['nm']} minutes; from the {rounds[0]} round the "
        f"manager and director too, from the {rounds[1]} the supervisors; at once where nobody of the "
        "group can be reached",
        "task force (CK-TASKFORCE)":
            f"{targets['CK-TASKFORCE']['target']['nm']} minutes from the level that a person set, never paused",
        "war room (CK-WARROOM)": f"{targets['CK-WARROOM']['target']['nm']} minutes from the call",
        "outage report (CK-OUTRPT)":
            f"every {targets['CK-OUTRPT']['repeat_every']['nh']} hours from the incident's start or its last report",
        "daily report (CK-DAILY)": f"{targets['CK-DAILY']['repeat_at']}, one letter to each manager",
        "emergency voucher (CK-COMPFILE)": f"{targets['CK-COMPFILE']['target']['nh']} hours from the payment",
    }  # fmt: skip


def test_its_sentences_are_those_of_the_complaint_page() -> None:
    found = deadline(policy(), "CK-RESOLVE", start=at("2026-02-13 17:30"), inputs=Inputs("L3", "C", "tech"))
    assert found is not None
    for language in ("zh-hans", "en"):
        assert f"> {explain(found.why, language)}\n" in PAGE


def test_its_shipped_calendar_is_the_shipped_one() -> None:
    calendar = policy().calendar
    assert calendar.hours == ((time(9), time(18)),)
    assert calendar.workdays == frozenset(range(1, 6))


def found_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8"))
    return {each.name for each in tree.body if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")}


def test_every_test_and_file_that_it_names_exists() -> None:
    files = [*ROOT.glob("huiyin/*/tests/**/test_*.py"), *ROOT.glob("tests/**/test_*.py")]
    there = set().union(*map(found_in, files))
    by_name = {file.name for file in files}
    named = set(re.findall(r"`(test_\w+)`", PAGE))

    assert len(named) > 30
    assert named - there == set()
    assert {name for name in re.findall(r"\b(test_\w+\.py)", PAGE) if name not in by_name} == set()


def test_each_of_its_examples_is_in_the_file_it_says_and_every_section_has_one() -> None:
    examples = list(rows("Section"))
    for row in examples:
        assert row["Test"].strip("`") in found_in(ROOT / row["File"].strip("`")), row

    sections = re.split(r"^## .* · (.*)$", PAGE, flags=re.MULTILINE)[1:]
    titles = sections[0::2]
    reckoned = {title for title, body in zip(titles, sections[1::2], strict=True) if "| Received |" in body}
    assert {row["Section"] for row in examples} <= set(titles)
    assert set(titles) - reckoned - {row["Section"] for row in examples} == {"例子的出处"}
