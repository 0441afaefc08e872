"""Load the default configuration. Running it again adds what is new and overwrites nothing an administrator changed.

Example: huiyin defaults
"""

import argparse

from huiyin.commands.running import database, now


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> int:
    with database():
        from huiyin import loading

        for app, count in loading.load(at=now()).items():
            print(f"{app}: {count} 项新增 (new)")
    return 0
