"""Rows into files that a spreadsheet, a script and a hostile customer's words can be trusted with."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from huiyin.lib import sheets

TITLES = ("编号", "内容", "受理时间")
WORDS = '=HYPERLINK("http://x","退款")'
AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def write(path: Path) -> Path:
    with sheets.writing(path, TITLES) as row:
        row((1, "快递慢，\n客服不理", AT))
        row((2, WORDS, None))
    return path


def test_csv_opens_in_a_spreadsheet_as_it_was_written(tmp_path: Path) -> None:
    content = write(tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines(keepends=True)))
    assert rows == [
        list(TITLES),
        ["1", "快递慢，\n客服不理", "2026-11-22T08:30:00+00:00"],
        ["2", f"'{WORDS}", ""],
    ]


def test_xlsx_holds_no_formula_of_a_customers(tmp_path: Path) -> None:
    rows = list(load_workbook(write(tmp_path / "a.xlsx"), read_only=True).worksheets[0].values)
    assert rows[0] == TITLES
    assert rows[2] == (2, f"'{WORDS}")


def test_jsonl_keeps_every_word(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in write(tmp_path / "a.jsonl").read_text("utf-8").splitlines()]
    assert rows[1] == {"编号": 2, "内容": WORDS, "受理时间": None}


def test_a_full_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "XLSX_ROWS", 3)
    with sheets.writing(tmp_path / "a.xlsx", ["n"]) as row:
        for number in range(5):
            row((number,))
    book = load_workbook(tmp_path / "a.xlsx")
    assert [[cell[0] for cell in sheet.values] for sheet in book.worksheets] == [["n", 0, 1], ["n", 2, 3], ["n", 4]]


def test_what_stood_there_stays_where_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("旧")
    with pytest.raises(RuntimeError), sheets.writing(path, TITLES):
        raise RuntimeError
    assert path.read_text() == "旧"
    assert list(tmp_path.iterdir()) == [path]


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(sheets.UnknownKind), sheets.writing(tmp_path / "a.pdf", TITLES):
        pass
