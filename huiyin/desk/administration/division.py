"""The division of work (RACI): each step with exactly one who answers for it, and each department's contacts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.desk.administration.division_forms import InterfacesForm, NewStep, StepForm
from huiyin.desk.administration.framing import REFUSALS, changes, page_of, refused, show_settings
from huiyin.desk.division import KINDS, departments, table
from huiyin.desk.pages import Request
from huiyin.lib.clean import clean_line
from huiyin.org.actions import dividing
from huiyin.org.actors import Actor
from huiyin.org.models import Change, Member, Step, Unit
from huiyin.org.rules import Role

HOME = "desk:settings-division"


@page_of("division")
@require_safe
def division(request: Request) -> HttpResponse:
    asked = clean_line(request.GET.get("q", "")[:100]).casefold()
    columns, rows = table(asked)
    context = {
        "columns": columns, "rows": rows, "departments": departments(request.user, asked), "asked": asked,
        "changes": changes(request, Change.Area.DIVISION),
    }  # fmt: skip
    return show_settings(request, "division", context, section="division", at=timezone.now())


@page_of("division")
@require_http_methods(["GET", "HEAD", "POST"])
def new_step(request: Request) -> HttpResponseBase:
    last = Step.objects.order_by("-position").values_list("position", flat=True).first() or 0
    form = NewStep(request.POST or None, initial={"position": last + 1})
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        try:
            dividing.add_step(
                code=code, names=form.names, cells=form.cells, actor=Actor.of(request.user), at=timezone.now()
            )
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("已新增。"))
            return redirect(HOME)
    return _step(request, form, _("新增步骤"))


@page_of("division")
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: Request, code: str) -> HttpResponseBase:
    shown = _the(code)
    initial = {"name_zh": shown.name_zh, "name_en": shown.name_en, "position": shown.position}
    form = StepForm(request.POST or None, step=shown, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            is_changed = dividing.divide(
                shown, names=form.names, cells=form.cells, actor=Actor.of(request.user), at=timezone.now()
            )
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("已保存。") if is_changed else _("没有改动。"))
            return redirect(HOME)
    return _step(request, form, shown.name, shown)


def _step(request: Request, form: StepForm, title: str, shown: Step | None = None) -> HttpResponse:
    past = changes(request, Change.Area.DIVISION, subject=shown.code) if shown else []
    context: dict[str, Any] = {"form": form, "title": title, "shown": shown, "changes": past}
    status = 422 if form.errors else 200
    return show_settings(request, "division_step", context, section="division", at=timezone.now(), status=status)


@page_of("division")
@require_POST
def remove_step(request: Request, code: str) -> HttpResponseBase:
    dividing.remove_step(_the(code), actor=Actor.of(request.user), at=timezone.now())
    messages.success(request, _("已移除，变更记录里还有它的样子。"))
    return redirect(HOME)


@page_of("division")
@require_http_methods(["GET", "HEAD", "POST"])
def interfaces(request: Request, code: str) -> HttpResponseBase:
    """Whom the others turn to in this department."""
    unit = Unit.objects.visible_to(request.user).filter(code=code[:32], kind__in=KINDS).first()
    if unit is None:
        raise Http404
    named = [each.member.username for each in unit.interfaces.select_related("member")]
    form = InterfacesForm(request.POST or None, initial={"people": named}, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            is_changed = dividing.name_interfaces(
                unit, members=form.cleaned_data["people"], actor=Actor.of(request.user), at=timezone.now()
            )
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("已保存。") if is_changed else _("没有改动。"))
            return redirect(HOME)
    there = Member.objects.visible_to(request.user).active().filter(unit__path__startswith=unit.path)
    context = {
        "form": form, "unit": unit, "leads": list(there.with_role(Role.DEPT_LEAD).order_by("name")[:20]),
        "changes": changes(request, Change.Area.DIVISION, subject=unit.code),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return show_settings(request, "interfaces", context, section="division", at=timezone.now(), status=status)


def _the(code: str) -> Step:
    found = Step.objects.select_related("unit").filter(code=code[:32]).first()
    if found is None:
        raise Http404
    return found
