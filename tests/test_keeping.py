"""The company that tests begin with: the same rows each time, and nothing left of another test's."""

import time

import pytest

from huiyin.triage import queries
from huiyin.triage.book import Book
from huiyin.triage.models import Category
from tests import cast


@pytest.mark.django_db
def test_what_another_test_graded_by_is_forgotten_with_its_rows() -> None:
    """Else complaints are filed under the key of a category that has gone: a test with a real transaction fails at its
    end, where another ran within five seconds before it (dispatch: two workers at once)."""
    queries._kept.book = Book.of([], [], {}, version="gone", category_ids={"PQ-01": 10**9})
    queries._kept.checked_at = time.monotonic()

    cast.company()

    assert queries.book().category_ids["PQ-01"] == Category.objects.get(code="PQ-01").pk
