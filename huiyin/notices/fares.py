"""How each way out fares, for an administrator's eyes: last success, last failure, what waits and what was lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max

from huiyin.notices.models import Delivery, Lane, Target
from huiyin.notices.models.settings import PERSONAL

LATEST = 20


@dataclass(frozen=True)
class Loss:
    """What failed on one lane, for one reason."""

    lane: str
    name: str
    error: str
    count: int
    since: datetime


def of_targets(targets: Sequence[Target]) -> list[Lane]:
    """In the same order; one query."""
    found = Lane.objects.in_bulk([each.lane for each in targets])
    return [found.get(each.lane, Lane(name=each.lane)) for each in targets]


def of_people() -> list[dict[str, Any]]:
    found = Lane.objects.in_bulk([str(way) for way in PERSONAL])
    return [{"label": way.label, "lane": found.get(str(way), Lane(name=str(way)))} for way in PERSONAL]


def failed() -> list[Loss]:
    """The latest first; one row for each lane and reason."""
    rows = Delivery.objects.failed().values("lane", "way", "target__name", "error")
    counted = rows.annotate(count=Count("pk"), latest=Max("tried_since")).order_by("-latest")
    labels = {str(way): str(way.label) for way in PERSONAL}
    return [
        Loss(row["lane"], row["target__name"] or labels.get(row["way"], ""), row["error"], row["count"], row["latest"])
        for row in counted[:LATEST]
    ]
