"""The rules of tiers (C032): what each asks for, how many customers it fits today, and changing it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.customers.actions import tiering
from huiyin.customers.models import TierRule
from huiyin.customers.queries import how_many_fit
from huiyin.customers.tiers import Rule
from huiyin.desk.administration.framing import REFUSALS, changes, page_of, refused, show_settings
from huiyin.desk.forms.tiers import TierRuleForm
from huiyin.desk.pages import Request
from huiyin.org.actors import Actor
from huiyin.org.models import Change


@page_of("tiers")
@require_safe
def tier_rules(request: Request) -> HttpResponse:
    at = timezone.now()
    reckoned = {rule.code: rule for rule in tiering.rules()}
    rows = [_row(row, reckoned.get(row.code), timezone.localdate(at)) for row in TierRule.objects.all()]
    context = {"rules": rows, "changes": changes(request, Change.Area.TIERS)}
    return show_settings(request, "tiers", context, section="tiers", at=at)


def _row(row: TierRule, reckoned: Rule | None, today: date) -> dict[str, Any]:
    return {
        "row": row,
        "line": reckoned.line if reckoned else None,
        "count": how_many_fit(row, reckoned.line, today) if reckoned else None,
    }


@page_of("tiers")
@require_http_methods(["GET", "HEAD", "POST"])
def tier_rule(request: Request, code: str) -> HttpResponseBase:
    shown, at = TierRule.objects.filter(code=code[:32]).first(), timezone.now()
    if shown is None:
        raise Http404
    initial = {name: getattr(shown, name) for name in tiering.NAMES}
    form = TierRuleForm(request.POST or None, rule=shown, initial=initial, label_suffix="")
    if request.method == "POST" and form.is_valid():
        values = {"threshold": shown.threshold, **form.cleaned_data}
        try:
            is_changed = tiering.amend_rule(shown, values=values, actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("已保存，今晚重算时生效。") if is_changed else _("没有改动。"))
            return redirect("desk:settings-tiers")
    context = {
        "form": form, "title": shown.name, "submit": _("保存"), "back": "desk:settings-tiers",
        "changes": changes(request, Change.Area.TIERS, subject=shown.code),
    }  # fmt: skip
    return show_settings(request, "form", context, section="tiers", at=at, status=422 if form.errors else 200)
