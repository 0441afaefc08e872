"""An urgent complaint: its first answer is due half an hour after it came in, whatever its level (C026, C036)."""

from datetime import datetime

from huiyin.complaints.actions import remeasuring
from huiyin.complaints.models import Complaint

URGENT = "urgent"  # the input of sla.yaml


def hurry(complaint: Complaint, *, at: datetime) -> bool:
    """It is urgent from now on, and what is promised sooner for an urgent one is due sooner, from its own start. The
    caller holds the complaint and records why. False where it was urgent before."""
    if complaint.is_urgent:
        return False
    Complaint.objects.filter(pk=complaint.pk).update(is_urgent=True)
    complaint.is_urgent = True
    category = complaint.confirmed_category or complaint.category
    remeasuring.regrade(complaint, issue_class=category.issue_class, acts=category.acts, at=at, minding=URGENT)
    return True
