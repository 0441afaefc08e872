"""The rows that an import did not take, each with its reason, in a file that can be mended and imported again."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from huiyin.intake.importing import Refusal
from huiyin.lib import sheets


@contextmanager
def refusals(path: Path) -> Iterator[Callable[[Refusal], None]]:
    """Notes a refused row with its reason; the file is there only where a row was refused."""
    path.unlink(missing_ok=True)
    with ExitStack() as stack:
        write: sheets.Writer | None = None
        names: list[str] = []

        def refuse(refusal: Refusal) -> None:
            nonlocal write, names
            if write is None:
                names = list(refusal.row.cells)
                write = stack.enter_context(sheets.writing(path, ["row", "reason", *names]))
            write([refusal.row.line, refusal.reason, *(str(refusal.row.cells.get(name) or "") for name in names)])

        yield refuse
