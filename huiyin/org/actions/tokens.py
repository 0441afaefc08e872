"""Keys to the HTTP interface: shown once, kept as a digest."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from huiyin.org import errors
from huiyin.org.models import Member, Token
from huiyin.org.queries import PREFIX, token_digest

TOUCHED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create(
    *,
    member: Member,
    name: str,
    scopes: Sequence[str],
    at: datetime,
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """The token, and the key itself, which nothing can show again. Raises UnknownScope, AlreadyLeft."""
    for scope in scopes:
        if scope not in Token.Scope:
            raise errors.UnknownScope(scope)
    if not member.is_active:
        raise errors.AlreadyLeft(member.username)
    raw = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        member=member,
        name=name,
        digest=token_digest(raw),
        scopes=sorted({str(scope) for scope in scopes}),
        created_at=at,
        expires_at=expires_at,
    )
    return token, raw


@transaction.atomic
def revoke(token: Token, *, at: datetime) -> None:
    """The key opens nothing any more; the first revocation keeps its time."""
    Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at)
    token.refresh_from_db(fields=["revoked_at"])


def touch(token: Token, *, at: datetime) -> None:
    """Remember that the key was used; written at most once a minute, so that reading stays reading."""
    if token.last_used_at is None or at - token.last_used_at >= TOUCHED_EVERY:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - TOUCHED_EVERY)
        Token.objects.filter(stale, pk=token.pk).update(last_used_at=at)
