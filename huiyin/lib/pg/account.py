"""The operating system's account that the server runs under.

It is our own; but PostgreSQL refuses to run as root, so where we are root it gets a system account of its own.
"""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from huiyin.lib.pg.programs import die_with_parent

NAME = "huiyin-pg"


class Account:
    def __init__(self, data: Path) -> None:
        """The account that owns the data folder already, else the one it shall belong to."""
        self.is_other = os.geteuid() == 0
        self.uid, self.gid = os.geteuid(), os.getegid()
        if self.is_other:
            status = data.stat() if data.exists() else None
            self.uid, self.gid = (status.st_uid, status.st_gid) if status and status.st_uid else _system_account()

    def own(self, *paths: Path) -> None:
        if self.is_other:
            for path in paths:
                os.chown(path, self.uid, self.gid)

    def own_folder(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.own(folder)
        folder.chmod(0o700)

    def let_through_to(self, *targets: Path) -> None:
        """Let the server's account pass (not list) the folders above what it must reach."""
        if not self.is_other:
            return
        for folder in {parent for target in targets for parent in target.resolve().parents}:
            mode = folder.stat().st_mode
            if not mode & 0o001:
                folder.chmod(mode & 0o7777 | 0o001)

    def settling(self, *, ends_with_parent: bool = False) -> Callable[[], None]:
        """What a child does between fork and exec to run under this account."""

        def settle() -> None:
            os.umask(0o077)
            if self.is_other:
                os.setgroups([])
                os.setgid(self.gid)
                os.setuid(self.uid)
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
            if ends_with_parent:
                os.setsid()  # Ctrl-C at the terminal is for our parent, which stops us in its own time
                die_with_parent(signal.SIGINT)

        return settle


def _system_account() -> tuple[int, int]:
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        _make_account()
    for name in (NAME, "postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    return 65534, 65534


def _make_account() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        options = [
            "--system",
            "--user-group",
            "--no-create-home",
            "--home-dir",
            "/nonexistent",
            "--shell",
            "/bin/false",
        ]
        subprocess.run([useradd, *options, NAME], capture_output=True, check=False)
