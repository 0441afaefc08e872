"""Importing: good rows are taken, bad ones refused with the reason, none twice."""

import csv
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from huiyin.complaints.models import Complaint, Event, RegulatoryCase
from huiyin.intake import importing
from huiyin.intake.importing import Refusal, Report
from huiyin.intake.mapping import BadMapping
from huiyin.intake.refusing import refusals
from huiyin.org.actors import SYSTEM
from tests import cast

pytestmark = pytest.mark.django_db
GOOD = "洗衣机漏水，师傅说要再等一周。"


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


def brought(path: Path, refuse: list[Refusal] | None = None, *, dry_run: bool = False, **columns: str) -> Report:
    return importing.run(
        path, actor=SYSTEM, at=cast.MONDAY, zone=ZoneInfo("Asia/Shanghai"), columns=columns, dry_run=dry_run,
        refuse=(refuse if refuse is not None else []).append,
    )  # fmt: skip


def table(path: Path, header: str, *lines: str) -> Path:
    path.write_text("\n".join([header, *lines]) + "\n", "gb18030")
    return path


def test_good_rows_are_taken_and_a_second_run_takes_none(tmp_path: Path) -> None:
    path = table(
        tmp_path / "投诉.csv", "投诉编号,投诉内容,联系电话", *(f"A{n},第{n}件：{GOOD},138{n:08}" for n in range(40))
    )
    first, second = brought(path), brought(path)
    assert (first.taken, first.joined, first.refused) == (40, 0, 0)
    assert (second.taken, second.joined, second.refused) == (0, 40, 0)
    assert Complaint.objects.count() == Event.objects.filter(kind=Event.Kind.FILED).count() == 40


def test_the_same_rows_in_another_file_are_known(tmp_path: Path) -> None:
    lines = [f"第{n}件：{GOOD}" for n in range(3)]
    brought(table(tmp_path / "一.csv", "投诉内容", *lines))
    again = brought(table(tmp_path / "二.csv", "投诉内容", "另一件。", *lines))
    assert (again.taken, again.joined) == (1, 3)


def test_a_bad_row_is_refused_with_its_reason_and_stops_no_other(tmp_path: Path) -> None:
    refused: list[Refusal] = []
    path = table(
        tmp_path / "投诉.csv",
        "投诉内容,受理时间,受理类型,客户级别",
        f"{GOOD},2026-11-12 09:30,,",
        ",2026-11-12,,",
        f"{GOOD},二〇二六年冬,,",
        f"{GOOD},2031-01-01,,",
        f"{GOOD},2026-11-12,XX-99,",
        f"{GOOD},2026-11-12,,钻石",
        f"{GOOD},2026/11/12 9:30,PQ-01,VIP",
    )
    report = brought(path, refused)
    assert (report.taken, report.refused) == (2, 5)
    assert [refusal.row.line for refusal in refused] == [3, 4, 5, 6, 7]
    for refusal, word in zip(refused, ["投诉内容", "二〇二六年冬", "未来", "XX-99", "STD"], strict=True):
        assert word in refusal.reason


def test_what_was_answered_elsewhere_is_closed_with_its_answer(tmp_path: Path) -> None:
    path = table(
        tmp_path / "投诉.csv", "投诉内容,受理时间,答复意见,答复时间", f"{GOOD},2026-10-12,已上门更换,2026-10-20 10:00"
    )
    brought(path)
    complaint = Complaint.objects.get()
    assert (complaint.state, complaint.letters.get().body) == ("closed", "已上门更换")
    assert [event.kind for event in complaint.events.all()] == ["filed", "closed"]


def test_a_dry_run_checks_and_takes_nothing(tmp_path: Path) -> None:
    refused: list[Refusal] = []
    report = brought(
        table(tmp_path / "投诉.csv", "投诉内容,受理时间", f"{GOOD},", f"{GOOD},明天"), refused, dry_run=True
    )
    assert (report.taken, report.refused, len(refused)) == (1, 1, 1)
    assert not Complaint.objects.exists()


def test_columns_may_be_named_and_joined_by_hand(tmp_path: Path) -> None:
    path = table(tmp_path / "表.csv", "甲,乙,丙", "电饭煲,不通电,13900001111")
    with pytest.raises(BadMapping):
        brought(path)
    with pytest.raises(BadMapping):
        brought(path, text="丁")
    brought(path, text="甲+乙", phone="丙")
    complaint = Complaint.objects.get()
    assert (complaint.text, complaint.customer.phone) == ("电饭煲；不通电", "13900001111")


def test_refused_rows_are_kept_with_their_cells_and_a_formula_is_none(tmp_path: Path) -> None:
    path = table(tmp_path / "投诉.csv", "投诉内容,受理时间,姓名", f"{GOOD},后天,=HYPERLINK(1)")
    kept = tmp_path / "投诉.csv.refused.csv"
    with refusals(kept) as refuse:
        importing.run(path, actor=SYSTEM, at=cast.MONDAY, zone=ZoneInfo("Asia/Shanghai"), columns={}, refuse=refuse)
    with kept.open(encoding="utf-8-sig", newline="") as file:
        header, line = csv.reader(file)
    assert header == ["row", "reason", "投诉内容", "受理时间", "姓名"]
    assert [line[0], *line[2:]] == ["2", GOOD, "后天", "'=HYPERLINK(1)"]
    assert "后天" in line[1]
    with refusals(kept):
        pass
    assert not kept.exists()


@pytest.mark.req("A48")
def test_referred_rows_keep_the_external_number_and_deadline_and_one_number_is_one_case(tmp_path: Path) -> None:
    refused: list[Refusal] = []
    path = table(
        tmp_path / "转办.csv",
        "投诉内容,监管要求,转办编号,转办时间,答复期限,受理机构",
        f"{GOOD},CN-12315,SAMR-1,2026-11-13 09:00,2026-11-20 17:00,东城区市场监管局",
        "热水器不加热。,CN-12345,HOT-2,2026-11-13 09:00,,",
        "电视花屏。,CN-12315,SAMR-1,2026-11-13 09:00,,",
        "空调不制冷。,UK-FCA,1,2026-11-13 09:00,,",
        "冰箱结冰。,,,,,",
    )
    first, again = brought(path, refused), brought(path)
    assert (first.taken, first.refused, again.joined) == (3, 2, 3)
    assert [refusal.row.line for refusal in refused] == [4, 5]
    one, two = RegulatoryCase.objects.order_by("profile")
    assert (one.number, one.authority, two.number) == ("SAMR-1", "东城区市场监管局", "HOT-2")
    given = one.complaint.clocks.get(code="CK-REG")
    assert (given.due_at, given.started_at) == (one.deadline_at, one.received_at)
