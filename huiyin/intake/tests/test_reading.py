"""Files as offices send them: in whatever encoding, cut short, merged, misnamed, and longer than memory."""

import csv
import tracemalloc
from pathlib import Path

import pytest
from openpyxl import Workbook

from huiyin.intake.reading import SAMPLE, Unreadable, rows

HEADER = ("投诉内容", "电话", "受理时间")
LINE = ("洗衣机漏水，师傅说要再等一周。", "13800138000", "2026-11-20 09:30")


def table(path: Path, encoding: str, *lines: tuple[str, ...]) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([HEADER, *lines])
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_table_is_read_in_the_encoding_it_was_written_in(tmp_path: Path, encoding: str) -> None:
    [row] = rows(table(tmp_path / "表.csv", encoding, LINE))
    assert (row.cells, row.fault, row.line) == (dict(zip(HEADER, LINE, strict=True)), "", 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("shift", ["", "a", "ab", "abc"])
def test_a_long_table_is_recognised_wherever_a_character_is_cut_by_the_sample(
    tmp_path: Path, encoding: str, shift: str
) -> None:
    lines = [(shift + LINE[0] * 20, *LINE[1:])] * (SAMPLE // 300)
    path = table(tmp_path / "表.csv", encoding, *lines)
    assert path.stat().st_size > SAMPLE
    assert next(rows(path)).cells["投诉内容"] == lines[0][0]


def test_gb18030_with_its_byte_order_mark_is_read_without_it(tmp_path: Path) -> None:
    path = table(tmp_path / "表.csv", "gb18030", LINE)
    path.write_bytes(b"\x84\x31\x95\x33" + path.read_bytes())
    [row] = rows(path)
    assert list(row.cells) == list(HEADER)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_usual_mark_may_stand_between_columns(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "表.csv"
    path.write_text(mark.join(HEADER) + "\n" + mark.join(LINE) + "\n", "utf-8")
    [row] = rows(path)
    assert row.cells == dict(zip(HEADER, LINE, strict=True))


def test_of_a_table_cut_off_in_the_middle_the_whole_rows_are_good_and_the_last_says_so(tmp_path: Path) -> None:
    path = table(tmp_path / "表.csv", "utf-8", LINE, LINE)
    path.write_bytes(path.read_bytes()[: -len("13800138000,2026-11-20 09:30\r\n")])
    first, second = rows(path)
    assert first.fault == ""
    assert "应有 3 列" in second.fault
    assert second.cells["投诉内容"] == LINE[0]


def test_line_breaks_inside_a_text_stay_in_it(tmp_path: Path) -> None:
    text = "\t第一行\n第二行，“引号”和,逗号"
    [row] = rows(table(tmp_path / "表.csv", "gb18030", (text, "", "")))
    assert row.cells["投诉内容"] == text


def test_merged_cells_of_a_spreadsheet_count_in_their_first_row(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in [HEADER, LINE, ("第二件，同一位客户。", None, None), (None, None, None)]:
        sheet.append(line)
    sheet.merge_cells("B2:B3")
    book.save(tmp_path / "表.xlsx")
    first, second = rows(tmp_path / "表.xlsx")
    assert (first.cells["电话"], second.cells["电话"]) == ("13800138000", None)
    assert second.cells["投诉内容"] == "第二件，同一位客户。"


def test_a_line_that_is_no_json_does_not_stop_the_others(tmp_path: Path) -> None:
    path = tmp_path / "投诉.jsonl"
    path.write_text('{"text": "一"}\n{"text": \n\n["二"]\n{"text": "三"}\n', "utf-8")
    assert [(row.line, bool(row.fault)) for row in rows(path)] == [(1, False), (2, True), (4, True), (5, False)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("照片.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"),
        ("空.csv", b""),
        ("坏.xlsx", b"PK\x03\x04 no zip at all"),
        ("信.docx", b"anything"),
        ("没有列名.csv", b"\r\n"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable):
        list(rows(tmp_path / name))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"没有.csv"):
        rows(tmp_path / "没有.csv")


def test_a_long_file_is_read_a_row_at_a_time(tmp_path: Path) -> None:
    """20 MB here; nothing changes with 200."""
    path = tmp_path / "长.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(HEADER) + "\n")
        for _ in range(100):
            file.write(f"{'投诉' * 350},13800138000,2026-11-20\n" * 100)
    tracemalloc.start()
    assert sum(1 for _row in rows(path)) == 10_000
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert path.stat().st_size > 20_000_000
    assert most < 4_000_000
