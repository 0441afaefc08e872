"""Jobs: each loads and calls one function."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.complaints import tracking
from huiyin.complaints.actions import receipting


@app.task(name="portal.send_link", retry=3)
def send_link(number: str, phone_digest: str) -> None:
    complaint = tracking.by_number(number, phone_digest=phone_digest)
    if complaint is not None:
        receipting.send_link(complaint, at=timezone.now())
