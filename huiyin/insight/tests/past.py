"""Complaints of the past, already answered, for figures."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from huiyin.complaints.models import Complaint
from huiyin.intake.actions.taking_in import take_in_many
from huiyin.intake.arrival import Arrival
from huiyin.org.actors import SYSTEM, Actor
from tests.cast import MONDAY, TEXT

NOW = MONDAY + timedelta(days=4)


def answered(
    hours: Iterable[float],
    *,
    received_at: datetime,
    category: str = "PQ-01",
    by: Actor = SYSTEM,
    phone: str = "13900001111",
    **columns: Any,
) -> list[Complaint]:
    """One for each, answered and closed so many hours after its receipt; each received a minute after the last. Of one
    customer, or of the one each with the `phone` that a number is put into."""
    arrivals = [
        Arrival(
            text=f"{TEXT}（{place}）",
            channel="import",
            category=category,
            name="客户张伟",
            phone=phone.format(place),
            received_at=received_at + timedelta(minutes=place),
            reply="已换新",
            replied_at=received_at + timedelta(minutes=place, hours=each),
        )
        for place, each in enumerate(hours)
    ]
    taken = [each.complaint for each in take_in_many(arrivals, actor=by, at=NOW)]
    Complaint.objects.filter(pk__in=[each.pk for each in taken]).update(**{"severity": 3, **columns})
    return taken
