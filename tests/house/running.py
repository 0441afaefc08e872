"""A real `huiyin` in a data folder of its own, for the tests of the house."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

PATIENCE = 90.0


def surroundings(home: Path, **more: str) -> dict[str, str]:
    """The environment without anything of ours, but with this data folder."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DATABASE_URL"))}
    return ours | {"HUIYIN_HOME": str(home), "PYTHONUNBUFFERED": "1"} | more


def huiyin(home: Path, *arguments: str, stdin: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
    """One command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "huiyin", *arguments], env=surroundings(home, **more), input=stdin,
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


def free_port() -> int:
    """A port with a free one after it: web and live."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def wait_for(what: str, is_so: "object", *, patience: float = PATIENCE) -> None:
    assert callable(is_so)
    until = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < until, f"waited {patience:.0f} s in vain until {what}"
        time.sleep(0.05)  # other processes tell us nothing when they get there


class Up:
    """A running `huiyin up`."""

    def __init__(self, home: Path, *arguments: str, **more: str) -> None:
        self.home, self.port = home, free_port()
        self.log = home.parent / f"{home.name}.log"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "huiyin", "up", "--port", str(self.port), *arguments],
                env=surroundings(home, **more), stdout=out, stderr=out,
            )  # fmt: skip

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_until_ready(self, *, patience: float = PATIENCE) -> "Up":
        def is_ready() -> bool:
            assert self.process.poll() is None, self.said()
            return "已就绪" in self.said()

        wait_for("huiyin up is ready", is_ready, patience=patience)
        return self

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and body; 0 where nobody answers."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except OSError:
            return 0, ""

    def family(self) -> list[psutil.Process]:
        try:
            top = psutil.Process(self.process.pid)
            return [top, *top.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def child(self, word: str) -> psutil.Process:
        """The first process of ours with that word in its command line."""
        for process in psutil.Process(self.process.pid).children(recursive=True):
            if word in process.cmdline() or any(part.endswith(f"/{word}") for part in process.cmdline()[:1]):
                return process
        raise AssertionError(f"no process {word}")

    def has_child(self, word: str, *, but: int) -> bool:
        """Whether there is one, and not that one."""
        try:
            return self.child(word).pid != but
        except (AssertionError, psutil.NoSuchProcess):
            return False

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    def end(self) -> None:
        """Whatever a test did: nothing of it runs on."""
        family = self.family()
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
        for process in family:
            if process.is_running():
                process.kill()
