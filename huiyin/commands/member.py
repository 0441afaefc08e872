"""Members: add one. The password is asked for, read from standard input, or made and shown once.

Example: huiyin member add lilei --name 李雷 --unit CC --role frontline
"""

import argparse
import getpass
import secrets
import sys

from huiyin.commands import Failed
from huiyin.commands.running import database, now


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    add = verbs.add_parser("add", help="新增成员 (a new member)")
    add.add_argument("username", metavar="NAME", help="登录名 (sign-in name)")
    add.add_argument("--name", help="姓名 (the person's name; default the sign-in name)")
    add.add_argument("--unit", required=True, help="单位代码 (unit code, such as HQ)")
    add.add_argument("--role", required=True, action="append", help="角色，可重复 (role, repeatable)")
    add.add_argument("--email", default="")
    add.add_argument("--password-stdin", action="store_true", help="从标准输入读密码 (password from standard input)")


def run(options: argparse.Namespace) -> int:
    with database():
        from django.contrib.auth.password_validation import validate_password
        from django.core.exceptions import ValidationError

        from huiyin.org import errors
        from huiyin.org.actions import members
        from huiyin.org.actors import SYSTEM
        from huiyin.org.models import Unit

        unit = Unit.objects.filter(code=options.unit).first()
        if unit is None:
            codes = ", ".join(Unit.objects.active().values_list("code", flat=True)[:40])
            raise Failed(f"没有单位 {options.unit} (no such unit); {codes}")
        password, is_made = _password(options.password_stdin)
        try:
            validate_password(password)
            members.add(
                username=options.username, name=options.name or options.username, unit=unit, roles=options.role,
                email=options.email, password=password, actor=SYSTEM, at=now(),
            )  # fmt: skip
        except ValidationError as weak:
            raise Failed(f"密码不合要求 (password refused): {' '.join(map(str, weak.messages))}") from weak
        except errors.Refused as refused:
            raise Failed(f"{options.username}: {refused}") from refused
    print(f"已新增成员 (member added): {options.username}" + (f"，密码 (password): {password}" if is_made else ""))
    return 0


def _password(from_stdin: bool) -> tuple[str, bool]:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n"), False
    if not sys.stdin.isatty():
        return secrets.token_urlsafe(12), True
    first = getpass.getpass("密码，留空则自动生成 (password, empty to have one made): ")
    if not first:
        return secrets.token_urlsafe(12), True
    if getpass.getpass("再输一次 (again): ") != first:
        raise Failed("两次输入不同 (the two differ)")
    return first, False
