"""What of a member's work is past its time or comes due within hours: every promise that runs, not the answer alone.

Theirs are the complaints they look after and the work orders they have; what comes due is also told of what waits for
them: to be signed, reviewed, audited, answered, opined on. A number of statements that does not depend on how much
there is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from huiyin.complaints.actions.clocks import WATCHED
from huiyin.complaints.models import Clock, Complaint
from huiyin.complaints.models.clocks import ClockQuerySet
from huiyin.complaints.models.complaint import is_late
from huiyin.desk import queries
from huiyin.desk.promises import DUE_BY, clock_label, clock_names
from huiyin.desk.reading import Reader
from huiyin.desk.rows import complaint_row, order_rows
from huiyin.desk.shelves import BY_NAME
from huiyin.dispatch.models import WorkOrder
from huiyin.org.models import Member
from huiyin.org.rules import Right, may

SOON = timedelta(hours=4)
FIRST = 5
MOST = 4 * FIRST  # clocks looked at; several may be of one complaint
ORDERS = ("CK-ACK", "CK-HANDLE")
OF_ORDERS = frozenset({*ORDERS, "CK-AUDIT"})
Clocks = QuerySet[Clock, Any]


class Line(NamedTuple):
    """A clock, as much of it as is needed."""

    due_at: datetime
    code: str
    complaint: int
    order: str  # the number of the work order that it is of, or empty


@dataclass(frozen=True)
class Nearing:
    """`late` and `soon`, as rows of a list, the first due first; each row by the promise it names."""

    member: Member
    at: datetime

    @cached_property
    def late(self) -> list[dict[str, Any]]:
        return self._rows(self._late, queries.joined(self._mine.filter(is_late(self.at)), BY_NAME["mine"]))

    @cached_property
    def soon(self) -> list[dict[str, Any]]:
        due = {"due_at__gte": self.at, "due_at__lt": self.at + SOON, "paused_at": None}
        return self._rows(self._soon, queries.joined(self._mine.filter(**due), BY_NAME["mine"]))

    @property
    def _mine(self) -> QuerySet[Complaint]:
        return BY_NAME["mine"].rows(self.member, self.at)

    @cached_property
    def _own(self) -> list[Clocks]:
        """Of the complaints they look after what is not their own deadline, and of the orders in their hands."""
        beside = _running().filter(complaint__in=self._mine, subject="").exclude(code__in=(*DUE_BY, WATCHED))
        named = _of_orders(self._orders("sign").filter(assignee=self.member), *ORDERS)
        return [beside, named, _of_orders(self._orders("handle"), *ORDERS)]

    @cached_property
    def _waiting(self) -> list[Clocks]:
        found = []
        if BY_NAME["sign"].is_for(self.member):
            found.append(_of_orders(self._orders("sign").filter(assignee=None), "CK-ACK"))
        if BY_NAME["review"].is_for(self.member):
            found.append(_running().filter(code="CK-REVIEW", complaint__in=self._shelf("review")))
        if BY_NAME["audit"].is_for(self.member):
            found.append(_of_orders(self._orders("audit"), "CK-AUDIT"))
        if BY_NAME["reply"].is_for(self.member):
            found.append(_running().filter(code__in=sorted(DUE_BY), complaint__in=self._shelf("reply")))
        if may(self.member, Right.OPINE):
            found.append(Clock.objects.visible_to(self.member).running().filter(code="CK-LEGAL", paused_at=None))
        return found

    def _shelf(self, name: str) -> QuerySet[Complaint]:
        return BY_NAME[name].rows(self.member, self.at)

    def _orders(self, name: str) -> QuerySet[WorkOrder]:
        return BY_NAME[name].rows(self.member, self.at)

    @cached_property
    def _late(self) -> list[Line]:
        return _first(self._own, Q(due_at__lt=self.at))

    @cached_property
    def _soon(self) -> list[Line]:
        due = Q(due_at__gte=self.at, due_at__lt=self.at + SOON, breached_at=None)  # as the index has it
        return _first([*self._own, *self._waiting], due)

    def _rows(self, lines: Sequence[Line], own: QuerySet[Complaint]) -> list[dict[str, Any]]:
        reader = Reader(self.member)
        found = [complaint_row(each, reader) for each in own.order_by("due_at", "id")[:FIRST]]
        for line in lines:
            shown = self._orders_shown.get(line.order) if line.order else self._complaints_shown.get(line.complaint)
            if shown is not None:
                named = {"words": clock_label(line.code, self._names), "tone": "grey", "icon": "clock"}
                runs = {"due_at": line.due_at, "is_done_at": None, "paused_at": None}
                found.append({**shown, **runs, "flags": [named, *shown["flags"]]})
        first: dict[str, dict[str, Any]] = {}
        for row in sorted(found, key=lambda each: each["due_at"]):
            first.setdefault(row["number"], row)
        return list(first.values())[:FIRST]

    @cached_property
    def _names(self) -> dict[str, str]:
        return clock_names()

    @cached_property
    def _complaints_shown(self) -> dict[int, dict[str, Any]]:
        wanted = {line.complaint for line in self._both if not line.order}
        seen = Complaint.objects.visible_to(self.member).filter(pk__in=wanted)
        reader = Reader(self.member)
        return {each.pk: complaint_row(each, reader) for each in (queries.in_line(seen) if wanted else ())}

    @cached_property
    def _orders_shown(self) -> dict[str, dict[str, Any]]:
        wanted = {line.order for line in self._both if line.order}
        seen = WorkOrder.objects.visible_to(self.member).filter(number__in=wanted)
        joined = queries.joined(seen, BY_NAME["handle"])
        rows = order_rows(joined, self.member, signed_by=False) if wanted else []
        return {row["number"]: row for row in rows}

    @property
    def _both(self) -> list[Line]:
        return [*self._late, *self._soon]


def _running() -> QuerySet[Clock]:
    """To be narrowed by a shelf, which holds what the member may see."""
    return ClockQuerySet(Clock).running().filter(paused_at=None)


def _of_orders(orders: QuerySet[WorkOrder], *codes: str) -> Clocks:
    theirs = _running().filter(code__in=codes, complaint__in=orders.values("complaint"))
    return theirs.filter(subject__in=orders.values("number"))


def _first(sources: Iterable[Clocks], due: Q) -> list[Line]:
    """Those due first of all of them; one statement."""
    names = ("due_at", "code", "complaint", "subject")
    heads = [each.filter(due).order_by("due_at", "id").values_list(*names)[:MOST] for each in sources]
    together = heads[0].union(*heads[1:], all=True).order_by("due_at")[:MOST]
    return [Line(due_at, code, pk, subject if code in OF_ORDERS else "") for due_at, code, pk, subject in together]
