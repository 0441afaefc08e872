"""Jobs: each loads by id and calls one action."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.complaints.actions import (
    anchoring,
    attending,
    closing,
    drafting,
    extending,
    receipting,
    reckoning,
    regrading,
    regulating,
    scheduling,
    sweeping,
    tiering,
    waiting,
)
from huiyin.complaints.models import Complaint, Letter
from huiyin.lib.sweeping import until_done
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.models import Change
from huiyin.sla.queries import current


@app.task(name="complaints.acknowledge_receipt", retry=5)
def acknowledge_receipt(complaint_id: int) -> None:
    receipting.acknowledge(Complaint.objects.get(pk=complaint_id), at=timezone.now())


@app.task(name=scheduling.TASK, retry=5)
def release_letter(letter_id: int) -> None:
    if letter := Letter.objects.filter(pk=letter_id).first():
        scheduling.release(letter, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="complaints.release_lost_letters", queueing_lock="complaints.release_lost_letters")
def release_lost_letters(timestamp: int) -> None:
    scheduling.release_lost(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="complaints.sweep", queueing_lock="complaints.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    until_done(lambda: sweeping.sweep(at=timezone.now()))
    until_done(lambda: extending.lapse(at=timezone.now()))


@app.periodic(cron="* * * * *")
@app.task(name="complaints.sweep_pauses", queueing_lock="complaints.sweep_pauses")
def sweep_pauses(timestamp: int) -> None:
    until_done(lambda: waiting.sweep_pauses(at=timezone.now()))


@app.task(name="complaints.reckon", lock="complaints.reckon", retry=5)
def reckon(change_id: int) -> None:
    ordered = Change.objects.select_related("made_by").get(pk=change_id)
    by = Actor.of(ordered.made_by) if ordered.made_by else SYSTEM
    reckoning.reckon_all(current(), actor=by, at=timezone.now(), ordered=ordered)


@app.task(name="complaints.customer_answered", retry=5)
def customer_answered(complaint_id: int) -> None:
    waiting.customer_answered(Complaint.objects.get(pk=complaint_id), at=timezone.now())


@app.task(name="complaints.close_agreed", retry=5)
def close_agreed(complaint_id: int) -> None:
    closing.close_agreed(Complaint.objects.get(pk=complaint_id), at=timezone.now())


@app.task(name="complaints.grade_again", retry=5)
def grade_again(complaint_id: int) -> None:
    regrading.hear(Complaint.objects.get(pk=complaint_id), at=timezone.now())


@app.task(name="complaints.count_for_regulators", retry=5)
def count_for_regulators(complaint_id: int) -> None:
    regulating.count_directly(Complaint.objects.get(pk=complaint_id), at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="complaints.close_expired", queueing_lock="complaints.close_expired")
def close_expired(timestamp: int) -> None:
    until_done(lambda: closing.close_expired(at=timezone.now()))


@app.periodic(cron="*/10 * * * *")
@app.task(name="complaints.follow_up", queueing_lock="complaints.follow_up")
def follow_up(timestamp: int) -> None:
    while waiting.follow_up(today=timezone.localdate(), at=timezone.now()):
        pass


@app.periodic(cron="5 0 * * *")
@app.task(name="complaints.anchor", queueing_lock="complaints.anchor")
def anchor(timestamp: int) -> None:
    anchoring.anchor(on=timezone.localdate(), at=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="complaints.forget_absent", queueing_lock="complaints.forget_absent")
def forget_absent(timestamp: int) -> None:
    attending.sweep(at=timezone.now())


@app.periodic(cron="40 3 * * *")
@app.task(name="complaints.forget_drafts", queueing_lock="complaints.forget_drafts")
def forget_drafts(timestamp: int) -> None:
    drafting.forget(at=timezone.now())


@app.periodic(cron="0 19 * * *")  # UTC: at night in China
@app.task(name="complaints.follow_tiers", queueing_lock="complaints.follow_tiers")
def follow_tiers(timestamp: int) -> None:
    """After the night's reckoning of tiers (customers.reckon_tiers)."""
    after = 0

    def batch() -> int:
        nonlocal after
        _count, after = tiering.follow(at=timezone.now(), after=after)
        return after

    until_done(batch)
