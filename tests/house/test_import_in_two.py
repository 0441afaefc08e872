"""`huiyin import` of a long file: two processes side by side, Ctrl-C in the middle, and again."""

import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from huiyin.lib import pg
from tests.house.prepared import prepared
from tests.house.running import huiyin, surroundings, wait_for

pytestmark = [pytest.mark.xdist_group("commands")]
ROWS = 4000
TEXT = "洗衣机漏水，师傅说要再等一周，打了三次热线都没有结果，请尽快给一个准确的上门时间。" * 2


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return prepared(tmp_path / "home")


def test_an_import_that_is_interrupted_goes_on_where_it_was_and_takes_nothing_twice(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "投诉.csv"
    bad = 7  # every so many rows one has no words
    lines = [f"A{n},{'' if n % 1000 == bad else f'第{n}件：{TEXT}'},138{n:08}" for n in range(ROWS)]
    path.write_text("\n".join(["投诉编号,投诉内容,联系电话", *lines]) + "\n", "utf-8-sig")
    assert path.stat().st_size > 500_000  # two processes

    output = tmp_path / "said"
    with output.open("wb") as out:
        first = subprocess.Popen(
            [sys.executable, "-m", "huiyin", "import", str(path)], env=surroundings(home, TQDM_MININTERVAL="0"),
            stdout=out, stderr=out, start_new_session=True, preexec_fn=heeding_ctrl_c,
        )  # fmt: skip
        wait_for("the first batch was taken", lambda: taken(home) > 0)
        first.send_signal(signal.SIGINT)
        status = first.wait(60)
    again = huiyin(home, "import", str(path))

    assert status == 1, output.read_text(errors="replace")
    assert "interrupted after" in output.read_text(errors="replace")
    assert again.returncode == 0, again.stderr
    good = ROWS - len(range(bad, ROWS, 1000))
    assert f"拒绝 (refused) {ROWS - good}" in again.stdout
    with pg.answering(home):
        assert taken(home) == good
    assert huiyin(home, "audit", "verify").returncode == 0


def heeding_ctrl_c() -> None:
    """As at a terminal, even where these tests were started in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def taken(home: Path) -> int:
    """How many complaints there are; 0 while the database is not up yet."""
    try:
        with psycopg.connect(pg.Server(home).url, autocommit=True) as connection:
            row = connection.execute("select count(*) from complaints_complaint").fetchone()
    except psycopg.OperationalError:
        return 0
    return int(row[0]) if row else 0
