"""Where it is measured: a data folder of its own with the embedded PostgreSQL, durable as in production."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

READY_SECONDS = 60.0


def now() -> datetime:
    return datetime.now(UTC)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Place:
    """One data folder, and the processes that live on it."""

    def __init__(self, home: Path) -> None:
        from huiyin.lib.pg import Server

        self.home = home
        self.server = Server(home)
        self.port = free_port()
        self._web: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Tables, the default configuration, and the demo company's units and members; no complaints."""
        from huiyin import loading
        from huiyin.commands.migrate import migrate
        from huiyin.org.actions import demo_members
        from huiyin.org.actions import loading as units

        migrate()
        loading.load(at=now())
        units.load_demo_units(at=now())
        demo_members.make(password="nobody signs in by it", at=now())  # a throw-away folder
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS bench_bare (id bigserial PRIMARY KEY, text text NOT NULL)")

    def start_web(self, workers: int = 2) -> None:
        command = [sys.executable, "-m", "huiyin", "web", "--port", str(self.port), "--workers", str(workers)]
        self._web = subprocess.Popen(command, env=os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings"})
        wait_until_ready(self.port)

    def stop_web(self) -> None:
        if self._web is not None:
            self._web.send_signal(signal.SIGTERM)
            self._web.wait(30)
            self._web = None

    def spent(self) -> dict[str, float]:
        """CPU seconds so far of web and of PostgreSQL, each with its children."""
        assert self._web is not None
        assert self.server.pid is not None
        return {"web": spent_by(self._web.pid), "postgres": spent_by(self.server.pid)}


def spent_by(pid: int) -> float:
    """By the process, by its children that live, and by those of them that have ended."""
    root = psutil.Process(pid)
    ended = root.cpu_times()
    total = ended.children_user + ended.children_system
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return float(total)


def wait_until_ready(port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while not is_ready(port):
        if time.monotonic() > until:
            raise TimeoutError("web did not become ready")
        time.sleep(0.02)  # another process tells nothing when it gets there


def is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def place(kept: Path | None) -> Iterator[Place]:
    """PostgreSQL running and Django set up on it; thrown away afterwards unless `kept` names its folder."""
    home = kept or Path(tempfile.mkdtemp(prefix="huiyin-bench-"))
    home.mkdir(parents=True, exist_ok=True)
    for name in [name for name in os.environ if name.startswith("HUIYIN_") or name == "DATABASE_URL"]:
        del os.environ[name]
    os.environ |= {"HUIYIN_HOME": str(home), "HUIYIN_LOG_LEVEL": "warning", "DJANGO_SETTINGS_MODULE": "bench.settings"}
    made = Place(home)
    made.server.start()
    try:
        import django

        django.setup()
        made.prepare()
        yield made
    finally:
        made.stop_web()
        made.server.stop()
        if kept is None:
            shutil.rmtree(home, ignore_errors=True)
