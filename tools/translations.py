"""`compile`: every django.po becomes the .mo beside it. `missing`: every Chinese message has its English."""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS: dict[str, Any] = {
    name: spec
    for base, spec in {
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for name in (base, f"{base}_lazy", f"{base}_noop")
} | {"_": None}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def catalogues() -> Iterator[Path]:
    return iter(sorted(ROOT.glob("huiyin/**/locale/*/LC_MESSAGES/django.po")))


def compile_catalogue(source: Path) -> int:
    """Writes the .mo and returns how many messages it holds. Raises PoFileError, ValueError."""
    with source.open("rb") as file:
        catalogue = read_po(file, domain="django", abort_invalid=True)
    faults = [(message.id, faults) for message, faults in catalogue.check()]
    if faults:
        raise ValueError(f"{faults[0][0]!r}: {faults[0][1][0]}")
    with source.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    return sum(1 for message in catalogue if message.id and message.string)


def compile_all() -> int:
    total = 0
    for source in catalogues():
        try:
            total += compile_catalogue(source)
        except (PoFileError, ValueError) as wrong:
            print(f"{source.relative_to(ROOT)}: {wrong}", file=sys.stderr)
            return 1
    print(f"{total} messages compiled")
    return 0


def messages() -> Iterator[tuple[str, str, str]]:
    """(where, context, message) for each Chinese message in Python and in templates, the singular of a plural."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
    for path in sorted([*ROOT.glob("huiyin/**/*.py"), *ROOT.glob("huiyin/**/*.html"), *ROOT.glob("huiyin/**/*.txt")]):
        if "tests" in path.parts or "static" in path.parts:
            continue
        text = path.read_text("utf-8")
        if path.suffix != ".py":
            text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
        source = BytesIO(text.encode())
        for line, message, _comments, context in extract("python", source, KEYWORDS, options={"encoding": "utf-8"}):
            first = message[0] if isinstance(message, tuple) else message
            if first and CHINESE.search(first):
                yield f"{path.relative_to(ROOT)}:{line}", context or "", first


def translated(language: str) -> set[tuple[str, str]]:
    known: set[tuple[str, str]] = set()
    for source in catalogues():
        if source.parts[-3] == language:
            with source.open("rb") as file:
                for message in read_po(file, domain="django"):
                    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
                    identifier = message.id[0] if isinstance(message.id, tuple | list) else message.id
                    if identifier and all(texts) and not message.fuzzy:
                        known.add((message.context or "", identifier))
    return known


def missing() -> int:
    known = translated("en")
    absent: dict[tuple[str, str], str] = {}
    for where, context, message in messages():
        if (context, message) not in known:
            absent.setdefault((context, message), where)
    for (context, message), where in absent.items():
        print(f"{where}: no English for {message!r}" + (f" ({context})" if context else ""))
    return 1 if absent else 0


if __name__ == "__main__":
    sys.exit({"compile": compile_all, "missing": missing}[sys.argv[1]]())
