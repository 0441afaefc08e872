"""How short messages to customers fare, for an administrator's eyes: times, counts, the gateway's words, no message."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Max, Q

from huiyin.channels.models import Channel, Message


@dataclass(frozen=True)
class SmsState:
    """`gateway` is its address without what may be secret in it. Of those that are not taken
    yet `failed` were refused at least once, the last of them with `error`."""

    gateway: str
    has_key: bool
    sent_at: datetime | None
    waiting: int
    failed: int
    failed_at: datetime | None
    error: str


def sms_state() -> SmsState:
    """Three statements, each from a partial index: it costs the same however many were sent."""
    sent = Message.objects.outbound().filter(channel=Channel.SMS, status=Message.Status.SENT)
    unsent = Message.objects.unsent().filter(channel=Channel.SMS)
    refused = Q(status=Message.Status.FAILED)
    counts = unsent.aggregate(
        waiting=Count("pk", filter=~refused), failed=Count("pk", filter=refused), at=Max("queued_at", filter=refused)
    )
    last = unsent.filter(refused).order_by("-queued_at").values_list("error", flat=True).first()
    return SmsState(
        gateway=_shown(settings.HUIYIN_SMS_URL),
        has_key=bool(settings.HUIYIN_SMS_KEY),
        sent_at=sent.order_by("-sent_at").values_list("sent_at", flat=True).first(),
        waiting=counts["waiting"],
        failed=counts["failed"],
        failed_at=counts["at"],
        error=(last or "")[:200],
    )


def _shown(address: str) -> str:
    parts = urlsplit(address)
    place = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{place}{parts.path}" if place else ""
