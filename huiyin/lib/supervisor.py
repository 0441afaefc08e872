"""Keeps a few child processes running: one that ends is started again, ever more slowly.

All of them end when this process does, however it ends.
"""

import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import structlog

from huiyin.lib.pg import die_with_parent

_WAKING = {signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
SLOWEST = 30.0
SETTLED = 60.0  # a child that lived so many seconds starts anew without delay
PATIENCE = 25.0
_SUPERVISOR = "HUIYIN_SUPERVISOR_PID"

log = structlog.get_logger(__name__)


class Child:
    """One command, and when it may start again."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name, self.command, self.environment = name, command, dict(environment)
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.delay = 0.0
        self.due = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=self.environment | {_SUPERVISOR: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            preexec_fn=_tie_to_parent,
        )

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def note_end(self) -> None:
        now = time.monotonic()
        self.delay = 0.5 if now - self.started > SETTLED else min(SLOWEST, max(0.5, self.delay * 2))
        self.due = now + self.delay
        log.warning("process ended", name=self.name, status=self.process and self.process.returncode, again=self.delay)
        self.process = None


def _tie_to_parent() -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.setsid()
    die_with_parent(signal.SIGTERM)


def end_soon_after_supervisor(*, grace: float) -> None:
    """For a child whose polite end can hang on what its supervisor kept alive: `grace` seconds later it ends."""
    supervisor = int(os.environ.get(_SUPERVISOR, "0"))
    if not supervisor or not hasattr(os, "pidfd_open"):
        return

    def watch() -> None:
        with suppress(ProcessLookupError):
            select.select([os.pidfd_open(supervisor)], [], [])
        threading.Event().wait(grace)
        os._exit(1)

    threading.Thread(target=watch, name="supervisor-watch", daemon=True).start()


class Supervisor:
    """`watch` is called every few seconds and whenever a child ends, for what else must be kept alive."""

    def __init__(self, children: Sequence[Child], watch: Callable[[], None] = lambda: None) -> None:
        self.children = children
        self.watch = watch
        self.is_stopping = False

    def start(self) -> None:
        """Afterwards signals wait for `tend`, and every child runs."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _WAKING)
        for child in self.children:
            child.start()

    def tend(self, *, seconds: float) -> bool:
        """Look after the children for at most so long; False once a signal asked us to stop."""
        received = signal.sigtimedwait(_WAKING, max(0.0, min(seconds, self._next_due())))
        if received and received.si_signo != signal.SIGCHLD:
            self.is_stopping = True
            return False
        self.watch()
        for child in self.children:
            if child.process and not child.is_running():
                child.note_end()
            elif not child.process and time.monotonic() >= child.due:
                child.start()
        return True

    def stop(self) -> None:
        """Afterwards no child runs: each was asked, and after PATIENCE seconds killed with all it had started."""
        for child in self.children:
            if child.process and child.is_running():
                child.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        for child in self.children:
            if child.process:
                try:
                    child.process.wait(max(0.0, until - time.monotonic()))
                except subprocess.TimeoutExpired:
                    os.killpg(child.process.pid, signal.SIGKILL)
                    child.process.wait()

    def _next_due(self) -> float:
        now = time.monotonic()
        return min((child.due - now for child in self.children if not child.process), default=SLOWEST)
