"""A company's own units out of a table: all of them, or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.org import errors
from huiyin.org.actions.arranging import place_unit
from huiyin.org.actions.permitting import must_configure
from huiyin.org.actors import Actor
from huiyin.org.models import Unit

COLUMNS: Final = ("编码", "名称", "英文名称", "类型", "上级编码")
IN_ENGLISH: Final = {"code": "编码", "name": "名称", "name_en": "英文名称", "kind": "类型", "parent": "上级编码"}
NEEDED: Final = frozenset({"编码", "名称", "类型"})
MOST_ROWS: Final = 5000
LARGEST: Final = 2 * 1024 * 1024


def read(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV as Excel or anybody else saves it (UTF-8 or GB18030). Raises RowsUnsound."""
    if len(content) > LARGEST:
        raise errors.RowsUnsound([_("文件超过 2 MB。")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    if "\x00" in text:
        raise errors.RowsUnsound([_("这不是 CSV 文件。Excel 请“另存为”CSV。")])
    reader = csv.DictReader(io.StringIO(text))
    if missing := NEEDED - {_title(name) for name in reader.fieldnames or ()}:
        raise errors.RowsUnsound([_("缺少这些列：%s。") % "、".join(sorted(missing))])
    rows = [{_title(key): str(value or "").strip() for key, value in row.items() if key} for row in reader]
    if len(rows) > MOST_ROWS:
        raise errors.RowsUnsound([_("最多 %d 行。") % MOST_ROWS])
    return [row for row in rows if any(row.values())]


@transaction.atomic
def import_units(content: bytes, *, actor: Actor, at: datetime) -> int:
    """Every row is a unit below its parent, parents before children in whatever order they stand; returns how many.

    Raises RowsUnsound with a sentence for each row that could not be taken, and then nothing was.
    """
    must_configure(actor)
    rows = dict(enumerate(read(content), start=2))  # as a spreadsheet counts them, the titles being the first
    faults: list[str] = []
    units = {unit.code: unit for unit in Unit.objects.all()}
    kinds = {str(label): value for value, label in Unit.Kind.choices} | {value: value for value in Unit.Kind.values}
    waiting, made = dict(rows), 0
    while waiting:
        ready = {line: row for line, row in waiting.items() if not _above(row) or _above(row) in units}
        if not ready:
            faults += [_row(line, _("没有上级单位“%s”。") % _above(row)) for line, row in waiting.items()]
            break
        for line, row in ready.items():
            waiting.pop(line)
            try:
                units[row["编码"]] = _placed(row, units, kinds, actor, at)
                made += 1
            except errors.Refused as refusal:
                faults.append(_row(line, str(refusal)))
                units.setdefault(row["编码"], units.get(_above(row)) or Unit(code=row["编码"], path="/"))
    if faults:
        raise errors.RowsUnsound(faults)
    if not made:
        raise errors.RowsUnsound([_("文件里没有单位。")])
    return made


def _title(written: str | None) -> str:
    plain = (written or "").strip()
    return IN_ENGLISH.get(plain.lower(), plain)


def _above(row: Mapping[str, str]) -> str:
    return row.get("上级编码", "")


def _placed(
    row: Mapping[str, str], units: Mapping[str, Unit], kinds: Mapping[str, str], actor: Actor, at: datetime
) -> Unit:
    kind = kinds.get(row["类型"])
    if kind is None:
        raise errors.BadRow(_("没有“%s”这种类型。") % row["类型"])
    if not row["名称"]:
        raise errors.BadRow(_("缺少名称。"))
    return place_unit(
        code=row["编码"],
        name_zh=row["名称"][:100],
        name_en=row.get("英文名称", "")[:200],
        kind=kind,
        parent=units[_above(row)] if _above(row) else None,
        actor=actor,
        at=at,
    )


def _row(line: int, sentence: str) -> str:
    return _("第 %(line)d 行：%(sentence)s") % {"line": line, "sentence": sentence}
