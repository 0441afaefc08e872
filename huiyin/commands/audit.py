"""Verify the event chain: change, deletion, swapping and truncation are found, and what cannot be proved is said.

Example: huiyin audit verify
"""

import argparse
import sys
from itertools import islice
from pathlib import Path

from huiyin.commands.running import database

SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verify = verbs.add_parser("verify", help="核验全部事件链 (check every chain)")
    verify.add_argument("--export", type=Path, metavar="FILE", help="把全部断点写入文件 (write every fault to a file)")


def run(options: argparse.Namespace) -> int:
    with database():
        from huiyin.complaints import auditing

        verdict = auditing.Verdict()
        faults = auditing.verify(verdict)
        shown = list(islice(faults, SHOWN))
        if options.export:
            with options.export.open("w", encoding="utf-8") as file:
                file.writelines(f"{fault}\n" for fault in shown)
                file.writelines(f"{fault}\n" for fault in faults)
        counts = (
            f"{verdict.complaints} 条链 (chains)，{verdict.events} 个事件 (events)，"
            f"{verdict.anchors} 个锚点 (anchors)，{verdict.anchored_heads} 个已锚定链尾 (anchored heads)"
        )
        if shown:
            for fault in shown:
                print(fault, file=sys.stderr)
            print(f"huiyin: 事件链已断 (the chain is broken): {shown[0]}", file=sys.stderr)
            return 1
        print(f"事件链完整 (the chain holds): {counts}")
        print("最后一个锚点之后整体改写的，单凭本机无法证伪 (a rewrite after the last anchor cannot be told)")
    return 0
