"""Background and periodic jobs, for one of several hosts; `huiyin up` starts it by itself.

Example: DATABASE_URL=postgresql://... huiyin worker
"""

import argparse

from huiyin.commands.running import must_answer, set_up
from huiyin.lib.supervisor import end_soon_after_supervisor

GRACE_SECONDS = 15.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="worker", help="名称，出现在日志中 (shown in the log)")


def run(options: argparse.Namespace) -> int:
    set_up()
    must_answer()
    end_soon_after_supervisor(grace=GRACE_SECONDS)
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    with app.replace_connector(connector.get_worker_connector()) as worker:
        worker.run_worker(name=options.name, shutdown_graceful_timeout=GRACE_SECONDS, delete_jobs="successful")
    return 0
