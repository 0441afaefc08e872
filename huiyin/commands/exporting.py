"""Complaints into a CSV, XLSX or JSONL file: those the member may see, streamed, without a limit of rows.

Example: huiyin export closed.xlsx --member supervisor --where state=closed --where received_after=2026-01-01
"""

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huiyin.commands import Failed
from huiyin.commands.running import database, member_named, now

if TYPE_CHECKING:
    from huiyin.complaints.models.complaint import ComplaintQuerySet


def _moment(raw: str) -> datetime:
    moment = datetime.fromisoformat(raw)
    return moment if moment.tzinfo else moment.astimezone()


CONDITIONS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "state": ("state", str),
    "severity": ("severity", int),
    "category": ("category__code", str),
    "channel": ("channel", str),
    "kind": ("kind", str),
    "tier": ("tier", str),
    "unit": ("owner_unit__code", str),
    "assignee": ("assignee__username", str),
    "region": ("region", str),
    "received_after": ("received_at__gte", _moment),
    "received_before": ("received_at__lt", _moment),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV, XLSX 或 JSONL 文件 (file to write)")
    parser.add_argument("--member", required=True, metavar="NAME", help="按此成员的权限 (whose rights decide)")
    parser.add_argument(
        "--where", action="append", default=[], metavar="FIELD=VALUE",
        help=f"条件，可重复 (condition, repeatable): {', '.join([*CONDITIONS, 'overdue=yes'])}",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    from huiyin.lib import sheets

    if options.file.suffix.lower() not in sheets.KINDS:
        raise Failed(f"{options.file}: 只能是 (only) {', '.join(sheets.KINDS)}")
    with database():
        from tqdm import tqdm

        from huiyin.complaints import exporting
        from huiyin.complaints.models import Complaint
        from huiyin.org.rules import Right, may

        member = member_named(options.member)
        if not may(member, Right.EXPORT_CASES):
            raise Failed(f"成员 {member.username} 没有导出权限 (this member may not export)")
        chosen = _chosen(Complaint.objects.visible_to(member), options.where)
        count = 0
        try:
            with sheets.writing(options.file, exporting.TITLES) as write:
                for row in tqdm(exporting.rows(chosen, member=member), total=chosen.count(), unit=" 件", disable=None):
                    write(row)
                    count += 1
        except OSError as refused:
            raise Failed(f"{options.file}: {refused.strerror}") from refused
    print(f"已导出 {count} 件 (exported) -> {options.file}")
    return 0


def _chosen(complaints: "ComplaintQuerySet", conditions: list[str]) -> "ComplaintQuerySet":
    for condition in conditions:
        name, _, raw = condition.partition("=")
        if (name, raw) == ("overdue", "yes"):
            complaints = complaints.overdue(now())
            continue
        try:
            lookup, convert = CONDITIONS[name]
            complaints = complaints.filter(**{lookup: convert(raw)})
        except KeyError as unknown:
            raise Failed(f"--where {condition}: 没有此条件 (no such condition); {', '.join(CONDITIONS)}") from unknown
        except ValueError as wrong:
            raise Failed(f"--where {condition}: 值有误 (wrong value)") from wrong
    return complaints
