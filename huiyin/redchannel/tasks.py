"""Jobs: each loads by id and calls one action."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huiyin.complaints.models import Complaint
from huiyin.lib.sweeping import until_done
from huiyin.redchannel.actions import daily, gathering, paging, reports

AGAIN = RetryStrategy(max_attempts=8, exponential_wait=2)


@app.task(name="redchannel.consider", retry=AGAIN)
def consider(complaint_id: int) -> None:
    paging.consider(Complaint.objects.get(pk=complaint_id), at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="redchannel.page_again", queueing_lock="redchannel.page_again")
def page_again(timestamp: int) -> None:
    until_done(lambda: paging.sweep(at=timezone.now()))


@app.task(name="redchannel.gather", retry=AGAIN)
def gather(complaint_id: int) -> None:
    gathering.gather(complaint_id, at=timezone.now())


@app.task(name="redchannel.follow_reports", retry=AGAIN)
def follow_reports(complaint_id: int) -> None:
    reports.follow(Complaint.objects.get(pk=complaint_id), at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="redchannel.report_daily", queueing_lock="redchannel.report_daily")
def report_daily(timestamp: int) -> None:
    daily.report(at=timezone.now())
