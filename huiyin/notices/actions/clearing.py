"""Old notices are cleared away; what went out by mail, phone or group is a record, and is kept as long as the case."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from huiyin.notices.models import Delivery, Notice

UNREAD_AS_LONG = 4  # times as long as what was read
RECORD = timedelta(days=3 * 366)  # C025: what was said within the house stays for three years


def clear(*, at: datetime, limit: int = 2_000) -> int:
    """One batch of them, the oldest first; returns how many are gone, 0 when none is left."""
    kept = timedelta(days=settings.HUIYIN_NOTICES_KEPT_DAYS)
    is_old = Q(seen_at__isnull=False, at__lt=at - kept) | Q(at__lt=at - UNREAD_AS_LONG * kept)
    is_record = Exists(Delivery.objects.filter(notice=OuterRef("pk")))
    old = Notice.objects.filter(is_old, ~is_record | Q(at__lt=at - RECORD), at__lt=at - kept)
    gone = list(old.order_by("at").values_list("pk", flat=True)[:limit])
    Notice.objects.filter(pk__in=gone).delete()
    return len(gone)
