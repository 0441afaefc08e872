"""Verifying the record: every chain, every head, every anchor. Reads only."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db.models import F, Max, Q

from huiyin.complaints import signing
from huiyin.complaints.actions.anchoring import anchors
from huiyin.complaints.events import hash_of
from huiyin.complaints.models import ChainHead, Complaint, Event
from huiyin.lib.canonical import GENESIS


@dataclass(frozen=True)
class Broken:
    """One link that does not hold, and in which way."""

    complaint: str
    seq: int
    fault: str

    def __str__(self) -> str:
        return f"{self.complaint} #{self.seq}: {self.fault}"


@dataclass
class Verdict:
    complaints: int = 0
    events: int = 0
    anchors: int = 0
    anchored_heads: int = 0


def verify(verdict: Verdict | None = None) -> Iterator[Broken]:
    """Every fault there is, chain by chain in the order of the complaints. `verdict` is counted up on the way."""
    counted = verdict or Verdict()
    yield from _chains(counted)
    yield from _heads()
    yield from _states()
    yield from _anchors(counted)


def _chains(counted: Verdict) -> Iterator[Broken]:
    number, complaint_id, expected_seq, previous = "", 0, 1, GENESIS
    rows = Event.objects.select_related("complaint").only(
        "seq", "kind", "at", "actor_kind", "actor_id", "particulars", "previous_hash", "hash", "complaint__number"
    )
    for event in rows.order_by("complaint_id", "seq").iterator(chunk_size=2000):
        if event.complaint_id != complaint_id:
            number, complaint_id, expected_seq, previous = event.complaint.number, event.complaint_id, 1, GENESIS
            counted.complaints += 1
        counted.events += 1
        if event.seq != expected_seq:
            yield Broken(number, expected_seq, f"missing: the next link found is #{event.seq}")
        elif event.previous_hash != previous:
            yield Broken(number, event.seq, "does not follow the link before it")
        if event.hash != hash_of(event, number):
            yield Broken(number, event.seq, "its content is not what its hash says: changed or swapped")
        expected_seq, previous = event.seq + 1, event.hash


def _heads() -> Iterator[Broken]:
    """Cut off at the end, or gone altogether."""
    last = Complaint.objects.annotate(last=Max("events__seq"))
    for number, seq in last.filter(chain_head=None).values_list("number", "last"):
        yield Broken(number, seq or 0, "the complaint has no chain head")
    cut = last.filter(Q(last=None) | ~Q(last=F("chain_head__seq"))).exclude(chain_head=None)
    for number, seq, head in cut.values_list("number", "last", "chain_head__seq"):
        yield Broken(number, (seq or 0) + 1, f"cut off: the head stands at #{head}, the last link is #{seq or 0}")
    wrong = ChainHead.objects.filter(
        complaint__events__seq=F("seq"),
    ).exclude(complaint__events__hash=F("hash"))
    for number, seq in wrong.values_list("complaint__number", "seq"):
        yield Broken(number, seq, "the head's hash is not that of the last link")


def _states() -> Iterator[Broken]:
    """The state on the row must be the one that the last move recorded."""
    moves = Event.objects.filter(particulars__has_key="to").order_by("complaint_id", "-seq").distinct("complaint_id")
    for number, seq, state, recorded in moves.values_list(
        "complaint__number", "seq", "complaint__state", "particulars__to"
    ).iterator(chunk_size=2000):
        if state != recorded:
            yield Broken(number, seq, f"the complaint stands at {state}, the record says {recorded}")


def _anchors(counted: Verdict) -> Iterator[Broken]:
    previous = ""
    for path in anchors():
        counted.anchors += 1
        yield from _one_anchor(path, previous, counted)
        previous = hashlib.sha256(_body(path)).hexdigest()


def _body(path: Path) -> bytes:
    return b"".join(path.read_bytes().splitlines(keepends=True)[:-1])


def _one_anchor(path: Path, previous: str, counted: Verdict) -> Iterator[Broken]:
    lines = path.read_bytes().splitlines()
    first, seal = json.loads(lines[0]), json.loads(lines[-1])
    digest = hashlib.sha256(_body(path)).hexdigest()
    if seal["digest"] != digest or not signing.is_signed(digest.encode(), seal["signature"]):
        yield Broken(path.name, 0, "the anchor was changed: its digest or signature does not hold")
    if first["previous"] != previous:
        yield Broken(path.name, 0, "the anchor does not follow the one before it: one is missing or replaced")
    heads = [json.loads(line) for line in lines[1:-1]]
    counted.anchored_heads += len(heads)
    for start in range(0, len(heads), 5000):
        yield from _anchored(path, heads[start : start + 5000])


def _anchored(path: Path, heads: list[dict[str, str]]) -> Iterator[Broken]:
    rows = Event.objects.filter(complaint__number__in=[head["complaint"] for head in heads])
    wanted = {(head["complaint"], int(head["seq"])): head["hash"] for head in heads}
    found = {
        (number, seq): link
        for number, seq, link in rows.filter(seq__in={seq for _number, seq in wanted}).values_list(
            "complaint__number", "seq", "hash"
        )
    }
    for (number, seq), link in wanted.items():
        if found.get((number, seq)) != link:
            yield Broken(number, seq, f"not what the anchor {path.stem} bound: rewritten or cut off since")
