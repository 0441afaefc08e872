"""我的工作: what waits for the member, group by group."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from huiyin.complaints.actions import noting
from huiyin.desk import mine, quality, queries, rows, through
from huiyin.desk.nearing import Nearing
from huiyin.desk.pages import Request, at_desk, given_ids, results_url, show
from huiyin.desk.shelves import Shelf, shelves_for
from huiyin.org.models import Member

FIRST = 5


@at_desk
@require_safe
def work(request: Request) -> HttpResponse:
    at = timezone.now()
    return show(request, "desk/work.html", _context(request.user, at), at=at)


@at_desk
@require_POST
def mentions_seen(request: Request) -> HttpResponse:
    """Those that stand on the page now are read; who goes through them goes on."""
    at = timezone.now()
    noting.see(member=request.user, mentions=given_ids(request, "mention"), at=at)
    group = through.group_of(request)
    if group is None:
        return redirect("desk:work")
    stands = through.standing(group, "", request.user, at=at)
    return redirect(stands.next or (stands.then[1] if stands.then else "desk:work"))


def _context(member: Member, at: datetime) -> dict[str, Any]:
    shelves = shelves_for(member)
    found = queries.counts(shelves, member, at=at)
    nearing = Nearing(member, at)
    tasks = [shelf for shelf in shelves if shelf.is_task_of(member)]
    groups = [_group(shelf, found[shelf.name], member, at) for shelf in tasks if found[shelf.name]]
    told = _told(member, nearing, at)
    return {
        **told,
        "groups": groups,
        "start": next((url for url in [*_begins(told), *(each["begin"] for each in groups)] if url), ""),
        "tiles": [_tile(shelf, found[shelf.name]) for shelf in tasks],
        "others": [_tile(shelf, found[shelf.name]) for shelf in shelves if shelf not in tasks],
    }


def _told(member: Member, nearing: Nearing, at: datetime) -> dict[str, Any]:
    """What stands above the shelves, in the order of the page."""
    return {
        "notices": quality.notices(member),
        "mentions": mine.mentions(member),
        "results": mine.results(member, at) if results_url(member) else [],
        "late": nearing.late,
        "soon": nearing.soon,
        "drafts": mine.drafts(member),
    }


def _begins(told: dict[str, Any]) -> list[str]:
    """Where each of these groups begins, empty for one that holds nothing."""
    steps = {
        "incidents": through.of_incidents(told["notices"]), "mentions": through.of_mentions(told["mentions"]),
        "results": through.of_results(told["results"]), "late": through.of_rows(told["late"]),
        "soon": through.of_rows(told["soon"]), "drafts": through.of_drafts(told["drafts"]),
    }  # fmt: skip
    return [through.begin(name, found) for name, found in steps.items()]


def _tile(shelf: Shelf, count: int) -> dict[str, Any]:
    return {
        "name": shelf.name,
        "label": shelf.label,
        "value": queries.shown(count) if count else 0,
        "url": f"{reverse('desk:queue')}?view={shelf.name}",
        "tone": "red" if shelf.name == "overdue" else "",
    }


def _group(shelf: Shelf, count: int, member: Member, at: datetime) -> dict[str, Any]:
    first = list(queries.joined(shelf.rows(member, at), shelf).order_by("due_at", "id")[:FIRST])
    lines = rows.order_rows(first, member) if shelf.of_orders else rows.complaint_rows(first, member)
    begin = through.first_of_shelf(shelf, member, at=at)
    return {**_tile(shelf, count), "rows": lines, "has_more": count > FIRST, "begin": begin, "is_one": count == 1}
