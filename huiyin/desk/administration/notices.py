"""Where notices go beyond the inbox and how that fares, and the words they are told in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.desk.administration.framing import (
    REFUSALS,
    asked_of,
    changes,
    fits,
    page_of,
    refused,
    sentence,
    show_settings,
)
from huiyin.desk.administration.notice_forms import PhraseForm, TargetForm
from huiyin.desk.administration.notice_samples import sample
from huiyin.desk.pages import Request
from huiyin.notices import fares
from huiyin.notices.actions import phrasing, setting
from huiyin.notices.kinds import LANGUAGES, Kind, Words, kinds
from huiyin.notices.models import Target, Template
from huiyin.notices.queries import wording, zone_of
from huiyin.notices.wording import fill
from huiyin.org.actors import Actor
from huiyin.org.models import Change

HISTORY = 5


@page_of("notices")
@require_safe
def targets(request: Request) -> HttpResponse:
    at = timezone.now()
    rows = list(Target.objects.visible_to(request.user).select_related("unit").order_by("-is_active", "name", "pk"))
    context = {
        "rows": [{"target": each, "lane": lane} for each, lane in zip(rows, fares.of_targets(rows), strict=True)],
        "lanes": fares.of_people(),
        "failed": fares.failed(),
        "changes": changes(request, Change.Area.MAIL),
    }
    return show_settings(request, "notices", context, section="notices", at=at)


@page_of("notices")
@require_http_methods(["GET", "HEAD", "POST"])
def new_target(request: Request) -> HttpResponseBase:
    at = timezone.now()
    form = TargetForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            made = setting.set_up(**form.cleaned_data, actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("已新增“%s”。先发一条测试消息看看。") % made.name)
            return redirect("desk:settings-notice-target", made.pk)
    context = {"form": form, "title": _("新增通知去向"), "submit": _("新增"), "back": "desk:settings-notices"}
    return show_settings(request, "form", context, section="notices", at=at, status=422 if form.errors else 200)


@page_of("notices")
@require_http_methods(["GET", "HEAD", "POST"])
def target(request: Request, pk: int) -> HttpResponseBase:
    shown, at = _target(request, pk), timezone.now()
    form = TargetForm(request.POST or None, label_suffix="", target=shown)
    if request.method == "POST" and form.is_valid():
        try:
            setting.amend(shown, **form.cleaned_data, actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("desk:settings-notice-target", pk)
    context = {
        "form": form,
        "target": Target.objects.visible_to(request.user).select_related("unit").get(pk=pk),
        "lane": fares.of_targets([shown])[0],
        "changes": changes(request, Change.Area.MAIL, subject=f"notice-target-{pk}"),
    }
    return show_settings(
        request, "notice_target", context, section="notices", at=at, status=422 if form.errors else 200
    )


@page_of("notices")
@require_POST
def trial(request: Request, pk: int) -> HttpResponseBase:
    shown = _target(request, pk)
    try:
        setting.send_trial(shown, actor=Actor.of(request.user), at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("测试消息已送达“%s”。") % shown.name)
    return redirect("desk:settings-notice-target", pk)


@page_of("notices")
@require_POST
def retire(request: Request, pk: int) -> HttpResponseBase:
    shown = _target(request, pk)
    setting.put_out_of_use(shown, actor=Actor.of(request.user), at=timezone.now())
    messages.success(request, _("“%s”已停用，不再收到通知。") % shown.name)
    return redirect("desk:settings-notices")


@page_of("notices")
@require_POST
def restore(request: Request, pk: int) -> HttpResponseBase:
    shown = _target(request, pk)
    setting.take_into_use(shown, actor=Actor.of(request.user), at=timezone.now())
    messages.success(request, _("“%s”已恢复使用。") % shown.name)
    return redirect("desk:settings-notice-target", pk)


@page_of("notices")
@require_POST
def send_failed_again(request: Request) -> HttpResponseBase:
    count = setting.send_failed_again(
        request.POST.get("lane", "")[:24], actor=Actor.of(request.user), at=timezone.now()
    )
    messages.success(request, _("%d 条会在一分钟内再发一次。") % count)
    return redirect("desk:settings-notices")


def _target(request: Request, pk: int) -> Target:
    found = Target.objects.visible_to(request.user).select_related("unit").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@page_of("notice-words")
@require_safe
def words(request: Request) -> HttpResponse:
    in_force = wording()
    own = set(Template.objects.values_list("kind", "language"))
    rows: list[dict[str, Any]] = [
        {
            "kind": kind,
            "languages": [
                {"code": language, "words": in_force(code, language), "is_own": (code, language) in own}
                for language in LANGUAGES
            ],
        }
        for code, kind in kinds().items()
    ]
    asked = asked_of(request)
    found = [row for row in rows if fits(asked, row["kind"].label, row["kind"].code, _said(row["languages"]))]
    subjects = [f"notice-{code}-{language}" for code in kinds() for language in LANGUAGES]
    latest = changes(request, Change.Area.MAIL, subjects=subjects)
    context = {"rows": found, "asked": asked, "changes": latest}
    return show_settings(request, "notice_words", context, section="notice-words", at=timezone.now())


def _said(languages: list[dict[str, Any]]) -> str:
    return " ".join(f"{each['words'].title} {each['words'].body}" for each in languages)


@page_of("notice-words")
@require_http_methods(["GET", "HEAD", "POST"])
def phrase(request: Request, kind: str, language: str) -> HttpResponseBase:
    """`preview` shows what was typed with sample values, and saves nothing."""
    chosen, at = _kind(kind, language), timezone.now()
    now_said = wording()(kind, language)
    form = PhraseForm(
        request.POST or None, label_suffix="", kind=chosen, initial={"title": now_said.title, "body": now_said.body}
    )
    is_preview = "preview" in request.POST
    if request.method == "POST" and form.is_valid() and not is_preview:
        try:
            phrasing.phrase(chosen, language, **form.cleaned_data, actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("模板已保存，从下一条通知起使用。"))
            return redirect("desk:settings-notice-words")
    typed = Words(form.data.get("title", ""), form.data.get("body", "")) if form.is_bound else now_said
    context: dict[str, Any] = {
        "form": form, "kind": chosen, "language": language, "shipped": chosen.words[language],
        "is_own": Template.objects.filter(kind=kind, language=language).exists(),
        "preview": fill(typed, sample(chosen, at), language=language, zone=zone_of(request.user.unit)),
        "changes": changes(request, Change.Area.MAIL, subject=f"notice-{kind}-{language}"),
    }  # fmt: skip
    return show_settings(
        request, "notice_phrase", context, section="notice-words", at=at, status=422 if form.errors else 200
    )


@page_of("notice-words")
@require_POST
def take_back(request: Request, kind: str, language: str) -> HttpResponseBase:
    phrasing.take_back(_kind(kind, language), language, actor=Actor.of(request.user), at=timezone.now())
    messages.success(request, _("已恢复为原来的文字。"))
    return redirect("desk:settings-notice-words")


def _kind(kind: str, language: str) -> Kind:
    if kind not in kinds() or language not in LANGUAGES:
        raise Http404
    return kinds()[kind]
