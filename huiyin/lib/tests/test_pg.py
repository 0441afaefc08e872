"""The embedded PostgreSQL with real processes: crashes, orphans, stale files, two who want one folder."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from huiyin.lib import pg

ROWS = "select array_agg(word order by word) from words"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def server(home: Path) -> Iterator[pg.Server]:
    server = pg.Server(home)
    server.start()
    with psycopg.connect(server.url) as connection:
        connection.execute("create table words (word text)")
        connection.execute("insert into words values ('投诉'), ('回音')")
    yield server
    server.stop()


def words(server: pg.Server) -> list[str]:
    with psycopg.connect(server.url) as connection:
        row = connection.execute(ROWS).fetchone()
        assert row is not None
        return list(row[0])


def test_what_was_written_is_there_after_a_restart(server: pg.Server) -> None:
    server.stop()
    assert server.pid is None
    server.start()
    assert words(server) == ["回音", "投诉"]


def test_it_starts_again_after_its_own_death_by_kill(server: pg.Server) -> None:
    assert server.pid
    process = psutil.Process(server.pid)
    with psycopg.connect(server.url):
        process.kill()
        process.wait(10)
    assert (server.data / "postmaster.pid").exists()
    server.start()
    assert words(server) == ["回音", "投诉"]


def test_a_stale_pid_file_that_names_another_program_does_not_stop_it(server: pg.Server) -> None:
    lines = (server.data / "postmaster.pid").read_text().splitlines()
    server.stop()
    (server.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]))
    server.start()
    assert words(server) == ["回音", "投诉"]


def start_and_report(home: Path, report: "multiprocessing.Queue[int]", wait: Callable[[], None]) -> None:
    server = pg.Server(home, durable=False)
    server.start()
    assert server.pid
    report.put(server.pid)
    wait()


def test_a_server_ends_with_the_process_that_started_it_even_by_kill(home: Path) -> None:
    context = multiprocessing.get_context("fork")
    report: multiprocessing.Queue[int] = context.Queue()
    parent = context.Process(target=start_and_report, args=(home, report, signal.pause))
    parent.start()
    orphan = psutil.Process(report.get(timeout=60))
    parent.kill()
    parent.join()
    orphan.wait(20)
    assert not orphan.is_running()


def test_an_orphan_is_stopped_and_its_data_are_kept(server: pg.Server) -> None:
    orphan = psutil.Process(server.pid)
    successor = pg.Server(server.home, durable=False)
    successor.start()
    try:
        assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE
        assert words(successor) == ["回音", "投诉"]
    finally:
        successor.stop()


def test_an_initdb_that_was_cut_short_is_done_again(home: Path) -> None:
    server = pg.Server(home, durable=False)
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("18\n")
    (server.data / "base").mkdir()
    server.start()
    try:
        assert server.is_answering()
    finally:
        server.stop()


def test_data_of_another_major_version_are_refused_with_a_reason(server: pg.Server) -> None:
    server.stop()
    (server.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(pg.PostgresError, match="PostgreSQL 17"):
        server.start()
    (server.data / "PG_VERSION").write_text("18\n")


def test_a_bad_local_setting_is_named(server: pg.Server) -> None:
    server.stop()
    (server.data / "local.conf").write_text("work_mem = 'plenty'\n")
    with pytest.raises(pg.PostgresError, match="work_mem"):
        server.start()


def test_nobody_else_may_come_in(server: pg.Server) -> None:
    assert server.socket_folder.stat().st_mode & 0o777 == 0o700
    assert server.data.stat().st_mode & 0o777 == 0o700
    assert server.pid
    listening = [each for each in psutil.Process(server.pid).net_connections("inet") if each.status == "LISTEN"]
    assert listening == []
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        psycopg.connect(server.url.replace("huiyin@", "postgres@"))


def test_a_long_folder_name_gets_a_short_socket(home: Path) -> None:
    server = pg.Server(home / ("深" * 40), durable=False)
    server.start()
    try:
        with psycopg.connect(server.url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    finally:
        server.stop()
        server.socket_folder.rmdir()


def run_as(uid: int, home: Path, report: "multiprocessing.Queue[list[str]]") -> None:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    server = pg.Server(home, durable=False)
    server.start()
    with psycopg.connect(server.url) as connection:
        row = connection.execute("select current_user, 'x'").fetchone()
    assert row
    assert server.pid
    report.put([row[0], str(psutil.Process(server.pid).uids().effective)])
    server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs all the other tests as an ordinary user")
def test_it_runs_for_an_ordinary_user_too(home: Path) -> None:
    uid = 65534
    for folder in (home, *home.parents):
        if folder.stat().st_uid == 0 and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o001)
    os.chown(home, uid, uid)
    context = multiprocessing.get_context("fork")
    report: multiprocessing.Queue[list[str]] = context.Queue()
    user = context.Process(target=run_as, args=(uid, home, report))
    user.start()
    assert report.get(timeout=60) == ["huiyin", str(uid)]
    user.join(30)
    assert user.exitcode == 0


def test_of_two_who_want_one_folder_the_second_is_told_who_has_it(home: Path) -> None:
    first, second = pg.HomeLock(home), pg.HomeLock(home)
    first.take()
    with pytest.raises(pg.HomeInUse, match=f"pid {os.getpid()}"):
        second.take()
    first.release()
    second.take()
    second.release()


def test_a_command_uses_the_server_that_is_up_and_leaves_it_up(server: pg.Server) -> None:
    with pg.answering(server.home) as found:
        assert found.pid is None
        assert words(found) == ["回音", "投诉"]
    assert server.is_answering()


BORROWER = """
import sys, psycopg
from pathlib import Path
from huiyin.lib import pg
with pg.answering(Path(sys.argv[1])) as server:
    print("in", flush=True)
    sys.stdin.readline()
    with psycopg.connect(server.url) as connection:
        print(connection.execute("select 7").fetchone()[0], flush=True)
"""


def borrower(home: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", BORROWER, str(home)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "in\n"
    return process


def test_the_command_that_started_the_server_waits_for_the_others_before_it_stops_it(home: Path) -> None:
    starter, guest = borrower(home), borrower(home)
    assert starter.stdin
    assert starter.stdout
    starter.stdin.write("\n")
    starter.stdin.flush()
    assert starter.stdout.readline() == "7\n"
    assert starter.poll() is None
    assert guest.communicate("\n", timeout=30)[0] == "7\n"
    starter.communicate(timeout=30)
    assert (starter.returncode, guest.returncode) == (0, 0)
    assert not pg.Server(home).is_answering()


@pytest.mark.parametrize(("gigabytes", "buffers"), [(0.25, "64MB"), (1, "128MB"), (24, "2048MB")])
def test_memory_for_the_server_follows_the_machine(gigabytes: float, buffers: str) -> None:
    settings = pg.tuning(int(gigabytes * 1024**3), durable=True)
    assert settings["shared_buffers"] == buffers
    assert settings["jit"] == "off"
    assert "fsync" not in settings
