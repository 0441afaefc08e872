"""Fifty workers die by kill -9 while some hundred promises fall due: each breach is on record once, everybody concerned
is told once, nobody is forgotten, and the chain holds."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from huiyin.complaints import auditing
from huiyin.complaints.models import Clock, Event
from huiyin.intake.actions.taking_in import take_in_many
from huiyin.intake.arrival import Arrival
from huiyin.notices.models import Notice
from huiyin.org.actors import SYSTEM
from huiyin.supervision.models import Climb
from tests import cast
from tests.house.lone_worker import begun
from tests.house.running import PATIENCE, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

KILLS = 50
A_WAVE = 6  # promises that fall due while one worker lives
AT_ONCE = 2  # promises that a sweep takes up in one transaction, so that there are many to be killed in
CODES = ("CK-FR", "CK-REVIEW", "CK-INITFB")


@pytest.fixture
def own_database(transactional_db: None) -> Iterator[None]:
    """A copy of the test's database, thrown away afterwards: what the workers commit concerns nobody else."""
    before = connection.settings_dict["NAME"]
    name = f"{before}_killed"
    # a database that is copied must have no sessions: a thread of an earlier test may have kept one
    alone = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{before}'"
    _administer(f'DROP DATABASE IF EXISTS "{name}"', alone, f'CREATE DATABASE "{name}" TEMPLATE "{before}"')
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(*statements: str) -> None:
    connection.close()
    with connection._nodb_cursor() as cursor:  # Django's own way to make test databases
        for statement in statements:
            cursor.execute(statement)


def promises() -> list[Clock]:
    """Late for an hour and a half already, but asleep: nobody has looked at them."""
    cast.company()
    received = timezone.now() - timedelta(hours=2, minutes=30)
    arrivals = [
        Arrival(text=cast.TEXT, channel="phone", name="客户张伟", phone=f"139{number:08}")
        for number in range(KILLS * A_WAVE // 2)
    ]
    take_in_many(arrivals, actor=SYSTEM, at=received)
    jobs.job_manager.connector.execute_query("DELETE FROM procrastinate_jobs")  # what else follows is another story
    Clock.objects.update(attention_at=received + timedelta(days=300))
    return list(Clock.objects.filter(code__in=CODES[:2]).order_by("complaint", "code"))


class Worker:
    """A worker of the product in a process of its own."""

    def __init__(self, *, waits: bool) -> None:
        self.id = 0
        self.process = begun(database=connection.settings_dict["NAME"], limit=AT_ONCE, waits=waits)

    def is_there(self, others: set[int]) -> bool:
        """It has said so to the others, who know it by a number."""
        new = {int(pk) for (pk,) in rows("SELECT id FROM procrastinate_workers")} - others
        self.id = max(new, default=0)
        return bool(new)

    def kill(self) -> None:
        self.process.kill()
        assert self.end() == -signal.SIGKILL

    def end(self) -> int | None:
        """Its exit code; none if it did not end in time."""
        self.process.join(PATIENCE)
        return self.process.exitcode


def rows(question: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall()) if cursor.description else []


def at_work() -> bool:
    return bool(rows("SELECT 1 FROM procrastinate_jobs WHERE status = 'doing' LIMIT 1"))


def hire(alive: list[Worker]) -> None:
    others = {int(pk) for (pk,) in rows("SELECT id FROM procrastinate_workers")}
    worker = Worker(waits=True)
    alive.append(worker)
    wait_for("the worker has begun", lambda: worker.is_there(others))


def the_time_passes(alive: list[Worker]) -> None:
    """The dead are missed, what they were at is queued again, and the sweep is due."""
    dead = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 h' WHERE id <> ALL(%s)"
    rows(dead, [each.id for each in alive])
    for name in ("lib.retry_stalled", "complaints.sweep"):
        with suppress(AlreadyEnqueued):
            jobs.tasks[name].defer(timestamp=0)


def let_fall_due(clocks: list[Clock]) -> None:
    Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).update(attention_at=timezone.now())


@pytest.mark.req("C106", "C060")
@pytest.mark.usefixtures("own_database")
def test_fifty_workers_killed_at_the_sweep_lose_nothing_and_double_nothing() -> None:
    clocks, chance = promises(), Random(7)  # nothing is kept secret with it
    alive: list[Worker] = []
    at_it = 0
    try:
        for number in range(KILLS):
            while len(alive) < 2:
                hire(alive)
            let_fall_due(clocks[number * A_WAVE : (number + 1) * A_WAVE])
            the_time_passes(alive)
            wait_for("one is at work", at_work, patience=10)
            moment = time.monotonic() + chance.uniform(0, 0.1)
            wait_for("it is the moment to die", lambda moment=moment: time.monotonic() >= moment)
            mortal = alive.pop(chance.randrange(2))
            mortal.kill()
            at_it += bool(rows("SELECT 1 FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = %s", mortal.id))
    finally:
        for each in alive:
            each.kill()

    def is_done() -> bool:
        the_time_passes([])
        assert Worker(waits=False).end() == 0
        return not (Clock.objects.needing_attention(timezone.now()).exists() or Clock.objects.untold().exists())

    wait_for("everything was noticed and told", is_done)

    broken = Counter(Event.objects.filter(kind="breached").values_list("complaint_id", "particulars__clock").order_by())
    assert broken == Counter({(clock.complaint_id, clock.code): 1 for clock in clocks})
    told: dict[str, list[str]] = {}
    for key, who in Notice.objects.filter(key__startswith="clock:").values_list("key", "member__username"):
        told.setdefault(key, []).append(who)
    first = {"agent", "agent2", "supervisor", "supervisor2", "manager"}
    assert {key: sorted(names) for key, names in told.items()} == {
        f"clock:{clock.pk}:{clock.reached}": sorted(
            first if clock.code == "CK-FR" else {"reviewer", "supervisor", "supervisor2", "manager"}
        )
        for clock in Clock.objects.filter(pk__in=[each.pk for each in clocks])
    }
    assert Climb.objects.count() == len(clocks)
    assert at_it >= KILLS // 5, "hardly any was killed at work"
    assert list(auditing.verify()) == []
