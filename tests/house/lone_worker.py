"""Workers of the product, forked from a process that has done nothing else.

A test's own process has threads and event loops behind it: a fork of it would believe in them, and wait for them for
ever. multiprocessing's fork server loads this module once, so that each worker begins at once.
"""

import asyncio
import multiprocessing
import os
from functools import partial
from multiprocessing.process import BaseProcess

import django
from django.apps import apps


def begun(*, database: str, limit: int, waits: bool) -> BaseProcess:
    """A worker on that database; a sweep of its takes up at most `limit` promises in one transaction. One that does
    not wait ends by itself when nothing is left to do."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([__name__])
    process = server.Process(target=_work, args=(database, limit, waits), daemon=True)
    process.start()
    return process


def _work(database: str, limit: int, waits: bool) -> None:
    from django.db import connection
    from procrastinate.contrib.django import app as jobs

    from huiyin.commands.worker import working_app
    from huiyin.complaints.actions import sweeping

    connection.settings_dict["NAME"] = database
    sweeping.sweep = partial(sweeping.sweep, limit=limit)
    jobs.periodic_registry.periodic_tasks.clear()  # what comes by the clock, the test brings

    async def work() -> None:
        async with working_app().open_async() as app:
            await app.run_worker_async(
                wait=waits, install_signal_handlers=False, delete_jobs="successful", fetch_job_polling_interval=0.1
            )

    asyncio.run(work())


if not apps.ready:  # in the fork server; a test has set Django up long before
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
    django.setup()
