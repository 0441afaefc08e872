"""A POST of JSON to a system of the company's own, signed so that it can know who sent it.

`Huiyin-Signature: t=UNIX,v1=HEX` where HEX is HMAC-SHA256 of "UNIX.BODY" with the target's secret; a receiver that
refuses old times cannot be played the same message again. `Huiyin-Delivery` is the same at every try of one message.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime

from huiyin.notices.carriers import wire
from huiyin.notices.carriers.errors import Misconfigured, Refused
from huiyin.notices.carriers.robots import Robot
from huiyin.notices.outgoing import Outgoing

REFUSES_THE_MESSAGE = (400, 413, 415, 422)


def body_of(message: Outgoing) -> bytes:
    notices = [
        {"kind": each.kind, "number": each.number, "title": each.title, "text": each.body, "url": each.url,
         "at": each.at.isoformat()}
        for each in message.lines
    ]  # fmt: skip
    told = {"id": message.name, "urgent": message.is_urgent, "title": message.title, "notices": notices,
            "more": message.more}  # fmt: skip
    return json.dumps(told, ensure_ascii=False).encode()


def signature(secret: str, body: bytes, moment: int) -> str:
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def send(robot: Robot, message: Outgoing, *, at: datetime) -> None:
    """Any 2xx means taken. Raises NotTaken."""
    body, moment = body_of(message), int(at.timestamp())
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Huiyin-Delivery": message.name,
        "Huiyin-Signature": f"t={moment},v1={signature(robot.secret, body, moment)}",
    }
    answer = wire.post(robot.address, body, headers)
    if answer.status in REFUSES_THE_MESSAGE:
        raise Refused(f"HTTP {answer.status}")
    if answer.status >= 300:  # redirects too: where a message goes, an administrator says
        raise Misconfigured(f"HTTP {answer.status}")
