"""When the company works: opening hours, imported holidays, and having what runs reckoned anew. Each change shows what
it would do to the promises that run before it is saved."""

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

from huiyin.complaints.actions import foreseeing, reckoning
from huiyin.complaints.models import Complaint, Reckoning
from huiyin.complaints.tasks import reckon as reckon_job
from huiyin.desk.administration.framing import REFUSALS, changes, page_of, refused, show_settings
from huiyin.desk.forms.duty import WEEKDAYS
from huiyin.desk.forms.fields import Line, Words
from huiyin.desk.pages import Request
from huiyin.lib.canonical import canonical, sha256_hex
from huiyin.lib.phrasing import listed
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.sla import figures, importing
from huiyin.sla.actions import adopting, amending
from huiyin.sla.checking import check
from huiyin.sla.policy import Policy, business_calendar, opening_hours
from huiyin.sla.queries import coverage_warnings, current

FILE_LIMIT = importing.LARGEST


class HoursForm(forms.Form):
    hours = Words(
        label=gettext_lazy("每天的营业时段"), rows=3, longest=400,
        help_text=gettext_lazy("每行一段，如 09:00-12:00；午休就是两段之间的空档。不能跨零点。"),
    )  # fmt: skip
    workdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("每周上班日"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    note = Line(label=gettext_lazy("修改说明"), longest=500, required=False,
                help_text=gettext_lazy("写明改什么、为什么，保存时必填。"))  # fmt: skip
    expected = forms.IntegerField(widget=forms.HiddenInput)

    def intervals(self) -> list[str]:
        lines = str(self.cleaned_data["hours"]).replace("：", ":").replace("–", "-").replace("—", "-").splitlines()
        return [line.replace(" ", "") for line in lines if line.strip()]


class HolidaysForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("文件"), required=False,
        help_text=gettext_lazy(".ics（手机、Outlook 的节假日日历）或 .yaml、.json"),
        widget=forms.FileInput(attrs={"accept": ".ics,.ical,.yaml,.yml,.json"}),
    )  # fmt: skip
    text = forms.CharField(required=False, strip=False, max_length=FILE_LIMIT, widget=forms.HiddenInput)
    name = Line(longest=100, required=False, widget=forms.HiddenInput)
    note = Line(label=gettext_lazy("修改说明"), longest=500, required=False,
                help_text=gettext_lazy("如“国务院办公厅 2027 年放假通知”，保存时必填。"))  # fmt: skip


class ReasonForm(forms.Form):
    reason = Line(label=gettext_lazy("为什么重算"), longest=200, help_text=gettext_lazy("会显示在每件投诉的记录里。"))


def shown(request: Request, policy: Policy, at: datetime) -> dict[str, Any]:
    """What that calendar does to the promises that run; the number only of complaints that this member may see."""
    found = foreseeing.effect(policy, at=at)
    ids = {each.clock.complaint_id for each in found.most}
    numbers = dict(Complaint.objects.visible_to(request.user).filter(pk__in=ids).values_list("pk", "number"))
    rows = [
        {"number": numbers.get(each.clock.complaint_id, ""), "clock": each.clock.why.get("name") or each.clock.code,
         "old": each.clock.due_at, "new": each.new.due_at, "is_later": each.new.due_at > each.clock.due_at}
        for each in found.most
    ]  # fmt: skip
    return {"effect": found, "effect_rows": rows}


def looked(*said: Any) -> str:
    """By which a page that shows what this would do is known again when it is saved."""
    return sha256_hex(canonical(said))


def is_looked_at(request: Request, mark: str) -> bool:
    return request.POST.get("looked") == mark


