"""Compiles every django.po under huiyin to the .mo beside it; a faulty catalogue stops the build."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

ROOT = Path(__file__).resolve().parent.parent


def compile_catalogue(source: Path) -> int:
    """Writes the .mo and returns how many messages it holds."""
    with source.open("rb") as file:
        catalogue = read_po(file, domain="django", abort_invalid=True)
    faults = [(message.id, faults) for message, faults in catalogue.check()]
    if faults:
        raise PoFileError(f"{faults[0][0]!r}: {faults[0][1][0]}", catalogue, 0, "")
    with source.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    return sum(1 for message in catalogue if message.id and message.string)


def main() -> int:
    total = 0
    for source in sorted(ROOT.glob("huiyin/**/locale/*/LC_MESSAGES/django.po")):
        try:
            total += compile_catalogue(source)
        except (PoFileError, ValueError) as wrong:
            print(f"{source.relative_to(ROOT)}: {wrong}", file=sys.stderr)
            return 1
    print(f"{total} messages compiled")
    return 0


if __name__ == "__main__":
    sys.exit(main())
