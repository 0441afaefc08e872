"""The policy of promises: its most used figures as a form, the whole as a document, and a look ahead."""

from datetime import datetime
from typing import Any

import yaml
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.desk.administration.forms import DocumentForm
from huiyin.desk.administration.framing import REFUSALS, asked_of, changes, page_of, refused, show_settings
from huiyin.desk.administration.ladders import ladders
from huiyin.desk.forms.fields import Line, Moment
from huiyin.desk.pages import Request
from huiyin.desk.promises import clock_label
from huiyin.lib.phrasing import listed, told
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.sla import figures, previewing
from huiyin.sla.actions import amending
from huiyin.sla.checking import check
from huiyin.sla.models import PolicyVersion
from huiyin.sla.policy import Inputs
from huiyin.sla.queries import current
from huiyin.sla.writing import as_text, from_text
from huiyin.sla.writing import changes as lines_changed

UNITS = {
    "nm": gettext_lazy("分钟"), "nh": gettext_lazy("小时"), "bm": gettext_lazy("工作分钟"),
    "bh": gettext_lazy("工作小时"), "wd": gettext_lazy("工作日"), "ld": gettext_lazy("自然日"),
}  # fmt: skip
LEVELS = {
    "L1": gettext_lazy("一级"), "L2": gettext_lazy("二级"), "L3": gettext_lazy("三级"), "L4": gettext_lazy("四级"),
}  # fmt: skip
SAID = {
    "S": gettext_lazy("简单"), "C": gettext_lazy("复杂"), "VIP": "VIP", "VUL": gettext_lazy("特殊群体"),
    "STD": gettext_lazy("普通客户"), "tech": gettext_lazy("技术故障"), "attitude": gettext_lazy("服务态度"),
    "contract": gettext_lazy("合同争议"), "general": gettext_lazy("一般"), **LEVELS,
}  # fmt: skip
SHOWN_VERSIONS = 20


class FiguresForm(forms.Form):
    """One number for each figure, under the name of its place in the document."""

    note = Line(label=gettext_lazy("修改说明"), longest=500, required=False,
                help_text=gettext_lazy("写明改什么、为什么，保存时必填。"))  # fmt: skip
    received = Moment(label=gettext_lazy("假设受理时间"), required=False)
    expected = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, body: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = figures.figures(body)
        for figure in self.found:
            self.fields[figure.key] = forms.FloatField(
                label=told(_clock(figure), _case_words(figure)), min_value=0, initial=figure.amount,
                widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            )  # fmt: skip

    def amounts(self) -> dict[str, float]:
        return {figure.key: self.cleaned_data[figure.key] for figure in self.found}

    def clocks(self) -> list[dict[str, Any]]:
        """For the page: each clock with its rows."""
        groups: dict[str, dict[str, Any]] = {}
        for figure in self.found:
            group = groups.setdefault(figure.clock, {"label": _clock(figure), "code": figure.clock, "rows": []})
            group["rows"].append((_case_words(figure), self[figure.key], UNITS[figure.unit]))
        return list(groups.values())


def _clock(figure: figures.Figure) -> str:
    return clock_label(figure.clock, {figure.clock: figure.clock_zh})


def _case_words(figure: figures.Figure) -> str:
    said = [_value(key, value) for key, value in figure.when.items()]
    return listed([*said, *([_("最终解决")] if figure.is_final else [])]) or _("所有投诉")


def _value(key: str, value: Any) -> str:
    if key == "urgent":
        return _("紧急")
    if key in ("departments", "departments_gte"):
        return str((_("%s 个及以上部门") if key.endswith("_gte") else _("%s 个部门")) % value)
    values = value if isinstance(value, list) else [value]
    return listed(str(SAID.get(str(each), each)) for each in values)


