"""How the company is called, and how its pages look."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.desk.administration.forms import AccentForm, CompanyForm, LogoForm
from huiyin.desk.administration.framing import REFUSALS, changes, page_of, refused, show_settings
from huiyin.desk.pages import Request
from huiyin.org import colours
from huiyin.org.actions import arranging, dressing, setting_up
from huiyin.org.actors import Actor
from huiyin.org.models import Appearance, Change
from huiyin.org.queries import company as the_company

OURS = "#2554b8"


@page_of("company")
@require_http_methods(["GET", "HEAD", "POST"])
def company(request: Request) -> HttpResponseBase:
    row, at = the_company(), timezone.now()
    if row is None:
        return _page(request)
    form = CompanyForm(request.POST or None, label_suffix="", initial=_initial())
    if request.method == "POST" and form.is_valid():
        actor = Actor.of(request.user)
        arranging.name_company(row, **form.cleaned_data, actor=actor, at=at)
        setting_up.finish("company", actor=actor, at=at)
        return _done(request, _("公司名称已保存。"))
    return _page(request, form=form)


@page_of("company")
@require_POST
def accent(request: Request) -> HttpResponseBase:
    form = AccentForm(request.POST, label_suffix="")
    if form.is_valid():
        try:
            if "save" in request.POST:
                given = form.cleaned_data["accent"]
                dressing.choose_accent(accent=given, actor=Actor.of(request.user), at=timezone.now())
                return _done(request, _("主色已保存，所有页面立即使用。"))
        except REFUSALS as refusal:
            refused(form, refusal)
    return _page(request, accent_form=form)


@page_of("company")
@require_POST
def logo(request: Request) -> HttpResponseBase:
    form = LogoForm(request.POST, request.FILES, label_suffix="")
    if form.is_valid():
        given = form.cleaned_data["logo"]
        try:
            content = given.read(dressing.LARGEST + 1)
            dressing.set_logo(content=content, name=given.name, actor=Actor.of(request.user), at=timezone.now())
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            return _done(request, _("标志已更换。"))
    return _page(request, logo_form=form)


@page_of("company")
@require_POST
def remove_logo(request: Request) -> HttpResponseBase:
    dressing.remove_logo(actor=Actor.of(request.user), at=timezone.now())
    return _done(request, _("已恢复回音的标志。"))


def _done(request: Request, sentence: str) -> HttpResponseBase:
    messages.success(request, sentence)
    return redirect("desk:settings-company")


def _initial() -> dict[str, str]:
    row = the_company()
    return {} if row is None else {"name_zh": row.name_zh, "name_en": row.name_en, "time_zone": row.time_zone}


def _page(
    request: Request,
    *,
    form: CompanyForm | None = None,
    accent_form: AccentForm | None = None,
    logo_form: LogoForm | None = None,
) -> HttpResponse:
    look = Appearance.objects.defer("logo").first()
    chosen = look.accent if look else ""
    shown = (accent_form.cleaned_data.get("accent", "") if accent_form else chosen).lower()
    tried = shown if colours.HEX.fullmatch(shown) else ""
    context: dict[str, Any] = {
        "form": form or CompanyForm(label_suffix="", initial=_initial()),
        "accent_form": accent_form or AccentForm(label_suffix="", initial={"accent": chosen or OURS}),
        "logo_form": logo_form or LogoForm(label_suffix=""),
        "has_logo": bool(look and look.logo_digest), "chosen": chosen,
        "pairs": colours.pairs(tried or OURS), "tried": tried,
        "nearest": colours.nearest(tried) if tried and not colours.is_readable(tried) else "",
        "changes": changes(request, Change.Area.COMPANY),
    }  # fmt: skip
    forms = (form, accent_form, logo_form)
    status = 422 if any(each is not None and each.errors for each in forms) else 200
    return show_settings(request, "company", context, section="company", at=timezone.now(), status=status)
