"""Jobs: each loads by id and calls one action."""

from collections.abc import Sequence

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huiyin.complaints.models import Complaint
from huiyin.dispatch.actions.following import follow_clocks
from huiyin.lib.sweeping import until_done
from huiyin.supervision.actions import (
    authorities,
    climbing,
    days_ending,
    hearing,
    low_ratings,
    on_duty,
    passing_on,
    queueing,
    routed,
    supervising,
    taking_back,
    telling,
)

AGAIN = RetryStrategy(max_attempts=8, exponential_wait=2)


@app.task(name="supervision.tell_of_time", retry=AGAIN)
def tell_of_time(complaint_ids: Sequence[int]) -> None:
    telling.tell_of_time(complaint_ids, at=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="supervision.catch_up", queueing_lock="supervision.catch_up")
def catch_up(timestamp: int) -> None:
    telling.catch_up(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="supervision.climb", queueing_lock="supervision.climb")
def climb(timestamp: int) -> None:
    until_done(lambda: climbing.sweep(at=timezone.now()))


@app.task(name="supervision.watch_signing", retry=AGAIN)
def watch_signing(complaint_id: int) -> None:
    taking_back.watch(Complaint.objects.get(pk=complaint_id), at=timezone.now())


@app.task(name="supervision.follow_level", retry=AGAIN)
def follow_level(complaint_id: int) -> None:
    complaint, at = Complaint.objects.get(pk=complaint_id), timezone.now()
    follow_clocks(complaint)  # the orders' windows first: they are what is watched
    taking_back.shorten_windows(complaint)
    taking_back.watch(complaint, at=at)
    climbing.change_ladders(complaint, at=at)


@app.periodic(cron="* * * * *")
@app.task(name="supervision.take_back", queueing_lock="supervision.take_back")
def take_back(timestamp: int) -> None:
    until_done(lambda: taking_back.sweep(at=timezone.now()))


@app.periodic(cron="*/5 * * * *")
@app.task(name="supervision.ask_for_answers", queueing_lock="supervision.ask_for_answers")
def ask_for_answers(timestamp: int) -> None:
    until_done(lambda: supervising.sweep(at=timezone.now()))


@app.task(name="supervision.pass_on", retry=AGAIN)
def pass_on(complaint_id: int) -> None:
    passing_on.pass_on(Complaint.objects.get(pk=complaint_id), at=timezone.now())


@app.task(name="supervision.follow_routing", retry=AGAIN)
def follow_routing(complaint_id: int) -> None:
    routed.follow_routing(Complaint.objects.get(pk=complaint_id), at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="supervision.bring_to_desks", queueing_lock="supervision.bring_to_desks")
def bring_to_desks(timestamp: int) -> None:
    on_duty.bring_to_desks(at=timezone.now())


@app.periodic(cron="17 * * * *")
@app.task(name="supervision.warn_of_gaps", queueing_lock="supervision.warn_of_gaps")
def warn_of_gaps(timestamp: int) -> None:
    on_duty.warn_of_gaps(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="supervision.alert_waiting", queueing_lock="supervision.alert_waiting")
def alert_waiting(timestamp: int) -> None:
    queueing.alert(at=timezone.now())


@app.task(name="supervision.take_up_rating", retry=AGAIN)
def take_up_rating(complaint_id: int) -> None:
    low_ratings.take_up(Complaint.objects.get(pk=complaint_id), at=timezone.now())


@app.periodic(cron="43 3 * * *")
@app.task(name="supervision.forget_chat", queueing_lock="supervision.forget_chat")
def forget_chat(timestamp: int) -> None:
    hearing.forget(at=timezone.now())


@app.periodic(cron="7 * * * *")
@app.task(name="supervision.warn_of_authorities", queueing_lock="supervision.warn_of_authorities")
def warn_of_authorities(timestamp: int) -> None:
    authorities.warn(at=timezone.now())


@app.periodic(cron="23 1 * * *")
@app.task(name="supervision.warn_of_days", queueing_lock="supervision.warn_of_days")
def warn_of_days(timestamp: int) -> None:
    days_ending.warn(at=timezone.now())
