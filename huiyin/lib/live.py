"""Where a browser finds the event streams: a process, and so a port, of their own; and whether it answers there."""

import http.client
import json
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

DOOR = "/live/healthz"  # answered by the live process and by nobody else
PATIENCE = 3.0


class Unreachable(Exception):
    """The streams do not answer where browsers will look for them."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}")
        self.address, self.reason = address, reason


def live_address(request: HttpRequest) -> str:
    """What to put before a stream's path: HUIYIN_LIVE_URL, else the live port of the host that the page came from.

    Behind TLS the bare port would not speak it: there the streams are at the page's own origin, and the proxy leads
    /live/ to the live process.
    """
    if settings.HUIYIN_LIVE_URL:
        return str(settings.HUIYIN_LIVE_URL).rstrip("/")
    return "" if request.is_secure() else _beside(request.get_host())


def public_address() -> str:
    """The same, whole, as browsers find it that come by HUIYIN_PUBLIC_URL."""
    given, public = str(settings.HUIYIN_LIVE_URL).rstrip("/"), urlsplit(settings.HUIYIN_PUBLIC_URL)
    if "://" in given:
        return given
    if settings.HUIYIN_LIVE_URL or public.scheme == "https":
        return f"{public.scheme}://{public.netloc}{given}"
    return _beside(public.netloc)


def _beside(host: str) -> str:
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return f"http://{name}:{settings.HUIYIN_LIVE_PORT}"


def reached() -> str:
    """The address where the live process answered, asked from this machine. Raises Unreachable."""
    address = public_address()
    try:
        with urllib.request.urlopen(f"{address}{DOOR}", timeout=PATIENCE) as answer:
            told = json.load(answer)
    except urllib.error.HTTPError as refused:
        refused.close()
        raise Unreachable(address, f"HTTP {refused.code}") from refused
    except (OSError, http.client.HTTPException) as refused:
        raise Unreachable(address, str(getattr(refused, "reason", refused))) from refused
    except ValueError as refused:
        raise Unreachable(address, "HTML") from refused
    if not isinstance(told, dict) or told.get("status") != "live":
        raise Unreachable(address, "HTML")
    return address
