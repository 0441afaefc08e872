"""At rest and at the start: the memory of each process of `huiyin up`, and how long until it answers."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from bench.client import drive, get
from bench.place import free_port, wait_until_ready

SETTLE_SECONDS = 8.0


def measure() -> dict[str, Any]:
    """Twice on a folder of its own: the first start makes the database, the second finds it."""
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-up-") as folder:
        first, _memory = _start(Path(folder), look=False)
        again, memory = _start(Path(folder), look=True)
    total = round(sum(memory.values()), 1)
    return {"first_start_s": first, "next_start_s": again, "memory_mb": memory, "memory_total_mb": total}


def _start(home: Path, *, look: bool) -> tuple[float, dict[str, float]]:
    port = free_port()
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    surroundings |= {"HUIYIN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "huiyin.settings"}
    surroundings.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "huiyin", "up", "--port", str(port)]
    began = time.perf_counter()
    up = subprocess.Popen(command, env=surroundings, stdout=subprocess.DEVNULL)
    try:
        wait_until_ready(port)
        seconds = round(time.perf_counter() - began, 2)
        return seconds, _memory(up.pid, port) if look else {}
    finally:
        up.send_signal(signal.SIGTERM)
        up.wait(40)


def _memory(pid: int, port: int) -> dict[str, float]:
    """PSS by kind of process: shared pages are counted once, divided among those who share them."""
    drive(port, [get("/accounts/login/")] * 40, 4)
    time.sleep(SETTLE_SECONDS)  # the worker has looked at its queue, and nothing is in flight
    found: dict[str, float] = {}
    root = psutil.Process(pid)
    for process in [root, *root.children(recursive=True)]:
        try:
            kind, size = _kind(process.cmdline()), process.memory_full_info().pss
        except psutil.Error:
            continue
        found[kind] = round(found.get(kind, 0.0) + size / 1e6, 1)
    return found


def _kind(command: list[str]) -> str:
    if any("postgres" in part for part in command[:1]):
        return "postgres"
    names = [part for part in command if part in {"up", "web", "live", "worker"}]
    return names[0] if names else Path(command[0]).name
