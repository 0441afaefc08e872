"""The whole state out of a backup, into a data folder and a database that hold nothing yet.

Example: HUIYIN_HOME=/srv/huiyin huiyin restore huiyin-2026-11-22.tar
"""

import argparse
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from huiyin import environment
from huiyin.commands import Failed
from huiyin.commands.backup import FILES, FOLDERS, postgres
from huiyin.commands.running import database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="备份文件 (file that huiyin backup wrote)")


def run(options: argparse.Namespace) -> int:
    home = environment.home()
    with _opened(options.file) as archive, TemporaryDirectory(dir=home, prefix=".restore-") as scratch:
        archive.extractall(scratch, filter="data")
        given = Path(scratch)
        if not (given / "tables.dump").exists():
            raise Failed(f"{options.file}: 不是 huiyin 的备份 (not a backup of huiyin)")
        # The keys come first: Django reads them when it starts.
        with _keys_in_place(given / "home" / "keys", home / "keys"), database(prepared=False):
            _must_be_empty()
            _fill_tables(given / "tables.dump", Path(scratch) / "tables.sql")
            count = _store_attachments(given / "attachments")
            for name in (*FOLDERS, *FILES):
                _put_back(given / "home" / name, home / name)
    print(f"已恢复 (restored): {options.file}，{count} 个附件 (attachments)")
    return 0


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file) as archive:
            yield archive
    except FileNotFoundError as absent:
        raise Failed(f"{file}: 没有此文件 (no such file)") from absent
    except (tarfile.TarError, EOFError) as broken:
        raise Failed(f"{file}: 不是完整的备份 (not a whole backup): {broken}") from broken


@contextmanager
def _keys_in_place(given: Path, keys: Path) -> Iterator[None]:
    """The backup's keys stand where ours stood; ours come back where the restoring fails."""
    kept = keys.with_name("keys.before-restore")
    shutil.rmtree(kept, ignore_errors=True)
    keys.rename(kept)
    shutil.copytree(given, keys)
    keys.chmod(0o700)
    for file in keys.iterdir():
        file.chmod(0o600)
    try:
        yield
    except BaseException:
        shutil.rmtree(keys)
        kept.rename(keys)
        raise
    shutil.rmtree(kept)


def _must_be_empty() -> None:
    from django.db import connection

    tables = connection.introspection.table_names()
    if tables:
        raise Failed("数据库不是空的，恢复会覆盖数据，未做任何改动 (the database is not empty: nothing was changed)")


def _fill_tables(dump: Path, script: Path) -> None:
    """All tables or none. By way of a script: an older server does not know every setting that the dump begins with."""
    postgres("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump))
    fitting = script.with_suffix(".fitting.sql")
    with script.open("rb") as given, fitting.open("wb") as kept:
        kept.writelines(line for line in given if line != b"SET transaction_timeout = 0;\n")
    script.unlink()
    postgres("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={fitting}")


def _store_attachments(folder: Path) -> int:
    from django.core.files import File
    from django.core.files.storage import storages

    count = 0
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = str(PurePosixPath(path.relative_to(folder)))
        if not storages["default"].exists(name):
            with path.open("rb") as file:
                storages["default"].save(name, File(file))
        count += 1
    return count


def _put_back(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.exists():
        shutil.copy(source, target)
        target.chmod(0o600)
