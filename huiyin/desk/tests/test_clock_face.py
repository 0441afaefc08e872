"""The drawing of one promise."""

from datetime import timedelta

import pytest

from huiyin.complaints.models import Clock
from huiyin.desk.clockface import face_of
from huiyin.sla.queries import current
from tests import cast
from tests.cast import MONDAY, later


@pytest.mark.django_db
def test_a_promise_of_thirty_years_is_drawn_for_four_hundred_days_and_said_in_full() -> None:
    cast.company()
    clock = Clock.objects.get(complaint=cast.filed(), code="CK-RESOLVE")
    clock.due_at = MONDAY + timedelta(days=30 * 365)

    face = face_of(clock, [], current(), at=later(days=20 * 365))

    drawn = timedelta(seconds=face.until_second - face.from_second)
    assert drawn <= timedelta(days=400) * 1.1 + timedelta(seconds=2)
    assert len(face.bands) <= 442
    assert [mark.at for mark in face.marks if mark.sort == "due"] == [clock.due_at]
