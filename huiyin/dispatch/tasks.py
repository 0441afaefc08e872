"""Jobs: each loads by id and calls one action."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.complaints.models import Complaint
from huiyin.dispatch.actions import automatic, clearing, dispatching, following, nudging
from huiyin.lib.sweeping import until_done


@app.task(name="dispatch.cancel_orders", retry=5)
def cancel_orders(complaint_id: int) -> None:
    dispatching.cancel_all(Complaint.objects.get(pk=complaint_id), at=timezone.now())


@app.task(name="dispatch.send_out_by_rule", retry=5)
def send_out_by_rule(complaint_id: int) -> None:
    automatic.send_out_by_rule(Complaint.objects.get(pk=complaint_id), at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="dispatch.nudge", queueing_lock="dispatch.nudge")
def nudge(timestamp: int) -> None:
    until_done(lambda: nudging.sweep(at=timezone.now()))


@app.task(name="dispatch.clear_demo", queueing_lock="dispatch.clear_demo", retry=2)
def clear_demo() -> None:
    until_done(lambda: clearing.clear_some(at=timezone.now()))
    clearing.finish(at=timezone.now())


@app.task(name="dispatch.follow_clocks", retry=5)
def follow_clocks(complaint_id: int) -> None:
    following.follow_clocks(Complaint.objects.get(pk=complaint_id))
