"""The sales side's own view: its customers' complaints on a board of five stages, and each stage page by page."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiyin.desk import queries, rows
from huiyin.desk.pages import Request, at_desk, needs, show
from huiyin.desk.sales import BY_NAME, STAGES, Stage, on_stage, own_customers
from huiyin.desk.shelves import BY_NAME as SHELVES
from huiyin.desk.shelves import DUE
from huiyin.lib import keyset
from huiyin.org.models import Member
from huiyin.org.rules import Right

CARDS = 8
SIZE = 50


@at_desk
@needs(Right.FOLLOW_SALES)
@require_safe
def sales(request: Request) -> HttpResponse:
    at, name = timezone.now(), request.GET.get("stage", "")
    if not name:
        return show(request, "desk/sales/board.html", {"columns": _columns(request.user, at)}, at=at)
    if name not in BY_NAME:
        raise Http404
    return show(request, "desk/sales/stage.html", _stage(request, BY_NAME[name], at), at=at)


def _columns(member: Member, at: datetime) -> list[dict[str, Any]]:
    own = own_customers(member)
    there = [on_stage(own, stage, at=at) for stage in STAGES]
    counts = queries.capped_counts([each.order_by().values("pk")[: queries.CAP + 1] for each in there])
    return [
        {
            "stage": stage,
            "count": queries.shown(count) if count else 0,
            "cards": rows.complaint_rows(_lines(found).order_by(*DUE)[:CARDS], member) if count else [],
            "url": _url(stage),
            "has_more": count > CARDS,
        }
        for stage, found, count in zip(STAGES, there, counts, strict=True)
    ]


def _stage(request: Request, stage: Stage, at: datetime) -> dict[str, Any]:
    found = _lines(on_stage(own_customers(request.user), stage, at=at))
    try:
        page = keyset.page(found, order=DUE, size=SIZE, cursor=request.GET.get("cursor"))
    except keyset.BadCursor:
        page = keyset.page(found, order=DUE, size=SIZE)
    return {
        "stage": stage,
        "tabs": [{"label": each.label, "url": _url(each), "is_current": each == stage} for each in STAGES],
        "rows": rows.complaint_rows(page.rows, request.user),
        "previous_url": f"{_url(stage)}&cursor={page.previous}" if page.previous else "",
        "next_url": f"{_url(stage)}&cursor={page.next}" if page.next else "",
    }


def _lines(found: Any) -> Any:
    return queries.joined(found, SHELVES["all"])


def _url(stage: Stage) -> str:
    return f"{reverse('desk:sales')}?stage={stage.name}"
