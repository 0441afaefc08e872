"""Reading for the queue: found, filtered, counted up to a limit, a page at a time. Nothing here reads all rows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from huiyin.complaints import searching
from huiyin.complaints.models import Clock, Complaint
from huiyin.complaints.models.clocks import ClockQuerySet
from huiyin.complaints.models.complaint import is_late
from huiyin.desk.shelves import Shelf
from huiyin.dispatch.models import WorkOrder
from huiyin.org.models import Member
from huiyin.redchannel.models import RedCase

CAP = 1_000  # a tab says 999+ rather than count on
AHEAD = 50  # cases of the red channel before all others
OPENING = 176  # characters of the text that may stand for a title
_NUMBER = re.compile(r"(?:TS\d{8}-\d+|GD\d{8}-\d+-\d+)", re.ASCII)


@dataclass(frozen=True)
class Sieve:
    """What the member chose to see; every value has been checked by the filter form."""

    q: str = ""
    state: str = ""
    severity: int | None = None
    categories: tuple[int, ...] = ()
    unit: int | None = None
    assignee: int | None = None
    channel: str = ""
    tier: str = ""
    overdue: bool = False
    causes: tuple[str, ...] = ()
    owner: int | None = None
    customer: int | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None

    def conditions(self, prefix: str, at: datetime) -> Iterable[Q]:
        """One for each choice, over the complaint's own columns: no join but that of the search."""
        named: dict[str, Any] = {
            "state": self.state,
            "severity": self.severity,
            "channel": self.channel,
            "tier": self.tier,
            "owner_unit": self.owner,
            "customer": self.customer,
            "received_at__gte": self.received_from,
            "received_at__lt": self.received_to,
        }
        for name, value in named.items():
            if value not in (None, ""):
                yield Q(**{prefix + name: value})
        if self.unit is not None:
            yield Q(**{f"{prefix}units__contains": [self.unit]})
        if self.causes:
            yield Q(**{f"{prefix}cause__in": self.causes})
        if self.assignee is not None:  # what is theirs now, not what once was
            yield Q(**{f"{prefix}assignee": self.assignee, f"{prefix}is_open": True})
        if self.categories:
            yield _in_categories(prefix, self.categories)
        if self.overdue:
            yield is_late(at, prefix)


def _in_categories(prefix: str, ids: tuple[int, ...]) -> Q:
    """By the confirmed category where there is one, else by that of intake."""
    confirmed = Q(**{f"{prefix}confirmed_category__in": ids})
    return confirmed | Q(**{f"{prefix}confirmed_category": None, f"{prefix}category__in": ids})


def on_shelf(shelf: Shelf, member: Member, sieve: Sieve, *, at: datetime) -> QuerySet[Any]:
    """The rows there that the member may see and that pass the sieve, in no order yet."""
    prefix = "complaint__" if shelf.of_orders else ""
    rows = shelf.rows(member, at)
    for condition in sieve.conditions(prefix, at):
        rows = rows.filter(condition)
    return searching.matching(rows, sieve.q, prefix=prefix) if sieve.q.strip() else rows


_SHOWN = (
    "number", "title", "severity", "state", "is_open", "due_at", "paused_at", "received_at", "closed_at", "replied_at",
    "state_since", "channel", "complainant_name", "tier", "is_urgent", "is_confidential", "reopened_count",
    "is_on_spot", "customer__name", "category__name_zh", "category__name_en", "confirmed_category__name_zh",
    "confirmed_category__name_en",
)  # fmt: skip
_PEOPLE = ("assignee__name",)


def ahead(rows: QuerySet[Any], shelf: Shelf, member: Member) -> QuerySet[Any]:
    """Those of the rows that stand before all others where the soonest due come first: what is in the red channel,
    whatever its level, bypasses the queue (C036). At most AHEAD of them are to be taken."""
    prefix = "complaint__" if shelf.of_orders else ""
    red = RedCase.objects.visible_to(member).standing().values("complaint")
    found: QuerySet[Any] = rows.filter(**{f"{prefix}pk__in": red})
    return found.order_by(f"{prefix}severity", "due_at", "id")


