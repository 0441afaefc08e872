"""The outbox: a message is queued in the transaction of the fact that asks for it, and sent afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q
from procrastinate.contrib.django import app as jobs

from huiyin.channels import email, sms
from huiyin.channels.models import Channel, Message
from huiyin.lib import phones, store
from huiyin.lib.canonical import sha256_hex
from huiyin.lib.clean import clean_line, clean_text

TASK = "channels.deliver_message"
# a worker that claimed a message and died leaves it claimed; after this it may be claimed again
CLAIM_LASTS = timedelta(minutes=10)
MOST_ATTEMPTS = 50  # by the sweep, over some eight hours; what is still refused then stays marked as failed


class BadAddress(ValueError):
    """What stands for the mail address is none."""


class NotDelivered(Exception):
    """The server did not take the message; it is marked failed, with the reason, and may be tried again."""


class NotClaimed(Exception):
    """Somebody else is sending the message at this moment."""


@transaction.atomic
def queue(
    *,
    to: str,
    subject: str,
    body: str,
    at: datetime,
    external_id: str = "",
    reply_to: str = "",
    files: Sequence[Mapping[str, str]] = (),
) -> Message:
    """An outbound mail waits in the outbox, and a job to send it in the queue. Raises BadAddress.

    The external id names it to the outside and becomes the first half of its Message-ID; the same one cannot be queued
    twice. `files`: name, sha256 (in the store) and media_type of each.
    """
    address = clean_line(to)
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadAddress(address) from error
    return _queued(
        Channel.EMAIL,
        address,
        clean_text(body),
        at,
        external_id=external_id,
        sender=reply_to,
        subject=clean_line(subject)[:500],
        files=files,
    )


@transaction.atomic
def queue_sms(*, to: str, body: str, at: datetime, external_id: str = "") -> Message:
    """A short message waits in the outbox, and a job to hand it to the gateway in the queue. Raises BadAddress, and
    sms.NoGateway where none is configured: what can never be sent does not wait."""
    sms.must_be_configured()
    number = phones.normalise(to)
    if len(number) < 5:
        raise BadAddress(to)
    return _queued(Channel.SMS, number, clean_line(body), at, external_id=external_id)


def _queued(
    channel: Channel,
    to: str,
    body: str,
    at: datetime,
    *,
    external_id: str,
    sender: str = "",
    subject: str = "",
    files: Sequence[Mapping[str, str]] = (),
) -> Message:
    raw = body.encode()
    message = Message.objects.create(
        channel=channel,
        direction=Message.Direction.OUT,
        status=Message.Status.QUEUED,
        external_id=external_id or uuid4().hex,
        sender=sender,
        recipient=to,
        subject=subject,
        raw=raw,
        sha256=sha256_hex(raw),
        queued_at=at,
        files=[dict(each) for each in files],
    )
    jobs.configure_task(TASK).defer(message_id=message.pk)
    return message


def message_name(message: Message) -> str:
    """TS20261122-00001.5f0c...: made from what is stored, so that it is the same at every try."""
    return re.sub(r"[^A-Za-z0-9-]+", ".", message.external_id).strip(".") or str(message.pk)


def _claim(message: Message, at: datetime) -> bool:
    """One conditional UPDATE: of two workers one gets it."""
    waiting = Q(status__in=[Message.Status.QUEUED, Message.Status.FAILED])
    abandoned = Q(status=Message.Status.SENDING, claimed_at__lte=at - CLAIM_LASTS)
    claimed = (
        Message.objects.outbound()
        .filter(waiting | abandoned, pk=message.pk)
        .update(status=Message.Status.SENDING, claimed_at=at, attempts=F("attempts") + 1)
    )
    message.refresh_from_db()
    return bool(claimed)


def deliver(message: Message, *, at: datetime) -> None:
    """The mail is with the server, and the message marked sent; one that was sent already is left as it is.

    Not in a transaction: no row is locked while a server is slow, and what the server has taken cannot be rolled
    back. Raises NotDelivered, NotClaimed.
    """
    if not _claim(message, at):
        if message.status == Message.Status.SENT:
            return
        raise NotClaimed(message.pk)
    try:
        _hand_over(message)
    except (SMTPException, OSError, ValueError) as error:
        _close(message, status=Message.Status.FAILED, error=f"{type(error).__name__}: {error}"[:1000])
        raise NotDelivered(message.pk) from error
    _close(message, status=Message.Status.SENT, sent_at=at, error="")


def _hand_over(message: Message) -> None:
    if message.channel == Channel.SMS:
        sms.send(to=message.recipient, body=message.text, name=message.external_id)
        return
    email.send(
        to=message.recipient,
        subject=message.subject,
        body=message.text,
        reply_to=message.sender,
        name=message_name(message),
        files=[(each["name"], each["media_type"], _content(each["sha256"])) for each in message.files],
    )


def _content(sha256: str) -> bytes:
    with store.get(sha256) as kept:
        return bytes(kept.read())


def _close(message: Message, *, status: str, error: str, sent_at: datetime | None = None) -> None:
    """Only while the claim is still ours: a later claimant has the last word."""
    Message.objects.filter(pk=message.pk, status=Message.Status.SENDING, claimed_at=message.claimed_at).update(
        status=status, sent_at=sent_at, error=error, claimed_at=None
    )
    message.refresh_from_db()


def deliver_waiting(*, at: datetime, limit: int = 200) -> int:
    """Send what is still unsent though its job is gone; returns how many went. For the periodic sweep."""
    sent = 0
    waiting = Message.objects.unsent().filter(queued_at__lte=at - CLAIM_LASTS, attempts__lt=MOST_ATTEMPTS)
    for message in waiting.order_by("queued_at")[:limit]:
        try:
            deliver(message, at=at)
        except (NotDelivered, NotClaimed):
            continue
        sent += 1
    return sent
