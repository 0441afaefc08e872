"""Tables, default configuration and, where asked for, the demo company; prints how to sign in.

Called by `huiyin up`.
"""

import argparse
import os
import secrets
import sys
from pathlib import Path

from huiyin.commands import Failed
from huiyin.commands.migrate import migrate
from huiyin.commands.running import database, now

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--loopback", action="store_true", help="reached from this machine only")


def run(options: argparse.Namespace) -> int:
    with database(prepared=False):
        from django.conf import settings

        migrate()
        from huiyin import loading

        loading.load(at=now())
        password_file = settings.HUIYIN_HOME / "demo-password"
        if password_file.exists() and not options.loopback:
            raise Failed(
                "此数据文件夹含演示成员，不对外监听；确要如此请加 --allow-remote-demo"
                " (this data folder has demo members: add --allow-remote-demo to listen beyond loopback)"
            )
        if options.demo:
            _load_demo(password(password_file))
        _print_how_to_sign_in(password_file)
    return 0


def _load_demo(word: str) -> None:
    """The demo company is there: its units, members and complaints, made at the first call."""
    from tqdm import tqdm

    from huiyin.demo import seeding
    from huiyin.org.actions import demo_members
    from huiyin.org.actions import loading as org

    at = now()
    if org.load_demo_units(at):
        print("正在载入演示公司，约需一分钟 (loading the demo company, about a minute) …", file=sys.stderr, flush=True)
    demo_members.make(password=word, at=at)
    with tqdm(desc="演示数据 (demo)", unit=" 件", leave=False, disable=None) as bar:

        def progress(begun: int, together: int) -> None:
            bar.total = together
            bar.update(begun - bar.n)

        seeding.seed(at=at, progress=progress)


def password(file: Path) -> str:
    """The one password of the demo members, made at the first start."""
    if not file.exists():
        word = "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(3))
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(word)
    return file.read_text().strip()


def _print_how_to_sign_in(password_file: Path) -> None:
    from huiyin.org.actions.demo_members import CAST
    from huiyin.org.models import Member

    if password_file.exists():
        there = set(Member.objects.values_list("username", flat=True))
        cast = [f"{person.username} {person.name}" for person in CAST if person.username in there]
        print("演示成员 (demo members):")
        for start in range(0, len(cast), 7):
            print("    " + " · ".join(cast[start : start + 7]))
        print(f"共用密码 (one password for all): {password_file.read_text().strip()}")
    elif not Member.objects.exists():
        print("还没有成员，请先建一位管理员 (no member yet, make an administrator):")
        print("    huiyin member add admin --unit HQ --role admin")
