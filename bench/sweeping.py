"""The sweep among very many promises: what it costs when nothing is due, and when very many fall due at once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from bench.multiplying import grow_to
from bench.place import Place, now

CODES = ("CK-RESOLVE", "CK-INITFB", "CK-PLAN")
DUE = (10_000, 100_000)  # promises that fall due at one moment; first so many, then others
LONGEST_SECONDS = 1_800
IDLE_RUNS = 200

# a fifth of all complaints are open, each with three promises that run; none is due before tomorrow
_RUNNING = """
DELETE FROM supervision_climb;
DELETE FROM complaints_clock WHERE stopped_at IS NULL;
DROP TABLE IF EXISTS bench_open;
CREATE TABLE bench_open AS
    SELECT id, owner_unit_id FROM complaints_complaint ORDER BY received_at DESC, id DESC LIMIT %(open)s;
UPDATE complaints_complaint SET state = 'in_progress' WHERE id IN (SELECT id FROM bench_open) AND NOT is_open;
UPDATE supervision_signwatch SET next_at = NULL;
INSERT INTO complaints_clock (complaint_id, code, subject, policy_version, started_at, due_at, attention_at, why,
                              extended_days, reached, told)
    SELECT o.id, code, '', 1, now() - interval '1 day', due, due, '{"unit": "nh", "amount": 72, "name": "解决"}',
           0, 80, 80
    FROM bench_open o, unnest(%(codes)s::text[]) AS code,
         LATERAL (SELECT now() + interval '1 day' + make_interval(secs => (hashint8(o.id) & 1048575)) AS due) d;
VACUUM (ANALYZE) complaints_clock;
VACUUM (ANALYZE) complaints_complaint
"""
_DUE = """
UPDATE complaints_clock SET due_at = now(), attention_at = now()
WHERE code = 'CK-RESOLVE' AND complaint_id IN (SELECT id FROM bench_open ORDER BY id LIMIT %(due)s OFFSET %(after)s)
"""
_BUSY = (
    "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
    " OR status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())"
)
_WAITING = (
    "SELECT count(*) FROM complaints_clock WHERE stopped_at IS NULL AND (attention_at <= now() OR told < reached)"
)


def measure(here: Place, *, size: int, due: Sequence[int] = DUE) -> dict[str, Any]:
    """`size` complaints of which a fifth are open; of their promises so many fall due at one moment, then others."""
    if sum(due) > size // 5:
        raise ValueError(f"{size // 5} complaints are open: {sum(due)} of them cannot fall due")
    grow_to(size)
    let_run(complaints=size // 5)
    return {
        "complaints": size,
        "running": running(),
        "idle_ms": _idle(),
        "at_once": [{"due": each, **_at_once(each, after=sum(due[:place]))} for place, each in enumerate(due)],
    }


def let_run(*, complaints: int) -> None:
    """Three promises of each of so many complaints run, and no others."""
    for statement in _RUNNING.split(";\n"):
        _run(statement, open=complaints, codes=list(CODES))


def running() -> int:
    return _count("SELECT count(*) FROM complaints_clock WHERE stopped_at IS NULL")


def _idle() -> dict[str, float]:
    from huiyin.complaints.actions import sweeping

    took = []
    for _run_number in range(IDLE_RUNS):
        began = time.perf_counter()
        found = sweeping.sweep(at=now())
        took.append((time.perf_counter() - began) * 1000)
        if found:
            raise RuntimeError("something was due where nothing should be")
    took.sort()
    return {"p50": round(took[len(took) // 2], 2), "p95": round(took[int(len(took) * 0.95)], 2)}


def _at_once(due: int, *, after: int) -> dict[str, Any]:
    """Of those promises `due`, `after` the ones used before. Two workers of the product; from the moment the sweep is
    asked for until everybody concerned was told."""
    from huiyin.complaints.tasks import sweep

    before = _count("SELECT count(*) FROM notices_notice")
    started = now()
    workers = [_worker(number) for number in (1, 2)]
    try:
        _wait_for(len(workers), since=started)
        _wait_for_idleness()
        asked = now()
        _run(_DUE, due=due, after=after)
        began = time.perf_counter()
        sweep.configure().defer(timestamp=int(now().timestamp()))
        while _count(_WAITING):
            if time.perf_counter() - began > LONGEST_SECONDS:
                raise TimeoutError("the workers did not get through")
            time.sleep(0.1)
        seconds = time.perf_counter() - began
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        for worker in workers:
            worker.wait(30)
    broken = "SELECT count(*) FROM complaints_event WHERE kind = 'breached' AND at > %(since)s"
    return {
        "seconds": round(seconds, 1),
        "events": _count(broken, since=asked - timedelta(seconds=1)),
        "notices": _count("SELECT count(*) FROM notices_notice") - before,
    }


def _worker(number: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "huiyin", "worker", "--name", f"bench-{number}"]
    return subprocess.Popen(command, env=dict(os.environ))


def _wait_for(workers: int, *, since: datetime) -> None:
    """Until so many have said that they are there."""
    began = time.perf_counter()
    while _count("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat >= %(since)s", since=since) < workers:
        if time.perf_counter() - began > LONGEST_SECONDS:
            raise TimeoutError("the workers did not begin")
        time.sleep(0.1)


def _wait_for_idleness() -> None:
    """Until they have done what the hours of the clock gave them at once, as the report of the day."""
    began = time.perf_counter()
    while _count(_BUSY):
        if time.perf_counter() - began > LONGEST_SECONDS:
            raise TimeoutError("the workers are never idle")
        time.sleep(0.1)  # other processes: nothing tells us when they are


def _run(statement: str, **given: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given if "%(" in statement else None)


def _count(statement: str, **given: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, given or None)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
