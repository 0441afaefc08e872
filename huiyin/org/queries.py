"""Reading across members, tokens and units."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from huiyin.org.models import Company, Token

PREFIX = "hy_"


def token_digest(raw: str) -> str:
    """SHA-256: the key is 256 random bits, so that nothing slower is needed."""
    return hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()


def member_for_token(raw: str, at: datetime) -> Token | None:
    """The live token with its member and unit, in one query; None where it is unknown, revoked or expired,
    or its member has left. Looked up by digest, so that the time taken tells nothing of the key."""
    if not raw.startswith(PREFIX) or len(raw) > 200:
        return None
    digest = token_digest(raw)
    token = Token.objects.live(at).select_related("member__unit").filter(digest=digest, member__is_active=True).first()
    return token if token is not None and hmac.compare_digest(token.digest, digest) else None


def company() -> Company | None:
    return Company.objects.first()
