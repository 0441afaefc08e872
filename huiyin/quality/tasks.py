"""Jobs: each loads by id and calls one action."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.complaints.models import Complaint
from huiyin.lib.sweeping import until_done
from huiyin.quality.actions import assessing, recurring, reminding, reporting


@app.periodic(cron="* * * * *")
@app.task(name="quality.sweep_missed", queueing_lock="quality.sweep_missed")
def sweep_missed(timestamp: int) -> None:
    until_done(lambda: reporting.sweep_missed(at=timezone.now()))


@app.periodic(cron="*/5 * * * *")
@app.task(name="quality.remind", queueing_lock="quality.remind")
def remind(timestamp: int) -> None:
    reminding.sweep(at=timezone.now())


@app.task(name="quality.assess", retry=5)
def assess(complaint_id: int) -> None:
    assessing.assess(Complaint.objects.get(pk=complaint_id), at=timezone.now())


@app.task(name="quality.count_recurrence", retry=5)
def count_recurrence(complaint_id: int) -> None:
    recurring.count(Complaint.objects.get(pk=complaint_id), at=timezone.now())
