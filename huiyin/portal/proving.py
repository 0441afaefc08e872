"""Who files often shows that it costs them something: a little work for the browser, or a sum where there is no script.

Both hang on the form's own number, which is signed and works once, so that nothing has to be stored and no other site
is asked. The work: a nonce with which SHA-256("number:nonce") begins with WORK zero bits.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest

from huiyin.lib import limits
from huiyin.portal.guarding import HOUR, address

FREE = 3  # in an hour, from one address
BY_SUM = 8  # as many again may be let in by a sum, which a machine can do too
WORK = 15  # bits: some 33,000 hashes, half a second on a phone


@dataclass(frozen=True)
class Wanted:
    """What this caller has to show with the next form."""

    work: bool = False
    sum_is_enough: bool = False

    @property
    def bits(self) -> int:
        return WORK


def wanted(request: HttpRequest, act: str, *, at: datetime) -> Wanted:
    count = limits.hits(f"portal:{act}:{address(request)}", per_seconds=HOUR, at=at)
    return Wanted(work=count >= FREE, sum_is_enough=count < BY_SUM)


def sum_of(number: str) -> tuple[int, int]:
    """Two small numbers that belong to this form."""
    key = hmac.digest(settings.SECRET_KEY.encode(), f"sum:{number}".encode(), "sha256")
    return 2 + key[0] % 8, 2 + key[1] % 8


def is_right_sum(number: str, given: str) -> bool:
    return given.strip() == str(sum(sum_of(number)))


def is_work_done(number: str, nonce: str) -> bool:
    if not nonce.isascii() or not nonce.isdigit() or len(nonce) > 12:
        return False
    found = sha256(f"{number}:{nonce}".encode()).digest()
    return int.from_bytes(found[:4], "big") >> (32 - WORK) == 0
