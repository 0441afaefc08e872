"""抽检规则 in the settings: how much of a month is drawn and what in any case; with what it would have drawn."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from huiyin.coaching.actions import configuring
from huiyin.coaching.actions.configuring import LIMITS, NAMES, rule_stamp
from huiyin.coaching.actions.drawing import RULE
from huiyin.coaching.errors import ChangedMeanwhile
from huiyin.coaching.foreseeing import Foreseen, foresee, standing
from huiyin.coaching.models import SamplingRule
from huiyin.desk.administration.framing import REFUSALS, changes, page_of, refused, show_settings
from huiyin.desk.administration.telling import FIELDS
from huiyin.desk.pages import Request
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.triage.models import SEVERITIES

POLICY = 20  # the document's own figure (C030): less of it is said, and not refused
HELP = {
    "percent": gettext_lazy("公司规定每月随机抽取 20 %，按班组、等级、渠道分层，向上取整。"),
    "least_per_agent": gettext_lazy("结案不足这么多的人，有几件抽几件。0：不补足。"),
    "low_stars": gettext_lazy("0：不看评价。"),
    "twice_percent": gettext_lazy("抽中的里面由两人分别评的比例，向上取整。0：都由一人评。"),
    "agreement": gettext_lazy("评审页按这个数说“合格”。"),
    "settle_over": gettext_lazy("总分相差超过这么多，或致命项不同，由第三人定分。"),
    "appeal_days": gettext_lazy("评分当天不算。"),
}


class RuleForm(forms.Form):
    """One field for each figure, within its limits."""

    expected = forms.CharField(widget=forms.HiddenInput, max_length=64)
    severities = forms.TypedMultipleChoiceField(
        label=FIELDS["severities"], choices=SEVERITIES, coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    takes_reopened = forms.BooleanField(label=FIELDS["takes_reopened"], required=False)

    def __init__(self, data: Any = None, *, rule: SamplingRule) -> None:
        kept = {name: getattr(rule, name) for name in NAMES}
        super().__init__(data, label_suffix="", initial={**kept, "expected": rule_stamp(rule)})
        for name, (least, most) in LIMITS.items():
            self.fields[name] = forms.IntegerField(
                label=FIELDS[name], min_value=least, max_value=most, help_text=HELP.get(name, "")
            )

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in NAMES}

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """For the page: by what each is about."""
        grouped = {
            _("随机抽取"): ("percent", "least_per_agent"),
            _("必查，在随机部分之外"): ("severities", "takes_reopened", "low_stars", "award_above"),
            _("双人评分与申诉"): ("twice_percent", "settle_over", "agreement", "appeal_days"),
        }
        return [(label, [self[name] for name in names]) for label, names in grouped.items()]


@page_of("sampling")
@require_http_methods(["GET", "HEAD", "POST"])
def sampling(request: Request) -> HttpResponseBase:
    at, rule = timezone.now(), SamplingRule.objects.get(code=RULE)
    form = RuleForm(request.POST or None, rule=rule)
    foreseen: Foreseen | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if "save" in request.POST:
                return _saved(request, form, at)
            if form.cleaned_data["expected"] != rule_stamp(rule):
                raise ChangedMeanwhile
            foreseen = foresee(form.values, at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
    context = {
        "form": form, "foreseen": foreseen, "lines": _lines(foreseen), "standing": standing(at), "policy": POLICY,
        "is_below": (form.cleaned_data if form.is_valid() else form.initial)["percent"] < POLICY,
        "changes": changes(request, Change.Area.REVIEWS, subject=RULE),
    }  # fmt: skip
    return show_settings(request, "sampling", context, section="sampling", at=at, status=422 if form.errors else 200)


def _saved(request: Request, form: RuleForm, at: datetime) -> HttpResponseBase:
    expected = form.cleaned_data["expected"]
    is_changed = configuring.amend_rule(values=form.values, expected=expected, actor=Actor.of(request.user), at=at)
    messages.success(request, _("已保存，从下一次抽取起按新的规则抽。") if is_changed else _("没有改动。"))
    return redirect("desk:settings-sampling")


def _lines(found: Foreseen | None) -> list[dict[str, Any]]:
    if found is None:
        return []
    lines: list[dict[str, Any]] = [
        {"label": _("实际抽取"), "drawn": found.actual},
        {"label": _("按现行规则"), "drawn": found.now},
        {"label": _("按新规则"), "drawn": found.new},
    ]
    return [line for line in lines if line["drawn"] is not None]
