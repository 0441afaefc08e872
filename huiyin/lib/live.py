"""Where a browser finds the event streams: a process, and so a port, of their own."""

from django.conf import settings
from django.http import HttpRequest


def live_address(request: HttpRequest) -> str:
    """What to put before a stream's path: HUIYIN_LIVE_URL, else the live port of the host that the page came from.

    Empty behind TLS without HUIYIN_LIVE_URL: the bare port does not speak it.
    """
    if settings.HUIYIN_LIVE_URL:
        return str(settings.HUIYIN_LIVE_URL).rstrip("/")
    if request.is_secure():
        return ""
    host = request.get_host()
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return f"http://{name}:{settings.HUIYIN_LIVE_PORT}"
