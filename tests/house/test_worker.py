"""The worker: a job belongs to the transaction that asks for it, in the worker too; a killed job is done again."""

from collections.abc import Iterator

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from huiyin.commands.worker import working_app

pytestmark = pytest.mark.django_db(transaction=True)


class Changed(Exception):
    """The task changed its mind."""


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Two tasks for these tests alone; what they did, in order."""
    done: list[str] = []
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)  # the worker's threads outlive the test

    @app.task(name="tests.follow")
    def follow(word: str) -> None:
        done.append(word)

    @app.task(name="tests.ask")
    def ask(word: str, keep: bool) -> None:
        try:
            with transaction.atomic():
                follow.defer(word=word)
                done.append(f"asked {word}")
                if not keep:
                    raise Changed
        except Changed:
            done.append("took it back")

    yield done
    for name in ("tests.follow", "tests.ask"):
        del app.tasks[name]


def work() -> None:
    """The worker does what waits, and ends."""
    working_app().run_worker(
        wait=False, listen_notify=False, install_signal_handlers=False, queues=["default"], delete_jobs="successful"
    )


def test_a_rollback_takes_back_the_job_that_a_task_queued(done: list[str]) -> None:
    app.tasks["tests.ask"].defer(word="通知", keep=False)
    work()
    assert done == ["asked 通知", "took it back"]
    assert not ProcrastinateJob.objects.filter(task_name="tests.follow").exists()


def test_a_commit_lets_it_run(done: list[str]) -> None:
    app.tasks["tests.ask"].defer(word="通知", keep=True)
    work()
    assert done == ["asked 通知", "通知"]


def test_a_job_whose_worker_was_killed_is_done_again(done: list[str]) -> None:
    app.tasks["tests.follow"].defer(word="补做")
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 h') returning id"
        )
        (worker,) = cursor.fetchone()
        cursor.execute(
            "update procrastinate_jobs set status = 'doing', worker_id = %s where task_name = 'tests.follow'", [worker]
        )
    app.tasks["lib.retry_stalled"].defer(timestamp=0)
    work()
    work()
    assert done == ["补做"]
