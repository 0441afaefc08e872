"""What comes in is kept raw, once, before anything is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from huiyin.channels.models import Message
from huiyin.lib.canonical import sha256_hex
from huiyin.lib.clean import clean_line


@dataclass(frozen=True)
class Incoming:
    channel: str
    raw: bytes
    external_id: str = ""
    sender: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Kept:
    message: Message
    is_new: bool


def _new(incoming: Incoming, at: datetime) -> Message:
    return Message(
        channel=incoming.channel,
        direction=Message.Direction.IN,
        status=Message.Status.RECEIVED,
        external_id=incoming.external_id[:255],
        sender=incoming.sender,
        subject=clean_line(incoming.subject, limit=100_000)[:500],
        raw=incoming.raw,
        sha256=sha256_hex(incoming.raw),
        received_at=at,
    )


def _key(row: Message) -> tuple[str, str]:
    return row.channel, row.external_id


def _known(rows: Sequence[Message]) -> dict[tuple[str, str], Message]:
    """By channel and external id; the raw bytes stay where they are."""
    wanted = Q(pk__in=())
    for channel in {row.channel for row in rows}:
        wanted |= Q(channel=channel, external_id__in={r.external_id for r in rows if r.channel == channel})
    # "not empty" is said again, or PostgreSQL sees only for short lists that the partial index will do
    return {_key(row): row for row in Message.objects.filter(wanted).exclude(external_id="").defer("raw")}


def _store(rows: Sequence[Message]) -> None:
    """Insert those that are not there. The keys are drawn beforehand: afterwards they tell whose row it became, when
    another transaction brought the same message at the same moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Message._meta.db_table, len(rows)],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key
    # in one order, so that two imports of the same messages wait for each other and do not deadlock
    Message.objects.bulk_create(sorted(rows, key=lambda row: (row.channel, row.external_id)), ignore_conflicts=True)


@transaction.atomic
def keep_many(incoming: Sequence[Incoming], *, at: datetime) -> list[Kept]:
    """Each message is stored, in order; one with an external id that its channel brought before is the old one.

    A constant number of queries; of two transactions that bring the same message at once, one stores it and the
    other is told that it is not new.
    """
    rows = [_new(each, at) for each in incoming]
    Message.objects.bulk_create(row for row in rows if not row.external_id)
    named = [row for row in rows if row.external_id]
    stored = _known(named) if named else {}
    fresh = {_key(row): row for row in reversed(named) if _key(row) not in stored}
    if fresh:
        _store(list(fresh.values()))
        stored |= _known(list(fresh.values()))
    kept = []
    for row in rows:
        if not row.external_id:
            kept.append(Kept(row, is_new=True))
            continue
        there = stored[_key(row)]
        kept.append(Kept(there, is_new=there.pk == row.pk))
    return kept


def keep(incoming: Incoming, *, at: datetime) -> Kept:
    return keep_many([incoming], at=at)[0]
