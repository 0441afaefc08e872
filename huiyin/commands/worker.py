"""Background and periodic jobs, for one of several hosts; `huiyin up` starts it by itself.

Example: DATABASE_URL=postgresql://... huiyin worker
"""

import argparse
from typing import TYPE_CHECKING

from huiyin.commands.running import must_answer, set_up
from huiyin.lib.supervisor import end_soon_after_supervisor

if TYPE_CHECKING:
    from procrastinate import App

GRACE_SECONDS = 15.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="worker", help="名称，出现在日志中 (shown in the log)")


def working_app() -> "App":
    """The same tasks over an asynchronous connection of the worker's own.

    Not replace_connector(), which procrastinate recommends: through it a job that a task queues would go by the
    worker's connection, outside the task's transaction, and could run before the facts it is about are committed.
    """
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    return app.with_connector(connector.get_worker_connector())


def run(options: argparse.Namespace) -> int:
    set_up()
    must_answer()
    end_soon_after_supervisor(grace=5)
    working_app().run_worker(name=options.name, shutdown_graceful_timeout=GRACE_SECONDS, delete_jobs="successful")
    return 0
