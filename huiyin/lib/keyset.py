"""Pages by position instead of by number: the thousandth page costs what the first costs, and none skips a row.

An order is a tuple such as ("due_at", "id") or ("-received_at", "-id"); the last name must be unique. Nulls come
last in both directions. The cursor is opaque and signed; it is good only for the order that it was made for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.signing import BadSignature, Signer
from django.db.models import BooleanField, Expression, F, Field, Func, Model, Q, QuerySet, Value
from django.db.models.expressions import Combinable, OrderBy

Row = TypeVar("Row")
_signer = Signer(salt="huiyin.lib.keyset", sep=".")


class BadCursor(ValueError):
    """The cursor was not made here, was changed, or belongs to another order."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    next: str | None
    previous: str | None


class _Tuple(Func):
    template = "(%(expressions)s)"
    output_field = BooleanField()


@dataclass(frozen=True)
class _Column:
    name: str
    is_descending: bool
    is_nullable: bool
    field: Field[Any, Any]

    def order_by(self, *, backward: bool) -> OrderBy:
        is_descending = self.is_descending != backward
        expression = F(self.name)
        if not self.is_nullable:
            return expression.desc() if is_descending else expression.asc()
        nulls = {"nulls_first": True} if backward else {"nulls_last": True}
        return expression.desc(**nulls) if is_descending else expression.asc(**nulls)

    def equal(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def beyond(self, value: Any, *, backward: bool) -> Q | None:
        """Rows after the value in reading direction by this column alone; None where there can be none."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if backward else None
        sign = "lt" if self.is_descending != backward else "gt"
        condition = Q(**{f"{self.name}__{sign}": value})
        if self.is_nullable and not backward:
            condition |= Q(**{f"{self.name}__isnull": True})
        return condition


class _RowComparison(Func):
    """(a, b) > (x, y): the one form that PostgreSQL answers with a single range of a composite index."""

    template = "(%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, columns: Sequence[Combinable], values: Sequence[Combinable], *, sign: str) -> None:
        super().__init__(_Tuple(*columns), _Tuple(*values), arg_joiner=f" {sign} ")


def _resolve(queryset: QuerySet[Any], name: str) -> tuple[bool, Field[Any, Any]]:
    """Whether the column may be null, and the field that speaks for its values."""
    annotation = queryset.query.annotations.get(name)
    if annotation is not None:
        return True, annotation.output_field
    model: type[Model] = queryset.model
    is_nullable = False
    *relations, last = name.split("__")
    for relation in relations:
        step = model._meta.get_field(relation)
        is_nullable = is_nullable or bool(getattr(step, "null", True))
        model = step.related_model  # type: ignore[assignment]  # an order follows foreign keys only
    field = model._meta.pk if last == "pk" else model._meta.get_field(last)
    if not isinstance(field, Field):
        raise FieldDoesNotExist(name)
    return is_nullable or field.null, field


def _columns(queryset: QuerySet[Any], order: Sequence[str]) -> list[_Column]:
    columns = []
    for entry in order:
        name = entry.removeprefix("-")
        is_nullable, field = _resolve(queryset, name)
        columns.append(_Column(name, entry.startswith("-"), is_nullable, field))
    return columns


def _after(columns: Sequence[_Column], values: Sequence[Any], *, backward: bool) -> Q | Expression:
    """The condition for rows strictly after the values in reading direction."""
    is_plain = not any(column.is_nullable for column in columns) and len({c.is_descending for c in columns}) == 1
    if is_plain:
        literals = [Value(value, output_field=column.field) for column, value in zip(columns, values, strict=True)]
        sign = "<" if columns[0].is_descending != backward else ">"
        return _RowComparison([F(column.name) for column in columns], literals, sign=sign)
    choices, same = Q(), Q()
    has_choice = False
    for column, value in zip(columns, values, strict=True):
        beyond = column.beyond(value, backward=backward)
        if beyond is not None:
            choices |= same & beyond
            has_choice = True
        same &= column.equal(value)
    return choices if has_choice else Q(pk__in=())


def _value_of(row: Any, name: str) -> Any:
    if isinstance(row, Mapping):
        return row[name]
    for step in name.split("__"):
        row = None if row is None else getattr(row, step)
    return row


def _spoken(field: Field[Any, Any], value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.isoformat() if isinstance(value, date) else str(field.get_prep_value(value))


def _encode(columns: Sequence[_Column], order: Sequence[str], row: Any, *, backward: bool) -> str:
    values = [_spoken(column.field, _value_of(row, column.name)) for column in columns]
    return _signer.sign_object([int(backward), list(order), values], compress=True)


def _decode(columns: Sequence[_Column], order: Sequence[str], cursor: str) -> tuple[bool, list[Any]]:
    try:
        backward, made_for, spoken = _signer.unsign_object(cursor)
        values = [
            None if value is None else column.field.to_python(value)
            for column, value in zip(columns, spoken, strict=True)
        ]
    except (BadSignature, ValidationError, ValueError, TypeError) as error:
        raise BadCursor(cursor) from error
    if made_for != list(order):
        raise BadCursor(cursor)
    return bool(backward), values


def _segments(
    queryset: QuerySet[Any], columns: list[_Column], values: list[Any] | None, *, backward: bool
) -> list[QuerySet[Any]]:
    """The remaining rows in reading order, as one or two queries.

    A nullable first column is read as two ranges, the rows that have it and the rows that have not: each is one
    range of an index, whereas "due_at > x OR due_at IS NULL" would walk the whole of it.
    """
    first, rest = columns[0], columns[1:]
    if not first.is_nullable or not rest:
        return [_segment(queryset, columns, values, backward=backward)]
    full = [_Column(first.name, first.is_descending, False, first.field), *rest]
    having = queryset.filter(**{f"{first.name}__isnull": False})
    lacking = queryset.filter(**{f"{first.name}__isnull": True})
    if values is None:
        parts = [_segment(having, full, None, backward=backward), _segment(lacking, rest, None, backward=backward)]
        return parts[::-1] if backward else parts
    if values[0] is None:
        tail = _segment(lacking, rest, values[1:], backward=backward)
        return [tail, _segment(having, full, None, backward=backward)] if backward else [tail]
    head = _segment(having, full, values, backward=backward)
    return [head] if backward else [head, _segment(lacking, rest, None, backward=backward)]


def _segment(
    queryset: QuerySet[Any], columns: Sequence[_Column], values: Sequence[Any] | None, *, backward: bool
) -> QuerySet[Any]:
    if values is not None:
        queryset = queryset.filter(_after(columns, values, backward=backward))
    return queryset.order_by(*(column.order_by(backward=backward) for column in columns))


def page(queryset: QuerySet[Any], *, order: tuple[str, ...], size: int, cursor: str | None = None) -> Page[Any]:
    """At most `size` rows from the cursor on, and the cursors of the pages beside it. Raises BadCursor.

    One query, or two where the first column may be null.
    """
    columns = _columns(queryset, order)
    backward, values = _decode(columns, order, cursor) if cursor else (False, None)
    rows: list[Any] = []
    for segment in _segments(queryset, columns, values, backward=backward):
        if len(rows) <= size:
            rows += list(segment[: size + 1 - len(rows)])
    has_more = len(rows) > size
    rows = rows[:size]
    if not rows:
        return Page([], None, None)
    if backward:
        rows.reverse()
    has_next, has_previous = (True, has_more) if backward else (has_more, values is not None)
    return Page(
        rows,
        _encode(columns, order, rows[-1], backward=False) if has_next else None,
        _encode(columns, order, rows[0], backward=True) if has_previous else None,
    )
