"""Background and periodic jobs, for one of several hosts; `huiyin up` starts it by itself.

Example: DATABASE_URL=postgresql://... huiyin worker
"""

import argparse
import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from huiyin.commands.running import must_answer, set_up
from huiyin.lib import sweeping
from huiyin.lib.supervisor import end_soon_after_supervisor

if TYPE_CHECKING:
    from procrastinate import App

GRACE_SECONDS = 15.0
PAUSE_SECONDS = 1.0

log = structlog.get_logger(__name__)


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
    asyncio.run(keep_working(options.name))
    return 0


async def keep_working(name: str) -> None:
    """Works until a signal asks to stop.

    procrastinate's worker stops by itself when the database goes away, as in a restart. Ours begins anew then, under
    a new number: what the old one was at counts as left by a dead worker, and is done again.
    """
    asked_to_stop = asyncio.Event()

    def stop() -> None:
        sweeping.stop()
        asked_to_stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    stopping = asyncio.create_task(asked_to_stop.wait())
    while not asked_to_stop.is_set():
        working = asyncio.create_task(work(name))
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if asked_to_stop.is_set():
            working.cancel()  # the job at hand is finished first
        await end_of(working)
        if not asked_to_stop.is_set():
            log.warning("worker begins anew")
            await asyncio.wait({stopping}, timeout=PAUSE_SECONDS)


async def work(name: str) -> None:
    async with working_app().open_async() as app:
        await app.run_worker_async(
            name=name, install_signal_handlers=False, shutdown_graceful_timeout=GRACE_SECONDS, delete_jobs="successful"
        )


async def end_of(working: "asyncio.Task[None]") -> None:
    """Whatever ended it is logged, and the next one tries its luck."""
    with suppress(asyncio.CancelledError):
        try:
            await working
        except Exception as failure:
            log.error("worker ended", reason=f"{type(failure).__name__}: {' '.join(str(failure).split())}")
