"""One spelling of a JSON value, so that equal values have equal hashes on every machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

GENESIS = "0" * 64
_written = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical(obj: Any) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8. Raises ValueError on NaN, TypeError on what JSON cannot say."""
    return _written(obj).encode()


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def link(record: Mapping[str, Any]) -> str:
    """The hash of a chain record; the record holds its predecessor's hash as `prev`, the first one GENESIS."""
    return sha256_hex(canonical(record))
