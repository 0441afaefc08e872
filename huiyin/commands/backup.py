"""The whole state into one file: tables, attachments, keys, anchors and kept mail. Guard it like the keys it holds.

Example: huiyin backup huiyin-2026-11-22.tar
"""

import argparse
import io
import json
import os
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from huiyin import __version__
from huiyin.commands import Failed
from huiyin.commands.running import database, now
from huiyin.lib import pg

FOLDERS = ("keys", "anchors", "outbox")
FILES = ("demo-password",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="备份文件 (file to write)")


def run(options: argparse.Namespace) -> int:
    with database():
        from django.conf import settings

        draft = options.file.with_name(f".{options.file.name}.part")
        try:
            with (
                open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
                tarfile.open(fileobj=out, mode="w") as archive,
                TemporaryDirectory() as scratch,
            ):
                about = {"version": __version__, "made_at": now().isoformat()}
                _add(archive, "about.json", json.dumps(about).encode())
                tables = Path(scratch) / "tables.dump"
                postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={tables}")
                archive.add(tables, "tables.dump")
                # Attachments after the tables: each that a row names is there, and one too many does no harm.
                count = sum(_add(archive, f"attachments/{name}", content) for name, content in attachments())
                for name in (*FOLDERS, *FILES):
                    if (settings.HUIYIN_HOME / name).exists():
                        archive.add(settings.HUIYIN_HOME / name, f"home/{name}")
            draft.replace(options.file)
        except OSError as refused:
            raise Failed(f"{options.file}: {refused.strerror}") from refused
        finally:
            draft.unlink(missing_ok=True)
    size = options.file.stat().st_size
    print(f"已备份 (backed up): {options.file}，{size / 1e6:.1f} MB，{count} 个附件 (attachments)")
    print("其中含解密个人信息的密钥，请妥善保管 (it holds the keys to personal data: keep it safe)")
    return 0


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> int:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))
    return 1


def attachments(folder: str = "") -> Iterator[tuple[str, bytes]]:
    """Every stored file by its name in the storage."""
    from django.core.files.storage import storages

    storage = storages["default"]
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        path = f"{folder}/{name}".lstrip("/")
        with storage.open(path) as file:
            yield path, file.read()
    for name in folders:
        yield from attachments(f"{folder}/{name}".lstrip("/"))


def postgres(name: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's programs on our database. Raises Failed."""
    from django.db import connection

    settings: dict[str, Any] = connection.settings_dict
    surroundings = os.environ | {
        variable: str(settings[key])
        for variable, key in {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}.items()
        if settings.get(key)
    }
    surroundings |= {"PGDATABASE": settings["NAME"], "PGSSLMODE": settings["OPTIONS"].get("sslmode", "prefer")}
    done = subprocess.run(
        [str(pg.program(name)), *arguments], env=surroundings, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(f"{name}: {' '.join(done.stderr.split())[-400:]}")
