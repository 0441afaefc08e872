"""Every kind of notice that words can be edited for and a preference ticked is sent by somebody."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

import huiyin
from huiyin.notices.kinds import kinds
from huiyin.notices.models import Notice
from huiyin.quality.models import Notice as IncidentNotice
from huiyin.supervision.actions import days_ending
from tests import cast


def test_every_shipped_kind_has_a_sender() -> None:
    root = Path(huiyin.__file__).parent
    apps = (path for path in root.rglob("*.py") if not {"tests", "migrations"} & set(path.parts))
    source = "\n".join(path.read_text("utf-8") for path in apps if path.parent != root / "notices")
    built = {f"incident_{kind}" for kind in IncidentNotice.Kind.values}  # by name (quality/actions/telling.py)

    assert [code for code in kinds() if f'"{code}"' not in source and code not in built] == []


@pytest.mark.django_db
def test_administrators_hear_once_a_week_that_the_known_days_end_and_only_within_sixty_days() -> None:
    cast.company()
    monday = cast.MONDAY
    assert days_ending.warn(at=monday - timedelta(days=60)) == 0

    told = [days_ending.warn(at=monday + timedelta(days=days)) for days in (0, 1, 6, 7)]

    assert told == [1, 0, 0, 1]
    first = Notice.objects.filter(kind="calendar_ending").order_by("pk")[0]
    assert (first.member.username, first.values, first.link) == (
        "admin", {"until": "2026-12-31"}, reverse("desk:settings-days"),
    )  # fmt: skip
