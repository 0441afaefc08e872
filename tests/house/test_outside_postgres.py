"""DATABASE_URL: the same product on somebody else's PostgreSQL, the oldest that is supported among them."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from huiyin.lib.pg.account import Account
from tests.house.running import free_port, huiyin, wait_for

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("outside"),
    pytest.mark.skipif(not BINARIES, reason="no PostgreSQL of the system's own (Debian: postgresql)"),
]


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the distribution's oldest PostgreSQL, without a database's name."""
    folder, port = tmp_path_factory.mktemp("outside"), free_port()
    data = folder / "data"
    account = Account(data)
    account.own_folder(data)
    account.let_through_to(data)
    programs = BINARIES[0].parent
    (folder / "password").write_text("回音")
    account.own(folder, folder / "password")
    initdb = [f"{programs}/initdb", "-D", f"{data}", "-U", "owner", "-E", "UTF8", "--locale=C.UTF-8"]
    initdb += ["--auth=scram-sha-256", f"--pwfile={folder}/password"]
    subprocess.run(initdb, check=True, capture_output=True, preexec_fn=account.settling())
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-p", str(port), "-k", data, "-c", "fsync=off"],
        preexec_fn=account.settling(ends_with_parent=True), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wait_for("the outside server is ready", lambda: "ready" in _status(data))
    yield f"postgresql://owner:%E5%9B%9E%E9%9F%B3@127.0.0.1:{port}"
    server.send_signal(signal.SIGINT)
    server.wait(30)
    shutil.rmtree(data)


def _status(data: Path) -> str:
    file = data / "postmaster.pid"
    return file.read_text() if file.exists() else ""


def make_database(outside: str, name: str) -> str:
    import psycopg

    with psycopg.connect(f"{outside}/postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
    return f"{outside}/{name}"


def test_the_whole_state_lives_in_it_and_moves_to_another(outside: str, tmp_path: Path) -> None:
    url = make_database(outside, "huiyin")
    source = tmp_path / "投诉.csv"
    source.write_text("投诉内容,客户姓名,联系电话\n路由器每天掉线，客服一直不处理,张伟,13800138000\n", "gb18030")
    home = tmp_path / "home"

    def done(*arguments: str, home: Path = home, url: str = url) -> str:
        result = huiyin(home, *arguments, DATABASE_URL=url)
        assert result.returncode == 0, result.stderr
        return result.stdout

    done("migrate")
    done("defaults")
    assert "(taken) 1" in done("import", str(source))
    assert "(joined) 1" in done("import", str(source))
    assert "1 条链" in done("audit", "verify")
    assert not (home / "pg").exists()
    done("backup", str(tmp_path / "backup.tar"))

    elsewhere = make_database(outside, "elsewhere")
    done("restore", str(tmp_path / "backup.tar"), home=tmp_path / "other", url=elsewhere)
    assert "1 条链" in done("audit", "verify", home=tmp_path / "other", url=elsewhere)


def test_the_whole_state_moves_out_of_the_embedded_server_and_back_in(outside: str, tmp_path: Path) -> None:
    def done(home: str, *arguments: str, url: str = "") -> None:
        result = huiyin(tmp_path / home, *arguments, DATABASE_URL=url)
        assert result.returncode == 0, result.stderr

    url = make_database(outside, "moved")
    done("embedded", "migrate")
    done("embedded", "defaults")
    done("embedded", "member", "add", "lilei", "--unit", "CC", "--role", "frontline")
    done("embedded", "backup", str(tmp_path / "out.tar"))
    done("outside", "restore", str(tmp_path / "out.tar"), url=url)
    done("outside", "token", "create", "--member", "lilei", url=url)
    done("outside", "backup", str(tmp_path / "in.tar"), url=url)
    done("back", "restore", str(tmp_path / "in.tar"))
    done("back", "token", "create", "--member", "lilei")
