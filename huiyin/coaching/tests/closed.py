"""Complaints that were closed in a month, as many as asked for."""

from datetime import UTC, datetime
from typing import Any

from huiyin.complaints.models import Complaint
from tests import cast

OCTOBER = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)


def closed(count: int, *, at: datetime = OCTOBER, by: str = "agent", **given: Any) -> list[Complaint]:
    """Closed by that agent; `given` replaces what else there is of the rows."""
    made = [cast.filed() for _each in range(count)]
    values = {
        "state": "closed",
        "closed_at": at,
        "assignee": cast.member(by),
        "severity": 3,
        "channel": "phone",
        **given,
    }
    Complaint.objects.filter(pk__in=[each.pk for each in made]).update(**values)
    return list(Complaint.objects.filter(pk__in=[each.pk for each in made]).order_by("pk"))
