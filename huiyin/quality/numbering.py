"""Numbers of incidents (SJ) and investigations (DC): the day and the row's own key."""

from datetime import datetime

from django.db import models

from huiyin.lib.bulk import draw, sequence_of
from huiyin.sla.queries import current


def draw_number(model: type[models.Model], prefix: str, at: datetime) -> tuple[int, str]:
    """A key that nobody else gets, and the number made of it."""
    [pk] = draw(sequence_of(model), 1)
    return pk, f"{prefix}{current().calendar.local(at):%Y%m%d}-{pk:04d}"