@page_of("hours")
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: Request) -> HttpResponseBase:
    at, policy = timezone.now(), current()
    form = HoursForm(request.POST or None, label_suffix="", initial=_as_written(policy))
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        body = figures.with_hours(policy.body, form.intervals(), form.cleaned_data["workdays"])
        given = form.cleaned_data
        try:
            sound = check(body, before=dict(policy.body))
            mark = looked(form.intervals(), given["workdays"])
            if "save" in request.POST and is_looked_at(request, mark):
                by = Actor.of(request.user)
                made = amending.amend(body=body, note=given["note"], actor=by, at=at, expected=given["expected"])
                said = _("已保存为第 %d 版。正在计时的不变；要让它们也按新时间计，请重算。")
                messages.success(request, said % made.number)
                return redirect("desk:settings-reckoning")
            context = shown(request, Policy(sound, number=policy.number + 1, exceptions=policy.exceptions), at)
            context["looked"] = mark
        except REFUSALS as refusal:
            refused(form, refusal)
    context |= {"form": form, "policy": policy, "zone": policy.calendar.zone}
    context["changes"] = changes(request, Change.Area.PROMISES)
    return show_settings(request, "hours", context, section="hours", at=at, status=422 if form.errors else 200)


def _as_written(policy: Policy) -> dict[str, Any]:
    spec = business_calendar(policy.body)
    lines = [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in opening_hours(spec)]
    return {"hours": "\n".join(lines), "workdays": spec["workdays"], "expected": policy.number}


@page_of("holidays")
@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: Request) -> HttpResponseBase:
    at, policy = timezone.now(), current()
    form = HolidaysForm(request.POST or None, request.FILES or None, label_suffix="")
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            content, name = _content(form)
            imported = importing.read(content, name)
            if "save" in request.POST:
                note, by = form.cleaned_data["note"], Actor.of(request.user)
                done = adopting.adopt(imported, policy=policy, source=name, note=note, actor=by, at=at)
                said = _("已导入 %(years)d 个整年、%(days)d 个单独的日子。正在计时的不变；要按新日历计，请重算。")
                messages.success(request, said % done)
                return redirect("desk:settings-reckoning")
            context = _previewed(request, policy, imported, name, at)
            kept = {"text": content.decode("utf-8", errors="replace"), "name": name}
            form = HolidaysForm(label_suffix="", initial=kept | {"note": form.cleaned_data["note"]})
        except REFUSALS as refusal:
            refused(form, refusal)
    context |= {"form": form, "warnings": coverage_warnings(timezone.localdate())}
    context["changes"] = changes(request, Change.Area.DAYS)
    status = 422 if form.errors else 200
    return show_settings(request, "holidays", context, section="holidays", at=at, status=status)


def _content(form: HolidaysForm) -> tuple[bytes, str]:
    """The file, or the one that was looked at before. Raises NotACalendar."""
    if uploaded := form.cleaned_data["file"]:
        return uploaded.read(FILE_LIMIT + 1), str(uploaded.name)[:100]
    if form.cleaned_data["text"]:
        return form.cleaned_data["text"].encode(), form.cleaned_data["name"]
    raise importing.NotACalendar(_("请选择一个文件。"))


def _previewed(
    request: Request, policy: Policy, imported: importing.Imported, name: str, at: datetime
) -> dict[str, Any]:
    body, days = adopting.with_days(policy, imported, name)
    future = Policy(body, number=policy.number + 1, exceptions=days)
    rows = [
        {"day": day, "is_working": ruling.is_working, "name": ruling.name,
         "is_new": not policy.calendar.covers(day) or policy.calendar.is_working(day) != ruling.is_working}
        for day, ruling in sorted(imported.days.items())
    ]  # fmt: skip
    told = {"rows": rows, "years": listed(imported.whole_years()), "single": len(imported.single_days())}
    return {**shown(request, future, at), "imported": told, "unclear": imported.unclear, "name": name}


@page_of("reckoning")
@require_http_methods(["GET", "HEAD", "POST"])
def reckon(request: Request) -> HttpResponseBase:
    at = timezone.now()
    form = ReasonForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            ordered = reckoning.order(reason=form.cleaned_data["reason"], actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            reckon_job.defer(change_id=ordered.pk)
            messages.success(request, _("已开始重算，几分钟内完成；每件投诉的记录里都会写明。"))
            return redirect("desk:settings-reckoning")
    context = {
        **shown(request, current(), at), "form": form, "warnings": coverage_warnings(timezone.localdate()),
        "reckoning": Reckoning.objects.first(),
    }  # fmt: skip
    return show_settings(request, "reckoning", context, section="reckoning", at=at, status=422 if form.errors else 200)
