"""Which indexes PostgreSQL can look a query up in, whatever the size of the table."""

import re
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

# with these off, what remains is a bitmap scan, which there is only of an index that answers a condition
OFF = ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan")


def indexes_used(sql: str) -> set[str]:
    _off()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return _named(line for (line,) in cursor.fetchall())


def indexes_used_by(rows: QuerySet[Any]) -> set[str]:
    _off()
    return _named(rows.explain().splitlines())


def _off() -> None:
    with connection.cursor() as cursor:
        for name in OFF:
            cursor.execute(f"SET LOCAL {name} = off")


def _named(plan: Iterable[str]) -> set[str]:
    return {found[1] for line in plan if (found := re.search(r"Bitmap Index Scan on (\S+)", line))}
