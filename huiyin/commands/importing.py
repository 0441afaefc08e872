"""Complaints from a CSV, XLSX or JSONL file.

Refused rows go to FILE.refused.csv with the reason each; running it again takes nothing twice.

Example: huiyin import complaints.csv --map text=投诉内容 --map phone=联系电话 --dry-run
"""

import argparse
from pathlib import Path
from zoneinfo import ZoneInfo

from huiyin.commands import Failed
from huiyin.commands.running import database, now

WORTH_TWO = 500_000  # bytes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV, XLSX 或 JSONL 文件 (file to read)")
    parser.add_argument(
        "--map", action="append", default=[], metavar="FIELD=COLUMN", help="字段对应的列名，可重复 (repeatable)"
    )
    parser.add_argument("--channel", help="渠道 (channel; default import)")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不写入 (check only, take nothing)")


def run(options: argparse.Namespace) -> int:
    refused_file = options.file.with_name(f"{options.file.name}.refused.csv")
    with database():
        from django.conf import settings
        from tqdm import tqdm

        from huiyin.channels.models import Channel
        from huiyin.intake import importing
        from huiyin.intake.mapping import BadMapping
        from huiyin.intake.reading import Unreadable
        from huiyin.intake.refusing import refusals
        from huiyin.org.actors import SYSTEM

        if options.channel and options.channel not in Channel:
            raise Failed(f"没有渠道 {options.channel} (no such channel): {', '.join(Channel.values)}")
        with refusals(refused_file) as refuse, tqdm(unit=" 件", disable=None) as bar:

            def progress(count: int) -> None:
                bar.update(count)

            try:
                report = importing.run(
                    options.file, actor=SYSTEM, at=now(), zone=ZoneInfo(settings.TIME_ZONE),
                    columns=dict(_pair(each) for each in options.map), channel=options.channel or Channel.IMPORT,
                    dry_run=options.dry_run, refuse=refuse, progress=progress, processes=_processes(options.file),
                )  # fmt: skip
            except KeyboardInterrupt:
                said = f"{bar.n} 行之后中断，已写入的都在；再运行一次即接着导入，不会重复"
                raise Failed(f"{said} (interrupted after {bar.n} rows; run it again to go on)") from None
            except (Unreadable, BadMapping) as fault:
                raise Failed(f"{options.file}: {fault}") from fault
            except OSError as fault:
                raise Failed(f"{options.file}: {fault.strerror}") from fault
    verb = "可受理 (would be taken)" if options.dry_run else "已受理 (taken)"
    print(f"{verb} {report.taken}，已有 (joined) {report.joined}，拒绝 (refused) {report.refused}")
    if report.refused:
        print(f"被拒绝的行及原因 (refused rows and why): {refused_file}")
    return 0


def _processes(file: Path) -> int:
    """Two where the file is long enough to be worth starting them."""
    return 2 if file.is_file() and file.stat().st_size > WORTH_TWO else 1


def _pair(raw: str) -> tuple[str, str]:
    field, equals, column = raw.partition("=")
    if not (field and equals and column):
        raise Failed(f"--map {raw}: 应为 字段=列名 (FIELD=COLUMN)")
    return field, column
