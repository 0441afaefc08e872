"""Kept promises: by unit, level and clock over a period, and how pausing was used. Only over what the member may see.

K03 (C027): of the promises that fell due in the period, those kept in time, as a share of those kept or broken. What is
not due yet is no part of it; what stands paused now is told beside it and is no part either. Open and overdue is
broken.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.utils import timezone

from huiyin.complaints.actions.clocks import DROPPED, MOVED_TO, WATCHED
from huiyin.complaints.models import Clock, Pause
from huiyin.org.models import Member, Unit

MET, LATE, RUNNING, PAUSED = "met", "late", "running", "paused"
OUTCOMES = (MET, LATE, RUNNING, PAUSED)
MOVED = "moved"  # another time was agreed before this one was up: told beside the others, no part of any share
ROWS = 100


@dataclass(frozen=True)
class Period:
    """Whole days, both included, in the active time zone."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time.min))

    @property
    def end(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time.min))


@dataclass(frozen=True)
class Chosen:
    """One cell's rows; empty means all."""

    unit: int | None = None
    level: int | None = None
    clock: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class Attained:
    """One line of the table. `n` are those that count: kept or broken."""

    key: Any
    name: str
    met: int
    late: int
    running: int
    paused: int

    @property
    def n(self) -> int:
        return self.met + self.late

    @property
    def share(self) -> float | None:
        return self.met / self.n if self.n else None


@dataclass(frozen=True)
class PauseUse:
    """Of one unit: how often, how much of the time that passed stood still, and how often after the customer wrote."""

    unit: Unit
    complaints: int
    pauses: int
    paused: timedelta
    elapsed: timedelta
    after_reply: int

    @property
    def share(self) -> float | None:
        return self.paused / self.elapsed if self.elapsed else None


def outcome_of(at: datetime) -> Case:
    ended_late = Q(stopped_at__gt=F("due_at")) | Q(stopped_at=None, due_at__lt=at)
    ran_then = Q(paused_at=None) | Q(paused_at__gt=F("due_at"))  # as Clock.is_late has it
    late = Q(breached_at__isnull=False) | (ended_late & ran_then)
    return Case(
        When(late, then=Value(LATE)),
        When(stopped_at__isnull=False, then=Value(MET)),
        When(paused_at__isnull=False, then=Value(PAUSED)),
        default=Value(RUNNING),
        output_field=CharField(),
    )


def clocks_of(member: Member, period: Period, chosen: Chosen, *, at: datetime) -> QuerySet[Clock]:
    """The promises due in the period that the member may see, with their `outcome`."""
    found = Clock.objects.visible_to(member).filter(due_at__gte=period.start, due_at__lt=period.end)
    found = found.exclude(code=WATCHED)  # an authority's own clock is no promise of ours
    if chosen.outcome == MOVED:
        found = found.filter(why__has_key=MOVED_TO).annotate(outcome=Value(MOVED))
    else:
        found = found.exclude(why__has_key=DROPPED).annotate(outcome=outcome_of(at))  # nor what was promised no more
    given: dict[str, Any] = {
        "complaint__owner_unit": chosen.unit,
        "complaint__severity": chosen.level,
        "code": chosen.clock,
        "outcome": chosen.outcome,
    }
    return found.filter(**{name: value for name, value in given.items() if value not in (None, "")})


def moved(member: Member, period: Period, code: str, *, at: datetime) -> int:
    return clocks_of(member, period, Chosen(clock=code, outcome=MOVED), at=at).count()


def by_unit(clocks: QuerySet[Clock]) -> list[Attained]:
    units = {unit.pk: unit for unit in Unit.objects.all()}
    return _grouped(clocks, "complaint__owner_unit", lambda key: units[key].name)


def by_level(clocks: QuerySet[Clock], name: Callable[[str], str] = "L{}".format) -> list[Attained]:
    return sorted(_grouped(clocks, "complaint__severity", name), key=lambda line: int(line.key))


def by_clock(clocks: QuerySet[Clock], name: Callable[[str], str]) -> list[Attained]:
    return _grouped(clocks, "code", name)


def whole(clocks: QuerySet[Clock]) -> Attained:
    counted = clocks.order_by().aggregate(**_counts())
    return Attained("", "", **counted)


def _counts() -> dict[str, Count]:
    return {outcome: Count("pk", filter=Q(outcome=outcome)) for outcome in OUTCOMES}


def _grouped(clocks: QuerySet[Clock], column: str, name: Callable[[Any], str]) -> list[Attained]:
    """One statement; the worst share first."""
    rows = clocks.order_by().values_list(column).annotate(**_counts())
    lines = [Attained(key, name(key), *counts) for key, *counts in rows]
    return sorted(lines, key=lambda line: (line.share if line.share is not None else 2, -line.n, line.name))


def pause_use(member: Member, period: Period, *, at: datetime) -> list[PauseUse]:
    """By unit, of the complaints that were paused in the period; one statement for the pauses."""
    seen = Clock.objects.visible_to(member).filter(code="CK-RESOLVE").values("complaint")
    pauses = Pause.objects.filter(complaint__in=seen, started_at__lt=period.end).exclude(ended_at__lt=period.start)
    joined = pauses.select_related("complaint__owner_unit").order_by("complaint_id", "started_at")
    by: dict[int, list[Pause]] = {}
    for each in joined:
        by.setdefault(each.complaint.owner_unit_id, []).append(each)
    return sorted((_use(list(found), at) for found in by.values()), key=lambda use: (-(use.share or 0), use.unit.name))


def _use(pauses: list[Pause], at: datetime) -> PauseUse:
    """They come sorted by complaint."""
    by = [list(found) for _pk, found in groupby(pauses, key=lambda each: each.complaint_id)]
    complaints = [found[0].complaint for found in by]
    elapsed = sum(((each.replied_at or each.closed_at or at) - each.received_at for each in complaints), timedelta(0))
    return PauseUse(
        unit=pauses[0].complaint.owner_unit,
        complaints=len(complaints),
        pauses=len(pauses),
        paused=sum((_union(found, at) for found in by), timedelta(0)),
        elapsed=elapsed,
        after_reply=sum(each.outlived_reply(at) for each in pauses),
    )


def _union(pauses: Iterable[Pause], at: datetime) -> timedelta:
    """Pauses of one complaint may overlap; in order of their start."""
    total, until = timedelta(0), None
    for each in pauses:
        end = each.ended_at or at
        start = each.started_at if until is None else max(each.started_at, until)
        total += max(end - start, timedelta(0))
        until = end if until is None else max(until, end)
    return total
