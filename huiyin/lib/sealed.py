"""Personal data at rest: AES-256-GCM columns, and a keyed digest to look a value up without opening it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import Binary

if TYPE_CHECKING:
    from django.db.models.lookups import Lookup

    TextBase = models.Field[str, str]
    BinaryBase = models.Field[bytes, bytes]
else:
    TextBase = BinaryBase = models.Field

VERSION = b"\x01"
NONCE_BYTES = 12


class Unreadable(ValueError):
    """The stored bytes were not sealed with this installation's data key, or were changed since."""


@lru_cache(maxsize=4)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache(maxsize=4)
def _digest_key(key: bytes) -> bytes:
    return hmac.new(key, b"huiyin digest", hashlib.sha256).digest()


def seal(plain: bytes) -> bytes:
    """Version byte, 12-byte nonce, ciphertext with tag. Nothing stays nothing, so that absence needs no key."""
    if not plain:
        return b""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return VERSION + nonce + _cipher(settings.HUIYIN_DATA_KEY).encrypt(nonce, plain, VERSION)


def unseal(stored: bytes) -> bytes:
    """The inverse of seal. Raises Unreadable."""
    if not stored:
        return b""
    if stored[:1] != VERSION:
        raise Unreadable("unknown seal version")
    start = 1 + NONCE_BYTES
    try:
        return _cipher(settings.HUIYIN_DATA_KEY).decrypt(stored[1:start], stored[start:], VERSION)
    except Exception as error:  # cryptography raises InvalidTag or ValueError; both mean the same to us
        raise Unreadable("wrong data key, or the value was changed") from error


def digest(value: str) -> str:
    """HMAC-SHA256 hex of the NFKC, case-folded, trimmed value; '' for ''. Equal digests mean equal values."""
    plain = unicodedata.normalize("NFKC", value).strip().casefold()
    if not plain:
        return ""
    return hmac.new(_digest_key(settings.HUIYIN_DATA_KEY), plain.encode(), hashlib.sha256).hexdigest()


class _Sealed:
    """What both sealed columns share: bytea underneath, and no look-up but isnull, since no other could work."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_lookup(self, lookup_name: str) -> type[Lookup[Any]] | None:
        if lookup_name != "isnull":
            return None
        found: type[Lookup[Any]] | None = super().get_lookup(lookup_name)  # type: ignore[misc]  # Field is next in the MRO
        return found


class SealedTextField(_Sealed, TextBase):
    """Text that is encrypted in the database and plain in Python."""

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        return None if value is None else Binary(seal(str(value).encode()))

    def from_db_value(self, value: Any, *_: Any) -> str | None:
        return None if value is None else unseal(bytes(value)).decode()

    def to_python(self, value: Any) -> str | None:
        return None if value is None else str(value)


class SealedBinaryField(_Sealed, BinaryBase):
    """Bytes that are encrypted in the database and plain in Python."""

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        return None if value is None else Binary(seal(bytes(value)))

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        return None if value is None else unseal(bytes(value))
