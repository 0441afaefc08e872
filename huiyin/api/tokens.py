"""Who asks: bearer tokens, and what a token's scopes open.

A token found good is believed for three seconds, in this process: that spares two queries a call, and a revoked one
stops working within that time.
"""

import threading
import time
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from huiyin.api.problems import Problem
from huiyin.api.sizes import refuse_too_large
from huiyin.lib.limits import hit
from huiyin.org.actions import tokens
from huiyin.org.actors import Actor
from huiyin.org.models import Member, Token
from huiyin.org.queries import member_for_token, token_digest
from huiyin.org.rules import Right, may

BELIEVED_FOR = 3.0
FAILURES, PER_SECONDS = 60, 60  # of one address
MOST = 2000


@dataclass(frozen=True)
class _Believed:
    token: Token
    until: float


_believed: dict[str, _Believed] = {}
_lock = threading.Lock()


class Bearer(HttpBearer):
    """`Authorization: Bearer hy_...`; `request.auth` is the Token. `also`: a narrower scope that opens the call."""

    openapi_bearerFormat = "hy_..."  # noqa: N815  # ninja reads this name

    def __init__(self, also: Token.Scope | None = None) -> None:
        super().__init__()
        self.also = also

    def __call__(self, request: HttpRequest) -> Token | None:
        refuse_too_large(request)
        scheme, _space, raw = request.headers.get("Authorization", "").partition(" ")
        found = self.authenticate(request, raw.strip()) if scheme.lower() == "bearer" else None
        if found is None:
            _count_failure(request)
        return found

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        found = _look_up(token)
        if found is None:
            return None
        needed = Token.Scope.READ if request.method in {"GET", "HEAD", "OPTIONS"} else Token.Scope.WRITE
        if not found.allows(needed) and not (self.also and found.allows(self.also)):
            raise Problem(403, _("这个令牌没有“%s”的范围。") % needed.label, kind="scope")
        return found


def _count_failure(request: HttpRequest) -> None:
    """429 for whoever keeps knocking without a good token; those who have one are never counted."""
    address = request.META.get("REMOTE_ADDR", "")
    if not hit(f"api-token:{address}", limit=FAILURES, per_seconds=PER_SECONDS, at=timezone.now()):
        raise Problem(429, _("令牌错误的次数太多，请稍后再试。"), headers={"Retry-After": str(PER_SECONDS)})


def _look_up(raw: str) -> Token | None:
    digest = token_digest(raw)
    now = time.monotonic()
    believed = _believed.get(digest)
    if believed is not None and believed.until > now:
        return believed.token
    at = timezone.now()
    token = member_for_token(raw, at)
    if token is None:
        _believed.pop(digest, None)
        return None
    tokens.touch(token, at=at)
    with _lock:
        if len(_believed) >= MOST:
            _believed.clear()
        _believed[digest] = _Believed(token, now + BELIEVED_FOR)
    return token


def forget() -> None:
    """Every token is looked up anew."""
    _believed.clear()


def token_of(request: HttpRequest) -> Token:
    token: Token = request.auth  # type: ignore[attr-defined]  # ninja sets it where Bearer let the call in
    return token


def member_of(request: HttpRequest) -> Member:
    return token_of(request).member


def actor_of(request: HttpRequest) -> Actor:
    return Actor.of(member_of(request))


def must(request: HttpRequest, right: Right) -> None:
    """For the few acts that have no role check of their own below."""
    if not may(member_of(request), right):
        raise Problem(403, _("您的角色没有权限进行此操作。"))
