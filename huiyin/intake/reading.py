"""Rows out of a file: CSV in whatever encoding Excel wrote it, XLSX, JSONL. Streams; never holds the file in memory."""

import codecs
import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _
from openpyxl import load_workbook

SAMPLE = 256 * 1024
csv.field_size_limit(4 * 1024 * 1024)


class Unreadable(Exception):
    """The file as a whole can not be read; the sentence says what to do."""


@dataclass(frozen=True)
class Row:
    """One row by its column names. `fault` says why the row itself is broken; its cells are kept for the refusals."""

    line: int
    cells: Mapping[str, Any]
    fault: str = ""


def rows(path: Path) -> Iterator[Row]:
    """Every row of the file, in order. Raises Unreadable."""
    readers = {".csv": _csv, ".tsv": _csv, ".txt": _csv, ".jsonl": _jsonl, ".ndjson": _jsonl, ".xlsx": _xlsx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise Unreadable(_("不认识这种文件：%s。请用 CSV、XLSX 或 JSONL。") % path.name)
    if not path.is_file():
        raise Unreadable(_("找不到文件：%s。") % path)
    if path.stat().st_size == 0:
        raise Unreadable(_("文件是空的：%s。") % path.name)
    return reader(path)


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    if b"\x00" in sample and not sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(_("%s 不是文本文件。请另存为 CSV（UTF-8 或 GB18030）或 XLSX。") % path.name)
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    bare = sample.removeprefix(b"\xef\xbb\xbf")
    is_whole = len(sample) < SAMPLE
    for encoding in ("utf-8-sig", "gb18030"):
        if _decodes(bare, encoding, is_whole=is_whole):
            return encoding
    best = from_bytes(bare[:65536]).best()
    if best is None:
        raise Unreadable(_("认不出 %s 的文字编码。请另存为 UTF-8。") % path.name)
    return best.encoding


def _decodes(sample: bytes, encoding: str, *, is_whole: bool) -> bool:
    """Whether the sample is in this encoding, but for a character that its end cuts in two."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample, is_whole)
    except UnicodeDecodeError:
        return False
    return True


def _csv(path: Path) -> Iterator[Row]:
    encoding = _encoding(path)
    with path.open("rb") as raw:
        _skip_mark(raw, encoding)
        text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
        reader = csv.reader(_without_nul(text), delimiter=_delimiter(path, encoding))
        header = [name.strip().lstrip("\ufeff") for name in next(reader, [])]
        if len([name for name in header if name]) < 1:
            raise Unreadable(_("%s 第一行应为列名。") % path.name)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(reader.line_num, dict(zip(header, cells, strict=False)), _csv_fault(header, cells))


def _skip_mark(raw: BinaryIO, encoding: str) -> None:
    if encoding == "gb18030" and raw.read(4) != b"\x84\x31\x95\x33":  # the byte order mark, as GB18030 writes it
        raw.seek(0)


def _without_nul(text: io.TextIOWrapper) -> Iterator[str]:
    for line in text:
        yield line.replace("\x00", "")


def _delimiter(path: Path, encoding: str) -> str:
    with path.open("rb") as file:
        first = file.readline(65536).decode(encoding, "replace")
    return max(",\t;|", key=first.count) if any(mark in first for mark in "\t;|") else ","


def _csv_fault(header: list[str], cells: list[str]) -> str:
    if len(cells) < len(header):
        return _("只有 %(found)d 列，应有 %(wanted)d 列；文件可能不完整。") % {
            "found": len(cells),
            "wanted": len(header),
        }
    if any(cells[len(header) :]):
        return _("有 %(found)d 列，应有 %(wanted)d 列。") % {"found": len(cells), "wanted": len(header)}
    return ""


def _jsonl(path: Path) -> Iterator[Row]:
    with path.open(encoding=_encoding(path), errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except ValueError:
                yield Row(number, {"line": line.strip()[:2000]}, _("不是有效的 JSON。"))
                continue
            if not isinstance(value, dict):
                yield Row(number, {"line": line.strip()[:2000]}, _("每行应是一个 JSON 对象。"))
                continue
            yield Row(number, value)


def _xlsx(path: Path) -> Iterator[Row]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises what its zip and XML readers raise
        raise Unreadable(_("打不开 %s，文件可能已损坏。") % path.name) from error
    try:
        sheet = book.worksheets[0]
        lines = sheet.iter_rows(values_only=True)
        header = [str(name).strip() if name is not None else "" for name in next(lines, ())]
        if not any(header):
            raise Unreadable(_("%s 第一行应为列名。") % path.name)
        for number, cells in enumerate(lines, start=2):
            if any(cell is not None and str(cell).strip() for cell in cells):
                yield Row(number, {name: cell for name, cell in zip(header, cells, strict=False) if name})
    finally:
        book.close()
