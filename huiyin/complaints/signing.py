"""The installation's signing key (Ed25519), with which anchors are signed. The public half may be given to anyone."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(settings.HUIYIN_ANCHOR_KEY)


def public_hex() -> str:
    return _key().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()


def sign(payload: bytes) -> str:
    return _key().sign(payload).hex()


def is_signed(payload: bytes, signature: str) -> bool:
    try:
        _key().public_key().verify(bytes.fromhex(signature), payload)
    except (InvalidSignature, ValueError):
        return False
    return True
