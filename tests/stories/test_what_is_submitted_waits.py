"""From the front desk's submit button to the reviewer's queue."""

import pytest

from huiyin.desk.shelves import BY_NAME
from tests import cast
from tests.cast import actor


@pytest.mark.django_db
@pytest.mark.req("A42")
def test_what_is_submitted_waits_for_review_at_once() -> None:
    cast.company()
    complaint = cast.filed(by=actor("agent"))

    waiting = BY_NAME["review"].rows(cast.member("reviewer"), cast.later())
    assert list(waiting.values_list("number", flat=True)) == [complaint.number]
