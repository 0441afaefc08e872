"""Text modules (话术, brought by `::`) and words to avoid: found, changed, tried before they are saved."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.complaints.wording import sentence as said_finding
from huiyin.desk.administration.framing import REFUSALS, changes, page_of, refused, show_settings
from huiyin.desk.administration.wording_forms import NewPhrase, NewScript, PhraseFields, ScriptFields, TextTrial
from huiyin.desk.pages import Request
from huiyin.knowledge import phrases, queries, scripts
from huiyin.knowledge.actions import editing
from huiyin.knowledge.models import Channel, Frame, Phrase, Script, Stage
from huiyin.lib.clean import clean_line
from huiyin.org.actors import Actor
from huiyin.org.models import Change

# An invented complaint, so that no words of a real one stand in the settings.
SAMPLE = {
    "customer": "张女士", "agent": "李雷", "case_no": "TS20261122-00042", "product": "星桥电饭煲",
    "order_no": "WX20261118-7731", "deadline": "11月25日18:00", "stage": "核查中", "option_a": "换新机",
    "option_b": "全额退款", "option_c": "上门维修", "amount": "299元", "voucher": "50元优惠券",
    "evidence": "主板虚焊，属于产品质量问题", "dept": "质量管理部", "reason": "主板虚焊", "next_time": "明天上午10点",
    "carrier": "顺通快递", "address_last": "解放路12号", "policy": "《消费者权益保护法》第二十四条",
    "link": "https://tousu.example.com/t/7KQ2",
}  # fmt: skip


@page_of("scripts")
@require_safe
def script_list(request: Request) -> HttpResponse:
    asked = clean_line(request.GET.get("q", "")[:100])
    stage = request.GET.get("stage", "")
    rows = queries.find(Script.objects.all(), asked, *queries.SCRIPT_PLACES)
    if stage in Stage.values:
        rows = rows.filter(stage=stage)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        own = [channel.label for channel in Channel if getattr(row, f"{channel.value}_text")]
        shown = {"row": row, "text": scripts.named(row.text), "own": own}
        groups.setdefault(str(row.get_stage_display()), []).append(shown)
    context = {
        "shelves": list(groups.items()), "asked": asked, "stage": stage, "stages": Stage.choices,
        "frames": Frame.objects.all(), "changes": changes(request, Change.Area.WORDING),
    }  # fmt: skip
    return show_settings(request, "scripts", context, section="scripts", at=timezone.now())


@page_of("scripts")
@require_http_methods(["GET", "HEAD", "POST"])
def new_script(request: Request) -> HttpResponseBase:
    last = Script.objects.order_by("-position").values_list("position", flat=True).first() or 0
    form = NewScript(request.POST or None, label_suffix="", initial={"position": last + 1, "is_active": True})
    return _edit(request, form, Script, None, _("新增话术"))


@page_of("scripts")
@require_http_methods(["GET", "HEAD", "POST"])
def script(request: Request, code: str) -> HttpResponseBase:
    shown = _the(Script.objects.filter(code=code[:8]).first())
    form = ScriptFields(request.POST or None, instance=shown, label_suffix="")
    return _edit(request, form, Script, shown, f"{shown.code} {shown.name}")


@page_of("scripts")
@require_http_methods(["GET", "HEAD", "POST"])
def frame(request: Request, channel: str) -> HttpResponseBase:
    """How every script begins and ends in one channel."""
    shown, at = _the(Frame.objects.filter(channel=channel[:8]).first()), timezone.now()
    kind = forms.modelform_factory(Frame, fields=["opening", "closing"])
    form = kind(request.POST or None, instance=shown, label_suffix="")
    if request.method == "POST" and form.is_valid() and _amended(request, form, shown):
        return redirect("desk:settings-scripts")
    title = _("%s的开头和结尾") % shown.get_channel_display()
    return _page(request, "scripts", form, title, shown.channel, at)


@page_of("phrases")
@require_http_methods(["GET", "HEAD", "POST"])
def phrase_list(request: Request) -> HttpResponse:
    """By POST a text is tried: nothing is kept of it."""
    form = TextTrial(request.POST or None, label_suffix="")
    tried = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        tried = _findings(given["text"], queries.book(), stage=given["stage"], is_opening=given["is_opening"])
    asked, level = clean_line(request.GET.get("q", "")[:100]), request.GET.get("level", "")
    rows = queries.find(Phrase.objects.all(), asked, *queries.PHRASE_PLACES)
    if level in Phrase.Level.values:
        rows = rows.filter(level=level)
    context = {
        "rules": rows, "asked": asked, "level": level, "levels": Phrase.Level.choices, "form": form, "tried": tried,
        "changes": changes(request, Change.Area.WORDING),
    }  # fmt: skip
    return show_settings(request, "phrases", context, section="phrases", at=timezone.now())


@page_of("phrases")
@require_http_methods(["GET", "HEAD", "POST"])
def new_phrase(request: Request) -> HttpResponseBase:
    last = Phrase.objects.order_by("-position").values_list("position", flat=True).first() or 0
    form = NewPhrase(request.POST or None, label_suffix="", initial={"position": last + 1, "is_active": True})
    return _edit(request, form, Phrase, None, _("新增禁语或规范用语"))


@page_of("phrases")
@require_http_methods(["GET", "HEAD", "POST"])
def phrase(request: Request, code: str) -> HttpResponseBase:
    shown = _the(Phrase.objects.filter(code=code[:8]).first())
    form = PhraseFields(request.POST or None, instance=shown, label_suffix="")
    return _edit(request, form, Phrase, shown, f"{shown.code} {'、'.join(shown.words)[:40] or shown.pattern[:40]}")


def _the(row: Any) -> Any:
    if row is None:
        raise Http404
    return row


def _edit(request: Request, form: Any, model: Any, shown: Any, title: str) -> HttpResponseBase:
    """The form of one row, new or there; with `try` what it would say is shown, and nothing is kept."""
    at, section = timezone.now(), "scripts" if model is Script else "phrases"
    tried: Any = None
    if request.method == "POST" and form.is_valid():
        if "try" in request.POST:
            tried = _said(form) if model is Script else _caught(form, request.POST.get("trial", "")[:4000])
        elif shown is None and _added(request, form, model):
            messages.success(request, _("已新增，现在就可以用。"))
            return redirect(f"desk:settings-{section}")
        elif shown is not None and _amended(request, form, shown):
            return redirect(f"desk:settings-{section}")
    more = {
        "tried": tried, "is_script": model is Script, "is_new": shown is None,
        "trial": request.POST.get("trial", "")[:4000],
        "slots": [(f"{{{slot}}}", words, SAMPLE[slot]) for slot, words in scripts.SLOTS.items()],
    }  # fmt: skip
    return _page(request, section, form, title, shown.code if shown else "", at, more)


def _page(
    request: Request, section: str, form: Any, title: str, subject: str, at: Any, more: dict[str, Any] | None = None
) -> HttpResponse:
    past = changes(request, Change.Area.WORDING, subject=subject) if subject else []
    context = {"form": form, "title": title, "back": f"desk:settings-{section}", "changes": past, **(more or {})}
    status = 422 if form.errors else 200
    return show_settings(request, "wording_form", context, section=section, at=at, status=status)


def _added(request: Request, form: Any, model: Any) -> bool:
    given = dict(form.cleaned_data)
    try:
        editing.add(model, code=given.pop("code"), values=given, actor=Actor.of(request.user), at=timezone.now())
    except REFUSALS as refusal:
        refused(form, refusal)
        return False
    return True


def _amended(request: Request, form: Any, shown: Script | Phrase | Frame) -> bool:
    try:
        is_changed = editing.amend(
            shown, values=dict(form.cleaned_data), actor=Actor.of(request.user), at=timezone.now()
        )
    except REFUSALS as refusal:
        refused(form, refusal)
        return False
    messages.success(request, _("已保存，下一次用到就是新的。") if is_changed else _("没有改动。"))
    return True


def _said(form: Any) -> list[dict[str, Any]]:
    """The script as typed, in each channel, on the sample; and what the words to avoid say of it."""
    words, frames, book = queries.wording(form.instance), queries.frames(), queries.book()
    found = []
    for channel in Channel:
        text = scripts.fill_in(scripts.say(words, channel.value, frames), SAMPLE)
        found.append({"label": channel.label, "text": text, "findings": _findings(text, book)})
    return found


def _caught(form: Any, text: str) -> dict[str, Any]:
    """What this one rule, as typed, would say of the text."""
    given = form.cleaned_data
    rule = phrases.Rule(
        code=given.get("code") or form.instance.code, when=given["when"], level=given["level"], why=given["why"],
        words=tuple(given["words"]), pattern=given["pattern"], exceptions=tuple(given["exceptions"]),
        rewrite=given["rewrite"],
    )  # fmt: skip
    stage = {phrases.LISTEN: "listen", phrases.COMMIT: "progress", phrases.CLOSING: "close"}.get(rule.when, "")
    found = _findings(text, phrases.Book((rule,)), stage=stage, is_opening=rule.when == phrases.OPENING, emotion=3)
    return {"text": text, "findings": found}


def _findings(
    text: str, book: phrases.Book, *, stage: str = "", is_opening: bool = False, emotion: int = 1
) -> list[dict[str, Any]]:
    found: Iterable[phrases.Finding] = phrases.check(
        text, stage=stage, emotion=emotion, is_opening=is_opening, book=book
    )
    return [{"level": each.level, "sentence": said_finding(each), "code": each.code} for each in found]
