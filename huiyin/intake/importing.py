"""Many complaints out of a file: good rows are taken, bad ones refused with the reason, none twice.

Each batch is one transaction, so an import may be interrupted and run again: what was taken is found by its identity.
"""

import signal
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from zoneinfo import ZoneInfo

import django
from django.db import connection
from django.utils.translation import gettext as _

from huiyin.channels.models import Channel
from huiyin.intake.actions.taking_in import take_in_many
from huiyin.intake.arrival import Arrival, NotTaken
from huiyin.intake.mapping import Mapper, mapper
from huiyin.intake.reading import Row, rows
from huiyin.lib import garbage
from huiyin.org.actors import Actor
from huiyin.triage.queries import book

BATCH = 500


@dataclass
class Report:
    """How many rows were taken, joined (known from before), refused."""

    taken: int = 0
    joined: int = 0
    refused: int = 0
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    row: Row
    reason: str


@dataclass(frozen=True)
class _Job:
    """How each batch is to be taken, whichever process does it."""

    reader: Mapper
    actor: Actor
    at: datetime
    dry_run: bool


@dataclass
class _Outcome:
    rows: int
    taken: int = 0
    joined: int = 0
    refusals: list[Refusal] = field(default_factory=list)


def run(
    path: Path,
    *,
    actor: Actor,
    at: datetime,
    zone: ZoneInfo,
    columns: Mapping[str, str],
    channel: str = Channel.IMPORT,
    dry_run: bool = False,
    refuse: Callable[[Refusal], None],
    progress: Callable[[int], None] = lambda count: None,
    processes: int = 1,
) -> Report:
    """Import the file. Raises Unreadable and BadMapping before anything is taken.

    Several processes take batches side by side, each with a connection of its own.
    """
    report = Report()
    source = rows(path)
    first = next(source, None)
    if first is None:
        return report
    job = _Job(mapper(first.cells, columns, zone=zone, channel=channel), actor, at, dry_run)
    report.columns = job.reader.columns
    batches = _batches(chain([first], source))
    for outcome in _taken_by(processes, batches, job) if processes > 1 else (_take(each, job) for each in batches):
        report.taken += outcome.taken
        report.joined += outcome.joined
        report.refused += len(outcome.refusals)
        for refusal in outcome.refusals:
            refuse(refusal)
        progress(outcome.rows)
    return report


def _batches(source: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(source, BATCH)):
        yield batch


def _taken_by(processes: int, batches: Iterator[list[Row]], job: _Job) -> Iterator[_Outcome]:
    """Outcomes in the order of the file. A few batches are under way at once, never the whole file."""
    book()  # read once: a forked child has it, and asks only whether it still holds
    connection.close()  # a connection must not be shared with a child
    pool = ProcessPoolExecutor(processes, initializer=_begin_process)
    try:
        under_way = deque(pool.submit(_take, batch, job) for batch in islice(batches, 2 * processes))
        while under_way:
            yield under_way.popleft().result()
            under_way.extend(pool.submit(_take, batch, job) for batch in islice(batches, 1))
    finally:
        pool.shutdown(cancel_futures=True)  # what is under way is finished, and found by the next run


def _begin_process() -> None:
    """Ctrl-C at the terminal is for our parent, which lets us finish the batch we are at."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    django.setup()
    garbage.spare()


def _take(batch: list[Row], job: _Job) -> _Outcome:
    known = book().category_ids
    outcome = _Outcome(len(batch))
    good: list[Arrival] = []
    referred: set[tuple[str, str]] = set()
    for row in batch:
        try:
            good.append(_once(_read(row, job.reader, known, at=job.at), referred))
        except NotTaken as fault:
            outcome.refusals.append(Refusal(row, str(fault)))
    if job.dry_run or not good:
        outcome.taken = len(good)
        return outcome
    outcome.taken = sum(taken.is_new for taken in take_in_many(good, actor=job.actor, at=job.at))
    outcome.joined = len(good) - outcome.taken
    return outcome


def _once(arrival: Arrival, referred: set[tuple[str, str]]) -> Arrival:
    """An authority's number stands for one case, in a file as in the register."""
    said = arrival.referral
    if said is not None and said.number:
        if (said.profile, said.number) in referred:
            raise NotTaken({"regulator_no": _("这个编号已经登记过：%s。") % said.number})
        referred.add((said.profile, said.number))
    return arrival


def _read(row: Row, reader: Mapper, known: Mapping[str, int], *, at: datetime) -> Arrival:
    """All that could be wrong with a row is found here, so that a batch is never undone by one of its rows."""
    if row.fault:
        raise NotTaken({"row": row.fault})
    arrival = reader.arrival(row.cells).checked(at=at)
    if arrival.category and arrival.category not in known:
        raise NotTaken({"category": _("没有这个受理类型：%s。") % arrival.category})
    return arrival
