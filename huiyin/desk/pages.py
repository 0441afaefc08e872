"""What every page of the desk shares: who may open it, in whose time it is told, and the frame it stands in."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render as render_template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django_htmx.middleware import HtmxDetails

from huiyin.complaints.models import Complaint
from huiyin.lib.joining import point
from huiyin.lib.seen import UNSEEN
from huiyin.org.models import Member, Unit
from huiyin.org.queries import setup_left
from huiyin.org.rules import Right, Role, may

P = ParamSpec("P")


class Request(HttpRequest):
    """A request of somebody who has signed in."""

    user: Member
    htmx: HtmxDetails


View = Callable[Concatenate[Request, P], HttpResponseBase]
AnyView = Callable[..., HttpResponseBase]


def at_desk(view: View[P]) -> Callable[..., HttpResponseBase]:
    """For members only, never kept by a browser's cache, all times in the zone of the member's unit."""

    @wraps(view)
    def inner(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        with timezone.override(_zone(request.user)):
            return view(request, *args, **kwargs)

    return never_cache(login_required(inner))


def needs(right: Right) -> Callable[[AnyView], AnyView]:
    """403 for whoever lacks the right."""

    def decorate(view: AnyView) -> AnyView:
        @wraps(view)
        def inner(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.user, right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return inner

    return decorate


def _zone(member: Member) -> ZoneInfo:
    point(Unit, ([member], "unit"))
    try:
        return ZoneInfo(member.unit.time_zone)
    except ZoneInfoNotFoundError:
        return ZoneInfo("Asia/Shanghai")


PARTS = ("customer", "category__parent", "confirmed_category", "owner_unit", "received_unit")


def the_complaint(request: Request, number: str) -> Complaint:
    """The one that is asked for, if the member may see it; 404 where not, as if there were none."""
    seen = Complaint.objects.visible_to(request.user).select_related(*PARTS)
    if "\x00" in number:
        raise Http404
    try:
        complaint = seen.get(number=number)  # by its unique number: first() would order, and look at every column
    except Complaint.DoesNotExist:
        raise Http404 from None
    return complaint


def given_ids(request: Request, name: str) -> list[int]:
    """The keys of rows that a form sent, those that could be any; 200 at most."""
    written = (each for each in request.POST.getlist(name) if each.isascii() and each.isdigit() and len(each) < 19)
    return [int(each) for each in written][:200]


def seen_at(request: Request) -> datetime | None:
    """When what the form shows had been saved last, None where never; UNSEEN where the form does not say."""
    written = request.POST.get("seen_at")
    try:
        return datetime.fromisoformat(written) if written else None if written == "" else UNSEEN
    except ValueError:
        return None


def show(
    request: Request, template: str, context: Mapping[str, Any] | None = None, *, at: datetime, status: int = 200
) -> HttpResponse:
    """The page inside the desk's frame, or bare for the script that compares it or puts it into the pane; for htmx,
    where the template is a fragment, the frame's data does no harm."""
    frame = {"frame": "bare.html"} if _is_bare(request) else _frame(request)
    return render_template(request, template, {**frame, "now": at, **(context or {})}, status=status)


def _is_bare(request: HttpRequest) -> bool:
    return "X-Live" in request.headers or "X-Pane" in request.headers


def _frame(request: Request) -> dict[str, Any]:
    member = request.user
    may_file = may(member, Right.FILE_COMPLAINT)
    return {
        "nav": _nav(request, may_file=may_file),
        "home_url": reverse("desk:work"),
        "search_url": reverse("desk:queue"),
        "new_url": reverse("desk:intake") if may_file else "",
        "new_label": _("登记投诉"),
        "setup_left": _setup_left(request),
        "results_url": results_url(member),
    }


def results_url(member: Member) -> str:
    """What was found of one's own work (质检), for those who answer customers and do not see everybody's scores."""
    return reverse("desk:reviews") if may(member, Right.REPLY) and not may(member, Right.SEE_SCORES) else ""


def nav_of(request: Request) -> list[dict[str, Any]]:
    """The navigation's items for this member."""
    return _nav(request, may_file=may(request.user, Right.FILE_COMPLAINT))


def _setup_left(request: Request) -> int:
    """A line for administrators until the first-run guide is done, but for the guide itself."""
    is_guide = request.path == reverse("desk:settings-start")
    return 0 if is_guide or not may(request.user, Right.CONFIGURE) else setup_left()


def _nav(request: Request, *, may_file: bool) -> list[dict[str, Any]]:
    queue = reverse("desk:queue")
    inbox = reverse("desk:inbox")
    items: list[dict[str, Any]] = [
        {"label": _("我的工作"), "url": reverse("desk:work"), "icon": "home", "key": "g w", "in_dock": True},
        {"label": _("投诉队列"), "url": queue, "icon": "inbox", "key": "g q", "in_dock": True},
        {"label": pgettext("inbox", "通知"), "url": inbox, "icon": "bell", "key": "g b"},
    ]
    if may_file:
        items.append(
            {"label": _("登记"), "url": reverse("desk:intake"), "icon": "pencil", "key": "g n", "in_dock": True}
        )
    if may(request.user, Right.SUPERVISE) or request.user.has_role(Role.DEPT_LEAD):
        items.append({"label": _("督办看板"), "url": reverse("desk:board"), "icon": "urgent", "key": "g o"})
    if may(request.user, Right.READ_KNOWLEDGE):
        items.append({"label": _("知识库"), "url": reverse("desk:knowledge"), "icon": "book", "key": "g k"})
    if may(request.user, Right.SEE_QUALITY):
        items.append({"label": _("红色通道"), "url": reverse("desk:red"), "icon": "flame", "key": "g h"})
        items.append({"label": _("质量改进"), "url": reverse("desk:quality"), "icon": "shield-check", "key": "g i"})
    if may(request.user, Right.FOLLOW_SALES):
        items.append({"label": _("我的客户"), "url": reverse("desk:sales"), "icon": "users", "key": "g c"})
    if may(request.user, Right.SEE_FIGURES):
        items.append({"label": _("统计报告"), "url": reverse("desk:reports"), "icon": "chart-bar", "key": "g r"})
    if may(request.user, Right.SEE_SCORES):
        items.append({"label": _("质检评审"), "url": reverse("desk:reviews"), "icon": "checklist"})
    items.append({"label": _("值班"), "url": reverse("desk:duty"), "icon": "calendar", "key": "g d"})
    items.append({"label": _("培训课程"), "url": reverse("desk:courses"), "icon": "clipboard-check"})
    items.append(
        {"label": _("我的账号"), "url": reverse("desk:account"), "icon": "user", "key": "g a", "in_dock": False}
    )
    if may(request.user, Right.SET_POLICY):
        items.append({"label": _("补偿政策"), "url": reverse("desk:compensation-policy"), "icon": "scale"})
    settings = reverse("desk:settings")
    if may(request.user, Right.CONFIGURE) or may(request.user, Right.SET_POLICY):
        items.append({"label": _("系统设置"), "url": settings, "icon": "settings", "key": "g s", "in_dock": True})
    for item in items:
        item["is_current"] = request.path == item["url"] or (item["url"] == queue and _is_inside_queue(request, queue))
        if item["url"] in {reverse("desk:quality"), reverse("desk:reports"), reverse("desk:reviews")}:
            item["is_current"] = request.path.startswith(str(item["url"]))
        if item["url"] == settings:
            item["is_current"] = request.path.startswith(settings)
    return items


def _is_inside_queue(request: HttpRequest, queue: str) -> bool:
    return request.path.startswith(queue) and request.path != reverse("desk:intake")
