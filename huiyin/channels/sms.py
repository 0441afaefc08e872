"""One short message out, through the company's own gateway.

The interface: POST to HUIYIN_SMS_URL with `Authorization: Bearer HUIYIN_SMS_KEY` and a JSON body
{"id": "…", "to": "13900001111", "text": "…"}. Any 2xx means taken; the same id may come twice and is one message.
No gateway comes with the product: a few lines in front of a provider's interface make one.
"""

from __future__ import annotations

import json
import urllib.request

from django.conf import settings

PATIENCE = 20  # seconds


class NoGateway(ValueError):
    """HUIYIN_SMS_URL is empty."""


def is_configured() -> bool:
    return bool(settings.HUIYIN_SMS_URL)


def must_be_configured() -> None:
    """Raises NoGateway."""
    if not is_configured():
        raise NoGateway("HUIYIN_SMS_URL")


def send(*, to: str, body: str, name: str) -> None:
    """The gateway has taken it. Raises OSError (also for an answer that is no 2xx) or NoGateway."""
    must_be_configured()
    request = urllib.request.Request(
        settings.HUIYIN_SMS_URL,
        data=json.dumps({"id": name, "to": to, "text": body}, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {settings.HUIYIN_SMS_KEY}"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE):
        return
