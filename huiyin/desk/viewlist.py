"""The views of the queue beside each other: the shelves, and what was kept under a name; counted in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.desk import queries
from huiyin.desk.forms.sieving import SieveForm, known_categories
from huiyin.desk.shelves import BY_NAME, Shelf, shelves_for
from huiyin.org.models import Member, SavedView

EXACT, EXACT_PATIENCE_MS = 10_000, 300  # the list that is open is counted so far, and so long
PATIENCE_MS = 1000  # for counting what was saved: a rare filter over a million rows is not worth more
GROUPS = (SavedView.Scope.ALL, SavedView.Scope.UNIT, SavedView.Scope.MINE)


@dataclass(frozen=True)
class Line:
    """One view. `key` names its place on the page; `saved` is the row where it was kept, else it is a shelf."""

    key: str
    label: Any
    url: str
    shelf: Shelf
    saved: SavedView | None = None


def shelf_named(name: str, member: Member) -> Shelf:
    """The one asked for, if it is for this member; else all."""
    wanted = BY_NAME.get(name)
    return wanted if wanted is not None and wanted.is_for(member) else BY_NAME["all"]


def saved_for(member: Member) -> list[SavedView]:
    """Those that the member sees and whose shelf is for them, list by list."""
    seen = SavedView.objects.visible_to(member).order_by("position", "id")
    fitting = [view for view in seen if _shelf_of(view).is_for(member)]
    return sorted(fitting, key=lambda view: GROUPS.index(SavedView.Scope(view.scope)))


def _shelf_of(view: SavedView) -> Shelf:
    return BY_NAME.get(QueryDict(view.query).get("view", ""), BY_NAME["all"])


def lines(member: Member, saved: Sequence[SavedView]) -> list[Line]:
    queue = reverse("desk:queue")
    shelves = [
        Line(f"shelf-{each.name}", each.label, f"{queue}?view={each.name}", each) for each in shelves_for(member)
    ]
    kept = [
        Line(f"saved-{each.pk}", each.name, f"{queue}?{each.query}&saved={each.pk}", _shelf_of(each), each)
        for each in saved
    ]
    return [*shelves, *kept]


def grouped(found: Sequence[Line], member: Member, current: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """For desk/parts/views.html: what is to be done, what there is to look at, and what was kept by whom."""
    heads: dict[str, Any] = {
        "tasks": _("要办的"),
        "others": _("查看"),
        SavedView.Scope.ALL: _("全员共用"),
        SavedView.Scope.UNIT: _("本单位共用"),
        SavedView.Scope.MINE: _("我的视图"),
    }
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in heads}
    for line in found:
        name = line.saved.scope if line.saved else "tasks" if line.shelf.is_task_of(member) else "others"
        groups[name].append(
            {"key": line.key, "label": line.label, "url": line.url, "is_current": line.key == current}
            | count_of(line, counts)
        )
    return [{"name": name, "label": heads[name], "lines": rows} for name, rows in groups.items() if rows]


def count_of(line: Line, counts: dict[str, int]) -> dict[str, Any]:
    """As it is shown; "…" while nobody has counted, or where counting took too long."""
    count = counts.get(line.key)
    return {
        "count": "…" if count is None else queries.shown(count),
        "tone": "red" if line.key == "shelf-overdue" and count else "",
    }


def counted(found: Sequence[Line], member: Member, *, at: datetime) -> dict[str, int]:
    """How many lie in each, by key, never past the cap; one statement. What was saved may be left out."""
    shelves = [line for line in found if line.saved is None]
    if len(shelves) < len(found):
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE_MS}")
                return _counts(found, member, at)
        except OperationalError:
            pass  # PostgreSQL gave up on a saved question that is too dear: the shelves alone are not
    return _counts(shelves, member, at)


def total_words(rows: QuerySet[Any]) -> str:
    """How many there are on the open list, to the last one; empty where counting them would be too dear."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {EXACT_PATIENCE_MS}")
            [count] = queries.capped_counts([rows.order_by().values("pk")[: EXACT + 1]])
    except OperationalError:
        return ""
    return _("%s 件以上") % f"{EXACT:,}" if count > EXACT else _("共 %s 件") % f"{count:,}"


def _counts(found: Sequence[Line], member: Member, at: datetime) -> dict[str, int]:
    categories = known_categories(member) if any(line.saved for line in found) else []
    heads = [_rows(line, member, categories, at).order_by().values("pk")[: queries.CAP + 1] for line in found]
    return dict(zip((line.key for line in found), queries.capped_counts(heads), strict=True))


def _rows(line: Line, member: Member, categories: Any, at: datetime) -> QuerySet[Any]:
    if line.saved is None:
        return line.shelf.rows(member, at)
    form = SieveForm(QueryDict(line.saved.query), member=member, categories=categories)
    return queries.on_shelf(line.shelf, member, form.sieve(), at=at)
