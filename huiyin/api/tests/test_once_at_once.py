"""Two that come at the same moment need two connections, and what they write is really written."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from huiyin.api.tests.calling import BODY, Caller
from huiyin.complaints.models import Complaint
from huiyin.lib.tests.committed import committed as committed
from tests import cast

OURS = (
    "^(api|channels|coaching|compensation|complaints|customers|dispatch|insight|knowledge|lib|org|quality|sla|triage"
    "|procrastinate)_"
)


def empty_the_tables() -> None:
    """What the record's triggers forbid to everybody else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(tablename, ', ') FROM pg_tables WHERE tablename ~ %s", [OURS])
        [tables] = cursor.fetchone()
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {tables} CASCADE")
        cursor.execute("SET session_replication_role = DEFAULT")


def ask(call: Caller, key: str) -> Any:
    try:
        return call.post("/complaints", BODY | {"order_no": key}, idempotency_key=key)
    finally:
        connection.close()


@pytest.fixture
def _company(committed: None) -> Iterator[None]:
    cast.company()
    yield
    empty_the_tables()


@pytest.mark.usefixtures("_company")
def test_twins_at_once_make_one_complaint_and_get_one_answer() -> None:
    callers = [Caller("agent") for _twin in range(4)]

    for round_ in range(5):
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda call: ask(call, f"TWIN-{round_}"), callers))  # noqa: B023  # used at once

        assert [answer.status_code for answer in answers] == [201] * 4
        assert len({answer.content for answer in answers}) == 1
        assert Complaint.objects.filter(order_no=f"TWIN-{round_}").count() == 1
