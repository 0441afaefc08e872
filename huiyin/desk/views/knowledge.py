"""The library for those who work with it, and the wording of a letter looked at while it is written."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.complaints import wording
from huiyin.complaints.actions import archiving
from huiyin.complaints.errors import Refused
from huiyin.complaints.models import Complaint, Letter
from huiyin.complaints.models.complaint import Severity
from huiyin.desk import cases, listening
from huiyin.desk.forms import promising
from huiyin.desk.forms.archiving import DraftForm
from huiyin.desk.pages import Request, at_desk, needs, show, the_complaint
from huiyin.desk.reading import Reader
from huiyin.knowledge import queries
from huiyin.knowledge.actions.cases import publish as publish_case
from huiyin.knowledge.models import Channel, Script
from huiyin.knowledge.scripts import Framing, named, say
from huiyin.lib.clean import TooLong, clean_text
from huiyin.org.actors import Actor
from huiyin.org.rules import Right, may

SHELVES: dict[str, Any] = {
    "scripts": (lambda: _("话术"), queries.find_scripts),
    "playbooks": (lambda: _("特殊投诉处理方法"), queries.find_playbooks),
    "methods": (lambda: _("处理方法"), queries.find_methods),
    "cases": (lambda: _("典型案例"), None),
    "phrases": (lambda: _("禁语与规范用语"), queries.find_phrases),
    "drafts": (lambda: _("待发布"), None),
}
DRAFTS = (Right.EDIT_KNOWLEDGE, Right.ARCHIVE_CASE)
LONGEST = 20_000


@at_desk
@needs(Right.READ_KNOWLEDGE)
@require_safe
def knowledge(request: Request) -> HttpResponse:
    """One shelf of the library, or what on it has the words asked for."""
    chosen = request.GET.get("shelf", "")
    shelves = [name for name in SHELVES if name != "drafts" or any(may(request.user, right) for right in DRAFTS)]
    shelf = chosen if chosen in shelves else "scripts"
    q = request.GET.get("q", "").strip()[:80]
    label, find = SHELVES[shelf]
    more: dict[str, Any] = {}
    if shelf == "cases":
        rows, more = cases.shelf(request.GET, q)
    elif shelf == "drafts":
        rows, more = cases.drafts(request.user, q), {"may_publish": may(request.user, Right.EDIT_KNOWLEDGE)}
    elif shelf == "scripts":
        frames = queries.frames()
        rows = [_script(row, frames) for row in find(q)]
    else:
        rows = list(find(q))
    context = {
        "shelf": shelf,
        "shelf_label": label(),
        "tabs": [
            {
                "label": SHELVES[name][0](),
                "url": f"{reverse('desk:knowledge')}?shelf={name}",
                "is_current": name == shelf,
            }
            for name in shelves
        ],
        "rows": rows,
        "q": q,
        "edit_url": _edit_url(shelf) if may(request.user, Right.EDIT_KNOWLEDGE) else "",
        "monthly_url": reverse("desk:monthly") if "drafts" in shelves and shelf in {"cases", "drafts"} else "",
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
@needs(Right.ARCHIVE_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: Request, number: str) -> HttpResponseBase:
    """转为知识: one click shows the entry as it will be, the second keeps it as a draft (C047)."""
    complaint, at, status = the_complaint(request, number), timezone.now(), 200
    form = DraftForm(request.POST or None, complaint=complaint, reader=Reader(request.user))
    if request.method == "POST":
        try:
            if form.is_valid():
                return _kept(request, complaint, form, at)
            status = 422
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
    context = {
        "complaint": complaint,
        "form": form,
        "category": complaint.confirmed_category or complaint.category,
        "back_url": _month_of(complaint),
        "is_possible": form.is_bound or _may_be_drafted(complaint),
    }
    return show(request, "desk/knowledge/draft.html", context, at=at, status=status)


def _kept(request: Request, complaint: Complaint, form: DraftForm, at: datetime) -> HttpResponseBase:
    code = (complaint.confirmed_category or complaint.category).code
    values = {**form.cleaned_data, "categories": [code]}
    case = archiving.draft(complaint, values=values, actor=Actor.of(request.user), at=at)
    messages.success(request, _("已存为知识草稿 %s，知识库编辑读过、发布之后大家就能查到。") % case.code)
    return redirect(_month_of(complaint))


def _may_be_drafted(complaint: Complaint) -> bool:
    is_fit = complaint.severity == Severity.L4 and complaint.state in archiving.DRAFTED_OF
    return is_fit and not complaint.is_confidential and not archiving.is_archived(complaint)


def _month_of(complaint: Complaint) -> str:
    """The monthly report that it stands in."""
    return f"{reverse('desk:monthly')}?month={timezone.localdate(complaint.received_at):%Y-%m}#{complaint.number}"


@at_desk
@needs(Right.EDIT_KNOWLEDGE)
@require_POST
def publish(request: Request, code: str) -> HttpResponseBase:
    """An editor has read it."""
    case = publish_case(code[:8].replace("\x00", ""), actor=Actor.of(request.user), at=timezone.now())
    if case is None:
        messages.info(request, _("这条草稿已经发布过了，或者没有这条草稿。"))
        return redirect(f"{reverse('desk:knowledge')}?shelf=drafts")
    messages.success(request, _("已发布 %s。") % case.code)
    return redirect(f"{reverse('desk:knowledge')}?shelf=cases&q={case.code}")


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
