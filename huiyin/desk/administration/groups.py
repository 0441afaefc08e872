"""The top of the tree of categories (大类): one is added, closed and opened again, its leaves are put in order, and a
leaf moves to another, after a look at what moves along."""

from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.desk.administration.categories import category_of
from huiyin.desk.administration.forms import MoveLeaf, NewGroup
from huiyin.desk.administration.framing import REFUSALS, page_of, refused, sentence, show_settings
from huiyin.desk.elements import element
from huiyin.desk.pages import Request
from huiyin.dispatch import burdens
from huiyin.org.actors import Actor
from huiyin.triage.actions import grouping
from huiyin.triage.models import Category

MOST = 500  # leaves in one order; a form of more is not ours


@page_of("categories")
@require_http_methods(["GET", "HEAD", "POST"])
def new_group(request: Request) -> HttpResponseBase:
    form, at = NewGroup(request.POST or None, label_suffix=""), timezone.now()
    if request.method == "POST" and form.is_valid():
        try:
            made = grouping.open_group(**form.cleaned_data, actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("已新增大类“%s”。现在给它加类别：没有类别的大类，登记时选不到。") % made.name)
            return redirect("desk:settings-category", code=made.code)
    context = {"form": form, "title": _("新增大类"), "submit": _("新增"), "back": "desk:settings-categories"}
    return show_settings(request, "form", context, section="categories", at=at, status=422 if form.errors else 200)


@page_of("categories")
@require_POST
def close_group(request: Request, code: str) -> HttpResponseBase:
    shown = category_of(request, code)
    try:
        grouping.close_group(shown, actor=Actor.of(request.user), at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("大类“%s”已停用：登记时不再能选，原有投诉不变。") % shown.name)
    return redirect("desk:settings-category", code=shown.code)


@page_of("categories")
@require_POST
def reopen_group(request: Request, code: str) -> HttpResponseBase:
    shown = category_of(request, code)
    try:
        grouping.reopen_group(shown, actor=Actor.of(request.user), at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("大类“%s”已恢复，登记时又能选它的类别。") % shown.name)
    return redirect("desk:settings-category", code=shown.code)


@page_of("categories")
@require_POST
def put_in_order(request: Request, code: str) -> HttpResponseBase:
    """The rows come in the order of the page; what was typed as a place, where there is no script, goes before."""
    shown = category_of(request, code)
    rows = request.POST.getlist("row")[:MOST]
    codes = sorted(rows, key=lambda row: _place(request.POST.get(f"{row}-place", "")))
    try:
        moved = grouping.put_in_order(shown, codes, actor=Actor.of(request.user), at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("顺序已保存，登记和筛选时就按它列出。") if moved else _("没有改动。"))
    return redirect("desk:settings-category", code=shown.code)


def _place(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 10_000


@page_of("categories")
@require_http_methods(["GET", "HEAD", "POST"])
def move_category(request: Request, code: str) -> HttpResponseBase:
    """First what the move would change, then, by POST, the move."""
    shown, at = category_of(request, code), timezone.now()
    form = MoveLeaf(request.POST or request.GET or None, label_suffix="", leaf=shown)
    if not (shown.is_leaf and form.is_valid()):
        messages.error(request, _("请选择要移到哪个大类，不能是现在的大类。"))
        return redirect("desk:settings-category", code=shown.code)
    under: Category = form.cleaned_data["under"]
    if request.method == "POST":
        try:
            grouping.move_leaf(shown, under=under, actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            messages.error(request, sentence(refusal))
        else:
            said = {"leaf": shown.name, "group": under.name}
            messages.success(request, _("“%(leaf)s”已移到大类“%(group)s”，排在最后。") % said)
        return redirect("desk:settings-category", code=shown.code)
    return show_settings(request, "category_move", _effect(shown, under), section="categories", at=at)


def _effect(leaf: Category, under: Category) -> dict[str, Any]:
    was = leaf.parent.requires if leaf.parent else []
    return {
        "category": leaf, "under": under, "open": burdens.of_category(leaf.pk),
        "more": [element(key).label for key in under.requires if key not in was],
        "less": [element(key).label for key in was if key not in under.requires],
    }  # fmt: skip