@page_of("promises")
@require_http_methods(["GET", "HEAD", "POST"])
def promises(request: Request) -> HttpResponseBase:
    at, policy = timezone.now(), current()
    form = FiguresForm(
        request.POST or None, label_suffix="", body=policy.body, initial={"expected": policy.number, "received": at}
    )
    rows: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        body = figures.with_figures(policy.body, form.amounts())
        start = form.cleaned_data["received"] or at
        try:
            sound = check(body, before=dict(policy.body))
            if "save" in request.POST:
                return _saved(request, body, form.cleaned_data["note"], form.cleaned_data["expected"], at)
            rows = _compared(sound, start)
        except REFUSALS as refusal:
            refused(form, refusal)
    asked = asked_of(request)
    context = {
        "asked": asked, "found": _found(form, asked) if asked and not form.errors else [],
        "changes": changes(request, Change.Area.PROMISES),
        "form": form, "rows": rows, "is_preview": bool(rows), "policy": policy, "ladders": ladders(policy),
        "is_changed": any(row["is_changed"] for row in rows),
        "versions": PolicyVersion.objects.select_related("created_by").defer("body")[:SHOWN_VERSIONS],
    }  # fmt: skip
    return show_settings(request, "promises", context, section="promises", at=at, status=422 if form.errors else 200)


def _found(form: FiguresForm, asked: str) -> list[str]:
    """The clocks that are called so, or have a figure that is; the others stay on the page unseen, to be saved too."""
    known = {
        clock["code"]: " ".join(map(str, (clock["code"], clock["label"], *(row[0] for row in clock["rows"]))))
        for clock in form.clocks()
    }
    return [code for code, words in known.items() if asked.lower() in words.lower()]


def _saved(request: Request, body: Any, note: str, expected: int, at: datetime) -> HttpResponseBase:
    made = amending.amend(body=body, note=note, actor=Actor.of(request.user), at=at, expected=expected)
    said = _("已保存为第 %d 版，用于此后起算的时限；已经起算的不变。")
    messages.success(request, said % made.number, extra_tags="draft:promises")
    return redirect("desk:settings-promises")


def _compared(body: Any, start: datetime) -> list[dict[str, Any]]:
    return [
        {
            "case": _inputs(row.case), "clock": row.name, "is_final": row.clock.endswith(".final"),
            "old": row.old_due, "new": row.new_due, "is_changed": row.is_changed,
            "is_longer": bool(row.old_due and row.new_due and row.new_due > row.old_due),
        }
        for row in previewing.compared(current(), body, start=start)
    ]  # fmt: skip


def _inputs(case: Inputs) -> str:
    words = [SAID[case.level], SAID[case.cx]]
    if case.tier != "STD":
        words.append(SAID[case.tier])
    if case.departments > 1:
        words.append(_("%s 个部门") % case.departments)
    return listed(words)


@page_of("promises")
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: Request) -> HttpResponseBase:
    """The whole policy as YAML: everything that the form has no field for."""
    at, policy = timezone.now(), current()
    form = DocumentForm(
        request.POST or None, label_suffix="",
        initial={"text": as_text(dict(policy.body)), "expected": policy.number},
    )  # fmt: skip
    rows: list[dict[str, Any]] = []
    difference = ""
    if request.method == "POST" and form.is_valid():
        try:
            body = from_text(form.cleaned_data["text"])
            sound = check(body, before=dict(policy.body))
            if "save" in request.POST:
                return _saved(request, body, form.cleaned_data["note"], form.cleaned_data["expected"], at)
            rows, difference = _compared(sound, at), lines_changed(dict(policy.body), sound)
        except yaml.YAMLError as error:
            form.add_error("text", _("YAML 写法有误：%(error)s") % {"error": error})
        except REFUSALS as refusal:
            refused(form, refusal)
    context = {
        "form": form,
        "is_changed": any(row["is_changed"] for row in rows),
        "rows": rows,
        "difference": difference,
        "is_preview": bool(rows),
        "policy": policy,
    }
    return show_settings(
        request, "promises_document", context, section="promises", at=at, status=422 if form.errors else 200
    )


@page_of("promises")
@require_safe
def version(request: Request, number: int) -> HttpResponse:
    found = {each.number: each for each in PolicyVersion.objects.filter(number__in=[number - 1, number])}
    if number not in found:
        raise Http404
    before = found.get(number - 1)
    difference = lines_changed(before.body, found[number].body) if before else ""
    context = {"version": found[number], "difference": difference, "is_first": before is None}
    return show_settings(request, "promises_version", context, section="promises", at=timezone.now())
