"""Jobs of the outbox."""

from __future__ import annotations

from django.utils.timezone import now
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huiyin.channels.actions import sending
from huiyin.channels.models import Message


@app.task(name=sending.TASK, queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def deliver_message(message_id: int) -> None:
    sending.deliver(Message.objects.get(pk=message_id), at=now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="channels.deliver_waiting", queue="mail", queueing_lock="channels.deliver_waiting")
def deliver_waiting(timestamp: int) -> None:
    sending.deliver_waiting(at=now())
