"""What is left of messages whose time of keeping is over: that they came or went, when, and their hash."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from huiyin.channels.models import Message


class StillWaiting(Exception):
    """A message that is not sent yet cannot lose what it says."""


@transaction.atomic
def erase(message_ids: Collection[int]) -> int:
    """Sender, recipient, subject and raw bytes are gone; returns of how many messages. Whether they may go, the
    complaint that they belong to decides, a layer above. Raises StillWaiting."""
    chosen = Message.objects.filter(pk__in=message_ids)
    if chosen.unsent().exists():
        raise StillWaiting
    return chosen.update(sender="", recipient="", subject="", raw=b"", error="", files=[])
