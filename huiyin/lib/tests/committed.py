"""For tests of what happens between transactions: what they write is really written.

Not django_db(transaction=True): that empties all tables after the test, and the record of events, which only grows,
refuses to be emptied. A test that uses this takes away what it made.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        connection.close()
