"""The rounds of what is to go out. One job for each lane, so that one that hangs holds up no other."""

from __future__ import annotations

from contextlib import suppress

from django.utils.timezone import now
from procrastinate import exceptions
from procrastinate.contrib.django import app

from huiyin.notices.actions import clearing, delivering
from huiyin.notices.actions.telling import TASK


@app.task(name=TASK, queue="notices")
def deliver_due() -> None:
    for lane in delivering.lanes_due(at=now()):
        with suppress(exceptions.AlreadyEnqueued):
            deliver_lane.configure(lock=f"notices:{lane}", queueing_lock=f"notices:{lane}").defer(lane=lane)


@app.periodic(cron="* * * * *")
@app.task(name="notices.deliver_round", queue="notices", queueing_lock="notices.deliver_round")
def deliver_round(timestamp: int) -> None:
    deliver_due()


@app.task(name="notices.deliver_lane", queue="notices")
def deliver_lane(lane: str) -> None:
    delivering.deliver_lane(lane, at=now())


@app.periodic(cron="50 3 * * *")
@app.task(name="notices.clear", queue="notices", queueing_lock="notices.clear")
def clear(timestamp: int) -> None:
    while clearing.clear(at=now()):
        pass
