"""Once a day all chain heads that moved are bound into a signed file that an outsider can keep.

anchors/2026-11-22.jsonl in the data folder: a first line with the day and the digest of the anchor before it, a line
{"complaint", "seq", "hash"} for each chain that grew since, a last line with the digest of all lines above and its
Ed25519 signature. Whoever holds a copy can prove any later rewriting of what it covers.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from huiyin.complaints import signing
from huiyin.complaints.models import Event
from huiyin.lib.canonical import canonical

# events are numbered before they are committed: one still under way at the last anchor is caught by the next
OVERLAP = 10_000


def folder() -> Path:
    return Path(settings.HUIYIN_HOME) / "anchors"


def anchors() -> list[Path]:
    """Oldest first."""
    return sorted(folder().glob("*.jsonl"))


def anchor(*, on: date, at: datetime) -> Path:
    """Write the anchor of the day, once; a day that has one already keeps it. Returns its path."""
    path = folder() / f"{on.isoformat()}.jsonl"
    if path.exists():
        return path
    folder().mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    digest = hashlib.sha256()
    with unfinished.open("wb") as file:
        for line in _lines(on, at):
            digest.update(line)
            file.write(line)
        total = digest.hexdigest()
        seal = {"digest": total, "public_key": signing.public_hex(), "signature": signing.sign(total.encode())}
        file.write(canonical(seal) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    return path


def _lines(on: date, at: datetime) -> Iterator[bytes]:
    before = anchors()
    previous = sealed(before[-1])["digest"] if before else ""
    covered = int(header(before[-1])["last_event"]) if before else 0
    last = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    first_line = {"on": on.isoformat(), "at": at.isoformat(), "previous": previous, "last_event": last}
    yield canonical(first_line) + b"\n"
    heads = (
        Event.objects.filter(id__gt=covered - OVERLAP, id__lte=last)
        .order_by("complaint_id", "-seq")
        .distinct("complaint_id")
        .values_list("complaint__number", "seq", "hash")
    )
    for number, seq, link in heads.iterator():
        yield canonical({"complaint": number, "seq": seq, "hash": link}) + b"\n"


def header(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        first: dict[str, str] = json.loads(file.readline())
    return first


def sealed(path: Path) -> dict[str, str]:
    """The last line: digest, public key, signature."""
    last: dict[str, str] = json.loads(path.read_bytes().splitlines()[-1])
    return last
