"""Old notices go, read ones first; what left the house stays on record."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from huiyin.notices.actions import clearing
from huiyin.notices.models import Delivery, Notice
from huiyin.notices.tests.factories import NOON, member, tell

pytestmark = pytest.mark.django_db


def test_old_notices_are_cleared_in_batches_but_what_went_out_stays_for_three_years(settings: Settings) -> None:
    settings.HUIYIN_NOTICES_KEPT_DAYS = 90
    lilei = member()
    for days in (1, 89, 91, 100, 361, 400, 1200):
        for word in ("read", "unread", "mailed"):
            tell(lilei, key=f"{word}-{days}", at=NOON - timedelta(days=days))
    Notice.objects.exclude(key__startswith="unread").update(seen_at=NOON)
    Delivery.objects.exclude(key__startswith="mailed").delete()

    batches = [clearing.clear(at=NOON, limit=4) for _again in range(4)]

    assert batches == [4, 4, 1, 0]
    left = sorted(Notice.objects.values_list("key", flat=True))
    assert left == sorted(
        [
            *(f"read-{days}" for days in (1, 89)),
            *(f"unread-{days}" for days in (1, 89, 91, 100)),
            *(f"mailed-{days}" for days in (1, 89, 91, 100, 361, 400)),
        ]
    )
    assert Delivery.objects.count() == 6
