"""统计报告: figures over what the member sees, each leading to the complaints behind it; and the outlook of one."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.complaints.errors import GuardFailed, MayNot, Refused
from huiyin.complaints.models.complaint import Outcome
from huiyin.desk.forms.reports import BaselineForm
from huiyin.desk.forms.sieving import EXPLAINED
from huiyin.desk.outlook import outlook_of
from huiyin.desk.pages import Request, at_desk, needs, show, the_complaint
from huiyin.insight import baselines, forecasts, queries
from huiyin.insight.actions import freezing
from huiyin.insight.frequency import LATELY, frequent
from huiyin.insight.models import Baseline
from huiyin.insight.shares import Share, Shares, explanation_shares
from huiyin.org.models import Member
from huiyin.org.rules import Right, may

UNITS = 30


@at_desk
@needs(Right.SEE_FIGURES)
@require_safe
def reports(request: Request) -> HttpResponse:
    return _page(request, BaselineForm(), at=timezone.now())


@at_desk
@needs(Right.FREEZE_BASELINE)
@require_POST
def freeze(request: Request) -> HttpResponseBase:
    """Keep the figures of a period that is over, once."""
    form, at = BaselineForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, form, at=at, status=422)
    try:
        freezing.freeze(**form.cleaned_data, by=request.user, at=at)
    except Refused as refusal:
        form.add_error(refusal.field if isinstance(refusal, GuardFailed) else None, str(refusal))
        status = 403 if isinstance(refusal, MayNot) else 409 if isinstance(refusal, freezing.AlreadyFrozen) else 422
        return _page(request, form, at=at, status=status)
    messages.success(request, _("基线已冻结，以后不能更改。"))
    return redirect(f"{reverse('desk:reports')}#baseline")


@at_desk
@require_safe
def outlook(request: Request, number: str) -> HttpResponse:
    """What may be expected of this complaint; the page fetches it by itself."""
    complaint, at = the_complaint(request, number), timezone.now()
    return show(request, "desk/case/outlook.html", outlook_of(complaint, request.user, at=at), at=at)


def _page(request: Request, form: BaselineForm, *, at: datetime, status: int = 200) -> HttpResponse:
    member, today = request.user, timezone.localdate(at)
    shares = explanation_shares(member, at=at)
    context = {
        "shares": shares,
        "share_rows": _share_rows(shares),
        "share_months": [_cell(shares.of_month(month), month=month) for month in shares.months],
        "share_whole": shares.whole,
        "uses": queries.method_use_by_outcome(member),
        "outcomes": _outcomes(),
        "proof": forecasts.proof(),
        "frequent": [
            {"row": each, "url": _queue(category=each.category.code, received_from=(at - LATELY).date())}
            for each in frequent(member, at=at)
        ],
        "comparison": _compared(request, member, today),
        "aim": baselines.AIM,
        "form": form if may(member, Right.FREEZE_BASELINE) else None,
    }
    return show(request, "desk/reports/page.html", context, at=at, status=status)


def _share_rows(shares: Shares) -> list[dict[str, Any]]:
    return [
        {
            "unit": unit.name,
            "cells": [
                _cell(shares.cells.get((unit.pk, month), Share()), month=month, owner=unit.pk)
                for month in shares.months
            ],
            "whole": shares.of_unit(unit),
        }
        for unit in shares.units[:UNITS]
    ]


def _cell(share: Share, *, month: date, owner: int | None = None) -> dict[str, Any]:
    last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    chosen = {"cause": EXPLAINED, "received_from": month, "received_to": last}
    return {"share": share, "url": _queue(**chosen, **({"owner": owner} if owner else {})) if share.explained else ""}


def _queue(**chosen: Any) -> str:
    return f"{reverse('desk:queue')}?{urlencode({'view': 'all', **chosen})}"


def _outcomes() -> list[tuple[str, Any]]:
    from_customer = [(each.value, each.label) for each in Outcome]
    return [*from_customer, (queries.STILL_OPEN, _("未结")), (queries.ENDED_OTHERWISE, _("其他结束"))]


def _compared(request: Request, member: Member, today: date) -> dict[str, Any]:
    """The chosen baseline, else the newest, beside the newest days."""
    seen = list(Baseline.objects.visible_to(member).select_related("unit", "frozen_by")[:20])
    wanted = request.GET.get("baseline", "")
    chosen = next((each for each in seen if str(each.pk) == wanted), seen[0] if seen else None)
    return {"baselines": seen, "found": baselines.compare(chosen, member, today=today) if chosen else None}
