"""`huiyin import` of a table of texts of about 200 characters: rows a second, from the command to its end."""

import csv
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil

from bench.place import Place, now, spent_by
from bench.texts import Words

HEADER = ("投诉编号", "受理时间", "姓名", "联系电话", "订单号", "标题", "投诉内容")


def measure(place: Place, *, rows: int) -> dict[str, Any]:
    file = place.home / "import.csv"
    _write(file, rows)
    first = _import(place, file, rows)
    again = _import(place, file, rows)
    file.unlink()
    return {"rows": rows, **first, "again": again}


def _write(file: Path, rows: int) -> None:
    words, at = Words(11), now()
    with file.open("w", newline="", encoding="utf-8-sig") as out:
        table = csv.writer(out)
        table.writerow(HEADER)
        for n in range(rows):
            received = at - timedelta(minutes=n + 1)
            text = words.text()
            table.writerow(
                [
                    f"A{n:08d}",
                    f"{received:%Y-%m-%d %H:%M:%S}",
                    words.name(),
                    words.phone(),
                    words.order_no(),
                    text[:20],
                    text,
                ]
            )


def _import(place: Place, file: Path, rows: int) -> dict[str, Any]:
    """CPU of the command is its own and its children's, as the kernel tells when they have ended."""
    assert place.server.pid is not None
    before, own, began = spent_by(place.server.pid), os.times(), time.perf_counter()
    command = [sys.executable, "-m", "huiyin", "import", str(file)]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)
    seconds, ended = time.perf_counter() - began, os.times()
    assert done.returncode == 0, done.stderr
    python = ended.children_user + ended.children_system - own.children_user - own.children_system
    return {
        "per_second": round(rows / seconds, 1),
        "python_cpu_ms": round(python * 1000 / rows, 3),
        "postgres_cpu_ms": round((spent_by(place.server.pid) - before) * 1000 / rows, 3),
        "said": done.stdout.strip().splitlines()[0],
        "load": psutil.getloadavg()[0],
    }
