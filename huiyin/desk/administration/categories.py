"""The tree of categories: open a leaf, change it, close it in favour of another; with what that would touch. The groups
themselves, their order and moving between them are in groups.py."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.desk.administration import foreseen
from huiyin.desk.administration.forms import CloseLeaf, GroupForm, LeafForm, MoveLeaf, NewLeaf
from huiyin.desk.administration.framing import REFUSALS, changes, page_of, refused, sentence, show_settings
from huiyin.desk.pages import Request
from huiyin.dispatch import burdens
from huiyin.lib.clean import clean_line
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.triage.actions import closing, growing
from huiyin.triage.models import Category


@page_of("categories")
@require_safe
def categories(request: Request) -> HttpResponse:
    at, asked = timezone.now(), clean_line(request.GET.get("q", "")[:100]).casefold()
    with_closed = "closed" in request.GET
    rows = list(Category.objects.visible_to(request.user).select_related("owner", "successor", "parent"))
    burden = burdens.by_category()
    groups = []
    for group in (row for row in rows if not row.is_leaf):
        leaves = [row for row in rows if row.parent_id == group.pk]
        open_here = sum(burden.get(leaf.pk, 0) for leaf in leaves)
        shown = [
            {"leaf": leaf, "open": burden.get(leaf.pk, 0), "is_closed": not leaf.is_current(at)}
            for leaf in leaves
            if (with_closed or leaf.is_current(at)) and (not asked or _says(leaf, asked))
        ]
        is_closed = not group.is_current(at)
        if (with_closed or not is_closed or asked) and (shown or not asked or _says(group, asked)):
            groups.append({"group": group, "leaves": shown, "open": open_here, "is_closed": is_closed})
    closed = sum(row.is_leaf and not row.is_current(at) for row in rows)
    closed_groups = sum(not row.is_leaf and not row.is_current(at) for row in rows)
    context = {
        "tree": groups, "asked": asked, "with_closed": with_closed, "closed": closed,
        "closed_groups": closed_groups,
        "leaf_count": sum(row.is_leaf for row in rows) - closed,
        "changes": changes(request, Change.Area.CATEGORY),
    }  # fmt: skip
    return show_settings(request, "categories", context, section="categories", at=at)


def _says(row: Category, asked: str) -> bool:
    return asked in f"{row.code} {row.name_zh} {row.name_en} {' '.join(row.keywords)}".casefold()


def category_of(request: Request, code: str) -> Category:
    rows = Category.objects.visible_to(request.user).select_related("parent", "owner", "element_set", "successor")
    found = rows.filter(code=code[:16]).first()
    if found is None:
        raise Http404
    return found


@page_of("categories")
@require_http_methods(["GET", "HEAD", "POST"])
def new_category(request: Request, code: str) -> HttpResponseBase:
    """A leaf of the group of that code."""
    group, at = category_of(request, code), timezone.now()
    form = NewLeaf(request.POST or None, label_suffix="", initial={"severity": 3})
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if not given["keywords"] or foreseen.is_seen(request, given["code"], given["keywords"]):
                made = growing.open_leaf(group, **given, actor=Actor.of(request.user), at=at)
                messages.success(request, _("已新增类别“%s”，从现在起可以使用。") % made.name)
                return redirect("desk:settings-category", code=made.code)
            leaf = growing.new_leaf(group, **given, at=at)
            context["foreseen"] = foreseen.of_keywords(request, leaf, given["code"], given["keywords"])
        except REFUSALS as refusal:
            refused(form, refusal)
    status = 422 if form.errors else 200
    title = _("在“%s”下新增类别") % group.name
    context |= {"form": form, "title": title, "submit": _("新增"), "back": "desk:settings-categories"}
    return show_settings(request, "form", context, section="categories", at=at, status=status)


@page_of("categories")
@require_http_methods(["GET", "HEAD", "POST"])
def category(request: Request, code: str) -> HttpResponseBase:
    shown, at = category_of(request, code), timezone.now()
    kind = LeafForm if shown.is_leaf else GroupForm
    initial = {
        "name_zh": shown.name_zh, "name_en": shown.name_en, "severity": shown.severity, "complexity": shown.complexity,
        "issue_class": shown.issue_class, "owner": shown.owner_code, "keywords": shown.keywords,
        "element_set": shown.element_set.code if shown.element_set else None,
    }  # fmt: skip
    form = kind(request.POST or None, label_suffix="", initial=initial)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        given = {key: value for key, value in form.cleaned_data.items() if value != getattr(shown, key)}
        words = given.get("keywords")
        try:
            if words is None or foreseen.is_seen(request, shown.code, words):
                if given:
                    growing.amend(shown, **given, actor=Actor.of(request.user), at=at)
                messages.success(request, _("已保存。") if given else _("没有改动。"))
                return redirect("desk:settings-category", code=shown.code)
            context["foreseen"] = foreseen.of_keywords(request, _spoken(shown, words), shown.code, words)
        except REFUSALS as refusal:
            refused(form, refusal)
    context |= {
        "category": shown, "form": form, "is_closed": not shown.is_current(at),
        **(_of_leaf(shown) if shown.is_leaf else _of_group(shown)),
        "changes": changes(request, Change.Area.CATEGORY, subject=shown.code),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return show_settings(request, "category", context, section="categories", at=at, status=status)


def _spoken(leaf: Category, keywords: list[str]) -> Category:
    """The leaf with other keywords, not to be saved."""
    other = copy(leaf)
    other.keywords = keywords
    return other


def _of_leaf(leaf: Category) -> dict[str, Any]:
    return {
        "open": burdens.of_category(leaf.pk), "closing": CloseLeaf(label_suffix="", leaf=leaf),
        "move": MoveLeaf(label_suffix="", leaf=leaf),
    }  # fmt: skip


def _of_group(group: Category) -> dict[str, Any]:
    """Its leaves in use, in their order, and how much is open in all it ever had."""
    leaves, burden = list(group.children.all()), burdens.by_category()
    return {
        "open": sum(burden.get(leaf.pk, 0) for leaf in leaves),
        "leaves": [{"leaf": leaf, "open": burden.get(leaf.pk, 0)} for leaf in leaves if leaf.valid_to is None],
    }


@page_of("categories")
@require_POST
def close_category(request: Request, code: str) -> HttpResponseBase:
    shown = category_of(request, code)
    form = CloseLeaf(request.POST, label_suffix="", leaf=shown)
    if not form.is_valid():
        messages.error(request, _("请选择接替的类别。"))
        return redirect("desk:settings-category", code=shown.code)
    successor = form.cleaned_data["successor"]
    try:
        closing.close_leaf(shown, successor=successor, actor=Actor.of(request.user), at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, sentence(refusal))
    else:
        said = {"old": shown.name, "new": successor.name}
        messages.success(request, _("“%(old)s”已停用，由“%(new)s”接替。") % said)
    return redirect("desk:settings-category", code=shown.code)
