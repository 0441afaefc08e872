"""Complaints from a CSV, XLSX or JSONL file. Refused rows go to FILE.refused.csv with the reason each; running it again
takes nothing twice.

Example: huiyin import complaints.csv --map text=投诉内容 --map phone=联系电话 --dry-run
"""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV, XLSX 或 JSONL 文件 (file to read)")
    parser.add_argument(
        "--map", action="append", default=[], metavar="FIELD=COLUMN", help="字段对应的列名，可重复 (repeatable)"
    )
    parser.add_argument("--dry-run", action="store_true", help="只检查，不写入 (check only, take nothing)")
