"""One's own account: language, appearance, second factor, keys to the interface."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.desk.forms.fields import Line
from huiyin.desk.pages import Request, at_desk, show
from huiyin.org.actions import members, tokens
from huiyin.org.models import Token

KEPT = timedelta(days=365)


class TokenForm(forms.Form):
    name = Line(label=_("名称"), longest=100, help_text=_("写明用在哪里，例如“呼叫中心对接”。"))
    scopes = forms.MultipleChoiceField(
        label=_("权限范围"), choices=Token.Scope.choices, initial=["read"], widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=_("有效期"), coerce=int, initial=90,
        choices=[(30, _("30 天")), (90, _("90 天")), (365, _("一年"))],
    )  # fmt: skip


@at_desk
@require_safe
def account(request: Request) -> HttpResponse:
    return _page(request)


@at_desk
@require_POST
def create_token(request: Request) -> HttpResponse:
    """The key is shown on this one page and nowhere again."""
    form, at = TokenForm(request.POST, label_suffix=""), timezone.now()
    if not form.is_valid():
        return _page(request, form=form, status=422)
    given = form.cleaned_data
    _token, key = tokens.create(
        member=request.user,
        name=given["name"],
        scopes=given["scopes"],
        at=at,
        expires_at=at + timedelta(days=given["days"]),
    )
    return _page(request, fresh_key=key)


@at_desk
@require_POST
def revoke_token(request: Request, pk: int) -> HttpResponseBase:
    token = Token.objects.visible_to(request.user).filter(member=request.user, pk=pk).first()
    if token is None:
        raise Http404
    tokens.revoke(token, at=timezone.now())
    messages.success(request, gettext("令牌“%s”已吊销。") % token.name)
    return redirect("desk:account")


@at_desk
@require_POST
def language(request: Request) -> HttpResponseBase:
    """Kept with the member, and in a cookie so that it holds from the next page on."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        raise Http404
    members.speak(request.user, language=chosen, at=timezone.now())
    translation.activate(chosen)
    messages.success(request, gettext("界面语言已更新。"))
    response = redirect("desk:account")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=int(KEPT.total_seconds()), samesite="Lax", httponly=False,
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def _page(request: Request, *, form: TokenForm | None = None, fresh_key: str = "", status: int = 200) -> HttpResponse:
    at = timezone.now()
    own = Token.objects.visible_to(request.user).filter(member=request.user, revoked_at=None).order_by("-created_at")
    context: dict[str, Any] = {
        "tokens": own[:50],
        "token_form": form or TokenForm(label_suffix=""),
        "fresh_key": fresh_key,
        "languages": settings.LANGUAGES,
        "role_labels": request.user.role_labels,
    }
    return show(request, "desk/account.html", context, at=at, status=status)
