"""A group of the company's WeCom, made and filled by an app of its own; off unless HUIYIN_WECOM_CORP_ID is set.

As WeCom documents it (developer.work.weixin.qq.com/document/path/ 91039 gettoken, 90245 appchat/create, 90246 update,
90248 send): the app must be the company's own and see the root department; 2 to 500 people, by userid, which is ours
name; a name of at most 50 characters; a chatid of ours, [0-9a-zA-Z]{1,32}, so that to make it twice is one group;
the group is seen once something was said in it. errcode 86215: it is there already; 40031, 60111: no such userid;
40001, 40013, 40091: corp id or secret; 60011: the app may not; 60020: our address is not trusted; 45009: too often.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from huiyin.notices.carriers import wire
from huiyin.notices.carriers.errors import Misconfigured, NotTaken, Refused, Throttled, Unreachable

LEAST, MOST, LONGEST_NAME = 2, 500, 50
EXISTS = 86215
JSON = {"Content-Type": "application/json; charset=utf-8"}


def is_configured() -> bool:
    return bool(settings.HUIYIN_WECOM_CORP_ID and settings.HUIYIN_WECOM_CORP_SECRET)


def gather(chat: str, *, name: str, people: Sequence[str], new: Sequence[str], words: str) -> None:
    """The group stands with these people, `new` of them added where it stood before, and the words are said in it.
    Doing it twice makes one group. Raises NotTaken."""
    token = _token()
    made = {"chatid": chat, "name": name[:LONGEST_NAME], "owner": people[0], "userlist": list(people[:MOST])}
    told = _ask("appchat/create", token, made, but=EXISTS)
    if told.get("errcode") == EXISTS and new:
        _ask("appchat/update", token, {"chatid": chat, "add_user_list": list(new[:MOST])})
    _ask("appchat/send", token, {"chatid": chat, "msgtype": "text", "text": {"content": words}, "safe": 0})


def _token() -> str:
    query = {"corpid": settings.HUIYIN_WECOM_CORP_ID, "corpsecret": settings.HUIYIN_WECOM_CORP_SECRET}
    told = _read(wire.get(f"{settings.HUIYIN_WECOM_URL}/cgi-bin/gettoken?{urlencode(query)}"))
    if (reason := _says(told)) is not None:
        raise reason
    return str(told.get("access_token", ""))


def _ask(place: str, token: str, content: Mapping[str, Any], *, but: int = 0) -> Mapping[str, Any]:
    address = f"{settings.HUIYIN_WECOM_URL}/cgi-bin/{place}?{urlencode({'access_token': token})}"
    told = _read(wire.post(address, json.dumps(content, ensure_ascii=False).encode(), JSON))
    if (reason := _says(told)) is not None and told.get("errcode") != but:
        raise reason
    return told


def _read(answer: wire.Answer) -> Mapping[str, Any]:
    try:
        told = json.loads(answer.body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Unreachable(f"HTTP {answer.status}")
    return told


def _says(told: Mapping[str, Any]) -> NotTaken | None:
    code, words = told.get("errcode"), f"{told.get('errcode')} {told.get('errmsg', '')}"
    if code == 0:
        return None
    if code in (-1, None, 40014, 42001):  # "system busy"; a token that is over: the next try asks for another
        return Unreachable(words)
    if code in (45009, 45033):
        return Throttled(words, seconds=60)
    return Refused(words) if code in (40031, 60111, 86215) else Misconfigured(words)
