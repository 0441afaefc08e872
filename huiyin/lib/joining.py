"""The rows that hang on one row, and what rows point at, by prepared statements.

For pages that gather a dozen tables of one case: the ORM composes each statement anew, column by column, and PostgreSQL
plans it anew, which costs more than finding a handful of rows.
"""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TypeVar

from django.db import models

from huiyin.lib import statements

Row = TypeVar("Row", bound=models.Model)


def children(model: type[Row], parent: str, key: int) -> list[Row]:
    """Those whose relation `parent` points at that key, in the model's order, or by their keys."""
    return statements.fetch(model, _of(model, parent), [str(key)])


def point(model: type[Row], *wanted: tuple[Iterable[models.Model], str], also: Collection[int] = ()) -> dict[int, Row]:
    """Let the rows hold what the named relations of theirs point at, all of `model`; one statement for all of them.

    Returns these by their keys, and those of the keys `also` given.
    """
    places = [(row, name, key) for rows, name in wanted for row in rows if (key := getattr(row, f"{name}_id"))]
    known = by_key(model, {*also, *(key for _row, _name, key in places)})
    for row, name, key in places:
        row._state.fields_cache[name] = known[key]
    return known


def by_key(model: type[Row], keys: Collection[int]) -> dict[int, Row]:
    """Those with these keys; no statement for none."""
    asked = "{" + ",".join(str(int(key)) for key in sorted(keys)) + "}"
    return {row.pk: row for row in statements.fetch(model, "id = ANY(%s::bigint[])", [asked])} if keys else {}


@lru_cache(maxsize=64)
def _of(model: type[models.Model], parent: str) -> str:
    columns = {field.name: f'"{field.column}"' for field in model._meta.concrete_fields}
    order = [
        columns[name.removeprefix("-")] + (" DESC" if name.startswith("-") else "")
        for name in map(str, model._meta.ordering or ["id"])
    ]
    return f"{columns[parent]} = %s ORDER BY {', '.join(order)}"
