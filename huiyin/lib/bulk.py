"""New rows in one statement: COPY where there are enough of them to be worth it, a prepared INSERT otherwise."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.base import ModelState

from huiyin.lib import statements
from huiyin.lib.sealed import SealedBinaryField, SealedTextField, seal

Row = TypeVar("Row", bound=models.Model)
WORTH_IT = 24
BLOCK = 32
PREPARED = 8  # so many rows at most in one prepared statement: each count is a statement of its own


def draw(sequence: str, count: int) -> list[int]:
    """The next values of a sequence, which nobody else will get, in one statement."""
    drawn = statements.rows(
        "SELECT nextval(%s::text::regclass) FROM generate_series(1, %s::text::int)", [sequence, str(count)]
    )
    return [row[0] for row in drawn]


_blocks: WeakKeyDictionary[object, dict[str, list[int]]] = WeakKeyDictionary()


def fresh_ids(model: type[models.Model], count: int) -> list[int]:
    """Primary keys that nobody else will get. A few at a time come from a block that this connection has drawn before:
    what a sequence gave is ours even if the transaction fails, and gaps in keys mean nothing.

    Ours while the server lives, that is: one that crashed may give again what nobody had committed. So a block goes
    with its connection, which no crash leaves alive.
    """
    sequence = sequence_of(model)
    if count > BLOCK:
        return draw(sequence, count)
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    blocks = _blocks.setdefault(connection.connection, {})
    block = blocks.pop(sequence, [])
    if len(block) < count:
        block += draw(sequence, BLOCK)
    blocks[sequence] = block[count:]
    return block[:count]


@lru_cache(maxsize=64)
def sequence_of(model: type[models.Model]) -> str:
    """The name of the sequence behind the model's primary key."""
    meta = model._meta
    return f"{meta.db_table}_{meta.pk.column}_seq" if meta.pk is not None else ""


def new_row(model: type[Row], **values: Any) -> Row:
    """A new row, the same as `model(**values)` makes at several times the cost. Raises TypeError for an unknown name.

    It sends no signals, and believes that what a relation is given is of its kind.
    """
    blank = _blank(model)
    if not values.keys() <= blank.names:
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(values.keys() - blank.names))}")
    row: Row = model.__new__(model)
    state = ModelState()
    row._state = state
    kept = row.__dict__
    kept.update(blank.constants)
    for name, made in blank.made:
        if name not in values:
            kept[name] = made()
    for name in blank.relations.keys() & values.keys():
        related = state.fields_cache[name] = values.pop(name)
        kept[blank.relations[name]] = None if related is None else related.pk
    kept.update(values)
    return row


class _Blank(NamedTuple):
    """What a row holds before anything is known of it: constants, and what is made anew for each row."""

    constants: dict[str, Any]
    made: tuple[tuple[str, Callable[[], Any]], ...]
    relations: dict[str, str]  # the name of each, and of its column's attribute
    names: frozenset[str]


@lru_cache(maxsize=64)
def _blank(model: type[models.Model]) -> _Blank:
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    constants = {field.attname: field.get_default() for field in fields}
    made = tuple((field.attname, field.default) for field in fields if field.has_default() and callable(field.default))
    relations = {field.name: field.attname for field in fields if isinstance(field, models.ForeignKey)}
    return _Blank(constants, made, relations, frozenset({*constants, *relations}))


def insert(rows: Sequence[models.Model]) -> None:
    """Insert the rows, all of one model. Those without a key get one from the database, which is not read back."""
    if not rows:
        return
    model = type(rows[0])
    fields = _fields(model, rows[0].pk is not None)
    if len(rows) < WORTH_IT or statements.is_together():
        for start in range(0, len(rows), PREPARED):
            some = rows[start : start + PREPARED]
            statements.run(_insertion(model, rows[0].pk is not None, len(some)), _spoken(some, fields))
    else:
        _copy(model._meta.db_table, fields, rows)
    for row in rows:
        row._state.adding = False


