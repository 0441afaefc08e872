"""What comes in is kept raw, once, before anything is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
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


def _known(rows: Sequence[Message]) -> dict[tuple[str, str], Message]:
    """By channel and external id; the raw bytes stay where they are."""
    wanted = Q(pk__in=())
    for channel in {row.channel for row in rows}:
        wanted |= Q(channel=channel, external_id__in={r.external_id for r in rows if r.channel == channel})
    return {(m.channel, m.external_id): m for m in Message.objects.filter(wanted).defer("raw")}


@transaction.atomic
def keep_many(incoming: Sequence[Incoming], *, at: datetime) -> list[Kept]:
    """Each message is stored, in order; one with an external id that its channel brought before is the old one.

    A constant number of queries; of two transactions that bring the same message at once, one stores it.
    """
    rows = [_new(each, at) for each in incoming]
    named = [row for row in rows if row.external_id]
    Message.objects.bulk_create(row for row in rows if not row.external_id)
    before = _known(named) if named else {}
    fresh = {key: row for row in reversed(named) if (key := (row.channel, row.external_id)) not in before}
    if fresh:
        # in one order, so that two imports of the same messages wait for each other and do not deadlock
        Message.objects.bulk_create((fresh[key] for key in sorted(fresh)), ignore_conflicts=True)
    after = _known(list(fresh.values())) if fresh else {}
    kept = []
    for row in rows:
        key = (row.channel, row.external_id)
        if not row.external_id:
            kept.append(Kept(row, is_new=True))
            continue
        first = fresh.pop(key, None)
        kept.append(Kept(before.get(key) or after[key], is_new=first is not None))
    return kept


def keep(incoming: Incoming, *, at: datetime) -> Kept:
    return keep_many([incoming], at=at)[0]
