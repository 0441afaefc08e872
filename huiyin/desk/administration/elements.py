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

from huiyin.desk.administration.forms import ElementsForm, NewElements
from huiyin.desk.administration.framing import REFUSALS, changes, page_of, refused, show_settings
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
    context = {
        "sets": [
            {
                "set": each,
                "used": used.get(each.pk, 0),
                "required": _said(each.required),
                "optional": _said(each.optional),
            }
            for each in ElementSet.objects.all()
        ],
        "common": ElementSet.COMMON,
        "changes": changes(request, Change.Area.ELEMENTS),
    }
    return show_settings(request, "elements", context, section="elements", at=timezone.now())


def _said(names: list[str]) -> str:
    """What the form calls them; a name of the administrator's own stands for itself."""
    return listed(str(ELEMENTS[name].label) if name in ELEMENTS else name for name in names)


def _glossary() -> list[tuple[str, list[tuple[str, Any]]]]:
    return [(_("现有的要素"), [(name, element.label) for name, element in ELEMENTS.items()])]


@page_of("elements")
@require_http_methods(["GET", "HEAD", "POST"])
def new_elements(request: Request) -> HttpResponseBase:
    at = timezone.now()
    form = NewElements(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            asking.make_set(**form.cleaned_data, actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("已新增一组受理要素。"))
            return redirect("desk:settings-elements")
    status = 422 if form.errors else 200
    context: dict[str, Any] = {
        "form": form,
        "title": _("新增受理要素"),
        "submit": _("新增"),
        "back": "desk:settings-elements",
    }
    context["glossary"] = _glossary()
    return show_settings(request, "form", context, section="elements", at=at, status=status)


@page_of("elements")
@require_http_methods(["GET", "HEAD", "POST"])
def element_set(request: Request, code: str) -> HttpResponseBase:
    shown, at = ElementSet.objects.filter(code=code[:32]).first(), timezone.now()
    if shown is None:
        raise Http404
    initial = {"required": shown.required, "optional": shown.optional}
    form = ElementsForm(request.POST or None, label_suffix="", initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            asking.amend_set(shown, **form.cleaned_data, actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("已保存。从下一次登记起按新的要素提问。"))
            return redirect("desk:settings-elements")
    context = {
        "form": form, "title": _("受理要素 %s") % shown.code, "submit": _("保存"), "back": "desk:settings-elements",
        "used_by": Category.objects.leaves().current(at).filter(element_set=shown),
        "changes": changes(request, Change.Area.ELEMENTS, subject=shown.code), "glossary": _glossary(),
    }  # fmt: skip
    return show_settings(request, "form", context, section="elements", at=at, status=422 if form.errors else 200)
