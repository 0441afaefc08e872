"""Rows into CSV, XLSX or JSONL, one at a time, so that a million take no more memory than ten."""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from openpyxl import Workbook

Value = str | int | bool | datetime | None
KINDS = (".csv", ".xlsx", ".jsonl")
XLSX_ROWS = 1_048_576  # what a sheet of Excel holds


class UnknownKind(ValueError):
    """The file's ending is none of KINDS."""


class Writer(Protocol):
    def __call__(self, values: Sequence[Value], /) -> None: ...


@contextmanager
def writing(path: Path, titles: Sequence[str]) -> Iterator[Writer]:
    """A function that adds one row. The file appears whole under its name, or not at all. Raises UnknownKind."""
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise UnknownKind(path.suffix)
    draft = path.with_name(f".{path.name}.part")
    try:
        with {".csv": _csv, ".xlsx": _xlsx, ".jsonl": _jsonl}[kind](draft, titles) as write:
            yield write
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _csv(path: Path, titles: Sequence[str]) -> Iterator[Writer]:
    with path.open("w", newline="", encoding="utf-8-sig") as file:  # Excel takes UTF-8 for it only by its mark
        writer = csv.writer(file)
        writer.writerow(titles)
        yield lambda values: writer.writerow([cell(value) for value in values])


@contextmanager
def _xlsx(path: Path, titles: Sequence[str]) -> Iterator[Writer]:
    book = Workbook(write_only=True)
    pages: list[Any] = []
    rows = 0

    def begin() -> None:
        nonlocal rows
        pages.append(book.create_sheet())
        pages[-1].append(list(titles))
        rows = 1

    def write(values: Sequence[Value]) -> None:
        nonlocal rows
        if rows >= XLSX_ROWS:
            begin()
        pages[-1].append([cell(value) for value in values])
        rows += 1

    begin()
    yield write
    book.save(path)


@contextmanager
def _jsonl(path: Path, titles: Sequence[str]) -> Iterator[Writer]:
    with path.open("w", encoding="utf-8") as file:
        yield lambda values: print(
            json.dumps(dict(zip(titles, map(_shown, values), strict=True)), ensure_ascii=False), file=file
        )


def cell(value: Value) -> str | int | bool | None:
    """The value as it may stand in a spreadsheet."""
    return _plain(_shown(value))


def _shown(value: Value) -> str | int | bool | None:
    return value.isoformat() if isinstance(value, datetime) else value


def _plain(value: str | int | bool | None) -> str | int | bool | None:
    """A cell that begins like a formula is one to a spreadsheet, whoever wrote it: an apostrophe makes it text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
