"""The installation's signing key (Ed25519), with which anchors are signed. The public half may be given to anyone."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings


def _key_file() -> Path:
    return Path(settings.HUIYIN_HOME) / "keys" / "anchor"


def key() -> Ed25519PrivateKey:
    """Made at the first call and kept, readable by its owner only."""
    path = _key_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = Ed25519PrivateKey.generate()
        raw = fresh.private_bytes(
            serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
        )
        with path.open("xb", opener=_private) as file:
            file.write(raw)
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def public_hex() -> str:
    return key().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()


def sign(payload: bytes) -> str:
    return key().sign(payload).hex()


def is_signed(payload: bytes, signature: str) -> bool:
    try:
        key().public_key().verify(bytes.fromhex(signature), payload)
    except (InvalidSignature, ValueError):
        return False
    return True
