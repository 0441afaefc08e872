"""What was answered about one complaint."""

from huiyin.complaints.models import Complaint
from huiyin.surveys.models import Answer


def latest(complaint: Complaint) -> Answer | None:
    """The answer to how it was closed last, if there is one."""
    if complaint.closed_at is None:
        return None
    return complaint.answers.filter(at__gte=complaint.closed_at).first()


def answers(complaint: Complaint) -> list[Answer]:
    return list(complaint.answers.order_by("at", "id"))
