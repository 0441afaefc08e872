"""What a change would have done to the latest complaints, on the page that asks for it: counts of all, the number only
of those that this member may see. It is saved once it was looked at."""

from collections.abc import Mapping
from typing import Any

from huiyin.complaints.models import Complaint
from huiyin.desk.administration.calendars import is_looked_at, looked
from huiyin.desk.pages import Request
from huiyin.dispatch import foreseeing
from huiyin.dispatch.foreseeing import Foreseen
from huiyin.lib.phrasing import listed
from huiyin.org.models import Unit
from huiyin.triage.models import Category

__all__ = ["is_seen", "of_keywords", "of_rule"]


def is_seen(request: Request, *said: Any) -> bool:
    """Whether the effect of just this was on the page that is sent."""
    return "preview" not in request.POST and is_looked_at(request, looked(*said))


def of_rule(request: Request, *said: Any, **rule: Any) -> dict[str, Any]:
    found = foreseeing.by_rule(**rule)
    return {**_shown(request, found, _unit_names(request), said), "kind": "routing"}


def of_keywords(request: Request, leaf: Category, *said: Any) -> dict[str, Any]:
    found = foreseeing.by_keywords(leaf)
    return {**_shown(request, found, _category_names(request) | {leaf.code: leaf.name}, said), "kind": "keywords"}


def _shown(request: Request, found: Foreseen, names: Mapping[str, str], said: Any) -> dict[str, Any]:
    ids = [each.complaint_id for each in found.examples]
    numbers = dict(Complaint.objects.visible_to(request.user).filter(pk__in=ids).values_list("pk", "number"))
    rows = [
        {"number": numbers.get(each.complaint_id, ""), "category": each.category,
         "old": listed(names.get(code, code) for code in each.old),
         "new": listed(names.get(code, code) for code in each.new)}
        for each in found.examples
    ]  # fmt: skip
    return {"found": found, "rows": rows, "looked": looked(*said)}


def _unit_names(request: Request) -> dict[str, str]:
    return {unit.code: unit.name for unit in Unit.objects.visible_to(request.user)}


def _category_names(request: Request) -> dict[str, str]:
    return {row.code: row.name for row in Category.objects.visible_to(request.user)}
