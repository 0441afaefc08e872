"""四级建议月报 (RP-MON-L4, C047): what suggestions and enquiries came in a month, by kind, by who received them and by
channel; what became of them; and whether they were more than in the month before. Only over what the member may see.

Of level 4 is what its row says now. Merged duplicates and what was withdrawn are left out, as everywhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from huiyin.channels.models import Channel
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.models.complaint import Severity
from huiyin.complaints.states import State
from huiyin.insight import intervals
from huiyin.insight.attainment import Period
from huiyin.insight.rates import LEAF, Rate, month_of
from huiyin.insight.rounds import ANSWERED, flag
from huiyin.org.models import Member, Unit
from huiyin.quality.models import IncidentComplaint, Investigation
from huiyin.triage.models import Category

# what became of an item; it may have become more than one of these
FATES = ("waiting", "answered", "kept", "improved")
TO_KEEP = "to_keep"  # answered, and nobody has made knowledge of it yet


class Trend(StrEnum):
    """FEW: too few to tell of; CHANCE: as many more or fewer may come by chance."""

    MORE = "more"
    FEWER = "fewer"
    CHANCE = "chance"
    FEW = "few"


@dataclass(frozen=True)
class Tally:
    n: int = 0
    answered: int = 0
    kept: int = 0
    improved: int = 0
    before: int = 0  # how many came in the month before

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.n + other.n, self.answered + other.answered, self.kept + other.kept, self.improved + other.improved,
            self.before + other.before,
        )  # fmt: skip

    @property
    def waiting(self) -> int:
        return self.n - self.answered

    def rate(self, fate: str) -> Rate:
        return Rate(getattr(self, fate), self.n)


@dataclass(frozen=True)
class Line:
    """`key`: what the rows are chosen by; "" where nothing is known."""

    key: str
    code: str
    name: str
    tally: Tally
    trend: Trend


@dataclass(frozen=True)
class Month:
    """A month, and what it is compared with: the month before it; of one that is not over, that one's first days, for
    as long as this one has run."""

    period: Period
    before: Period
    before_end: datetime
    is_over: bool
    share: float  # of both, were this month's rate that of the one before

    @property
    def name(self) -> str:
        return f"{self.period.first:%Y-%m}"


@dataclass(frozen=True)
class Report:
    month: Month
    whole: Line
    categories: list[Line] = field(default_factory=list)
    units: list[Line] = field(default_factory=list)
    channels: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Chosen:
    """One cell's rows; empty means all. A unit of 0: received by none."""

    category: int | None = None
    unit: int | None = None
    channel: str = ""
    fate: str = ""


def the_month(day: date, *, at: datetime) -> Month:
    period, before = month_of(day), month_of(day.replace(day=1) - timedelta(days=1))
    ran = min(max(at, period.start), period.end) - period.start
    before_end = min(before.start + ran, before.end) if at < period.end else before.end
    was = before_end - before.start
    share = ran / (ran + was) if ran + was else 0.5
    return Month(period, before, before_end, is_over=at >= period.end, share=share)


def items(member: Member) -> QuerySet[Complaint]:
    found = Complaint.objects.visible_to(member).filter(severity=Severity.L4)
    return found.exclude(state__in=[State.MERGED, State.WITHDRAWN])


def items_of(member: Member, month: Month, chosen: Chosen | None = None) -> QuerySet[Complaint]:
    """Those of the month, with `leaf`, `is_answered`, `is_kept`, `is_improved`; read by when they came, which is an
    index."""
    chosen = chosen or Chosen()
    found = items(member).filter(received_at__gte=month.period.start, received_at__lt=month.period.end)
    found = _told(found)
    given: dict[str, Any] = {"leaf": chosen.category, "received_unit": chosen.unit or None, "channel": chosen.channel}
    found = found.filter(**{name: value for name, value in given.items() if value not in (None, "")})
    if chosen.unit == 0:
        found = found.filter(received_unit=None)
    fates = {
        "waiting": Q(is_answered=False), "answered": Q(is_answered=True), "kept": Q(is_kept=True),
        "improved": Q(is_improved=True), TO_KEEP: Q(is_answered=True, is_kept=False, is_confidential=False),
    }  # fmt: skip
    return found.filter(fates.get(chosen.fate, Q()))


