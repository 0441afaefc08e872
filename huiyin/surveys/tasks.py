"""Jobs: each loads by id and calls one action."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.complaints.models import Complaint
from huiyin.surveys.actions import inviting


@app.task(name="surveys.begin", retry=5)
def begin(complaint_id: int) -> None:
    inviting.begin(Complaint.objects.get(pk=complaint_id), at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="surveys.send", queueing_lock="surveys.send")
def send(timestamp: int) -> None:
    at = timezone.now()
    inviting.rest(at=at)
    inviting.send(at=at)
    inviting.remind(at=at)
