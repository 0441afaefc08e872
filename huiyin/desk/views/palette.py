"""The palette's list: what was found for what is typed into it, and what was open last when nothing is."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiyin.desk import places
from huiyin.desk.finding import RECENT, groups
from huiyin.desk.pages import Request, at_desk, show


@at_desk
@require_safe
def palette(request: Request) -> HttpResponse:
    """GET ?q=&recent=&recent=: options of the palette's listbox."""
    at, typed = timezone.now(), request.GET.get("q", "").replace("\x00", "")
    around = places.groups(typed, request)
    found = groups(typed, request.user, at=at, recent=request.GET.getlist("recent")[:RECENT], places=around)
    return show(request, "desk/palette_list.html", {"groups": found, "typed": typed.strip()}, at=at)
