"""Which indexes PostgreSQL can look a query up in, whatever the size of the table."""

import re

from django.db import connection

# with these off, what remains is a bitmap scan, which there is only of an index that answers a condition
OFF = ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan")


def indexes_used(sql: str) -> set[str]:
    with connection.cursor() as cursor:
        for name in OFF:
            cursor.execute(f"SET LOCAL {name} = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = [line for (line,) in cursor.fetchall()]
    return {found[1] for line in plan if (found := re.search(r"Bitmap Index Scan on (\S+)", line))}
