"""What the intake form asks for: each set of questions, and the categories that use it."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.desk.administration.element_rows import Rows, SetForm, known_by_name, label
from huiyin.desk.administration.framing import REFUSALS, asked_of, changes, fits, page_of, refused, show_settings
from huiyin.desk.elements import ELEMENTS
from huiyin.desk.pages import Request
from huiyin.lib.phrasing import listed
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.triage.actions import asking
from huiyin.triage.models import Category, ElementSet


@page_of("elements")
@require_safe
def elements(request: Request) -> HttpResponse:
    used = dict(Category.objects.leaves().values_list("element_set_id").annotate(n=Count("id")).order_by())
    sets = sorted(ElementSet.objects.all(), key=lambda each: each.code != ElementSet.COMMON)
    asked = asked_of(request)
    context = {
        "sets": [
            {
                "set": each,
                "used": used.get(each.pk, 0),
                "required": listed(map(label, each.required)),
                "optional": listed(map(label, each.optional)),
            }
            for each in sets
            if fits(asked, each.name, each.code, *map(label, [*each.required, *each.optional]))
        ],
        "asked": asked,
        "common": ElementSet.COMMON,
        "changes": changes(request, Change.Area.ELEMENTS),
    }
    return show_settings(request, "elements", context, section="elements", at=timezone.now())


@page_of("elements")
@require_http_methods(["GET", "HEAD", "POST"])
def new_elements(request: Request) -> HttpResponseBase:
    return _edit(request, None)


@page_of("elements")
@require_http_methods(["GET", "HEAD", "POST"])
def element_set(request: Request, code: str) -> HttpResponseBase:
    shown = ElementSet.objects.filter(code=code[:32]).first()
    if shown is None:
        raise Http404
    return _edit(request, shown)


def _edit(request: Request, shown: ElementSet | None) -> HttpResponseBase:
    at, data = timezone.now(), request.POST if request.method == "POST" else None
    initial = {"name_zh": shown.name_zh or shown.code, "name_en": shown.name_en} if shown else {}
    form, rows = SetForm(data, label_suffix="", initial=initial), Rows(data, shown=shown)
    is_fine = all([form.is_valid(), rows.is_valid()]) if data is not None else False
    if data is not None and not is_fine and not form.non_field_errors():
        form.add_error(None, rows.error or _("还没有保存：请改正下面标出的地方。"))
    if is_fine:
        try:
            given: dict[str, Any] = {**form.cleaned_data, "asked": rows.asked(), "known": ELEMENTS.keys()}
            if shown:
                asking.amend_set(shown, **given, actor=Actor.of(request.user), at=at)
            else:
                asking.make_set(**given, actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            said = _("已保存。从下一次登记起按新的要素提问。") if shown else _("已新增一组受理要素。")
            messages.success(request, said)
            return redirect("desk:settings-elements")
    context: dict[str, Any] = {"form": form, "rows": rows, "known": sorted(known_by_name()), "shown": shown}
    context["is_common"] = shown is not None and shown.code == ElementSet.COMMON
    if shown:
        context["used_by"] = Category.objects.leaves().current(at).filter(element_set=shown)
        context["changes"] = changes(request, Change.Area.ELEMENTS, subject=shown.code)
    return show_settings(request, "element_set", context, section="elements", at=at, status=422 if form.errors else 200)
