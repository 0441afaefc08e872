"""The tree of units and members: grow it, rename, move after seeing what moves along, take out of use."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.desk.administration.forms import MoveUnit, NewUnit, UnitNames
from huiyin.desk.administration.framing import REFUSALS, changes, page_of, refused, sentence, show_settings
from huiyin.desk.pages import Request
from huiyin.dispatch import burdens
from huiyin.lib.clean import clean_line
from huiyin.org.actions import arranging
from huiyin.org.actors import Actor
from huiyin.org.errors import StillHasWork
from huiyin.org.models import Change, Member, Unit
from huiyin.org.queries import effects_of_move

SHOWN_OPEN = 1  # levels that stand open without being asked for
MOST_MEMBERS = 500  # beyond that the tree shows counts, and each unit's page its people


@page_of("units")
@require_safe
def units(request: Request) -> HttpResponse:
    asked = clean_line(request.GET.get("q", "")[:100]).casefold()
    with_retired = "retired" in request.GET
    rows = list(Unit.objects.visible_to(request.user).select_related("parent"))
    people: dict[int, list[Member]] = {}
    for member in Member.objects.visible_to(request.user).active().order_by("name"):
        people.setdefault(member.unit_id, []).append(member)
    burden = burdens.by_unit()
    shows_people = sum(map(len, people.values())) <= MOST_MEMBERS
    nodes: dict[int | None, dict[str, Any]] = {}
    roots: list[dict[str, Any]] = []
    for unit in rows:
        if not (unit.is_active or with_retired):
            continue
        here = people.get(unit.pk, [])
        node = {
            "unit": unit, "people": here if shows_people else [], "count": len(here), "children": [],
            "open": burden.get(unit.pk, 0), "is_found": bool(asked) and _says(unit, asked),
            "is_shown": bool(asked) or unit.depth < SHOWN_OPEN, "holds": False,
        }  # fmt: skip
        if asked:
            node["people"] = [each for each in here if asked in f"{each.name} {each.username}".casefold()]
            node["holds"] = node["is_found"] or bool(node["people"])
        nodes[unit.pk] = node
        (nodes[unit.parent_id]["children"] if unit.parent_id in nodes else roots).append(node)
    if asked:
        roots = _only_found(roots)
    context = {
        "roots": roots, "asked": asked, "with_retired": with_retired, "retired": sum(not u.is_active for u in rows),
        "units": sum(unit.is_active for unit in rows), "members": sum(map(len, people.values())),
        "changes": changes(request, Change.Area.UNIT),
    }  # fmt: skip
    return show_settings(request, "units", context, section="units", at=timezone.now())


def _says(unit: Unit, asked: str) -> bool:
    return asked in f"{unit.code} {unit.name_zh} {unit.name_en}".casefold()


def _only_found(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept = []
    for node in nodes:
        node["children"] = _only_found(node["children"])
        if node["holds"] or node["children"]:
            kept.append(node)
    return kept


@page_of("units")
@require_http_methods(["GET", "HEAD", "POST"])
def new_unit(request: Request) -> HttpResponseBase:
    at = timezone.now()
    parent = Unit.objects.visible_to(request.user).filter(code=request.GET.get("parent", "")[:32]).first()
    form = NewUnit(request.POST or None, label_suffix="", initial={"parent": parent.pk if parent else None})
    if request.method == "POST" and form.is_valid():
        try:
            made = arranging.place_unit(**form.cleaned_data, actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("已新增单位“%s”。") % made.name)
            return redirect("desk:settings-unit", code=made.code)
    status = 422 if form.errors else 200
    context = {"form": form, "title": _("新增单位"), "submit": _("新增"), "back": "desk:settings-units"}
    return show_settings(request, "form", context, section="units", at=at, status=status)


def _unit(request: Request, code: str) -> Unit:
    found = Unit.objects.visible_to(request.user).select_related("parent").filter(code=code[:32]).first()
    if found is None:
        raise Http404
    return found


@page_of("units")
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: Request, code: str) -> HttpResponseBase:
    shown, at = _unit(request, code), timezone.now()
    form = UnitNames(
        request.POST or None, label_suffix="", initial={"name_zh": shown.name_zh, "name_en": shown.name_en}
    )
    if request.method == "POST" and form.is_valid():
        arranging.rename_unit(shown, **form.cleaned_data, actor=Actor.of(request.user), at=at)
        messages.success(request, _("已保存。"))
        return redirect("desk:settings-unit", code=shown.code)
    return _unit_page(request, shown, form)


def _unit_page(request: Request, shown: Unit, form: UnitNames, faults: tuple[str, ...] = ()) -> HttpResponse:
    ancestors = Unit.objects.visible_to(request.user).filter(code__in=shown.ancestor_codes())
    context = {
        "unit": shown, "form": form, "faults": faults,
        "ancestors": ancestors,
        "below": Unit.objects.visible_to(request.user).filter(parent=shown),
        "people": Member.objects.visible_to(request.user).filter(unit=shown).order_by("-is_active", "name"),
        "open": burdens.within(shown), "own": burdens.of_unit(shown),
        "move": MoveUnit(label_suffix="", unit=shown),
        "changes": changes(request, Change.Area.UNIT, subject=shown.code),
    }  # fmt: skip
    status = 422 if form.errors or faults else 200
    return show_settings(request, "unit", context, section="units", at=timezone.now(), status=status)


@page_of("units")
@require_http_methods(["GET", "HEAD", "POST"])
def move_unit(request: Request, code: str) -> HttpResponseBase:
    """First what the move would change, then, by POST, the move."""
    shown, at = _unit(request, code), timezone.now()
    form = MoveUnit(request.POST or request.GET or None, label_suffix="", unit=shown)
    if not form.is_valid():
        messages.error(request, _("请选择要移到哪个单位之下，不能是自己、自己的下级或现在的上级。"))
        return redirect("desk:settings-unit", code=shown.code)
    under: Unit = form.cleaned_data["under"]
    if request.method == "POST":
        try:
            arranging.move_unit(shown, under=under, actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            messages.error(request, sentence(refusal))
        else:
            said = {"unit": shown.name, "under": under.name}
            messages.success(request, _("“%(unit)s”已移到“%(under)s”之下。") % said)
        return redirect("desk:settings-unit", code=shown.code)
    context = {"unit": shown, "under": under, "effects": effects_of_move(shown, under), "open": burdens.within(shown)}
    return show_settings(request, "unit_move", context, section="units", at=at)


@page_of("units")
@require_POST
def retire_unit(request: Request, code: str) -> HttpResponseBase:
    shown = _unit(request, code)
    try:
        arranging.deactivate_unit(shown, actor=Actor.of(request.user), at=timezone.now())
    except REFUSALS as refusal:
        numbers = refusal.numbers if isinstance(refusal, StillHasWork) else ()
        initial = {"name_zh": shown.name_zh, "name_en": shown.name_en}
        return _unit_page(request, shown, UnitNames(label_suffix="", initial=initial), (str(refusal), *numbers))
    messages.success(request, _("“%s”已停用。") % shown.name)
    return redirect("desk:settings-unit", code=shown.code)


@page_of("units")
@require_POST
def restore_unit(request: Request, code: str) -> HttpResponseBase:
    shown = _unit(request, code)
    try:
        arranging.reactivate_unit(shown, actor=Actor.of(request.user), at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("“%s”已恢复使用。") % shown.name)
    return redirect("desk:settings-unit", code=shown.code)
