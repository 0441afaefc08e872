"""Files by their SHA-256: the same file twice is one file, and a file that was changed is found out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile

from django.core.files import File
from django.core.files.storage import storages

from huiyin.lib.sniff import ALLOWED, HEAD_BYTES, sniff

CHUNK = 64 * 1024
IN_MEMORY = 1024 * 1024


class TooLarge(ValueError):
    def __init__(self, limit: int) -> None:
        super().__init__(f"at most {limit} bytes are taken")
        self.limit = limit


class Empty(ValueError):
    """There is nothing in the file."""


class KindRefused(ValueError):
    def __init__(self, media_type: str) -> None:
        super().__init__(f"{media_type} is not taken")
        self.media_type = media_type


@dataclass(frozen=True)
class Blob:
    sha256: str
    size: int
    media_type: str


def path(sha256: str) -> str:
    """Where it stands in the storage. Raises ValueError for what is no digest, and so could be a path of its own."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("not a SHA-256 digest")
    return f"blobs/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def put(chunks: Iterable[bytes], *, name: str, limit: int) -> Blob:
    """The content is stored, once. Reads no more than the limit into memory or disk; keeps nothing that it refuses.

    Raises TooLarge, Empty, KindRefused. The name helps to tell the kind and is not stored.
    """
    hashed = hashlib.sha256()
    size = 0
    with SpooledTemporaryFile(max_size=IN_MEMORY) as buffer:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise TooLarge(limit)
            hashed.update(chunk)
            buffer.write(chunk)
        if not size:
            raise Empty
        buffer.seek(0)
        media_type = sniff(buffer.read(HEAD_BYTES), name)
        if media_type not in ALLOWED:
            raise KindRefused(media_type)
        buffer.seek(0)
        _save(path(hashed.hexdigest()), File(buffer))
    return Blob(hashed.hexdigest(), size, media_type)


def _save(wanted: str, content: File[bytes]) -> None:
    storage = storages["default"]
    if storage.exists(wanted):
        return
    given = storage.save(wanted, content)
    # somebody stored the same content between the question and the answer, and ours got another name
    if given != wanted:
        storage.delete(given)


def get(sha256: str) -> File[bytes]:
    """The content, open for reading. Raises FileNotFoundError."""
    return storages["default"].open(path(sha256))


def read(sha256: str) -> Iterator[bytes]:
    """The content piece by piece, for a streaming answer."""
    with get(sha256) as content:
        yield from content.chunks(CHUNK)


def holds(sha256: str) -> bool:
    """Whether it is there and still what its name says."""
    if not storages["default"].exists(path(sha256)):
        return False
    hashed = hashlib.sha256()
    for chunk in read(sha256):
        hashed.update(chunk)
    return hashed.hexdigest() == sha256


def drop(sha256: str) -> None:
    """The content is gone; whether nobody else refers to it is for the caller to know."""
    storages["default"].delete(path(sha256))
