"""Prepared statements on Django's own connection, for the few paths that are walked hundreds of times a second.

The ORM composes each statement anew and PostgreSQL plans it anew; on the way in that costs more than the work itself.
Every parameter goes as text or NULL, so that a statement has one signature and is planned once for each connection.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from django.db import connection, models

Parameters = Sequence[str | None]
NEVER_UNASKED = 1_000_000_000
MOST_PREPARED = 500  # parameters: a longer statement is one of many rows, and seldom the same again


def rows(statement: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
    """Execute it in the present transaction and fetch the rows it gives."""
    if connection.queries_logged:
        with connection.cursor() as shown:
            shown.execute(statement, parameters)
            return list(shown.fetchall())
    with connection.wrap_database_errors:
        return _execute(statement, parameters).fetchall()


def run(statement: str, parameters: Parameters) -> None:
    """Execute it; what it gives is not looked at, so that inside together() it can wait for the others."""
    if _waiting.statements is not None:
        _waiting.statements.append((statement, parameters))
    else:
        _run(statement, parameters)


def _run(statement: str, parameters: Parameters) -> None:
    if connection.queries_logged:
        with connection.cursor() as shown:
            shown.execute(statement, parameters)
        return
    with connection.wrap_database_errors:
        _execute(statement, parameters)


def _execute(statement: str, parameters: Parameters) -> psycopg.Cursor[tuple[Any, ...]]:
    connection.validate_no_broken_transaction()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    raw = connection.connection
    assert raw is not None
    if raw.prepare_threshold is None:  # Django switches preparing off; beyond it only what asks for it is prepared
        raw.prepare_threshold = NEVER_UNASKED
    # psycopg looks for placeholders anew each time a statement has more than fifty; those with numbers it leaves alone
    return psycopg.RawCursor(raw).execute(_numbered(statement), parameters, prepare=len(parameters) <= MOST_PREPARED)


@lru_cache(maxsize=512)
def _numbered(statement: str) -> str:
    """With $1, $2 ... in place of %s."""
    first, *rest = statement.split("%s")
    return first + "".join(f"${place}{part}" for place, part in enumerate(rest, start=1))


class _Waiting(threading.local):
    statements: list[tuple[str, Parameters]] | None = None


_waiting = _Waiting()


@contextmanager
def together() -> Iterator[None]:
    """The INSERTs that are run() inside become one statement at the end: one way there and back, planned once.

    Nothing inside may read what they write. Foreign keys are checked with the commit.
    """
    if _waiting.statements is not None:
        yield
        return
    _waiting.statements = []
    try:
        yield
        written = _waiting.statements
    finally:
        _waiting.statements = None
    if written:
        *before, (last, _parameters) = written
        parts = ", ".join(f"w{place} AS ({statement})" for place, (statement, _parameters) in enumerate(before))
        _run(f"WITH {parts} {last}" if parts else last, [value for _statement, values in written for value in values])


def is_together() -> bool:
    """Whether we are inside together(), where COPY has no place."""
    return _waiting.statements is not None


def fetch(model: type[models.Model], where: str, parameters: Parameters) -> list[Any]:
    """The model's whole rows for which `where` holds, as the ORM would give them."""
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    names = [field.attname for field in fields]
    converters = [(place, field.from_db_value) for place, field in enumerate(fields) if hasattr(field, "from_db_value")]
    found = []
    for row in rows(f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {where}', parameters):
        values = list(row)
        for place, converted in converters:
            values[place] = converted(values[place], None, connection)
        found.append(model.from_db(connection.alias, names, values))
    return found


def array(words: Iterable[str]) -> str:
    """The text of a text[]."""
    return "{" + ",".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words) + "}"
