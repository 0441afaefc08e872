"""Writing to the customer: what they will see, what is at hand while one types, and taking a letter back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.compensation.queries import current, reads_policy
from huiyin.complaints.actions import keeping, noting, scheduling
from huiyin.complaints.actions.receipting import tracking_url
from huiyin.complaints.errors import Refused
from huiyin.complaints.models import Attachment, Complaint, Letter
from huiyin.desk.guidance import Teller, validity_of
from huiyin.desk.pages import Request, at_desk, show, the_complaint
from huiyin.knowledge import articles
from huiyin.knowledge import queries as knowledge
from huiyin.knowledge.scripts import MAIL, PHONE
from huiyin.lib.clean import TooLong, clean_text
from huiyin.lib.phrasing import told
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right, may

MOST = 8
GLANCE = 60
LONGEST = 20_000


@at_desk
@require_POST
def preview(request: Request, number: str) -> HttpResponse:
    """The letter so far, as its reader gets it; a fragment. Nothing is kept."""
    complaint = the_complaint(request, number)
    _must_write(request)
    try:
        body = clean_text(request.POST.get("body", ""), limit=LONGEST)
    except TooLong:
        body = ""
    context = {
        "subject": request.POST.get("subject", "")[:200] or knowledge.letter("answer", number=complaint.number).subject,
        "body": body,
        "to": complaint.customer.email_masked,
        "is_mail": request.POST.get("channel") == Letter.Channel.EMAIL,
        "link": tracking_url(complaint),
        "files": _going_along(request, complaint),
    }
    return show(request, "desk/letter_preview.html", context, at=timezone.now())


def _going_along(request: Request, complaint: Complaint) -> list[str]:
    """The names of the files, of those already there and of those chosen just now."""
    if request.POST.get("channel") not in Letter.WRITTEN:
        return []
    asked = [int(pk) for pk in request.POST.getlist("enclosed") if pk.isdecimal() and len(pk) < 18]
    there = Attachment.objects.visible_to(request.user).filter(complaint=complaint, pk__in=asked)
    return [*there.values_list("name", flat=True), *(name[:200] for name in request.POST.getlist("file_names")[:50])]


@at_desk
@require_safe
def at_hand(request: Request, number: str) -> HttpResponse:
    """`::` scripts, `??` the library, `@` colleagues: what fits what was typed; options of a list, a fragment."""
    complaint = the_complaint(request, number)
    kind, q = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:40].replace("\x00", "")
    finders = {"script": _scripts, "article": _articles, "person": _people}
    if kind not in finders:
        raise Http404
    found = finders[kind](request, complaint, q)[:MOST]
    return show(request, "desk/at_hand.html", {"found": found, "q": q}, at=timezone.now())


def _scripts(request: Request, complaint: Complaint, q: str) -> list[dict[str, Any]]:
    if not may(request.user, Right.REPLY):
        return []
    validities = complaint.validities.order_by("-proposed_at", "-id")
    teller = Teller(complaint, request.user, validity=validity_of(validities))
    channel = MAIL if request.GET.get("channel") in {Letter.Channel.EMAIL, Letter.Channel.POST} else PHONE
    fitting = teller.for_letter(channel) if not q else [teller.told(each) for each in teller.wordings if _fits(each, q)]
    return [
        {
            "label": each["name"],
            "kind": _("建议模板") if each.get("is_proposed") else "",
            "note": each["code"],
            "text": each[channel],
        }
        for each in fitting
    ]


def _fits(wording: Any, q: str) -> bool:
    return q.lower() in f"{wording.code} {wording.name} {wording.text}".lower()


def _articles(request: Request, complaint: Complaint, q: str) -> list[dict[str, Any]]:
    """In a letter only what may be said to a customer; each goes in with its source behind it."""
    if not may(request.user, Right.READ_KNOWLEDGE):
        return []
    is_letter = request.GET.get("channel") in Letter.Channel.values
    teller = Teller(complaint, request.user, validity=validity_of(complaint.validities.order_by("-proposed_at", "-id")))
    channel = MAIL if request.GET.get("channel") in {Letter.Channel.EMAIL, Letter.Channel.POST} else PHONE
    known = [*knowledge.library(), *_standards(request), *_sayings(teller, channel)]
    fitting = [each for each in known if not is_letter or each.kind in articles.FOR_CUSTOMERS]
    return [
        {
            "label": each.name,
            "kind": articles.KINDS[each.kind],
            "note": each.code,
            "glance": each.text[:GLANCE],
            "text": f"{each.text}{_source(each)}",
        }
        for each in articles.rank(fitting, q, teller.codes, most=MOST)
    ]


def _standards(request: Request) -> list[articles.Article]:
    """What the law gives, out of the compensation policy, to those who read it."""
    if not reads_policy(request.user):
        return []
    return [
        articles.Article(articles.RULE, floor.code, floor.when, told(floor.when, floor.gives), source=floor.basis)
        for floor in current().floors.values()
    ]


def _sayings(teller: Teller, channel: str) -> list[articles.Article]:
    return [
        articles.Article(articles.SCRIPT, each.code, each.name, teller.told(each)[channel], categories=each.codes)
        for each in teller.wordings
    ]


def _source(each: articles.Article) -> str:
    """A script is the company's own speech and needs none."""
    if each.kind == articles.SCRIPT:
        return ""
    return _("（依据：%s）") % (each.source or f"{articles.KINDS[each.kind]} {each.code} {each.name}")


