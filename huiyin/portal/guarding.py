"""What keeps the portal open to people and shut to floods: limits by address and by link, and forms that work once."""

import ipaddress
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from secrets import token_urlsafe
from typing import Concatenate, ParamSpec

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from huiyin.lib import limits

HOUR = 3600
FORM_LASTS = 24 * HOUR
_signer = signing.TimestampSigner(salt="huiyin.portal.form")

_INSIDE = [ipaddress.ip_network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def private(view: View[P]) -> View[P]:
    """Kept by no cache and no search engine; the address, which may be a tracking link, is told to no other site.

    No CSRF token: no cookie gives any right here, the link itself does, and a foreign page does not know it.
    """

    @csrf_exempt
    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return shown


def address(request: HttpRequest) -> str:
    """Where the caller is counted as: behind a proxy of our own, the address that it saw. Of IPv6 the network, since
    every household has one of 2^64 addresses."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return _network(forwarded if forwarded and _is_ours(direct) else direct)


def _network(written: str) -> str:
    try:
        found = ipaddress.ip_address(written)
    except ValueError:
        return written
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def _is_ours(direct: str) -> bool:
    try:
        caller = ipaddress.ip_address(direct)
    except ValueError:
        return not direct  # a unix socket has no address
    return caller.is_loopback or any(caller in network for network in _INSIDE)


def is_flood(request: HttpRequest, act: str, *, limit: int, at: datetime, key: str = "") -> bool:
    """Whether this caller, or this `key`, has done `act` more than `limit` times within the hour."""
    return not limits.hit(f"portal:{act}:{key or address(request)}", limit=limit, per_seconds=HOUR, at=at)


def new_form() -> str:
    """A form's own number, signed with the time."""
    return _signer.sign(token_urlsafe(12))


def form_number(given: str) -> str | None:
    """None for one that is not ours, or older than a day."""
    try:
        return _signer.unsign(given, max_age=FORM_LASTS)
    except signing.BadSignature:
        return None


def is_first(number: str, *, at: datetime) -> bool:
    """Whether this form comes for the first time. Asked inside the act's transaction: a failed act does not use it up,
    and a twin at the same moment waits and is told no."""
    return limits.hit(f"portal:form:{number}", limit=1, per_seconds=FORM_LASTS, at=at)


def too_large(request: HttpRequest, limit: int) -> bool:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return not length.isdigit() or int(length) > limit


def refused(response: HttpResponse, *, seconds: int) -> HttpResponse:
    response.status_code = 429
    response.headers["Retry-After"] = str(seconds)
    return response
