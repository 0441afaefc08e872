"""Pages by position give every row once and in order, forward and back, whatever the nulls and the ties."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.channels.models import Channel, Message
from huiyin.lib.keyset import BadCursor, page

NOW = datetime(2026, 11, 22, 9, 0, 0, 123_456, tzinfo=UTC)
ORDERS = [
    ("received_at", "id"),
    ("-received_at", "-id"),
    ("-received_at", "id"),
    ("attempts", "received_at", "id"),
    ("-attempts", "-received_at", "-id"),
    ("attempts", "id"),
    ("-attempts", "-id"),
    ("attempts", "-id"),
    ("id",),
    ("-id",),
]

Row = tuple[int, int | None]


def fill(rows: list[Row]) -> None:
    """Attempts, and minutes before now or no time at all: a small range, so that ties are the rule."""
    Message.objects.all().delete()
    Message.objects.bulk_create(
        Message(
            channel=Channel.EMAIL,
            direction="in" if minutes is not None else "out",
            status="received" if minutes is not None else "queued",
            attempts=attempts,
            received_at=None if minutes is None else NOW - timedelta(minutes=minutes),
            queued_at=NOW,
        )
        for attempts, minutes in rows
    )


def sorted_ids(order: tuple[str, ...]) -> list[int]:
    """The plain way: Python's stable sort, by the last name first; nulls last either way."""
    rows = list(Message.objects.all())
    for entry in reversed(order):
        name, is_descending = entry.removeprefix("-"), entry.startswith("-")
        with_value = sorted(
            (row for row in rows if getattr(row, name) is not None),
            key=lambda row: getattr(row, name),
            reverse=False,
        )
        if is_descending:
            with_value = _descending(with_value, name)
        rows = with_value + [row for row in rows if getattr(row, name) is None]
    return [row.pk for row in rows]


def _descending(rows: list[Message], name: str) -> list[Message]:
    return sorted(rows, key=lambda row: getattr(row, name), reverse=True)


def walk(order: tuple[str, ...], size: int) -> tuple[list[list[int]], list[list[int]]]:
    """The pages from the first on, and the pages met on the way back from the last."""
    forth: list[list[int]] = []
    current = page(Message.objects.all(), order=order, size=size)
    while True:
        forth.append([row.pk for row in current.rows])
        if current.next is None:
            break
        current = page(Message.objects.all(), order=order, size=size, cursor=current.next)
    back = [forth[-1]]
    while current.previous is not None:
        current = page(Message.objects.all(), order=order, size=size, cursor=current.previous)
        back.append([row.pk for row in current.rows])
    return forth, back[::-1]


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 2), st.none() | st.integers(0, 2)), max_size=12),
    order=st.sampled_from(ORDERS),
    size=st.integers(1, 5),
)
def test_pages_are_the_sorted_rows_cut_in_pieces(rows: list[Row], order: tuple[str, ...], size: int) -> None:
    fill(rows)
    ids = sorted_ids(order)
    forth, back = walk(order, size)
    assert forth == [ids[i : i + size] for i in range(0, len(ids), size)] or forth == [[]] == [ids]
    assert back == forth


@pytest.mark.django_db
def test_a_row_that_comes_or_goes_meanwhile_makes_no_other_be_skipped_or_repeated() -> None:
    fill([(n, n) for n in range(6)])
    first = page(Message.objects.all(), order=("attempts", "id"), size=2)
    Message.objects.filter(attempts=0).delete()
    Message.objects.create(channel="email", direction="in", status="received", attempts=0, received_at=NOW)
    second = page(Message.objects.all(), order=("attempts", "id"), size=2, cursor=first.next)
    assert [row.attempts for row in second.rows] == [2, 3]


@pytest.mark.django_db
def test_rows_may_be_dictionaries_and_orders_may_cross_relations() -> None:
    from huiyin.org.models import Member, Unit

    unit = Unit.objects.create(code="HQ", name_zh="集团总部", kind="headquarters", path="/HQ/")
    for name in ("李雷", "韩梅梅", "王芳"):
        Member.objects.create(username=name, name=name, unit=unit)
    rows = Member.objects.select_related("unit")
    first = page(rows, order=("unit__code", "id"), size=2)
    second = page(rows, order=("unit__code", "id"), size=2, cursor=first.next)
    assert [row.name for row in (*first.rows, *second.rows)] == ["李雷", "韩梅梅", "王芳"]
    values = page(Member.objects.values("id", "name"), order=("-id",), size=2)
    assert [row["name"] for row in values.rows] == ["王芳", "韩梅梅"]


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["", "x", "eyJ.abc", "汉字.签名"])
def test_a_cursor_from_elsewhere_is_refused(cursor: str) -> None:
    if not cursor:
        assert page(Message.objects.all(), order=("id",), size=2, cursor=cursor).rows == []
        return
    with pytest.raises(BadCursor):
        page(Message.objects.all(), order=("id",), size=2, cursor=cursor)


@pytest.mark.django_db
def test_a_cursor_is_good_only_for_its_own_order_and_unchanged() -> None:
    fill([(n, n) for n in range(4)])
    cursor = page(Message.objects.all(), order=("attempts", "id"), size=2).next
    assert cursor is not None
    with pytest.raises(BadCursor):
        page(Message.objects.all(), order=("-attempts", "-id"), size=2, cursor=cursor)
    with pytest.raises(BadCursor):
        page(Message.objects.all(), order=("attempts", "id"), size=2, cursor=cursor[:-1] + "Z")


@pytest.mark.django_db
@pytest.mark.parametrize(("order", "queries"), [(("attempts", "id"), 1), (("received_at", "id"), 2)])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_one_query_or_two_where_there_may_be_nulls(
    order: tuple[str, ...], queries: int, rows: int
) -> None:
    fill([(n, n) for n in range(rows)])
    with CaptureQueriesContext(connection) as captured:
        page(Message.objects.all(), order=order, size=50)
    assert len(captured) == queries


@pytest.mark.django_db
@pytest.mark.parametrize("order", [("attempts", "id"), ("-received_at", "-id")])
def test_a_page_deep_inside_is_one_range_of_the_composite_index(order: tuple[str, ...]) -> None:
    fill([(n % 50, n) for n in range(400)])
    column = order[0].removeprefix("-")
    deep: Any = page(Message.objects.all(), order=order, size=300)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX deep ON channels_message ({column}, id)")
        cursor.execute("ANALYZE channels_message")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    with CaptureQueriesContext(connection) as captured:
        page(Message.objects.all(), order=order, size=10, cursor=deep.next)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {captured[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "deep" in plan
    assert re.search(rf"Index Cond: .*ROW\({column}, id\) [<>] ROW", plan), plan
    assert "Sort" not in plan
