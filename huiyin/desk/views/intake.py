"""Taking a complaint in at the desk, with what helps while the customer is on the line."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.complaints.actions import drafting
from huiyin.complaints.errors import Refused
from huiyin.complaints.models import Complaint, Draft
from huiyin.desk import through
from huiyin.desk.forms.intake import WHY_LATE, IntakeForm
from huiyin.desk.pages import Request, at_desk, needs, show
from huiyin.desk.rows import complaint_rows
from huiyin.intake.actions import papers
from huiyin.intake.actions.registering import register
from huiyin.intake.arrival import NotTaken
from huiyin.intake.models import Paper
from huiyin.intake.prompts import gaps
from huiyin.intake.queries import caller as find_caller
from huiyin.intake.queries import duplicates
from huiyin.lib import phones
from huiyin.org.actors import Actor
from huiyin.org.rules import Right
from huiyin.triage.grading import grade
from huiyin.triage.models import Category
from huiyin.triage.queries import book

LONGEST_HINTED = 5000
REGULATORY = {
    "regulatory.number": "referral_no", "regulatory.profile": "referral_profile",
    "regulatory.deadline": "referral_deadline", "regulatory.received_at": "referral_at",
    "regulatory.category": "referral_category",
}  # fmt: skip


@at_desk
@needs(Right.FILE_COMPLAINT)
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: Request) -> HttpResponseBase:
    at = timezone.now()
    if request.method != "POST":
        asked = {name: request.GET.get(name, "") for name in ("category", "paper")}
        return _form(request, IntakeForm(member=request.user, at=at, **asked), at=at)
    form = IntakeForm(request.POST, request.FILES, member=request.user, at=at)
    if not form.is_valid():
        return _form(request, form, at=at, status=422)
    try:
        taken = register(
            form.arrival(),
            files=[(file.name or "", file.chunks()) for file in form.cleaned_data["files"]],
            on_spot=form.on_spot(),
            actor=Actor.of(request.user),
            at=at,
        )
    except (NotTaken, Refused) as refusal:
        return _form(request, _told(form, refusal), at=at, status=422)
    paper = Paper.objects.visible_to(request.user).untyped().filter(pk=form.cleaned_data["paper"] or 0).first()
    if paper is not None:
        papers.confirm(paper, taken.complaint, actor=Actor.of(request.user), at=at)
    return _taken(request, form, taken.complaint, is_new=taken.is_new)


def _told(form: IntakeForm, refusal: NotTaken | Refused) -> IntakeForm:
    if isinstance(refusal, NotTaken):
        for field, sentence in refusal.errors.items():
            name = REGULATORY.get(field, field)
            form.add_error(name if name in form.fields else None, sentence)
    elif getattr(refusal, "field", "") == WHY_LATE:
        form.ask_why()
        form.add_error(WHY_LATE, str(refusal))
    else:
        form.add_error("files" if getattr(refusal, "field", "") == "attachment" else None, str(refusal))
    return form


def _taken(request: Request, form: IntakeForm, complaint: Complaint, *, is_new: bool) -> HttpResponseBase:
    drafting.discard(member=request.user, form=Draft.Form.INTAKE, complaint=None)
    words = _("已受理，投诉编号 %s。") if is_new else _("这份受理单已提交过，投诉编号 %s。")
    messages.success(request, words % complaint.number, extra_tags="draft:intake")
    if _looks_wrong(form.cleaned_data["phone"]):
        messages.warning(request, _("电话 %s 不像常见号码，请留意核对。") % form.cleaned_data["phone"])
    if not Complaint.objects.visible_to(request.user).filter(pk=complaint.pk).exists():
        return redirect("desk:work")
    return redirect("desk:complaint", complaint.number)


def _form(request: Request, form: IntakeForm, *, at: datetime, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "phone_warning": _phone_warning(str(form["phone"].value() or "")),
        "through": through.standing_at(request, "intake", at=at),
    }
    return show(request, "desk/intake.html", context, at=at, status=status)


@at_desk
@needs(Right.FILE_COMPLAINT)
@require_safe
def elements(request: Request) -> HttpResponse:
    """The part of the form that depends on the category; what was typed is put back by the page."""
    at = timezone.now()
    form = IntakeForm(member=request.user, at=at, category=request.GET.get("category", ""))
    return show(request, "desk/intake_elements.html", {"form": form}, at=at)


@at_desk
@needs(Right.FILE_COMPLAINT)
@require_POST
def caller(request: Request) -> HttpResponse:
    """Who is calling, what is open for them, what was last said; and what may be the same matter. By POST: a
    telephone number has no place in an address."""
    at, phone = timezone.now(), request.POST.get("phone", "")[:40]
    known = find_caller(request.user, phone=phone)
    same = duplicates(
        request.user, at=at, phone=phone, order_no=request.POST.get("order_no", "").replace("\x00", "")[:64]
    )
    rows = list(same.select_related("customer", "category", "confirmed_category", "owner_unit", "assignee")[:5])
    shown = {each.pk for each in known.complaints} if known else set()
    context: dict[str, Any] = {
        "phone_warning": _phone_warning(phone),
        "known": known,
        "same": {each.number for each in rows},
        "duplicates": complaint_rows([each for each in rows if each.pk not in shown], request.user),
        "is_answer": True,
        "phone": phone,
    }
    return show(request, "desk/intake_caller.html", context, at=at)


@at_desk
@needs(Right.FILE_COMPLAINT)
@require_POST
def prompts(request: Request) -> HttpResponse:
    """Which of the seven questions the text leaves open, and which category it sounds like."""
    text = request.POST.get("text", "")[:LONGEST_HINTED]
    context: dict[str, Any] = {"gaps": gaps(text), "is_empty": not text.strip(), "is_answer": True}
    if len(text.strip()) >= 8:
        reference = book()
        verdict = grade(text, book=reference)
        context |= {"verdict": verdict, "leaf": Category.objects.filter(code=verdict.category).first()}
    return show(request, "desk/intake_prompts.html", context, at=timezone.now())


@at_desk
@needs(Right.FILE_COMPLAINT)
@require_safe
def blank_form(request: Request) -> HttpResponse:
    """客户投诉登记表, empty, for the counter (B27)."""
    return show(request, "desk/registration_form.html", {"is_blank": True}, at=timezone.now())


def _looks_wrong(phone: str) -> bool:
    return bool(phone.strip()) and not phones.looks_right(phone)


def _phone_warning(phone: str) -> str:
    return _("不像常见的电话号码，请再核对一次；可以照常提交。") if _looks_wrong(phone) else ""
