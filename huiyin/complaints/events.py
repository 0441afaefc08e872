"""Recording facts. An event joins its complaint's hash chain and queues what follows, in the action's transaction.

The link: SHA-256 over canonical JSON of {seq, ts, actor, action, data, prev}, where `data` holds the complaint's number
beside the particulars, so that a link can not be moved to another chain; the first `prev` is 64 zeros.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from huiyin.complaints.models import ChainHead, Complaint, Event
from huiyin.lib.bulk import insert, new_row
from huiyin.lib.canonical import GENESIS, link
from huiyin.org.actors import Actor


@dataclass(frozen=True)
class Follower:
    """`queue(complaint_ids)` queues one job for each; `given` says for which complaints it is wanted at all."""

    queue: Callable[[Sequence[int]], None]
    given: Callable[[Complaint], bool] = lambda complaint: True


_followers: dict[str, tuple[Follower, ...]] = {}


def when(kind: Event.Kind, *followers: Follower) -> None:
    """From now on `followers` are queued by every event of this kind. Only flow.py calls this."""
    _followers[kind] = followers


def followed() -> Mapping[str, tuple[Follower, ...]]:
    return dict(_followers)


def timestamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def hash_of(event: Event, number: str) -> str:
    """The link that this event must carry; used when recording and again when verifying."""
    actor = f"member:{event.actor_id}" if event.actor_kind == "member" else event.actor_kind
    return link(
        {
            "seq": event.seq,
            "ts": timestamp(event.at),
            "actor": actor,
            "action": str(event.kind),
            "data": {"complaint": number, **event.particulars},
            "prev": event.previous_hash,
        }
    )


def record(complaint: Complaint, kind: Event.Kind, *, actor: Actor, at: datetime, **particulars: Any) -> Event:
    """Append one event to the complaint's chain and queue its followers.

    Particulars are ids, codes and digests (str, int, bool, None, lists and dicts of these), never personal data.
    """
    _refuse_floats(particulars)
    head = ChainHead.objects.select_for_update().get(pk=complaint.pk)
    event = _event(complaint, kind, actor=actor, at=at, particulars=particulars, seq=head.seq + 1, previous=head.hash)
    event.save(force_insert=True)
    ChainHead.objects.filter(pk=complaint.pk).update(seq=event.seq, hash=event.hash)
    _follow(kind, [complaint])
    return event


def record_many(facts: Sequence[tuple[Complaint, Event.Kind, dict[str, Any]]], *, actor: Actor, at: datetime) -> None:
    """Append each fact to its complaint's chain, in the order given, and queue the followers.

    Four statements however many there are. The caller holds the complaints.
    """
    for _complaint, _kind, particulars in facts:
        _refuse_floats(particulars)
    wanted = sorted({complaint.pk for complaint, _kind, _particulars in facts})
    heads = {head.pk: head for head in ChainHead.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    links = []
    for complaint, kind, given in facts:
        head = heads[complaint.pk]
        links.append(
            _event(complaint, kind, actor=actor, at=at, particulars=given, seq=head.seq + 1, previous=head.hash)
        )
        head.seq, head.hash = head.seq + 1, links[-1].hash
    insert(links)
    _move_heads(list(heads.values()))
    for kind in dict.fromkeys(kind for _complaint, kind, _particulars in facts):
        _follow(kind, {complaint.pk: complaint for complaint, each, _given in facts if each == kind}.values())


_HEADS = """
    UPDATE complaints_chainhead SET seq = new.seq, hash = new.hash
    FROM unnest(%s::bigint[], %s::int[], %s::text[]) AS new(id, seq, hash)
    WHERE complaints_chainhead.complaint_id = new.id
"""


def _move_heads(heads: Sequence[ChainHead]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _HEADS, [[head.pk for head in heads], [head.seq for head in heads], [head.hash for head in heads]]
        )


Fact = tuple[Event.Kind, dict[str, Any]]


def record_first(complaints: Sequence[Complaint], facts: Sequence[Sequence[Fact]], *, actor: Actor) -> None:
    """Begin the chain of each newly inserted complaint with its facts, at its `filed_at`; follow_first() comes next.

    Two statements however many there are.
    """
    links, heads = [], []
    for complaint, begun in zip(complaints, facts, strict=True):
        previous = GENESIS
        for seq, (kind, given) in enumerate(begun, start=1):
            event = _event(
                complaint, kind, actor=actor, at=complaint.filed_at, particulars=given, seq=seq, previous=previous
            )
            previous = event.hash
            links.append(event)
        heads.append(new_row(ChainHead, complaint_id=complaint.pk, seq=len(begun), hash=previous))
    insert(links)
    insert(heads)


def follow_first(complaints: Sequence[Complaint], facts: Sequence[Sequence[Fact]]) -> None:
    """Queue the followers of the first fact of each: what came in as history (more than one) was followed elsewhere."""
    fresh = [(complaint, begun[0][0]) for complaint, begun in zip(complaints, facts, strict=True) if len(begun) == 1]
    for kind in {kind for _complaint, kind in fresh}:
        _follow(kind, [complaint for complaint, first in fresh if first == kind])


def _event(
    complaint: Complaint,
    kind: Event.Kind,
    *,
    actor: Actor,
    at: datetime,
    particulars: dict[str, Any],
    seq: int,
    previous: str,
) -> Event:
    event = new_row(
        Event,
        complaint_id=complaint.pk,
        seq=seq,
        kind=kind,
        at=at,
        actor_kind=actor.kind,
        actor_id=actor.member.pk if actor.member is not None else None,
        particulars=particulars,
        previous_hash=previous,
    )
    event.hash = hash_of(event, complaint.number)
    return event


def _follow(kind: str, complaints: Iterable[Complaint]) -> None:
    for follower in _followers.get(kind, ()):
        wanted = [complaint.pk for complaint in complaints if follower.given(complaint)]
        if wanted:
            follower.queue(wanted)


def _refuse_floats(value: Any) -> None:
    if isinstance(value, Mapping):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)
    elif value is not None and not isinstance(value, str | int):
        raise TypeError(f"an event's particulars hold text and whole numbers, not {type(value).__name__}")
