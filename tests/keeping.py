"""The rows that a first loading left behind, brought back by COPY where the tables are empty again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

from huiyin.triage import queries
from huiyin.triage.book import Book


@dataclass
class _Kept:
    tables: dict[str, bytes] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    book: Book | None = None


_kept = _Kept()
_TABLES = """
    SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE ANY (ARRAY[
        'org\\_%', 'triage\\_%', 'sla\\_%', 'knowledge\\_%', 'dispatch\\_%', 'quality\\_%', 'compensation\\_%',
        'coaching\\_%', 'insight\\_%', 'complaints\\_%', 'customers\\_%', 'channels\\_%', 'duty\\_%', 'notices\\_%',
        'supervision\\_%', 'redchannel\\_%', 'surveys\\_%'])
    ORDER BY tablename
"""


@contextmanager
def kept() -> Iterator[None]:
    """What is loaded inside can be brought back; only where nothing was there before it."""
    was_empty = not _filled(_names())
    yield
    if not was_empty or _kept.tables:
        return
    for name in _filled(_names()):
        with connection.cursor() as cursor, cursor.copy(f'COPY "{name}" TO STDOUT') as rows:
            _kept.tables[name] = b"".join(bytes(part) for part in rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")
        _kept.sequences = dict(cursor.fetchall())


def bring_back() -> bool:
    """Whether the rows are there again: they were kept, and their tables are empty."""
    if not _kept.tables or _filled(_names()):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # they were sound when they were kept
        try:
            for name, rows in _kept.tables.items():
                with cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
                    copy.write(rows)
        finally:
            cursor.execute("RESET session_replication_role")
        further = ", ".join(["setval(%s::regclass, greatest(%s, nextval(%s::regclass)))"] * len(_kept.sequences))
        given = [part for name, value in _kept.sequences.items() for part in (name, value, name)]
        cursor.execute(f"SELECT {further}", given)
    queries.forget()  # the book of another test may name rows that have gone with it
    _kept.book = _kept.book or queries.book()
    queries._kept.book, queries._kept.checked_at = _kept.book, 0.0  # whether it still is theirs, the next look asks
    return True


def _names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return [row[0] for row in cursor.fetchall()]


def _filled(names: list[str]) -> list[str]:
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [row[0] for row in cursor.fetchall()]