def report(member: Member, month: Month) -> Report:
    """One statement counts both months, two name what was counted; however many complaints there are."""
    now = Q(received_at__gte=month.period.start)
    cells: dict[tuple[Any, ...], Tally] = {}
    found = items(member).filter(received_at__gte=month.before.start, received_at__lt=month.period.end)
    found = _told(found.filter(now | Q(received_at__lt=month.before_end))).annotate(is_now=flag(now))
    columns = ("is_now", "leaf", "received_unit", "channel", "is_answered", "is_kept", "is_improved")
    for row in found.order_by().values(*columns).annotate(count=Count("pk")):
        key = (row["leaf"], row["received_unit"], row["channel"])
        cells[key] = cells.get(key, Tally()) + _tally(row)
    categories = Category.objects.in_bulk({key[0] for key in cells})
    units = Unit.objects.in_bulk({key[1] for key in cells} - {None})
    channels = dict(Channel.choices)
    return Report(
        month,
        _line("", "", "", sum(cells.values(), Tally()), month),
        _lines(cells, 0, month, {pk: (each.code, each.name) for pk, each in categories.items()}),
        _lines(cells, 1, month, {pk: (each.code, each.name) for pk, each in units.items()}),
        _lines(cells, 2, month, {code: (code, str(name)) for code, name in channels.items()}),
    )


def trend(before: int, now: int, share: float) -> Trend:
    """Whether as many of both came now as would by chance, if nothing had changed: `share` of them."""
    found = intervals.wilson(now, before + now)
    if found is None or before + now < intervals.LEAST:
        return Trend.FEW
    return Trend.MORE if found.low > share else Trend.FEWER if found.high < share else Trend.CHANCE


def _told(found: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Improved: it is in an incident, or an investigation was opened of it. Which, is told to who may see those."""
    mine = OuterRef("pk")
    kept = Event.objects.filter(complaint=mine, kind=Event.Kind.ARCHIVED)
    joined = IncidentComplaint.objects.filter(complaint=mine)
    examined = Investigation.objects.filter(complaint=mine)
    return found.annotate(
        leaf=LEAF, is_answered=flag(ANSWERED), is_kept=flag(Exists(kept)),
        is_improved=flag(Q(Exists(joined)) | Q(Exists(examined))),
    )  # fmt: skip


def _tally(row: Mapping[str, Any]) -> Tally:
    count = row["count"]
    if not row["is_now"]:
        return Tally(before=count)
    return Tally(count, *(count if row[name] else 0 for name in ("is_answered", "is_kept", "is_improved")))


def _lines(
    cells: Mapping[tuple[Any, ...], Tally], place: int, month: Month, names: Mapping[Any, tuple[str, str]]
) -> list[Line]:
    """The most first."""
    summed: dict[Any, Tally] = {}
    for key, tally in cells.items():
        summed[key[place]] = summed.get(key[place], Tally()) + tally
    lines = (
        Line(
            "0" if key is None else str(key),
            *names.get(key, ("", "")),
            tally,
            trend(tally.before, tally.n, month.share),
        )
        for key, tally in summed.items()
    )
    return sorted(lines, key=_rank)


def _line(key: str, code: str, name: str, tally: Tally, month: Month) -> Line:
    return Line(key, code, name, tally, trend(tally.before, tally.n, month.share))


def _rank(line: Line) -> tuple[int, int, str, str]:
    return -line.tally.n, -line.tally.before, line.code, line.name


def rest_of(lines: Iterable[Line], month: Month) -> Line:
    """Several as one."""
    return _line("", "", "", sum((line.tally for line in lines), Tally()), month)
