"""对本系统提建议: from any screen, with the screen and the version; a list with what became of each."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin import __version__
from huiyin.desk.forms.fields import Words
from huiyin.desk.pages import Request, at_desk, needs, show
from huiyin.lib import keyset
from huiyin.org import errors
from huiyin.org.actions import suggesting
from huiyin.org.models import Suggestion
from huiyin.org.rules import Right

SIZE = 30


class SuggestionForm(forms.Form):
    text = Words(label=_("您的建议"), rows=4, longest=suggesting.LONGEST, help_text=_("哪里不方便，您希望怎样。"))
    screen = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    state = forms.ChoiceField(label=_("状态"), choices=Suggestion.State.choices)
    answer = Words(label=_("答复"), rows=2, longest=suggesting.LONGEST, required=False)


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: Request) -> HttpResponseBase:
    """The dialog's form as a page of its own, for browsers without script and for what was wrong."""
    if request.method != "POST":
        form = SuggestionForm(initial={"screen": request.GET.get("from", "")}, label_suffix="")
        return _form(request, form)
    form = SuggestionForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _form(request, form, status=422)
    screen, path = _screen(form.cleaned_data["screen"])
    try:
        suggesting.suggest(
            member=request.user, text=form.cleaned_data["text"], screen=screen, path=path, version=__version__,
            at=timezone.now(),
        )  # fmt: skip
    except errors.TooManySuggestions as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form, status=429)
    messages.success(request, gettext("谢谢，建议已收到。处理情况会显示在这里。"))
    return redirect("desk:suggestions")


def _form(request: Request, form: SuggestionForm, *, status: int = 200) -> HttpResponse:
    return show(request, "desk/suggestions/form.html", {"form": form}, at=timezone.now(), status=status)


def _screen(address: str) -> tuple[str, str]:
    """The screen's name and its pattern. What was open on it, a complaint's number, is not told on."""
    try:
        found = resolve(address.partition("?")[0])
    except Resolver404:
        return "", ""
    return found.view_name, f"/{found.route}"


@at_desk
@require_safe
def suggestions(request: Request) -> HttpResponse:
    return _list(request)


def _list(request: Request, *, failed: tuple[int, AnswerForm] | None = None, status: int = 200) -> HttpResponse:
    may_answer = request.user.may(Right.ANSWER_SUGGESTIONS)
    found = Suggestion.objects.visible_to(request.user).select_related("member__unit", "answered_by")
    chosen = request.GET.get("state", "")
    if chosen in Suggestion.State:
        found = found.filter(state=chosen)
    try:
        page = keyset.page(found, order=("-made_at", "-id"), size=SIZE, cursor=request.GET.get("cursor"))
    except keyset.BadCursor:
        page = keyset.page(found, order=("-made_at", "-id"), size=SIZE)
    context: dict[str, Any] = {
        "rows": [{"row": row, "form": _answer_form(row, failed) if may_answer else None} for row in page.rows],
        "may_answer": may_answer,
        "states": [("", gettext("全部")), *Suggestion.State.choices],
        "chosen": chosen,
        "previous_url": f"?state={chosen}&cursor={page.previous}" if page.previous else "",
        "next_url": f"?state={chosen}&cursor={page.next}" if page.next else "",
    }
    return show(request, "desk/suggestions/list.html", context, at=timezone.now(), status=status)


def _answer_form(row: Suggestion, failed: tuple[int, AnswerForm] | None) -> AnswerForm:
    if failed is not None and failed[0] == row.pk:
        return failed[1]
    initial = {"state": row.state, "answer": row.answer}
    return AnswerForm(initial=initial, auto_id=f"answer_{row.pk}_%s", label_suffix="")


@at_desk
@needs(Right.ANSWER_SUGGESTIONS)
@require_POST
def answer(request: Request, pk: int) -> HttpResponseBase:
    row = Suggestion.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    form = AnswerForm(request.POST, auto_id=f"answer_{row.pk}_%s", label_suffix="")
    if not form.is_valid():
        return _list(request, failed=(row.pk, form), status=422)
    given = form.cleaned_data
    try:
        suggesting.answer(
            row, state=Suggestion.State(given["state"]), text=given["answer"], actor=request.user, at=timezone.now()
        )
    except errors.AnswerMissing as refusal:
        form.add_error("answer", str(refusal))
        return _list(request, failed=(row.pk, form), status=422)
    messages.success(request, gettext("答复已保存，提出人会看到。"))
    return redirect(f"{reverse('desk:suggestions')}#suggestion-{row.pk}")
