"""What is written to our robot in the company's chat, as DingTalk hands it over; see docs/chat.md.

Its protocol (open.dingtalk.com/document/isvapp/receive-message): a POST of JSON with the headers `timestamp`
(milliseconds) and `sign` = Base64(HmacSHA256(appSecret, "timestamp\\nappSecret")). The signature does not cover the
body; so it is good for ten minutes (the maker says an hour) and for one message, and the way must be HTTPS.
"""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from pydantic_core import from_json, to_json

from huiyin.api.problems import Problem, answer
from huiyin.channels.models import ChatRobot
from huiyin.lib.clean import TooLong
from huiyin.lib.limits import hit
from huiyin.supervision.actions.hearing import Heard, Replayed, hear, pass_over

LARGEST = 64 * 1024
GOOD_FOR = timedelta(minutes=10)
A_MINUTE, REFUSALS_A_MINUTE = 120, 30  # of one robot; of one address


@csrf_exempt
def dingtalk(request: HttpRequest, robot: int) -> HttpResponse:
    """200 with a sentence for the group, whatever was written; a problem only where DingTalk itself did not ask."""
    try:
        return JsonResponse({"msgtype": "text", "text": {"content": _heard(request, robot)}})
    except Problem as problem:
        return answer(problem)


def _heard(request: HttpRequest, key: int) -> str:
    if request.method != "POST":
        raise Problem(405, headers={"Allow": "POST"})
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal():
        raise Problem(400)
    if int(length) > LARGEST or len(request.body) > LARGEST:
        raise Problem(413)
    robot = ChatRobot.objects.filter(pk=key, is_active=True).first()
    sign = request.headers.get("sign", "")
    if robot is None or not is_signed(robot.secret, request.headers.get("timestamp", ""), sign):
        address = request.META.get("REMOTE_ADDR", "")
        if not hit(f"chat-refused:{address}", limit=REFUSALS_A_MINUTE, per_seconds=60, at=timezone.now()):
            raise Problem(429, headers={"Retry-After": "60"})
        raise Problem(403, _("签名不对，或时间相差太多。"), kind="signature")
    if not hit(f"chat:{robot.pk}", limit=A_MINUTE, per_seconds=60, at=timezone.now()):
        raise Problem(429, headers={"Retry-After": "60"})
    given, is_words = _read(request)
    try:
        if not is_words:
            pass_over(robot, given, signature=sign, at=timezone.now())
            return _("目前只能记录文字消息。")
        return hear(robot, given, signature=sign, at=timezone.now())
    except Replayed as replayed:
        raise Problem(403, _("这个签名已经用过。"), kind="signature") from replayed
    except TooLong:
        return _("内容太长，没有记录，请分几条发送。")


def is_signed(secret: str, moment: str, sign: str) -> bool:
    """By this secret, just now."""
    if not (moment.isascii() and moment.isdigit() and len(moment) == 13):
        return False
    if abs(timezone.now().timestamp() - int(moment) / 1000) > GOOD_FOR.total_seconds():
        return False
    right = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
    return hmac.compare_digest(base64.b64encode(right), sign.encode("utf-8", "replace"))


def _read(request: HttpRequest) -> tuple[Heard, bool]:
    """And whether it is words: a picture, a file and the like are not. Raises Problem."""
    try:
        body: Any = from_json(request.body, allow_inf_nan=False)
    except ValueError as error:
        raise Problem(400) from error
    if not isinstance(body, dict) or not _line(body, "msgId") or not _line(body, "senderStaffId", "senderId"):
        raise Problem(400)
    given = body.get("text")
    text = given.get("content") if body.get("msgtype") == "text" and isinstance(given, dict) else None
    replied = given.get("repliedMsg") if isinstance(given, dict) else None
    heard = Heard(
        message_id=_line(body, "msgId"), sender=_line(body, "senderStaffId", "senderId"),
        conversation=_line(body, "conversationTitle"), conversation_id=_line(body, "conversationId"),
        text=text if isinstance(text, str) else "",
        replied=to_json(replied).decode() if isinstance(replied, dict) else "",
    )  # fmt: skip
    return heard, isinstance(text, str)


def _line(body: dict[str, Any], *names: str) -> str:
    """The first of them that is given."""
    found = (body[name] for name in names if isinstance(body.get(name), str) and body[name])
    return next(found, "").replace("\x00", "")[:128]
