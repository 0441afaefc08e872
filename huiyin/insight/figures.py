"""The figures that a baseline is made of: first response, closure and on-time share, by SQL over visible complaints."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone

from huiyin.complaints.models import Complaint
from huiyin.insight import rounds
from huiyin.insight.intervals import log_error, rank

SHORTEST = 1 / 60  # hours: what took no time at all has no logarithm


@dataclass(frozen=True)
class Median:
    """Hours; `error` is the standard error of its logarithm, None where n is too small for one."""

    n: int
    hours: float | None = None
    error: float | None = None


@dataclass(frozen=True)
class Figures:
    first_response: Median
    closure: Median
    answered: int
    on_time: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Figures":
        return cls(Median(**kept["first_response"]), Median(**kept["closure"]), kept["answered"], kept["on_time"])


def figures(rows: QuerySet[Complaint], *, first: date, last: date) -> Figures:
    """Of the days first to last, both included. Each figure counts what happened in the period: contacts, closures,
    answers, each round's; counting by receipt would leave out of the newest days just what took long.

    At most six statements, each by an index of its own: what was before the period costs nothing.
    """
    start, end = _midnight(first), _midnight(last + timedelta(days=1))
    answered = rows.filter(rounds.ANSWERED, replied_at__gte=start, replied_at__lt=end).aggregate(
        n=Count("pk"), late=Count("pk", filter=rounds.IS_LATE)
    )
    before = rounds.earlier(rows, start=start, end=end).aggregate(
        n=Count("pk"), late=Count("pk", filter=Q(was_late=True))
    )
    n, late = answered["n"] + before["n"], answered["late"] + before["late"]
    return Figures(
        _median(rows, "first_contact_at", start, end), _median(rows, "closed_at", start, end), n, n - late
    )  # fmt: skip


class Percentiles(Aggregate):
    """percentile_disc: the values that stand at those fractions (0 to 1) of the ordered rows."""

    function = "percentile_disc"
    template = "%(function)s(ARRAY[%(fractions)s]::float8[]) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, *, fractions: tuple[float, ...]) -> None:
        numbers = ", ".join(f"{float(fraction):.12f}" for fraction in fractions)
        super().__init__(expression, fractions=numbers, output_field=ArrayField(DurationField()))


def _median(rows: QuerySet[Complaint], column: str, start: datetime, end: datetime) -> Median:
    within = rows.filter(**{f"{column}__gte": start, f"{column}__lt": end})
    n = within.count()
    if not n:
        return Median(0)
    place = rank(n)
    taken = ExpressionWrapper(F(column) - F("received_at"), output_field=DurationField())
    found = within.aggregate(at=Percentiles(taken, fractions=((place - 0.5) / n, 0.5, (n - place + 0.5) / n)))
    low, middle, high = (max(each / timedelta(hours=1), SHORTEST) for each in found["at"])
    return Median(n, middle, log_error(n, low, high))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
