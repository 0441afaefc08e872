"""Which complaints a list shows: the filters of `GET /complaints`, and its orders."""

import re
from datetime import datetime
from typing import Annotated, Literal

from django.db.models import Q, QuerySet
from pydantic import Field

from huiyin.api.paging import Paging
from huiyin.api.reading import Line, Moment
from huiyin.complaints import searching
from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import is_late
from huiyin.complaints.states import OPEN, State
from huiyin.org.models import Member, Unit
from huiyin.triage.models import Category

_NUMBER = re.compile(r"TS\d{8}-\d+", re.ASCII)
Codes = Annotated[list[Line], Field(max_length=50)]


class Filters(Paging):
    """Several values of one name mean any of them: `?state=received&state=in_review`."""

    state: Annotated[list[State], Field(max_length=50)] = []
    severity: Annotated[list[Annotated[int, Field(ge=1, le=4)]], Field(max_length=4)] = []
    category: Codes = Field([], description="Codes; a group's code means all its leaves.")
    unit: Codes = Field([], description="Codes of units that have a part in it.")
    assignee: Codes = Field([], description="User names.")
    tier: Annotated[list[Literal["STD", "VIP", "VUL"]], Field(max_length=3)] = []
    channel: Codes = []
    open: bool | None = Field(None, description="True: not yet closed, withdrawn or merged.")
    overdue: bool | None = None
    q: Annotated[str, Field(max_length=200)] = Field(
        "", description="Words of text, title or name; or a number, order number, phone or e-mail."
    )
    received_after: Moment | None = Field(None, description="That moment or later.")
    received_before: Moment | None = Field(None, description="Before that moment.")
    sort: Literal["-received_at", "received_at", "due_at", "-due_at"] = "-received_at"

    @property
    def order(self) -> tuple[str, str]:
        return self.sort, "-id" if self.sort.startswith("-") else "id"


def chosen(member: Member, rows: QuerySet[Complaint], filters: Filters, *, at: datetime) -> QuerySet[Complaint]:
    wanted = Q()
    if filters.state:
        wanted &= Q(state__in=filters.state)
        if OPEN.issuperset(filters.state):
            wanted &= Q(is_open=True)  # follows from the state, and is the condition of the index
    if filters.severity:
        wanted &= Q(severity__in=filters.severity)
    if filters.category:
        wanted &= _in_categories(member, filters.category)
    if filters.assignee:
        wanted &= Q(assignee__username__in=filters.assignee)
    if filters.tier:
        wanted &= Q(tier__in=filters.tier)
    if filters.channel:
        wanted &= Q(channel__in=filters.channel)
    if filters.open is not None:
        wanted &= Q(is_open=filters.open)
    if filters.received_after is not None:
        wanted &= Q(received_at__gte=filters.received_after)
    if filters.received_before is not None:
        wanted &= Q(received_at__lt=filters.received_before)
    if filters.unit:
        named = Unit.objects.visible_to(member).filter(code__in=filters.unit)
        wanted &= Q(units__overlap=list(named.values_list("id", flat=True)))
    return _late(_found(rows.filter(wanted), filters.q), filters.overdue, at)


def _in_categories(member: Member, codes: list[str]) -> Q:
    """By the confirmed category where there is one, else by that of intake; ids first, so that no join is needed."""
    named = Category.objects.visible_to(member).filter(Q(code__in=codes) | Q(parent__code__in=codes))
    ids = list(named.values_list("id", flat=True))
    return Q(confirmed_category__in=ids) | Q(confirmed_category=None, category__in=ids)


def _late(rows: QuerySet[Complaint], overdue: bool | None, at: datetime) -> QuerySet[Complaint]:
    if overdue is None:
        return rows
    return rows.filter(is_late(at)) if overdue else rows.exclude(is_late(at))


def _found(rows: QuerySet[Complaint], typed: str) -> QuerySet[Complaint]:
    typed = typed.replace("\x00", "").strip()
    if not typed:
        return rows
    if _NUMBER.fullmatch(typed.upper()):
        return rows.filter(number=typed.upper())
    return searching.matching(rows, typed)
