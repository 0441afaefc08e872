"""评分表 in the settings: the items that a review is scored by, looked at before they are saved."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.coaching.actions import configuring
from huiyin.coaching.actions.configuring import WHOLE, Item
from huiyin.coaching.actions.drawing import RULE
from huiyin.coaching.errors import ChangedMeanwhile
from huiyin.coaching.foreseeing import standing
from huiyin.desk.administration.card_rows import CardForm, CardRows
from huiyin.desk.administration.framing import REFUSALS, changes, page_of, refused, show_settings
from huiyin.desk.pages import Request
from huiyin.lib.phrasing import listed
from huiyin.org.actors import Actor
from huiyin.org.models import Change, in_language


@page_of("scorecard")
@require_http_methods(["GET", "HEAD", "POST"])
def scorecard(request: Request) -> HttpResponseBase:
    """What is removed is asked once more before it is saved; to look at what a change does nothing is saved."""
    at, data, items = timezone.now(), request.POST if request.method == "POST" else None, configuring.card()
    form, rows = CardForm(data, items=items), CardRows(data, items=items)
    preview: dict[str, Any] = {}
    if data is not None and form.is_valid():
        try:
            if form.cleaned_data["expected"] != configuring.stamp(items):
                raise ChangedMeanwhile
            if rows.is_valid():
                configuring.check(rows.items())
                going = [each.code for each in rows.removed]
                if "save" in data and set(going) <= set(form.cleaned_data["confirmed"].split()):
                    return _saved(request, form, rows, at)
                preview = {"rows": _compared(items, rows), "removed": " ".join(going), "is_asked": "save" in data}
            else:
                form.add_error(None, _("还没有保存：请改正下面标出的地方。"))
        except REFUSALS as refusal:
            refused(form, refusal)
    context = {
        "form": form, "rows": rows, "preview": preview, "whole": WHOLE, "standing": standing(at),
        "changes": changes(request, Change.Area.REVIEWS, subjects=_subjects(request)),
    }  # fmt: skip
    return show_settings(request, "scorecard", context, section="scorecard", at=at, status=422 if form.errors else 200)


def _saved(request: Request, form: CardForm, rows: CardRows, at: datetime) -> HttpResponseBase:
    expected = form.cleaned_data["expected"]
    count = configuring.amend_card(items=rows.items(), expected=expected, actor=Actor.of(request.user), at=at)
    messages.success(request, _("已保存，从下一次抽取起按新的评分表评。") if count else _("没有改动。"))
    return redirect("desk:settings-scorecard")


def _subjects(request: Request) -> list[str]:
    """Everything of the card on record, also items that are gone; the rule has its own page."""
    found = Change.objects.visible_to(request.user).filter(area=Change.Area.REVIEWS).exclude(subject=RULE).order_by()
    return list(found.values_list("subject", flat=True).distinct())


def _compared(items: Sequence[Item], rows: CardRows) -> list[dict[str, str]]:
    """What would be new, otherwise, gone; and whether the order is another."""
    before = {each.code: each for each in items}
    wanted = rows.items()
    found = [{"tone": "red", "word": _("移除"), "name": _name(each), "said": _said(each)} for each in rows.removed]
    for each in wanted:
        old = before.get(each.code)
        if old is None:
            found.append({"tone": "green", "word": _("新增"), "name": _name(each), "said": _said(each)})
        elif old != each:
            arrow = _("%(old)s → %(new)s") % {"old": _said(old), "new": _said(each)}
            other = _("%(said)s，字句有改动") % {"said": _said(each)}
            said = arrow if old.weight != each.weight else other
            found.append({"tone": "amber", "word": _("修改"), "name": _name(each), "said": said})
    kept = [each.code for each in wanted if each.code]
    if kept != [each.code for each in items if each.code in set(kept)]:
        found.append({"tone": "blue", "word": _("顺序"), "name": listed(kept), "said": ""})
    return found


def _name(item: Item) -> str:
    return in_language(item.name_zh, item.name_en)


def _said(item: Item) -> str:
    return _("致命项") if item.is_fatal else _("%d 分") % item.weight
