"""The one command. Each subcommand is a module of huiyin.commands."""

import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["huiyin", *(sys.argv[1:] if arguments is None else arguments)])
    return 0
