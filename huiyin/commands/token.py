"""API tokens: make one. It is shown once and stored only as a digest.

Example: huiyin token create --member agent --scope write
"""

import argparse
from datetime import timedelta

from huiyin.commands import Failed
from huiyin.commands.running import database, member_named, now


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    create = verbs.add_parser("create", help="新建令牌 (a new token)")
    create.add_argument("--member", required=True, metavar="NAME", help="代表谁 (whom it acts for)")
    create.add_argument("--name", default="cli", help="用途 (what it is for)")
    create.add_argument("--scope", action="append", default=[], help="范围，可重复；缺省全部 (repeatable; default all)")
    create.add_argument("--days", type=int, help="有效天数 (days it is good for; default no end)")


def run(options: argparse.Namespace) -> int:
    with database():
        from huiyin.org import errors
        from huiyin.org.actions import tokens
        from huiyin.org.models import Token

        at = now()
        try:
            _, raw = tokens.create(
                member=member_named(options.member), name=options.name, at=at,
                scopes=options.scope or [scope.value for scope in Token.Scope],
                expires_at=at + timedelta(days=options.days) if options.days else None,
            )  # fmt: skip
        except errors.Refused as refused:
            raise Failed(str(refused)) from refused
    print(raw)
    return 0
