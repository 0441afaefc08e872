"""The queue: a shelf of complaints or work orders, found, filtered and paged, as a list or beside the open one."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.desk import columns, queries, rows, viewlist
from huiyin.desk.forms.sieving import SieveForm, fixed, sentence
from huiyin.desk.pages import Request, at_desk, show
from huiyin.desk.shelves import DUE, NEWEST, Shelf
from huiyin.desk.views.bulk import actions_on
from huiyin.lib import keyset
from huiyin.org.actions import views as keeping
from huiyin.org.models import Member, SavedView
from huiyin.org.rules import Right, may

SIZE = 50
DEEPEST = 8  # pages that one answer may hold, so that coming back finds what was scrolled to
SORTS = {"due": DUE, "-due": ("-due_at", "-id"), "received": ("received_at", "id"), "-received": NEWEST}


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
def more(request: Request) -> HttpResponse:
    """The rows that follow the cursor, and where those after them are; for the page to append."""
    at = timezone.now()
    shelf = viewlist.shelf_named(request.GET.get("view", ""), request.user)
    form = SieveForm(request.GET, member=request.user)
    return show(request, "desk/queue_more.html", _found(request, shelf, form, at), at=at)


@at_desk
@require_safe
def counts(request: Request) -> HttpResponse:
    """Fresh counts of all views, and of the open list as it is filtered, for the page to fetch by itself."""
    at = timezone.now()
    shelf = viewlist.shelf_named(request.GET.get("view", ""), request.user)
    sieve = SieveForm(request.GET, member=request.user).sieve()
    lines = viewlist.lines(request.user, viewlist.saved_for(request.user))
    found = viewlist.counted(lines, request.user, at=at)
    context = {
        "counts": [{"key": line.key, **viewlist.count_of(line, found)} for line in lines],
        "total": viewlist.total_words(queries.on_shelf(shelf, request.user, sieve, at=at)),
    }
    return show(request, "desk/queue_counts.html", context, at=at)


def _context(request: Request, at: datetime) -> dict[str, Any]:
    member = request.user
    shelf = viewlist.shelf_named(request.GET.get("view", ""), member)
    form = SieveForm(request.GET, member=member)
    found = _found(request, shelf, form, at)
    saved = viewlist.saved_for(member)
    view = next((each for each in saved if str(each.pk) == request.GET.get("saved")), None)
    lines = viewlist.lines(member, saved)
    total = viewlist.counted(lines, member, at=at) if "counts" in request.GET else {}
    return {
        **found,
        "title": view.name if view else shelf.label,
        "groups": viewlist.grouped(lines, member, f"saved-{view.pk}" if view else f"shelf-{shelf.name}", total),
        "layout": columns.layout_of(member),
        "density": columns.density_of(member),
        "column_choices": columns.for_choosing(member),
        "open": _open(request),
        "here": request.get_full_path(),
        "pieces": _pieces(request, form, shelf),
        "hidden": [("view", shelf.name), *([("saved", str(view.pk))] if view else [])],
        "search_text": form.chosen.get("q", ""),
        "exports": _exports(request) if may(member, Right.EXPORT_CASES) else [],
        "saving": _saving(request, form, shelf, view),
    }


def _found(request: Request, shelf: Shelf, form: SieveForm, at: datetime) -> dict[str, Any]:
    """The rows and what the table around them needs."""
    member, order = request.user, _order(request, shelf)
    found = queries.joined(queries.on_shelf(shelf, member, form.sieve(), at=at), shelf)
    first = list(queries.ahead(found, shelf, member)[: queries.AHEAD]) if order == DUE else []
    rest = found.exclude(pk__in=[row.pk for row in first]) if first else found
    page = _page(rest, order, request.GET.get("cursor"), _depth(request) * SIZE)
    if page.previous is None:
        page = keyset.Page([*first, *page.rows], page.next, None)
    chosen = columns.chosen_by(member)
    return {
        "shelf": shelf,
        "rows": rows.order_rows(page.rows, member) if shelf.of_orders else rows.complaint_rows(page.rows, member),
        "columns": chosen,
        "head": _head(request, shelf, chosen, order),
        "chosen": form.chosen,
        "total_words": _total(page) if form.chosen else "",
        "clear_url": f"{reverse('desk:queue')}?view={shelf.name}" if form.chosen else "",
        "previous_url": _at(request, "desk:queue", page.previous),
        "next_url": _at(request, "desk:queue", page.next),
        "more_url": _at(request, "desk:more", page.next),
        "bulk_actions": actions_on(shelf, member),
    }


def _depth(request: Request) -> int:
    """How many pages at once: as far as the member had scrolled when they left."""
    asked = request.GET.get("rows", "")
    pages = int(asked) // SIZE if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    return min(max(pages, 1), DEEPEST)


def _open(request: Request) -> dict[str, str] | None:
    """The complaint that stands beside the list, if the member may see it."""
    asked = request.GET.get("open", "")
    found = queries.by_number(asked, request.user) if asked else None
    return {"number": found.number, "url": reverse("desk:complaint", args=[found.number])} if found else None


def _order(request: Request, shelf: Shelf) -> tuple[str, ...]:
    chosen = SORTS.get(request.GET.get("sort", ""), shelf.order)
    is_by_receipt = "received_at" in chosen[0]
    return shelf.order if shelf.of_orders and is_by_receipt else chosen


def _page(found: Any, order: tuple[str, ...], cursor: str | None, size: int) -> keyset.Page[Any]:
    """From the cursor on; one that was made for another order, or by nobody, starts at the beginning."""
    try:
        return keyset.page(found, order=order, size=size, cursor=cursor)
    except keyset.BadCursor:
        return keyset.page(found, order=order, size=size)


def _total(page: keyset.Page[Any]) -> str:
    """What can be said without counting: at a million rows a rare filter would be counted for seconds."""
    if page.next is None and page.previous is None:
        return _("共 %s 件") % len(page.rows)
    return _("%d 件以上") % len(page.rows)


def _with(request: Request, place: str = "desk:queue", *, without: tuple[str, ...] = (), **changes: str) -> str:
    query = request.GET.copy()
    for gone in ("cursor", "rows", "open", "counts", *without):
        query.pop(gone, None)
    for name, value in changes.items():
        query[name] = value
    return f"{reverse(place)}?{query.urlencode()}"


def _at(request: Request, place: str, cursor: str | None) -> str:
    return _with(request, place, cursor=cursor) if cursor else ""


def _head(request: Request, shelf: Shelf, names: tuple[str, ...], order: tuple[str, ...]) -> list[dict[str, Any]]:
    """The head of the table: by due date and by receipt, the two orders that an index answers at any size."""
    found = []
    for name in names:
        column = columns.BY_NAME[name]
        sort, label = column.sort, column.label
        if name == "title" and "received" not in names and not shelf.of_orders:
            sort, label = "received", _("投诉（受理时间）")
        is_sorted = bool(sort) and not (shelf.of_orders and sort == "received")
        found.append({"name": name, "label": label} | (_sorted(request, sort, order) if is_sorted else {}))
    return found


def _sorted(request: Request, name: str, order: tuple[str, ...]) -> dict[str, str]:
    down, up = SORTS[f"-{name}"], SORTS[name]
    direction = "ascending" if order == up else "descending" if order == down else ""
    return {"url": _with(request, sort=f"-{name}" if order == up else name), "direction": direction}


def _pieces(request: Request, form: SieveForm, shelf: Shelf) -> list[dict[str, Any]]:
    """The filter bar; what is chosen carries the address of the page without it."""
    labels = {
        "due": _("截止从早到晚"),
        "-due": _("截止从晚到早"),
        "received": _("受理从早到晚"),
        "-received": _("受理从晚到早"),
    }
    offered = [name for name in SORTS if not (shelf.of_orders and name.endswith("received"))]
    sorts = [{"value": "" if SORTS[name] == shelf.order else name, "label": labels[name]} for name in offered]
    order = _order(request, shelf)
    sort = next((name for name in offered if SORTS[name] == order and order != shelf.order), "")
    pieces = sentence(form, request.user, of_orders=shelf.of_orders, sorts=sorts, sort=sort)
    for piece in pieces:
        if piece.get("value"):
            gone = ("received", "received_from", "received_to") if piece["name"] == "received" else (piece["name"],)
            piece["clear_url"] = _with(request, without=gone)
        if piece.get("name") == "received" and form.days == "range":
            piece["days"] = [
                {"name": name, "label": label, "value": form.data.get(name, "")}
                for name, label in (("received_from", _("受理日期从")), ("received_to", _("受理日期到")))
            ]
    for piece in fixed(form, request.user):
        pieces.append({**piece, "is_fixed": True, "clear_url": _with(request, without=(piece["name"],))})
    if q := form.chosen.get("q"):
        pieces.append({"name": "q", "value": q, "clear_url": _with(request, without=("q",)), "is_search": True})
    return pieces


def _exports(request: Request) -> list[dict[str, str]]:
    url = _with(request)
    return [
        {"label": kind.upper(), "url": url.replace(reverse("desk:queue"), reverse("desk:export", args=[kind]))}
        for kind in ("csv", "xlsx")
    ]


def asks(form: SieveForm, shelf: Shelf, sort: str) -> str:
    """The page's question as a saved view keeps it: checked, and the same for the same question."""
    parts = [f"view={shelf.name}", form.address(), f"sort={sort}" if sort in SORTS else ""]
    return "&".join(part for part in parts if part)


def _saving(request: Request, form: SieveForm, shelf: Shelf, view: SavedView | None) -> dict[str, Any]:
    """What may be kept of this page, for whom; `is_changed`: the open view asks something else by now."""
    member: Member = request.user
    query = asks(form, shelf, request.GET.get("sort", ""))
    mine = view is not None and view.is_in_hands_of(member)
    return {
        "query": query,
        "scopes": [{"value": each.value, "label": each.label} for each in keeping.scopes_open_to(member)],
        "view": view,
        "is_changed": bool(view and mine and query != view.query),
    }
