"""`huiyin up` with real processes: it comes up, mends what dies, refuses a second, and leaves nothing behind."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.house.running import Up, huiyin, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    running = Up(tmp_path_factory.mktemp("up") / "home")
    try:
        yield running.wait_until_ready()
    finally:
        running.end()


def is_ready(up: Up) -> bool:
    return up.get("/readyz")[0] == 200


def test_it_says_where_it_is_and_how_to_make_the_first_member(up: Up) -> None:
    assert f"http://127.0.0.1:{up.port}/" in up.said()
    assert "huiyin member add" in up.said()


def test_health_and_readiness_answer_at_the_root(up: Up) -> None:
    assert up.get("/healthz") == (200, '{"status": "ok"}')
    assert up.get("/readyz") == (200, '{"status": "ready"}')


def test_figures_are_for_this_machine_only_unless_a_proxy_stands_between(up: Up) -> None:
    assert up.get("/metrics")[0] == 200
    assert up.get("/metrics", **{"X-Forwarded-For": "203.0.113.9"})[0] == 403


def test_a_second_up_on_the_same_folder_is_refused_in_one_line(up: Up) -> None:
    second = huiyin(up.home, "up", "--port", "1")
    assert second.returncode == 1
    assert second.stderr == (
        f"huiyin: 数据文件夹 {up.home} 正由另一个 huiyin 进程使用 (data folder in use by pid {up.process.pid})\n"
    )
    assert is_ready(up)


def test_a_second_up_on_the_same_port_is_refused_in_one_line(up: Up, tmp_path: Path) -> None:
    second = huiyin(tmp_path, "up", "--port", str(up.port))
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert f"127.0.0.1:{up.port}" in second.stderr


def test_other_commands_work_beside_it(up: Up) -> None:
    made = huiyin(up.home, "member", "add", "hanmeimei", "--name", "韩梅梅", "--unit", "CC", "--role", "supervisor")
    assert made.returncode == 0, made.stderr
    assert "hanmeimei" in made.stdout
    token = huiyin(up.home, "token", "create", "--member", "hanmeimei")
    assert token.returncode == 0, token.stderr
    assert token.stdout.startswith("hy_")


@pytest.mark.parametrize("name", ["web", "live", "worker", "postgres"])
def test_a_process_that_is_killed_is_started_again(up: Up, name: str) -> None:
    victim = up.child(name)
    victim.kill()

    def is_mended() -> bool:
        try:  # of the family somebody may end while we look
            alive = {process.pid for process in up.family() if process.status() != psutil.STATUS_ZOMBIE}
            return up.child(name).pid != victim.pid and victim.pid not in alive and is_ready(up)
        except (AssertionError, psutil.Error):
            return False

    wait_for(f"{name} runs again", is_mended)


def test_all_processes_at_rest_take_less_than_700_megabytes(up: Up) -> None:
    together = sum(process.memory_full_info().pss for process in up.family())
    assert together < 700e6


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_running_however_it_ends(tmp_path: Path, number: int) -> None:
    up = Up(tmp_path / "home")
    try:
        up.wait_until_ready()
        family = up.family()
        status = up.stop(number)
        assert status == (0 if number != signal.SIGKILL else -signal.SIGKILL)
        gone, alive = psutil.wait_procs(family, timeout=30)
        assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
        assert len(gone) >= 6
        assert up.get("/healthz") == (0, "")
    finally:
        up.end()


def test_it_comes_back_with_everything_after_it_was_killed(tmp_path: Path) -> None:
    first = Up(tmp_path / "home")
    try:
        first.wait_until_ready()
        family = first.family()
        first.process.kill()
        second = Up(tmp_path / "home")  # at once, while the first one's server may still be stopping
        try:
            second.wait_until_ready()
            assert json.loads(second.get("/readyz")[1]) == {"status": "ready"}
        finally:
            second.end()
        psutil.wait_procs(family, timeout=30)
    finally:
        first.end()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_the_demo_does_not_listen_beyond_this_machine_unless_told_to(tmp_path: Path, host: str) -> None:
    refused = huiyin(tmp_path, "up", "--demo", "--host", host)
    assert refused.returncode == 1
    assert "--allow-remote-demo" in refused.stderr
    assert not (tmp_path / "pg").exists()