def _people(request: Request, complaint: Complaint, q: str) -> list[dict[str, Any]]:
    """Those who may see this complaint too would be asked for each; who is mentioned and may not sees nothing of it."""
    named = Q(name__icontains=q) | Q(username__istartswith=q)
    rows = Member.objects.visible_to(request.user).active().filter(named).select_related("unit").order_by("name")
    return [{"label": row.name, "note": row.unit.name, "text": f"@{row.username} "} for row in rows[:MOST]]


@at_desk
@require_POST
def take_back(request: Request, number: str, pk: int) -> HttpResponseBase:
    """A letter that waits is a draft again, and open to be changed."""
    complaint = the_complaint(request, number)
    letter = complaint.letters.filter(pk=pk).first()
    if letter is None:
        raise Http404
    try:
        scheduling.take_back(letter, actor=Actor.of(request.user))
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("desk:complaint", complaint.number)
    messages.success(request, _("已撤回，没有发给客户。"))
    return redirect("desk:deed", complaint.number, "letters")


@at_desk
@require_POST
def take_note_back(request: Request, number: str, pk: int) -> HttpResponseBase:
    """The note is withdrawn by who wrote it, and its words stand where it was written."""
    complaint = the_complaint(request, number)
    note = complaint.notes.filter(pk=pk, author=request.user).first()
    if note is None:
        raise Http404
    note.complaint = complaint
    return _taken_back(request, complaint, lambda at: noting.withdraw(note, actor=Actor.of(request.user), at=at),
                       _("备注已撤回，别人不再看到。"))  # fmt: skip


@at_desk
@require_POST
def take_assignment_back(request: Request, number: str, seq: int) -> HttpResponseBase:
    complaint = the_complaint(request, number)

    def act(at: datetime) -> Any:
        return keeping.take_back(complaint, seq=seq, actor=Actor.of(request.user), at=at)

    return _taken_back(request, complaint, act, _("已撤销，负责人恢复为原来的。"))


def _taken_back(request: Request, complaint: Complaint, act: Callable[[datetime], Any], done: str) -> HttpResponseBase:
    try:
        act(timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done)
    if not Complaint.objects.visible_to(request.user).filter(pk=complaint.pk).exists():
        return redirect("desk:work")
    return redirect("desk:complaint", complaint.number)


def _must_write(request: Request) -> None:
    if not may(request.user, Right.REPLY):
        raise Http404
