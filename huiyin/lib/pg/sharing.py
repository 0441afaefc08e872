"""Who runs a data folder, and how a command finds its server answering."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huiyin.lib.pg.programs import PostgresError
from huiyin.lib.pg.server import Server


class HomeInUse(PostgresError):
    def __init__(self, home: Path, holder: str) -> None:
        super().__init__(f"数据文件夹 {home} 正由另一个 huiyin 进程使用 (data folder in use by {holder})")


class HomeLock:
    """Held by the one process that runs a data folder; let go by the kernel however that process ends."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._fd: int | None = None

    def take(self) -> None:
        """Raises HomeInUse where another process has it."""
        fd = os.open(self.home / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as refused:
            holder = os.pread(fd, 100, 0).decode(errors="replace").strip()
            os.close(fd)
            raise HomeInUse(self.home, holder) from refused
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"pid {os.getpid()}\n".encode(), 0)
        self._fd = fd

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


@contextmanager
def answering(home: Path, *, patience: float = 60) -> Iterator[Server]:
    """A server for the length of one command: the one that is up, else one started for it and stopped after.

    Several commands may share it: the one that started it waits for the others before it stops it.
    """
    server, lock = Server(home), HomeLock(home)
    users = os.open(home / "pg.users", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(users, fcntl.LOCK_SH)
        _find_or_start(server, lock, time.monotonic() + patience)
        yield server
    finally:
        if server.pid:
            fcntl.flock(users, fcntl.LOCK_EX)
            server.stop()
        lock.release()
        os.close(users)


def _find_or_start(server: Server, lock: HomeLock, until: float) -> None:
    while not server.is_answering():
        try:
            lock.take()
        except HomeInUse:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)  # whoever holds the folder is about to start its server, or has just stopped it
        else:
            server.start()
