"""The settings' first page, and the record of all changes."""

from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiyin.desk.administration.framing import LONGEST, asked_of, fits, open_to, page_of, show_settings
from huiyin.desk.administration.telling import told
from huiyin.desk.pages import Request, show
from huiyin.lib.clean import clean_line
from huiyin.lib.keyset import BadCursor, Page, page
from huiyin.lib.live import Unreachable, reached
from huiyin.org.models import Change
from huiyin.org.queries import setup_left
from huiyin.org.rules import Right, may

LATEST, A_PAGE = 8, 50


@page_of("history")
@require_safe
def overview(request: Request) -> HttpResponse:
    asked = asked_of(request)
    groups = [
        (label, [each for each in sections if fits(asked, each.label, each.text, each.words, label)])
        for label, sections in open_to(request)
    ]
    latest = Change.objects.visible_to(request.user).filter(made_by__isnull=False).select_related("made_by")[:LATEST]
    may_configure = may(request.user, Right.CONFIGURE)
    context = {
        "found": [(label, sections) for label, sections in groups if sections],
        "asked": asked,
        "latest": [told(change) for change in latest],
        "may_configure": may_configure,
        "steps_left": setup_left() if may_configure else 0,
    }
    return show_settings(request, "overview", context, section="", at=timezone.now())


@page_of("start")
@require_safe
def live(request: Request) -> HttpResponse:
    """A line where the event streams do not answer at the address that browsers use; else nothing."""
    try:
        reached()
        fault = None
    except Unreachable as found:
        fault = found
    return show(request, "desk/settings/live.html", {"fault": fault}, at=timezone.now())


@page_of("history")
@require_safe
def history(request: Request) -> HttpResponse:
    rows = Change.objects.visible_to(request.user).select_related("made_by")
    area, subject = request.GET.get("area", ""), clean_line(request.GET.get("subject", "")[:LONGEST])
    if area in Change.Area.values:
        rows = rows.filter(area=area)
    if subject:
        rows = rows.filter(subject=subject)
    shown = _page(rows, request.GET.get("cursor"))
    kept = f"?area={area}&subject={quote(subject)}&cursor="
    context = {
        "changes": [told(change) for change in shown.rows],
        "previous_url": kept + shown.previous if shown.previous else "",
        "next_url": kept + shown.next if shown.next else "",
        "areas": Change.Area.choices,
        "area": area,
        "subject": subject,
    }
    return show_settings(request, "history", context, section="history", at=timezone.now())


def _page(rows: QuerySet[Change], cursor: str | None) -> Page[Change]:
    try:
        return page(rows, order=("-made_at", "-id"), size=A_PAGE, cursor=cursor)
    except BadCursor:
        return page(rows, order=("-made_at", "-id"), size=A_PAGE)
