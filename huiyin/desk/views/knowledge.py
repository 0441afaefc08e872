"""The library for those who work with it, and the wording of a letter looked at while it is written."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.complaints import wording
from huiyin.complaints.models import Letter
from huiyin.desk import cases, listening
from huiyin.desk.forms import promising
from huiyin.desk.pages import Request, at_desk, needs, show, the_complaint
from huiyin.desk.reading import Reader
from huiyin.knowledge import queries
from huiyin.knowledge.models import Channel, Script
from huiyin.knowledge.scripts import Framing, named, say
from huiyin.lib.clean import TooLong, clean_text
from huiyin.org.rules import Right, may

SHELVES: dict[str, Any] = {
    "scripts": (lambda: _("话术"), queries.find_scripts),
    "playbooks": (lambda: _("特殊投诉处理方法"), queries.find_playbooks),
    "methods": (lambda: _("处理方法"), queries.find_methods),
    "cases": (lambda: _("典型案例"), None),
    "phrases": (lambda: _("禁语与规范用语"), queries.find_phrases),
}
LONGEST = 20_000


@at_desk
@needs(Right.READ_KNOWLEDGE)
@require_safe
def knowledge(request: Request) -> HttpResponse:
    """One shelf of the library, or what on it has the words asked for."""
    chosen = request.GET.get("shelf", "")
    shelf = chosen if chosen in SHELVES else "scripts"
    q = request.GET.get("q", "").strip()[:80]
    label, find = SHELVES[shelf]
    more: dict[str, Any] = {}
    if shelf == "cases":
        rows, more = cases.shelf(request.GET, q)
    elif shelf == "scripts":
        frames = queries.frames()
        rows = [_script(row, frames) for row in find(q)]
    else:
        rows = list(find(q))
    context = {
        "shelf": shelf,
        "shelf_label": label(),
        "tabs": [
            {"label": words(), "url": f"{reverse('desk:knowledge')}?shelf={name}", "is_current": name == shelf}
            for name, (words, _find) in SHELVES.items()
        ],
        "rows": rows,
        "q": q,
        "edit_url": _edit_url(shelf) if may(request.user, Right.EDIT_KNOWLEDGE) else "",
        "clear_url": f"{reverse('desk:knowledge')}?shelf={shelf}" if q else "",
        "total_words": _("共 %d 条") % len(rows) if q else "",
        **more,
    }
    return show(request, "desk/knowledge/page.html", context, at=timezone.now())


@at_desk
@needs(Right.READ_KNOWLEDGE)
@require_safe
def similar(request: Request, number: str) -> HttpResponse:
    """The typical cases that resemble this complaint; the page fetches them by itself."""
    complaint = the_complaint(request, number)
    context = {"complaint": complaint, "rows": cases.similar(complaint, Reader(request.user))}
    return show(request, "desk/case/similar_rows.html", context, at=timezone.now())


def _edit_url(shelf: str) -> str:
    if shelf in {"scripts", "phrases"}:
        return reverse(f"desk:settings-{shelf}")
    return reverse("admin:app_list", args=["knowledge"])


def _script(row: Script, frames: dict[str, Framing]) -> dict[str, Any]:
    words = queries.wording(row)
    return {
        "row": row,
        "text": named(row.text),
        "variants": [
            {"channel": channel.value, "label": channel.label, "text": named(say(words, channel.value, frames))}
            for channel in Channel
        ],
    }


@at_desk
@require_POST
def check(request: Request, number: str) -> HttpResponse:
    """What the phrase book says of the letter so far; a fragment for the form."""
    complaint = the_complaint(request, number)
    try:
        body = clean_text(request.POST.get("body", ""), limit=LONGEST)
    except TooLong:
        body = ""
    found = wording.findings(
        complaint,
        body,
        channel=request.POST.get("channel", ""),
        is_final=request.POST.get("purpose") == Letter.Purpose.FINAL,
    )
    findings = [{"level": each.level, "sentence": wording.sentence(each)} for each in found] if body.strip() else []
    is_call = bool(body.strip()) and request.POST.get("channel") in wording.SPOKEN
    at = timezone.now()
    context = {
        "findings": findings,
        "heard": listening.found_in(body) if is_call else None,
        "proposal": promising.proposal(body, ticked=request.POST.get("take_promise"), at=at),
    }
    return show(request, "desk/knowledge/findings.html", context, at=at)
