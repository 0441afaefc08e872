"""The palette's list: what was found for what is typed into it, and what was open last when nothing is."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.desk.finding import RECENT, groups
from huiyin.desk.pages import Request, at_desk, nav_of, results_url, show


@at_desk
@require_safe
def palette(request: Request) -> HttpResponse:
    """GET ?q=&recent=&recent=: options of the palette's listbox."""
    at, typed = timezone.now(), request.GET.get("q", "").replace("\x00", "")
    pages = [{"label": item["label"], "url": item["url"], "icon": item["icon"], "note": ""} for item in nav_of(request)]
    if url := results_url(request.user):
        pages.append({"label": _("我的质检结果"), "url": url, "icon": "checklist", "note": ""})
    found = groups(typed, request.user, at=at, recent=request.GET.getlist("recent")[:RECENT], pages=pages)
    return show(request, "desk/palette_list.html", {"groups": found, "typed": typed.strip()}, at=at)
