"""The PostgreSQL of one data folder: made, configured, started, stopped, and cleared up after a crash."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from hashlib import sha256
from pathlib import Path

import psutil

from huiyin.lib.pg.account import Account
from huiyin.lib.pg.programs import PostgresError, program
from huiyin.lib.pg.tuning import machine_memory, tuning

DATABASE = ROLE = "huiyin"
MAJOR_VERSION = "18"
LONGEST_SOCKET_FOLDER = 85  # a socket's whole path may have 107 bytes
LONGEST_LOG = 20 * 1024 * 1024

_INCLUDE = "include 'huiyin.conf'\ninclude_if_exists 'local.conf'\n"
_TELLING = ("invalid value", "unrecognized", "syntax error", "FATAL", "ERROR")
_PLAIN = {"LC_ALL": "C", "PGTZ": "UTC", "PATH": "/usr/bin:/bin"}


class Server:
    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home
        self.data = home / "pg"
        self.log = home / "postgres.log"
        self.durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket_folder(self) -> Path:
        folder = self.home / "run"
        if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
            return folder
        mark = sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"huiyin-{os.geteuid()}-{mark}"

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@/{DATABASE}?host={self.socket_folder}"

    @property
    def pid(self) -> int | None:
        """The process of the server we started, while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self, *, patience: float = 60) -> None:
        """Afterwards the server answers, and ends when this process does.

        The caller holds the home's lock: a server found running here has lost its parent and is stopped first.
        Raises PostgresError.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        account = Account(self.data)
        account.let_through_to(self.data, self.socket_folder, program("postgres"))
        account.own_folder(self.data)
        account.own_folder(self.socket_folder)
        if (self.data / "huiyin.conf").exists():
            self._refuse_another_version()
            self._clear_away_what_a_crash_left()
        else:
            self._initialise(account)
        self._configure(account)
        self._launch(account, time.monotonic() + patience)

    def stop(self, *, patience: float = 30) -> None:
        """Afterwards the server we started has ended, with everything on disk."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        for number, wait in ((signal.SIGINT, patience), (signal.SIGQUIT, 10.0)):
            process.send_signal(number)
            try:
                process.wait(wait)
                return
            except subprocess.TimeoutExpired:
                continue
        process.kill()
        process.wait()

    def is_answering(self) -> bool:
        """Whether a server of this data folder is up, whoever started it."""
        return self._status() == "ready" and self._postmaster() is not None

    def _initialise(self, account: Account) -> None:
        """Makes an empty cluster; what an initdb that was cut short left behind is removed first."""
        for leftover in self.data.iterdir():
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        command = [str(program("initdb")), "-D", str(self.data), "-U", ROLE, "-E", "UTF8", "--auth=peer"]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += [] if self.durable else ["--no-sync"]
        made = subprocess.run(
            command, cwd="/", env=_PLAIN, preexec_fn=account.settling(), capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise PostgresError(f"initdb: {' '.join(made.stderr.split())[-300:]}")
        self._make_database(account)

    def _make_database(self, account: Account) -> None:
        command = [str(program("postgres")), "--single", "-j", "-D", str(self.data), "postgres"]
        made = subprocess.run(
            command, cwd="/", env=_PLAIN, preexec_fn=account.settling(), check=False, capture_output=True,
            input=f"CREATE DATABASE {DATABASE};\n".encode(),
        )  # fmt: skip
        if made.returncode or b"ERROR" in made.stderr:
            raise PostgresError(f"CREATE DATABASE: {made.stderr.decode(errors='replace')[-300:]}")

    def _refuse_another_version(self) -> None:
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != MAJOR_VERSION:
            raise PostgresError(
                f"{self.data} 属于 PostgreSQL {version}，本程序自带 {MAJOR_VERSION}：请用旧版本备份后恢复"
                f" (data of PostgreSQL {version}: back up with the older release, then restore)"
            )

    def _configure(self, account: Account) -> None:
        settings = tuning(machine_memory(), durable=self.durable)
        settings |= {"unix_socket_directories": f"'{self.socket_folder}'", "unix_socket_permissions": "0700"}
        main = self.data / "postgresql.conf"
        files = {
            "pg_hba.conf": "local all all peer map=owner\n",
            "pg_ident.conf": f"owner {pwd.getpwuid(os.geteuid()).pw_name} {ROLE}\n",
            "postgresql.conf": main.read_text().removesuffix(_INCLUDE) + _INCLUDE,
            "huiyin.conf": "".join(f"{name} = {value}\n" for name, value in settings.items()),
        }
        for name, content in files.items():
            (self.data / name).write_text(content)
            account.own(self.data / name)

    def _launch(self, account: Account, until: float) -> None:
        while True:
            began = self._log_size()
            self._process = self._spawn(account)
            while self.pid and time.monotonic() < until:
                if self._status() == "ready" and self._pid_in_file() == self.pid:
                    return
                time.sleep(0.02)  # the server tells that it is ready by a line in a file, and by nothing else
            said = self.log.read_bytes()[began:].decode(errors="replace")
            # The children of a killed postmaster need a moment to notice and let go of its shared memory.
            if "shared memory block" in said and time.monotonic() < until:
                time.sleep(0.2)  # nothing tells when they have
                continue
            self.stop(patience=5)
            raise PostgresError(f"PostgreSQL 未能启动 (did not start): {_reason(said)} ({self.log})")

    def _spawn(self, account: Account) -> subprocess.Popen[bytes]:
        with open(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            return subprocess.Popen(
                [str(program("postgres")), "-D", str(self.data)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd="/", env=_PLAIN, preexec_fn=account.settling(ends_with_parent=True),
            )  # fmt: skip

    def _log_size(self) -> int:
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        return self.log.stat().st_size if self.log.exists() else 0

    def _clear_away_what_a_crash_left(self) -> None:
        """A server without its parent is stopped; a pid file that names some other program is removed."""
        orphan = self._postmaster()
        if orphan:
            _end(orphan)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for lock in self.socket_folder.glob(".s.PGSQL.*"):
            lock.unlink(missing_ok=True)

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _pid_in_file(self) -> int | None:
        lines = self._pid_file()
        return int(lines[0]) if lines and lines[0].isdigit() else None

    def _status(self) -> str:
        lines = self._pid_file()
        return lines[7].strip() if len(lines) > 7 else ""

    def _postmaster(self) -> psutil.Process | None:
        """The running server that the pid file names: a number alone may by now belong to another program."""
        pid = self._pid_in_file()
        try:
            process = psutil.Process(pid) if pid else None
            if process and process.status() != psutil.STATUS_ZOMBIE and str(self.data) in process.cmdline():
                return process
        except psutil.Error:
            pass
        return None


def _end(orphan: psutil.Process) -> None:
    for number, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
        try:
            orphan.send_signal(number)
            orphan.wait(patience)
            return
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue


def _reason(said: str) -> str:
    lines = said.splitlines() or ["?"]
    telling = [line for line in lines if any(word in line for word in _TELLING)]
    return " / ".join(line.split("  ")[-1] for line in (telling or lines[-1:])[:2])
