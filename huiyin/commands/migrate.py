"""Bring the tables up to date; running it again changes nothing.

Example: huiyin migrate
"""

import argparse

from huiyin.commands.running import database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def run(options: argparse.Namespace) -> int:
    with database(prepared=False):
        migrate()
    print("数据表已是最新 (tables are up to date)")
    return 0
