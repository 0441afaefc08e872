"""Many complaints out of a file: good rows are taken, bad ones refused with the reason, none twice.

Each batch is one transaction, so an import may be interrupted and run again: what was taken is found by its identity.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from huiyin.channels.models import Channel
from huiyin.intake.actions.taking_in import take_in_many
from huiyin.intake.arrival import Arrival, NotTaken
from huiyin.intake.mapping import Mapper, mapper
from huiyin.intake.reading import Row, rows
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
) -> Report:
    """Import the file. Raises Unreadable and BadMapping before anything is taken."""
    report = Report()
    source = rows(path)
    first = next(source, None)
    if first is None:
        return report
    reader = mapper(first.cells, columns, zone=zone, channel=channel)
    report.columns = reader.columns
    for batch in _batches(_all(first, source)):
        _take(batch, reader, report, refuse, actor=actor, at=at, dry_run=dry_run)
        progress(len(batch))
    return report


def _all(first: Row, rest: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rest


def _batches(source: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(source, BATCH)):
        yield batch


def _take(
    batch: list[Row],
    reader: Mapper,
    report: Report,
    refuse: Callable[[Refusal], None],
    *,
    actor: Actor,
    at: datetime,
    dry_run: bool,
) -> None:
    known = book().category_ids
    good: list[Arrival] = []
    for row in batch:
        try:
            good.append(_read(row, reader, known, at=at))
        except NotTaken as fault:
            report.refused += 1
            refuse(Refusal(row, str(fault)))
    if dry_run or not good:
        report.taken += len(good)
        return
    new = sum(taken.is_new for taken in take_in_many(good, actor=actor, at=at))
    report.taken += new
    report.joined += len(good) - new


def _read(row: Row, reader: Mapper, known: Mapping[str, int], *, at: datetime) -> Arrival:
    """All that could be wrong with a row is found here, so that a batch is never undone by one of its rows."""
    if row.fault:
        raise NotTaken({"row": row.fault})
    arrival = reader.arrival(row.cells).checked(at=at)
    if arrival.category and arrival.category not in known:
        raise NotTaken({"category": _("没有这个受理类型：%s。") % arrival.category})
    return arrival
