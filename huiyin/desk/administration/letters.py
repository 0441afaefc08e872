"""What the product itself sends to customers: in the company's own words, or as shipped."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.desk.administration.framing import REFUSALS, changes, page_of, refused, sentence, show_settings
from huiyin.desk.administration.wording_forms import LetterForm
from huiyin.desk.pages import Request
from huiyin.knowledge import letters, queries
from huiyin.knowledge.actions import editing
from huiyin.knowledge.models import LetterText
from huiyin.org.actors import Actor
from huiyin.org.models import Change

LANGUAGES = ((letters.CHINESE, "zh", "中文"), (letters.ENGLISH, "en", "English"))


@page_of("letters")
@require_safe
def letter_list(request: Request) -> HttpResponse:
    own = {row.code: row for row in LetterText.objects.all()}
    asked = request.GET.get("q", "")[:100].strip().casefold()
    rows = []
    for code, shipped in letters.SHIPPED.items():
        said = queries.said_letter(code, letters.CHINESE, own.get(code), {})
        words = f"{shipped.name} {shipped.when} {said.subject} {said.body}".casefold()
        if asked in words:
            rows.append({"code": code, "shipped": shipped, "said": said, "is_own": code in own})
    context = {"rows": rows, "asked": asked, "changes": changes(request, Change.Area.LETTERS)}
    return show_settings(request, "letters", context, section="letters", at=timezone.now())


@page_of("letters")
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: Request, code: str) -> HttpResponseBase:
    """With `try` the letter as typed is shown, filled with a sample, and nothing is kept."""
    shipped, at = _shipped(code), timezone.now()
    own = LetterText.objects.filter(code=code).first()
    first = {}
    for language, ending, _name in LANGUAGES:
        for part in ("subject", "body"):
            kept = getattr(own, f"{part}_{ending}") if own else ""
            first[f"{part}_{ending}"] = kept or shipped.said(part, language)
    form = LetterForm(request.POST or None, shipped=shipped, initial=first)
    typed = own
    if request.method == "POST" and form.is_valid():
        typed = LetterText(code=code, **form.cleaned_data)
        if "try" not in request.POST and _worded(request, form, code):
            return redirect("desk:settings-letters")
    context: dict[str, Any] = {
        "form": form, "code": code, "shipped": shipped, "is_own": own is not None,
        "slots": [(f"{{{slot}}}", letters.SLOTS[slot], slot in shipped.needed) for slot in shipped.slots],
        "previews": [
            (name, queries.said_letter(code, language, typed, letters.SAMPLE)) for language, _ending, name in LANGUAGES
        ],
        "originals": [(name, shipped.said("subject", language), shipped.said("body", language))
                      for language, _ending, name in LANGUAGES],
        "changes": changes(request, Change.Area.LETTERS, subject=code),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return show_settings(request, "letter", context, section="letters", at=at, status=status)


def _worded(request: Request, form: LetterForm, code: str) -> bool:
    try:
        is_changed = editing.word(code, texts=form.cleaned_data, actor=Actor.of(request.user), at=timezone.now())
    except REFUSALS as refusal:
        refused(form, refusal)
        return False
    messages.success(request, _("已保存，下一封起就这样写。") if is_changed else _("没有改动。"))
    return True


@page_of("letters")
@require_POST
def restore(request: Request, code: str) -> HttpResponseBase:
    shipped = _shipped(code)
    try:
        editing.as_shipped(code, actor=Actor.of(request.user), at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("“%s”已恢复为随产品提供的文字。") % shipped.name)
    return redirect("desk:settings-letters")


def _shipped(code: str) -> letters.Shipped:
    if code not in letters.SHIPPED:
        raise Http404
    return letters.SHIPPED[code]
