"""Rate limits that hold across processes and hosts: one atomic upsert in PostgreSQL for each hit."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from huiyin.lib.models import Window
from huiyin.lib.sealed import digest

_HIT = """
INSERT INTO lib_window AS w (bucket, started_at, hits) VALUES (%s, %s, 1)
ON CONFLICT (bucket) DO UPDATE SET
    hits = CASE WHEN w.started_at <= %s THEN 1 ELSE LEAST(w.hits, 1000000) + 1 END,
    started_at = CASE WHEN w.started_at <= %s THEN %s ELSE w.started_at END
RETURNING hits
"""


def hit(bucket: str, *, limit: int, per_seconds: int, at: datetime) -> bool:
    """Count one hit; True while there were no more than `limit` in the window that the first hit opened.

    The bucket is stored as a digest: it may name an address or an account.
    """
    expired = at - timedelta(seconds=per_seconds)
    with connection.cursor() as cursor:
        cursor.execute(_HIT, [digest(bucket), at, expired, expired, at])
        row = cursor.fetchone()
    return row is not None and int(row[0]) <= limit


def hits(bucket: str, *, per_seconds: int, at: datetime) -> int:
    """How many hits the window that is open now has counted; asking counts nothing."""
    since = at - timedelta(seconds=per_seconds)
    found = Window.objects.filter(bucket=digest(bucket), started_at__gt=since).values_list("hits", flat=True)
    return next(iter(found), 0)


def sweep(*, before: datetime) -> int:
    """Forget the windows opened before that time; returns how many."""
    return Window.objects.filter(started_at__lt=before).delete()[0]