def insert_or_leave(rows: Sequence[models.Model]) -> set[int]:
    """Insert the rows, which have their keys already, but for those that a unique constraint refuses.

    Returns the keys of those that were inserted.
    """
    if not rows:
        return set()
    model = type(rows[0])
    fields = _fields(model, True)
    if len(rows) <= PREPARED:
        inserted = statements.rows(f"{_insertion(model, True, len(rows))} {_OR_LEAVE}", _spoken(rows, fields))
    else:
        inserted = _copy_or_leave(model, fields, rows)
    made = {row[0] for row in inserted}
    for row in rows:
        row._state.adding = row.pk not in made
    return made


_OR_LEAVE = "ON CONFLICT DO NOTHING RETURNING id"


def _copy_or_leave(model: type[models.Model], fields: "Written", rows: Sequence[models.Model]) -> list[tuple[Any, ...]]:
    """By way of a table of this connection's own, since COPY itself knows no ON CONFLICT."""
    table = model._meta.db_table
    columns, fresh = _columns(fields), f"new_{table}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMPORARY TABLE IF NOT EXISTS "{fresh}" (LIKE "{table}") ON COMMIT DELETE ROWS')
        cursor.execute(f'DELETE FROM "{fresh}"')
        _copy(fresh, fields, rows)
        # in the given order: two who insert the same rows wait for each other and do not deadlock
        cursor.execute(f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM "{fresh}" ORDER BY ctid {_OR_LEAVE}')
        return list(cursor.fetchall())


def _copy(table: str, fields: "Written", rows: Sequence[models.Model]) -> None:
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({_columns(fields)}) FROM STDIN') as copy:
        write = copy.write_row
        for row in rows:
            write([spoken(getattr(row, name)) for name, _column, spoken in fields])


def _columns(fields: "Written") -> str:
    return ", ".join(f'"{column}"' for _name, column, _spoken in fields)


@lru_cache(maxsize=512)
def _insertion(model: type[models.Model], has_keys: bool, count: int) -> str:
    fields = _fields(model, has_keys)
    places = "(" + ", ".join(["%s"] * len(fields)) + ")"
    return f'INSERT INTO "{model._meta.db_table}" ({_columns(fields)}) VALUES {", ".join([places] * count)}'


def _spoken(rows: Sequence[models.Model], fields: "Written") -> list[str | None]:
    return [spoken(getattr(row, name)) for row in rows for name, _column, spoken in fields]


Spoken = Callable[[Any], str | None]
Written = list[tuple[str, str, Spoken]]  # attribute, column, and how its value is said


@lru_cache(maxsize=64)
def _fields(model: type[models.Model], has_keys: bool) -> Written:
    """The columns that are written, each with what turns a Python value into the text that PostgreSQL reads."""
    written = (field for field in model._meta.concrete_fields if not field.generated)
    kept = [field for field in written if has_keys or not isinstance(field, models.AutoField)]
    return [(field.attname, str(field.column), _speaker(field)) for field in kept]


def _speaker(field: "models.Field[Any, Any]") -> Spoken:
    if isinstance(field, SealedTextField):
        return lambda value: _bytes(seal(value.encode()))
    if isinstance(field, SealedBinaryField | models.BinaryField):
        is_sealed = isinstance(field, SealedBinaryField)
        return lambda value: _bytes(seal(value) if is_sealed else value)
    for kind, spoken in _SPEAKERS:
        if isinstance(field, kind):
            return spoken
    if isinstance(field, ArrayField) and isinstance(field.base_field, models.IntegerField):
        return _numbers
    return _plain


def _bytes(value: bytes) -> str:
    return "\\x" + value.hex()


def _numbers(value: Iterable[int]) -> str:
    return "{" + ",".join(map(str, value)) + "}"


def _moment(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


_encoded = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps would make an encoder each time


def _json(value: Any) -> str | None:
    return None if value is None else _encoded(value)


def _truth(value: bool | None) -> str | None:
    return None if value is None else "t" if value else "f"


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)


_SPEAKERS: tuple[tuple[type["models.Field[Any, Any]"], Spoken], ...] = (
    (models.DateField, _moment),
    (models.JSONField, _json),
    (models.BooleanField, _truth),
)
