"""The page of one root cause duty: the project, the report, its approval."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.complaints.errors import MayNot, Refused
from huiyin.complaints.models import Complaint
from huiyin.desk.forms.quality import CauseForm, PlanForm
from huiyin.desk.pages import Request, at_desk, seen_at, show
from huiyin.desk.reading import Reader
from huiyin.desk.rows import complaint_row
from huiyin.desk.views.incidents import ROWS
from huiyin.org.actors import Actor
from huiyin.org.rules import Right, may
from huiyin.quality.actions import recurring
from huiyin.quality.errors import ChangedMeanwhile
from huiyin.quality.models import RootCauseDuty
from huiyin.quality.queries import behind
from huiyin.sla.explaining import explain

FORMS: dict[str, type[forms.Form]] = {"plan": PlanForm, "report": CauseForm, "approval": forms.Form}


def the_duty(request: Request, pk: int) -> RootCauseDuty:
    seen = RootCauseDuty.objects.visible_to(request.user)
    found = seen.select_related("category", "unit", "submitted_by", "approved_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@at_desk
@require_safe
def cause(request: Request, pk: int) -> HttpResponse:
    return _page(request, the_duty(request, pk), at=timezone.now())


@at_desk
@require_POST
def deed(request: Request, pk: int, noun: str) -> HttpResponseBase:
    duty, at, actor = the_duty(request, pk), timezone.now(), Actor.of(request.user)
    if noun not in FORMS:
        raise Http404
    form = FORMS[noun](request.POST, auto_id=f"{noun}_%s", label_suffix="")
    if not form.is_valid():
        return _page(request, duty, at=at, opened={noun: form}, status=422)
    try:
        if noun == "plan":
            recurring.plan(duty, **form.cleaned_data, actor=actor, at=at)
        elif noun == "report":
            recurring.submit(duty, **form.cleaned_data, actor=actor, at=at, seen=seen_at(request))
        else:
            recurring.approve(duty, actor=actor, at=at, seen=seen_at(request))
    except Refused as refusal:
        kept = {noun: form} if form.fields else {}
        return _page(request, duty, at=at, opened=kept, refusal=str(refusal), status=_status(refusal))
    messages.success(request, _("已记录。"), extra_tags=f"draft:cause:{noun}:{duty.pk}")
    return redirect("desk:cause", duty.pk)


def _status(refusal: Refused) -> int:
    return 403 if isinstance(refusal, MayNot) else 409 if isinstance(refusal, ChangedMeanwhile) else 422


def _page(
    request: Request, duty: RootCauseDuty, *, at: datetime, opened: Any = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    reader = Reader(request.user)
    seen = Complaint.objects.visible_to(request.user).filter(pk__in=behind(duty)).select_related(*ROWS)
    plan = {name: getattr(duty, name) for name in ("quarter", "project", "objective")}
    report = {"cause": duty.cause, "redesign": duty.redesign}
    context = {
        "duty": duty,
        "refusal": refusal,
        "complaints": [complaint_row(each, reader) for each in seen.order_by("-received_at")[:50]],
        "may_write": may(request.user, Right.INVESTIGATE) and duty.approved_at is None,
        "may_approve": duty.submitted_at is not None and duty.submitted_by_id != request.user.pk,
        "plan": PlanForm(initial=plan, auto_id="plan_%s", label_suffix=""),
        "report": CauseForm(initial=report, auto_id="report_%s", label_suffix=""),
        "is_contested": status == 409,
        "reasons": [(_("理由"), explain(duty.why, get_language() or "zh-hans"))],
        **(opened or {}),
    }
    return show(request, "desk/quality/cause.html", context, at=at, status=status)
