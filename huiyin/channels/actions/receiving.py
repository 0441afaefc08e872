"""What comes in is kept raw, once, before anything is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huiyin.channels.models import Message
from huiyin.lib import statements
from huiyin.lib.bulk import fresh_ids, insert, insert_or_leave, new_row
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
    return new_row(
        Message,
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
    """By channel and external id."""
    channels = sorted({row.channel for row in rows})
    names = sorted({row.external_id for row in rows})
    found = statements.fetch(
        Message,
        "channel = ANY(%s::text[]) AND external_id = ANY(%s::text[]) AND external_id <> ''",
        [statements.array(channels), statements.array(names)],
    )
    return {_key(row): row for row in found}


@transaction.atomic(savepoint=False)
def keep_many(incoming: Sequence[Incoming], *, at: datetime) -> list[Kept]:
    """Each message is stored, in order; one with an external id that its channel brought before is the old one.

    A constant number of queries; of two transactions that bring the same message at once, one stores it and the
    other is told that it is not new.
    """
    rows = [_new(each, at) for each in incoming]
    nameless = [row for row in rows if not row.external_id]
    named = [row for row in rows if row.external_id]
    stored = _known(named) if named else {}
    fresh = {_key(row): row for row in reversed(named) if _key(row) not in stored}
    # in one order, so that two imports of the same messages wait for each other and do not deadlock
    asked = sorted(fresh.values(), key=_key)
    for row, key in zip([*nameless, *asked], fresh_ids(Message, len(nameless) + len(asked)), strict=True):
        row.pk = key
    insert(nameless)
    made = insert_or_leave(asked)
    stored |= {_key(row): row for row in asked if row.pk in made}
    if len(made) < len(asked):  # another transaction brought them at the same moment
        stored |= _known([row for row in asked if row.pk not in made])
    return [Kept(stored.get(_key(row), row), stored.get(_key(row), row) is row) for row in rows]


def keep(incoming: Incoming, *, at: datetime) -> Kept:
    return keep_many([incoming], at=at)[0]
