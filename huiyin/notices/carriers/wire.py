"""One request to an address that somebody typed in: no redirects, no private network, no answer that takes for ever.

The name is looked up once, every address it has is judged, and the connection goes to one that was judged, so that a
name which changes its mind in between gains nothing. Hosts of the company's own network are named by the operator
(HUIYIN_INTERNAL_HOSTS), never by whoever fills in the form.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from huiyin.notices.carriers.errors import Misconfigured, Throttled, Unreachable

PATIENCE = 8.0  # seconds for all of it; a slow drip does not buy more
LARGEST_ANSWER = 64 * 1024
THROTTLED_FOR = 60


class NotAllowed(ValueError):
    """The address is none that we may speak to; the sentence says why."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


def is_internal(host: str) -> bool:
    return host.lower() in {each.lower() for each in settings.HUIYIN_INTERNAL_HOSTS}


def look_up(host: str, port: int) -> str:
    """An address of the host that may be spoken to. Raises NotAllowed, OSError."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not is_internal(host) and not all(_is_public(address) for address in found):
        raise NotAllowed(_("“%s”在内部网络中，未经运维人员许可不能发送。") % host)
    return found[0]


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)


def check(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path. Raises NotAllowed; looks nothing up."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotAllowed(_("地址不完整。")) from None
    if parts.scheme not in ("http", "https") or not host or any(ord(each) < 33 or ord(each) > 126 for each in url):
        raise NotAllowed(_("地址应以 https:// 开头，并且完整。"))
    if parts.username is not None or parts.password is not None:
        raise NotAllowed(_("地址中不能带账号和密码。"))
    if parts.scheme == "http" and not is_internal(host):
        raise NotAllowed(_("只能用 https:// 地址。"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """What was answered, whatever the status below 500 but 429. Raises Unreachable, Throttled, Misconfigured."""
    return _ask("POST", url, body, headers)


def get(url: str) -> Answer:
    """The same."""
    return _ask("GET", url, None, {})


def _ask(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
    try:
        scheme, host, port, path = check(url)
        address = look_up(host, port)
    except NotAllowed as refusal:
        raise Misconfigured(str(refusal)) from None
    except OSError:
        raise Unreachable(_("找不到主机。")) from None
    answer, wait = _exchange(_connection(scheme, host, port, address), method, path, body, headers)
    if answer.status == 429:
        raise Throttled("HTTP 429", seconds=wait)
    if answer.status >= 500:
        raise Unreachable(f"HTTP {answer.status}")
    return answer


def _exchange(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
) -> tuple[Answer, int]:
    ended = threading.Timer(PATIENCE, lambda: _cut(connection))
    ended.daemon = True
    ended.start()
    try:
        connection.request(method, path, body=body, headers={"User-Agent": "Huiyin", **headers})
        response = connection.getresponse()
        answer = Answer(response.status, response.read(LARGEST_ANSWER))
        return answer, _seconds(response.getheader("Retry-After"))
    except TimeoutError:
        raise Unreachable(_("没有及时回应。")) from None
    except (OSError, http.client.HTTPException) as failure:
        if ended.finished.is_set():
            raise Unreachable(_("没有及时回应。")) from None
        raise Unreachable(_("连接失败（%s）。") % type(failure).__name__) from None
    finally:
        ended.cancel()
        connection.close()


def _seconds(given: str | None) -> int:
    return min(max(int(given), 1), 3600) if given and given.isascii() and given.isdigit() else THROTTLED_FOR


def _cut(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _connection(scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
    if scheme == "http":
        return _Plain(host, port, address)
    return _Sealed(host, port, address)


class _Plain(http.client.HTTPConnection):
    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=PATIENCE)
        self.address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), PATIENCE)


class _Sealed(_Plain):
    default_port = 443

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
