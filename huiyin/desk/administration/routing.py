"""The routing table in words, and a text tried on it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.desk.administration import foreseen
from huiyin.desk.administration.forms import NewRule, RuleForm, TrialForm
from huiyin.desk.administration.framing import REFUSALS, changes, page_of, refused, show_settings
from huiyin.desk.pages import Request
from huiyin.dispatch import queries
from huiyin.dispatch.actions import ruling
from huiyin.dispatch.effects import NEVER, is_carried_out
from huiyin.dispatch.models import RoutingRule
from huiyin.dispatch.wording import CONDITIONS, EFFECTS, words
from huiyin.lib.clean import clean_line
from huiyin.lib.phrasing import listed
from huiyin.org.actors import Actor
from huiyin.org.models import Change, Unit
from huiyin.triage.models import SEVERITIES


@page_of("routing")
@require_http_methods(["GET", "HEAD", "POST"])
def routing(request: Request) -> HttpResponse:
    """By POST a text is tried: nothing is kept of it."""
    form = TrialForm(request.POST or None, label_suffix="")
    names = _names(request)
    tried = None
    if request.method == "POST" and form.is_valid():
        tried = _tried(queries.trial(form.cleaned_data["text"]), names)
    asked = clean_line(request.GET.get("q", "")[:100]).casefold()
    rows = [_row(rule, names, tried) for rule in RoutingRule.objects.all()]
    context = {
        "rules": [row for row in rows if not asked or asked in str(row).casefold()], "asked": asked, "form": form,
        "tried": tried, "changes": changes(request, Change.Area.ROUTING),
    }  # fmt: skip
    return show_settings(request, "routing", context, section="routing", at=timezone.now())


def _names(request: Request) -> dict[str, str]:
    return {unit.code: unit.name for unit in Unit.objects.visible_to(request.user)}


def _row(rule: RoutingRule, names: dict[str, str], tried: dict[str, Any] | None) -> dict[str, Any]:
    done = {key: value for key, value in rule.effect.items() if is_carried_out(key, value)}
    left = {key: value for key, value in rule.effect.items() if key not in done}
    return {
        "rule": rule,
        "when": words(rule.condition, CONDITIONS, names),
        "then": words(done, EFFECTS, names),
        "hints": words(left, EFFECTS, names),
        "is_never": bool(NEVER & rule.condition.keys()),
        "fires": tried is not None and rule.code in tried["rules"],
    }


def _tried(trial: queries.Trial, names: dict[str, str]) -> dict[str, Any]:
    proposal = trial.proposal
    return {
        "category": trial.category,
        "severity": dict(SEVERITIES)[trial.verdict.severity],
        "emotion": trial.verdict.emotion,
        "reasons": [reason.text for reason in trial.verdict.reasons][:6],
        "rules": proposal.rules,
        "lead": [(names.get(code, code), listed(proposal.reasons[code])) for code in proposal.lead],
        "support": [(names.get(code, code), listed(proposal.reasons[code])) for code in proposal.support],
    }


@page_of("routing")
@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: Request) -> HttpResponseBase:
    at = timezone.now()
    last = RoutingRule.objects.order_by("-position").values_list("position", flat=True).first() or 0
    form = NewRule(request.POST or None, label_suffix="", initial={"position": last + 1})
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        given = {key: form.cleaned_data[key] for key in ("code", "position", "condition", "effect")}
        try:
            ruling.check_new(given["code"], given["condition"], given["effect"])
            if foreseen.is_seen(request, given):
                ruling.add_rule(**given, actor=Actor.of(request.user), at=at)
                messages.success(request, _("规则已新增，从下一次复核起生效。"))
                return redirect("desk:settings-routing")
            context["foreseen"] = foreseen.of_rule(request, given, **given)
        except REFUSALS as refusal:
            refused(form, refusal)
    context |= {
        "form": form, "title": _("新增派单规则"), "submit": _("新增"), "back": "desk:settings-routing", **_words()
    }  # fmt: skip
    return show_settings(request, "form", context, section="routing", at=at, status=422 if form.errors else 200)


@page_of("routing")
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: Request, code: str) -> HttpResponseBase:
    shown, at = RoutingRule.objects.filter(code=code[:16]).first(), timezone.now()
    if shown is None:
        raise Http404
    initial = {
        "position": shown.position, "condition": shown.condition, "effect": shown.effect, "is_active": shown.is_active
    }  # fmt: skip
    form = RuleForm(request.POST or None, label_suffix="", initial=initial)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            ruling.check_amended(shown, given["condition"], given["effect"])
            if foreseen.is_seen(request, shown.code, given):
                ruling.amend_rule(shown, **given, actor=Actor.of(request.user), at=at)
                messages.success(request, _("已保存。"))
                return redirect("desk:settings-routing")
            context["foreseen"] = foreseen.of_rule(request, shown.code, given, code=shown.code, **given)
        except REFUSALS as refusal:
            refused(form, refusal)
    context |= {
        "form": form, "title": _("派单规则 %s") % shown.code, "submit": _("保存"), "back": "desk:settings-routing",
        "changes": changes(request, Change.Area.ROUTING, subject=shown.code), **_words(),
    }  # fmt: skip
    return show_settings(request, "form", context, section="routing", at=at, status=422 if form.errors else 200)


def _words() -> dict[str, Any]:
    return {"is_looked_at_first": True, "glossary": [(_("条件"), CONDITIONS.items()), (_("动作"), EFFECTS.items())]}
