"""Views of the queue under a name, and how the queue looks to a member: kept, renamed, moved, dropped."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.desk import columns, viewlist
from huiyin.desk.forms.sieving import SieveForm
from huiyin.desk.pages import Request, at_desk, show
from huiyin.desk.views.queue import asks
from huiyin.org.actions import members, views
from huiyin.org.actors import Actor
from huiyin.org.errors import Refused
from huiyin.org.models import Member, SavedView


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def saved_views(request: Request) -> HttpResponseBase:
    """GET: all that the member sees, and what they may do with each. POST: keep the question of the page."""
    if request.method != "POST":
        return _page(request)
    given = request.POST
    try:
        view = views.keep(
            name=given.get("name", "").replace("\x00", ""), scope=given.get("scope", SavedView.Scope.MINE),
            query=_checked(given.get("query", ""), request.user), actor=Actor.of(request.user), at=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('desk:queue')}?{_checked(given.get('query', ''), request.user)}")
    messages.success(request, _("视图“%s”已保存。") % view.name)
    return redirect(f"{reverse('desk:queue')}?{view.query}&saved={view.pk}")


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def saved_view(request: Request, pk: int) -> HttpResponseBase:
    """POST with `act`: rename, change, up, down; drop asks again before it drops."""
    view, act = _the_view(request, pk), request.POST.get("act", "")
    actor, at = Actor.of(request.user), timezone.now()
    if request.method != "POST":
        return redirect(f"{reverse('desk:queue')}?{view.query}&saved={view.pk}")
    if act == "drop" and request.POST.get("sure") != "yes" and view.is_in_hands_of(request.user):
        return show(request, "desk/saved_view_drop.html", {"view": view}, at=at)
    try:
        words = _do(view, act, request, actor, at)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _page(request, status=403)
    if words:
        messages.success(request, words)
    if act == "change":
        return redirect(f"{reverse('desk:queue')}?{view.query}&saved={view.pk}")
    return redirect("desk:saved-views")


def _do(view: SavedView, act: str, request: Request, actor: Actor, at: Any) -> str:
    match act:
        case "rename":
            views.rename(view, name=request.POST.get("name", "").replace("\x00", ""), actor=actor, at=at)
            return _("视图改名为“%s”。") % view.name
        case "change":
            views.change(view, query=_checked(request.POST.get("query", ""), request.user), actor=actor, at=at)
            return _("视图“%s”已更新。") % view.name
        case "up" | "down":
            views.shift(view, up=act == "up", actor=actor, at=at)
            return ""
        case "drop":
            views.drop(view, actor=actor, at=at)
            return _("视图“%s”已删除。") % view.name
    raise Http404


@at_desk
@require_POST
def looks(request: Request) -> HttpResponseBase:
    """The queue as the member likes it: columns, list or split, rows wide or narrow."""
    given = request.POST
    chosen: dict[str, Any] = {}
    if given.get("layout") in columns.LAYOUTS:
        chosen["layout"] = given["layout"]
    if given.get("density") in columns.DENSITIES:
        chosen["density"] = given["density"]
    if "reset" in given:
        chosen["columns"] = None
    elif "columns" in given:
        chosen["columns"] = list(_columns(given))
    members.prefer(request.user, at=timezone.now(), **chosen)
    return redirect(_next(given.get("next", "")))


def _columns(given: QueryDict) -> tuple[str, ...]:
    names = columns.known(given.getlist("columns"))
    if name := given.get("left"):
        return columns.moved(names, name, -1)
    if name := given.get("right"):
        return columns.moved(names, name, 1)
    return names


def _next(asked: str) -> str:
    queue = reverse("desk:queue")
    return asked if asked.startswith(queue) and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else queue


def _checked(query: str, member: Member) -> str:
    """Only what the filter form knows, in its own words."""
    given = QueryDict(query[:2000].replace("\x00", ""))
    shelf = viewlist.shelf_named(given.get("view", ""), member)
    checked = asks(SieveForm(given, member=member), shelf, given.get("sort", ""))
    return checked if len(checked) <= 1000 else f"view={shelf.name}"


def _the_view(request: Request, pk: int) -> SavedView:
    found = SavedView.objects.visible_to(request.user).select_related("unit").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(request: Request, *, status: int = 200) -> HttpResponse:
    seen = SavedView.objects.visible_to(request.user).select_related("owner", "unit").order_by("position", "id")
    rows: list[dict[str, Any]] = [
        {"view": each, "is_mine": each.is_in_hands_of(request.user), "url": f"{reverse('desk:queue')}?{each.query}"}
        for each in seen
    ]
    labels = {scope: scope.label for scope in viewlist.GROUPS}
    groups = [
        {"label": label, "rows": [row for row in rows if row["view"].scope == scope]} for scope, label in labels.items()
    ]
    context = {"groups": [group for group in groups if group["rows"]]}
    return show(request, "desk/saved_views.html", context, at=timezone.now(), status=status)
