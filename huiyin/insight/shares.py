"""The share of complaints that only wanted explaining, by month of receipt and by unit (A23)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from huiyin.complaints.causes import explanations
from huiyin.complaints.models import Complaint
from huiyin.org.models import Member, Unit

MONTHS = 6


@dataclass(frozen=True)
class Share:
    """`known`: with a cause; `explained`: of those the explanation-type ones; `missing`: answered without a cause."""

    known: int = 0
    explained: int = 0
    missing: int = 0

    @property
    def share(self) -> float | None:
        return self.explained / self.known if self.known else None

    def __add__(self, other: "Share") -> "Share":
        return Share(self.known + other.known, self.explained + other.explained, self.missing + other.missing)


@dataclass(frozen=True)
class Shares:
    """`cells` by unit and month; months ascending, units by how many they have."""

    months: Sequence[date]
    units: Sequence[Unit]
    cells: Mapping[tuple[int, date], Share]

    def of_month(self, month: date) -> Share:
        return sum((each for (_unit, at), each in self.cells.items() if at == month), Share())

    def of_unit(self, unit: Unit) -> Share:
        return sum((each for (pk, _at), each in self.cells.items() if pk == unit.pk), Share())

    @property
    def whole(self) -> Share:
        return sum(self.cells.values(), Share())


def explanation_shares(member: Member, *, at: datetime, months: int = MONTHS) -> Shares:
    """Of what the member sees, received in this month and those before it; two statements."""
    wanted = months_up_to(timezone.localtime(at).date(), months)
    first = timezone.make_aware(datetime.combine(wanted[0], datetime.min.time()))
    is_known = ~Q(cause="")
    rows = (
        Complaint.objects.visible_to(member)
        .filter(received_at__gte=first)
        .filter(is_known | ~Q(replied_at=None))
        .annotate(month=TruncMonth("received_at"))
        .order_by()
        .values("month", "owner_unit")
        .annotate(
            known=Count("pk", filter=is_known),
            explained=Count("pk", filter=Q(cause__in=explanations())),
            missing=Count("pk", filter=~is_known),
        )
    )
    cells = {
        (row["owner_unit"], timezone.localtime(row["month"]).date()): Share(
            row["known"], row["explained"], row["missing"]
        )
        for row in rows
    }
    return Shares(wanted, _by_weight(cells), cells)


def _by_weight(cells: Mapping[tuple[int, date], Share]) -> list[Unit]:
    counted: dict[int, int] = {}
    for (unit, _month), share in cells.items():
        counted[unit] = counted.get(unit, 0) + share.known + share.missing
    units = Unit.objects.in_bulk(counted)
    return [units[pk] for pk in sorted(counted, key=lambda pk: (-counted[pk], pk))]


def months_up_to(today: date, count: int) -> list[date]:
    last = today.year * 12 + today.month - 1
    return [date(place // 12, place % 12 + 1, 1) for place in range(last - count + 1, last + 1)]
