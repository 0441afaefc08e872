"""Group robots, as their makers document them. All three answer 200 to what they refuse; the body has the truth.

WeCom: developer.work.weixin.qq.com/document/path/91770. The key is part of the address; 20 messages a minute; errcode
45009 beyond. DingTalk: open.dingtalk.com/document/robots/custom-robot-access. access_token in the address, timestamp
and sign = Base64(HmacSHA256(secret, "timestamp\\nsecret")); 20 a minute, then silence for ten; errcode 130101 or 410100
beyond, 310000 for keyword, signature or address. Feishu and Lark: open.feishu.cn/document/client-docs/bot-v3/
add-custom-bot. timestamp and sign = Base64(HmacSHA256("timestamp\\nsecret", "")) in the body; 100 a minute and 5 a
second; code 9499 or 11232 beyond, 19021 signature, 19022 address, 19024 keyword, 19001 token.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from huiyin.notices.carriers import wire
from huiyin.notices.carriers.errors import Misconfigured, NotTaken, Refused, Throttled, Unreachable
from huiyin.notices.outgoing import Outgoing

WECOM_LONGEST = 4096  # bytes of a markdown message
LONGEST = 18_000  # bytes; DingTalk and Feishu take 20 KB as a whole
JSON = {"Content-Type": "application/json; charset=utf-8"}


@dataclass(frozen=True)
class Robot:
    """Where it is, and what it asks for."""

    address: str
    secret: str = ""
    keyword: str = ""


def wecom(robot: Robot, message: Outgoing, *, at: datetime) -> None:
    """The group has it. Raises NotTaken."""
    content = _with_keyword(robot, message.markdown)
    _send(robot.address, {"msgtype": "markdown", "markdown": {"content": _cut(content, WECOM_LONGEST)}}, _wecom_says)


def dingtalk(robot: Robot, message: Outgoing, *, at: datetime) -> None:
    """The group has it. Raises NotTaken."""
    address = robot.address
    if robot.secret:
        moment = str(int(at.timestamp() * 1000))
        signature = _signed(robot.secret.encode(), f"{moment}\n{robot.secret}".encode())
        joint = "&" if "?" in address else "?"
        address += f"{joint}timestamp={moment}&sign={quote(signature, safe='')}"
    text = _cut(_with_keyword(robot, message.markdown), LONGEST)
    markdown = {"title": _with_keyword(robot, message.title)[:100], "text": text}
    _send(address, {"msgtype": "markdown", "markdown": markdown}, _dingtalk_says)


def feishu(robot: Robot, message: Outgoing, *, at: datetime) -> None:
    """The group has it. Raises NotTaken."""
    content: dict[str, Any] = {
        "msg_type": "interactive",
        "card": {
            "config": {"wide_screen_mode": True},
            "header": {
                "title": {"tag": "plain_text", "content": _with_keyword(robot, message.title)[:100]},
                "template": "red" if message.is_urgent else "blue",
            },
            "elements": [{"tag": "div", "text": {"tag": "lark_md", "content": _cut(message.markdown, LONGEST)}}],
        },
    }
    if robot.secret:
        moment = str(int(at.timestamp()))
        content |= {"timestamp": moment, "sign": _signed(f"{moment}\n{robot.secret}".encode(), b"")}
    _send(robot.address, content, _feishu_says)


def _send(address: str, content: Mapping[str, Any], says: Callable[[Mapping[str, Any]], NotTaken | None]) -> None:
    answer = wire.post(address, json.dumps(content, ensure_ascii=False).encode(), JSON)
    try:
        told = json.loads(answer.body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        if answer.status >= 300:
            raise Misconfigured(f"HTTP {answer.status}")
        raise Unreachable("不是机器人的回应 (not a robot's answer)")
    if (reason := says(told)) is not None:
        raise reason
    if answer.status >= 300:
        raise Misconfigured(f"HTTP {answer.status}")


def _wecom_says(told: Mapping[str, Any]) -> NotTaken | None:
    code, words = _code(told, "errcode"), _words(told, "errmsg")
    if code == 0:
        return None
    if code == 45009:
        return Throttled(words, seconds=60)
    if code in (-1, None):  # "system busy"
        return Unreachable(words)
    if code in (40008, 40058, 44004, 45002):  # type, parameter, empty, too long: this message, not the robot
        return Refused(words)
    return Misconfigured(words)  # 93000 unknown key, 40014, 60020 address not trusted, ...


def _dingtalk_says(told: Mapping[str, Any]) -> NotTaken | None:
    code, words = _code(told, "errcode"), _words(told, "errmsg")
    if code == 0:
        return None
    if code in (130101, 410100, 90030, 660026):  # too fast: it says nothing for ten minutes
        return Throttled(words, seconds=600)
    if code in (-1, None):
        return Unreachable(words)
    if code in (40035, 43004, 400013, 460101):  # a parameter, or the message itself
        return Refused(words)
    return Misconfigured(words)  # 310000 keyword, signature or address; 300001 token; 400101, 400102 switched off


def _feishu_says(told: Mapping[str, Any]) -> NotTaken | None:
    code = _code(told, "code")
    code = _code(told, "StatusCode") if code is None else code  # the older answer
    words = _words(told, "msg")
    if code == 0:
        return None
    if code in (11232, 11233, 99991400) or (code == 9499 and _is_about_pace(words)):
        return Throttled(words, seconds=60)
    if code is None:
        return Unreachable(words)
    if code in (9499, 11246, 19002, 230001, 10208):  # bad request: this message
        return Refused(words)
    return Misconfigured(words)  # 19001 token, 19021 signature or clock, 19022 address, 19024 keyword


def _is_about_pace(words: str) -> bool:
    return any(each in words.lower() for each in ("too many", "limit"))


def _code(told: Mapping[str, Any], name: str) -> int | None:
    given = told.get(name)
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def _words(told: Mapping[str, Any], name: str) -> str:
    code = next((told[each] for each in ("errcode", "code", "StatusCode") if each in told), "?")
    return f"{code}: {str(told.get(name, ''))[:200]}"


def _signed(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def _with_keyword(robot: Robot, words: str) -> str:
    return words if not robot.keyword or robot.keyword in words else f"{robot.keyword} {words}"


def _cut(words: str, longest: int) -> str:
    """No more bytes than that; at the end of a line where one is lost."""
    if len(words.encode()) <= longest:
        return words
    kept = words.encode()[: longest - 4].decode("utf-8", "ignore")
    return kept.rsplit("\n", 1)[0] + "\n…"
