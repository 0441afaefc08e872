"""The queue: a shelf of complaints or work orders, found, filtered and paged."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.desk import queries, rows
from huiyin.desk.forms.sieving import SieveForm
from huiyin.desk.pages import Request, at_desk, show
from huiyin.desk.shelves import BY_NAME, NEWEST, Shelf, shelves_for
from huiyin.lib import keyset
from huiyin.org.models import Member
from huiyin.org.rules import Right, may

SIZE = 50
SORTS = {"due": ("due_at", "id"), "-due": ("-due_at", "-id"), "received": ("received_at", "id"), "-received": NEWEST}


@at_desk
@require_safe
def queue(request: Request) -> HttpResponse:
    """What lies on the chosen shelf; a whole number typed into the search leads to that complaint at once."""
    at = timezone.now()
    if found := queries.by_number(request.GET.get("q", ""), request.user):
        return redirect("desk:complaint", found.number)
    return show(request, "desk/queue.html", _context(request, at), at=at)


@at_desk
@require_safe
def counts(request: Request) -> HttpResponse:
    """The tabs with fresh counts, for the page to fetch by itself."""
    at = timezone.now()
    shelf = _shelf(request)
    tabs = _tabs(request, shelf, at, is_counted=True)
    return show(request, "desk/queue_tabs.html", {"tabs": tabs, "is_counted": True}, at=at)


def _shelf(request: Request) -> Shelf:
    """The one asked for, if it is for this member; a search without one looks everywhere."""
    wanted = BY_NAME.get(request.GET.get("view", ""))
    if wanted is None or not wanted.is_for(request.user):
        return BY_NAME["all"]
    return wanted


def _context(request: Request, at: Any) -> dict[str, Any]:
    shelf, form = _shelf(request), SieveForm(request.GET, member=request.user)
    sieve = form.sieve()
    found = queries.on_shelf(shelf, request.user, sieve, at=at)
    order = _order(request, shelf)
    page = _page(queries.joined(found, shelf), order, request.GET.get("cursor"))
    return {
        "shelf": shelf,
        "tabs": _tabs(request, shelf, at, is_counted="counts" in request.GET),
        "filters": form.filters(),
        "hidden": [("view", shelf.name), *([("owner", sieve.owner)] if sieve.owner else [])],
        "q": sieve.q,
        "search_text": sieve.q,
        "received_from": form.data.get("received_from", ""),
        "received_to": form.data.get("received_to", ""),
        "chosen": form.chosen,
        "total_words": _total(page) if form.chosen else "",
        "clear_url": f"{reverse('desk:queue')}?view={shelf.name}" if form.chosen else "",
        "rows": _rows(page.rows, shelf, request.user),
        "sort": _sort(request, shelf, order),
        "previous_url": _at_cursor(request, page.previous),
        "next_url": _at_cursor(request, page.next),
        "exports": _exports(request) if may(request.user, Right.EXPORT_CASES) else [],
        **_bulk(shelf, request.user),
    }


def _rows(found: list[Any], shelf: Shelf, member: Member) -> list[dict[str, Any]]:
    return rows.order_rows(found, member) if shelf.of_orders else rows.complaint_rows(found, member)


def _order(request: Request, shelf: Shelf) -> tuple[str, ...]:
    chosen = SORTS.get(request.GET.get("sort", ""), shelf.order)
    is_by_receipt = "received_at" in chosen[0]
    return shelf.order if shelf.of_orders and is_by_receipt else chosen


def _page(found: Any, order: tuple[str, ...], cursor: str | None) -> keyset.Page[Any]:
    """From the cursor on; one that was made for another order, or by nobody, starts at the beginning."""
    try:
        return keyset.page(found, order=order, size=SIZE, cursor=cursor)
    except keyset.BadCursor:
        return keyset.page(found, order=order, size=SIZE)


def _total(page: keyset.Page[Any]) -> str:
    """What can be said without counting: at a million rows a rare filter would be counted for seconds."""
    if page.next is None and page.previous is None:
        return _("共 %s 件") % len(page.rows)
    return _("%d 件以上") % SIZE


def _tabs(request: Request, current: Shelf, at: Any, *, is_counted: bool) -> list[dict[str, Any]]:
    """The rows come first: the page fetches the counts by itself, or with ?counts= where there is no script."""
    shelves = shelves_for(request.user)
    found = queries.counts(shelves, request.user, at=at) if is_counted else {}
    return [
        {
            "label": shelf.label,
            "url": f"{reverse('desk:queue')}?view={shelf.name}",
            "count": queries.shown(found[shelf.name]) if found else "…",
            "is_current": shelf == current,
            "tone": "red" if shelf.name == "overdue" and found.get(shelf.name) else "",
        }
        for shelf in shelves
    ]


def _with(request: Request, **changes: str | None) -> str:
    query = request.GET.copy()
    query.pop("cursor", None)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"{reverse('desk:queue')}?{query.urlencode()}"


def _at_cursor(request: Request, cursor: str | None) -> str:
    return _with(request, cursor=cursor) if cursor else ""


def _sort(request: Request, shelf: Shelf, order: tuple[str, ...]) -> list[dict[str, str]]:
    """The head of the table: by due date and by receipt, the two orders that an index answers at any size."""
    due, received = _column(request, "due", order), _column(request, "received", order)
    plain = {"url": "", "direction": ""}
    title = plain if shelf.of_orders else received
    return [
        {"label": _("等级"), **plain},
        {"label": _("投诉") if shelf.of_orders else _("投诉（受理时间）"), **title},
        {"label": _("状态"), **plain},
        {"label": _("单位"), **plain},
        {"label": _("处理人"), **plain},
        {"label": _("截止"), **due},
    ]


def _column(request: Request, name: str, order: tuple[str, ...]) -> dict[str, str]:
    down, up = SORTS[f"-{name}"], SORTS[name]
    direction = "ascending" if order == up else "descending" if order == down else ""
    return {"url": _with(request, sort=f"-{name}" if order == up else name), "direction": direction}


def _exports(request: Request) -> list[dict[str, str]]:
    query = request.GET.copy()
    query.pop("cursor", None)
    return [
        {"label": kind.upper(), "url": f"{reverse('desk:export', args=[kind])}?{query.urlencode()}"}
        for kind in ("csv", "xlsx")
    ]


def _bulk(shelf: Shelf, member: Member) -> dict[str, Any]:
    """What may be done with several rows at once: sign, or name who looks after them."""
    if shelf.name == "sign":
        return {
            "bulk_url": reverse("desk:bulk-sign"),
            "bulk_actions": [{"value": "sign", "label": _("签收所选"), "icon": "user-check"}],
        }
    if not shelf.of_orders and may(member, Right.DISPATCH):
        people = Member.objects.visible_to(member).active().with_role("frontline", "senior_agent", "supervisor")
        return {
            "bulk_url": reverse("desk:bulk-assign"),
            "bulk_actions": [{"value": "assign", "label": _("指定负责人"), "icon": "user"}],
            "bulk_people": people.select_related("unit").order_by("unit__path", "name")[:200],
        }
    return {}
