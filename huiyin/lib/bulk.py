"""Many new rows in one statement: COPY where there are enough of them to be worth it, INSERT otherwise."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.fields import AutoFieldMixin

WORTH_IT = 24


def fresh_ids(model: type[models.Model], count: int) -> list[int]:
    """Primary keys that nobody else will get, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence_of(model), count])
        return [row[0] for row in cursor.fetchall()]


@lru_cache(maxsize=64)
def sequence_of(model: type[models.Model]) -> str:
    """The name of the sequence behind the model's primary key."""
    meta = model._meta
    return f"{meta.db_table}_{meta.pk.column}_seq" if meta.pk is not None else ""


def insert(rows: Sequence[models.Model]) -> None:
    """Insert the rows, all of one model. Those without a primary key get one from the database, which is not read back."""
    if not rows:
        return
    model = type(rows[0])
    if len(rows) < WORTH_IT:
        model._default_manager.bulk_create(rows)
        return
    has_keys = rows[0].pk is not None
    fields = _fields(model, has_keys)
    columns = ", ".join(f'"{field.column}"' for field, _spoken in fields)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([spoken(getattr(row, field.attname)) for field, spoken in fields])
    for row in rows:
        row._state.adding = False


Spoken = Callable[[Any], Any]


@lru_cache(maxsize=64)
def _fields(model: type[models.Model], has_keys: bool) -> list[tuple["models.Field[Any, Any]", Spoken]]:
    """The columns that are written, each with what turns a Python value into what COPY takes."""
    written = (field for field in model._meta.concrete_fields if not field.generated)
    return [(field, _speaker(field)) for field in written if has_keys or not isinstance(field, AutoFieldMixin)]


def _speaker(field: "models.Field[Any, Any]") -> Spoken:
    if isinstance(field, ArrayField) and isinstance(field.base_field, models.IntegerField):
        return _numbers
    if isinstance(field, models.DateTimeField):
        return _moment
    if isinstance(field, models.CharField | models.TextField | models.IntegerField | models.BooleanField):
        return _plain
    if isinstance(field, models.ForeignKey):
        return _plain
    return lambda value: field.get_db_prep_save(value, connection)


def _numbers(value: Iterable[int]) -> str:
    return "{" + ",".join(map(str, value)) + "}"


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value
