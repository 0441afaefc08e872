from __future__ import annotations

from django.db import models


class Window(models.Model):
    """How often one thing happened since the first time; the table behind lib.limits."""

    bucket = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField(db_index=True)
    hits = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.bucket[:12]} {self.hits}"
