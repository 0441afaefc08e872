"""The command line as an operator meets it: exit statuses, one clear line, nothing half done."""

import os
import stat
import tarfile
from pathlib import Path

import pytest

from huiyin.cli import COMMANDS
from tests.house.prepared import prepared
from tests.house.running import huiyin

pytestmark = [pytest.mark.xdist_group("commands")]


def one_line(text: str) -> bool:
    return text.startswith("huiyin: ") and text.count("\n") == 1 and "Traceback" not in text


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared(tmp_path_factory.mktemp("commands") / "home")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_explains_each_command_with_an_example(tmp_path: Path, command: str) -> None:
    shown = huiyin(tmp_path, command, "--help")
    assert shown.returncode == 0, shown.stderr
    assert "xample: " in shown.stdout


def test_wrong_use_ends_with_status_2(tmp_path: Path) -> None:
    assert huiyin(tmp_path).returncode == 2
    assert huiyin(tmp_path, "explode").returncode == 2
    assert huiyin(tmp_path, "member", "add").returncode == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUIYIN_PORT", "eight thousand"),
        ("HUIYIN_PORT", "70000"),
        ("DATABASE_URL", "mysql://root@localhost/huiyin"),
        ("DATABASE_URL", "postgresql://localhost:port/huiyin"),
        ("DATABASE_URL", "postgresql://localhost"),
        ("HUIYIN_STORAGE_URL", "ftp://files"),
        ("HUIYIN_STORAGE_URL", "s3://key:secret@host"),
        ("HUIYIN_MAIL_SECURITY", "perhaps"),
        ("HUIYIN_MAIL_PORT", "-1"),
        ("HUIYIN_AI_URL", "localhost:11434"),
        ("HUIYIN_PUBLIC_URL", "complaints.example.cn"),
        ("HUIYIN_TIME_ZONE", "Asia/Peking Road"),
        ("HUIYIN_LOG_LEVEL", "loud"),
        ("HUIYIN_HOME", "/dev/null/huiyin"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    refused = huiyin(tmp_path, "check", **{name: value})
    assert refused.returncode == 1
    assert one_line(refused.stderr), refused.stderr
    assert name in refused.stderr


def test_a_database_that_does_not_answer_is_told_in_one_line(tmp_path: Path) -> None:
    refused = huiyin(tmp_path, "migrate", DATABASE_URL="postgresql://nobody@127.0.0.1:1/huiyin")
    assert refused.returncode == 1
    assert one_line(refused.stderr), refused.stderr


def test_commands_before_migrate_say_what_to_do_first(tmp_path: Path) -> None:
    refused = huiyin(tmp_path, "defaults")
    assert refused.returncode == 1
    assert one_line(refused.stderr)
    assert "huiyin migrate" in refused.stderr


def test_migrate_and_defaults_may_run_again_and_change_nothing(home: Path) -> None:
    assert huiyin(home, "migrate").returncode == 0
    again = huiyin(home, "defaults")
    assert again.returncode == 0
    assert {line.split()[1] for line in again.stdout.splitlines()} == {"0"}


def test_keys_are_made_once_and_only_their_owner_may_read_them(home: Path) -> None:
    keys = {file.name: file.read_bytes() for file in (home / "keys").iterdir()}
    assert {"data", "secret"} <= set(keys)
    for file in (home / "keys").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    huiyin(home, "migrate")
    assert {name: (home / "keys" / name).read_bytes() for name in keys} == keys


def test_a_member_gets_the_password_that_was_given(home: Path) -> None:
    add = ("member", "add", "lilei", "--name", "李雷", "--unit", "CC", "--role", "frontline", "--password-stdin")
    weak = huiyin(home, *add, stdin="123456\n")
    assert weak.returncode == 1
    assert one_line(weak.stderr), weak.stderr
    made = huiyin(home, *add, stdin="渔舟唱晚响穷彭蠡之滨\n")
    assert made.returncode == 0, made.stderr
    twice = huiyin(home, *add, stdin="渔舟唱晚响穷彭蠡之滨\n")
    assert twice.returncode == 1
    assert one_line(twice.stderr)


def test_an_unknown_unit_or_role_or_member_is_named(home: Path) -> None:
    for arguments in (
        ("member", "add", "x1", "--unit", "MOON", "--role", "frontline"),
        ("member", "add", "x1", "--unit", "CC", "--role", "king"),
        ("token", "create", "--member", "ghost"),
        ("export", "out.csv", "--member", "ghost"),
    ):
        refused = huiyin(home, *arguments)
        assert refused.returncode == 1
        assert one_line(refused.stderr), refused.stderr
        assert any(word in refused.stderr for word in ("MOON", "king", "ghost"))


def test_an_empty_record_verifies(home: Path) -> None:
    verified = huiyin(home, "audit", "verify")
    assert verified.returncode == 0, verified.stderr


def test_check_tells_a_line_each_and_fails_where_one_does(home: Path) -> None:
    looked = huiyin(home, "check")
    assert looked.returncode == 1
    assert len(looked.stdout.splitlines()) == 10
    assert "✗ 后台任务 worker" in looked.stdout
    assert "✗ 实时更新 live: http://127.0.0.1:" in looked.stdout
    assert "✓ 数据表 migrations" in looked.stdout


def test_a_backup_restores_into_an_empty_folder_and_nowhere_else(home: Path, tmp_path: Path) -> None:
    made = huiyin(home, "member", "add", "wangfang", "--unit", "BR-EAST", "--role", "frontline")
    assert made.returncode == 0, made.stderr
    blob = home / "attachments" / "blobs" / "ab" / "cd" / "abcd"
    blob.parent.mkdir(parents=True)
    blob.write_bytes("发票.jpg".encode())
    archive = tmp_path / "backup.tar"
    backed_up = huiyin(home, "backup", str(archive))
    assert backed_up.returncode == 0, backed_up.stderr
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600

    fresh = tmp_path / "fresh"
    restored = huiyin(fresh, "restore", str(archive))
    assert restored.returncode == 0, restored.stderr
    assert (fresh / "keys" / "data").read_bytes() == (home / "keys" / "data").read_bytes()
    assert (fresh / "attachments" / "blobs" / "ab" / "cd" / "abcd").read_bytes() == "发票.jpg".encode()
    assert huiyin(fresh, "token", "create", "--member", "wangfang").returncode == 0

    twice = huiyin(fresh, "restore", str(archive))
    assert twice.returncode == 1
    assert one_line(twice.stderr), twice.stderr
    assert huiyin(fresh, "token", "create", "--member", "wangfang").returncode == 0


def test_what_is_no_backup_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    wrong, other = tmp_path / "wrong.tar", tmp_path / "other.tar"
    wrong.write_bytes(os.urandom(2048))
    with tarfile.open(other, "w") as archive:
        archive.add(__file__, "something.py")
    for file in (wrong, other, tmp_path / "absent.tar"):
        refused = huiyin(tmp_path / "home", "restore", str(file))
        assert refused.returncode == 1
        assert one_line(refused.stderr), refused.stderr
    assert not (tmp_path / "home" / "pg").exists()