def joined(rows: QuerySet[Any], shelf: Shelf) -> QuerySet[Any]:
    """With what a line of the list shows and no more, in the same statement."""
    if not shelf.of_orders:
        return in_line(rows)
    own = ("number", "state", "due_at", "sign_due_at", "nudge_count", "unit__name_zh", "unit__name_en", *_PEOPLE)
    shown = [*own, *(f"complaint__{name}" for name in _SHOWN)]
    related = ("unit", "assignee", "complaint__customer", "complaint__category", "complaint__confirmed_category")
    found: QuerySet[Any] = rows.select_related(*related).only(*shown)
    orders: QuerySet[Any] = found.annotate(opening=Left("complaint__text", OPENING), paused_at=Subquery(_paused()))
    return orders


def in_line(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Complaints with what a line of a list shows of them and no more; `opening` is how the text begins."""
    related = ("customer", "category", "confirmed_category", "owner_unit", "assignee")
    shown = (*_SHOWN, "owner_unit__name_zh", "owner_unit__name_en", *_PEOPLE)
    found: QuerySet[Any] = rows.select_related(*related).only(*shown)
    lines: QuerySet[Any] = found.annotate(opening=Left("text", OPENING))
    return lines


def _paused() -> QuerySet[Clock, Any]:
    """Since when the promise of a work order stands still."""
    running = ClockQuerySet(Clock).running().filter(paused_at__isnull=False)
    mine = running.filter(complaint=OuterRef("complaint_id"), code="CK-HANDLE", subject=OuterRef("number"))
    since: QuerySet[Clock, Any] = mine.order_by("due_at").values("paused_at")[:1]
    return since


def counts(shelves: Sequence[Shelf], member: Member, *, at: datetime) -> dict[str, int]:
    """How many lie on each shelf, never counting past CAP; one statement for all of them."""
    heads = [shelf.rows(member, at).order_by().values("pk")[: CAP + 1] for shelf in shelves]
    return dict(zip((shelf.name for shelf in shelves), capped_counts(heads), strict=True))


def capped_counts(heads: Sequence[QuerySet[Any, Any]]) -> list[int]:
    """The number of rows of each, none for one that can hold none."""
    statements: list[str] = []
    parameters: list[Any] = []
    places: list[int] = []
    for place, head in enumerate(heads):
        try:
            statement, given = head.query.sql_with_params()
        except EmptyResultSet:
            continue
        statements.append(f"(SELECT count(*) FROM ({statement}) AS head{place})")
        parameters += given
        places.append(place)
    found = [0] * len(heads)
    if statements:
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(statements), parameters)
            for place, count in zip(places, cursor.fetchone() or (), strict=True):
                found[place] = count
    return found


def shown(count: int) -> str:
    return f"{CAP - 1}+" if count >= CAP else str(count)


def by_number(typed: str, member: Member) -> Complaint | None:
    """The complaint that a whole number names, its own or one of its work orders', if the member may see it."""
    wanted = typed.strip().upper()
    if not _NUMBER.fullmatch(wanted):
        return None
    seen = Complaint.objects.visible_to(member)
    if wanted.startswith("TS"):
        return seen.filter(number=wanted).first()
    return seen.filter(work_orders__number=wanted).first()


def by_numbers(numbers: Sequence[str], model: type[Model], member: Member) -> dict[str, Any]:
    """The ticked rows of a list, by number: complaints or work orders, those the member may see."""
    if model is WorkOrder:
        orders = WorkOrder.objects.visible_to(member).select_related("complaint", "unit", "assignee")
        return {order.number: order for order in orders.filter(number__in=numbers)}
    return {row.number: row for row in Complaint.objects.visible_to(member).filter(number__in=numbers)}
