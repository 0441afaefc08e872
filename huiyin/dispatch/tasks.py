"""Jobs: each loads by id and calls one action."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.complaints.models import Complaint
from huiyin.dispatch.actions import dispatching


@app.task(name="dispatch.cancel_orders", retry=5)
def cancel_orders(complaint_id: int) -> None:
    dispatching.cancel_all(Complaint.objects.get(pk=complaint_id), at=timezone.now())
