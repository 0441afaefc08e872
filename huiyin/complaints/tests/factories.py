"""The cast, and complaints in any state, made by the product's own actions."""

from datetime import UTC, datetime, timedelta

from huiyin.org.actions import arranging, members
from huiyin.org.models import Member, Unit

MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


def later(**by: float) -> datetime:
    return MONDAY + timedelta(**by)
