"""What goes in and out by which way: the mail server is set here, the rest by the operator; and a mail to oneself."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from huiyin.channels import mail_server, queries, sms
from huiyin.channels.actions import connecting, trying
from huiyin.desk.administration.framing import REFUSALS, changes, page_of, refused, sentence, show_settings
from huiyin.desk.administration.mail_forms import MailServerForm
from huiyin.desk.pages import Request
from huiyin.notices import fares
from huiyin.notices.models.settings import Way
from huiyin.org.actions import setting_up
from huiyin.org.actors import Actor
from huiyin.org.models import LANGUAGES, Change, Token


@page_of("channels")
@require_safe
def channels(request: Request) -> HttpResponse:
    shown = mail_server.shown()
    return _page(request, shown, MailServerForm(label_suffix="", shown=shown))


@sensitive_post_parameters("password")
@page_of("channels")
@require_POST
def mail(request: Request) -> HttpResponseBase:
    """Saved; by the button `save` only if the server lets us in."""
    shown = mail_server.shown()
    form = MailServerForm(request.POST, label_suffix="", shown=shown)
    is_tried = "untried" not in request.POST
    if form.is_valid():
        actor, at = Actor.of(request.user), timezone.now()
        try:
            connecting.set_up(**form.cleaned_data, is_tried=is_tried, actor=actor, at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            _say_saved(request, is_tried=is_tried)
            return redirect("desk:settings-channels")
    return _page(request, shown, form)


@page_of("channels")
@require_POST
def remove_mail(request: Request) -> HttpResponseBase:
    connecting.remove(actor=Actor.of(request.user), at=timezone.now())
    messages.success(request, _("这里的发信设置已移除，密码一并删除。"))
    return redirect("desk:settings-channels")


@page_of("channels")
@require_POST
def forget_login(request: Request) -> HttpResponseBase:
    connecting.forget_login(actor=Actor.of(request.user), at=timezone.now())
    messages.success(request, _("账号和密码已移除。"))
    return redirect("desk:settings-channels")


@page_of("channels")
@require_POST
def test_mail(request: Request) -> HttpResponseBase:
    actor, at = Actor.of(request.user), timezone.now()
    try:
        to = trying.send_test(actor=actor, at=at)
    except REFUSALS as refusal:
        messages.error(request, sentence(refusal))
    else:
        if mail_server.shown().server.host:  # into a file it is not set up
            setting_up.finish("mail", actor=actor, at=at)
            messages.success(request, _("测试邮件已交给服务器，收件人 %s。") % to)
        else:
            messages.warning(request, _("没有设置发信服务器，测试邮件存成了文件，没有发出。"))
    return redirect("desk:settings-channels")


def _sms() -> dict[str, Any]:
    people = {each["lane"].name: each["lane"] for each in fares.of_people()}
    return {"sms": queries.sms_state(), "sms_lane": people[str(Way.SMS)]}


def _frame(language: str) -> str:
    """The line that shows the customers' form on another site; docs/settings.md has the same."""
    address = f"{settings.HUIYIN_PUBLIC_URL}{reverse('portal:embed')}?{urlencode({'lang': language})}"
    with override(language):
        title = _("反映问题")
    return f'<iframe src="{escape(address)}" title="{title}" width="100%" height="900"></iframe>'


def _say_saved(request: Request, *, is_tried: bool) -> None:
    if is_tried:
        messages.success(request, _("已保存，服务器接受了连接。从下一封邮件起使用；给自己发一封测试邮件看看。"))
    else:
        messages.warning(request, _("已保存，没有试过连接。从下一封邮件起使用；请给自己发一封测试邮件。"))


def _page(request: Request, shown: mail_server.Shown, form: MailServerForm) -> HttpResponse:
    at = timezone.now()
    tokens = Token.objects.visible_to(request.user).live(at).select_related("member").order_by("-created_at")
    context = {
        "form": form,
        "mail": shown,
        **(_sms() if sms.is_configured() else {}),
        "sites": settings.HUIYIN_EMBED_ORIGINS,
        "frames": [(language, label, _frame(language)) for language, label in LANGUAGES],
        "portal": settings.HUIYIN_PUBLIC_URL + reverse("portal:submit"),
        "api": settings.HUIYIN_PUBLIC_URL + "/api/v1/",
        "has_ai": bool(settings.HUIYIN_AI_URL),
        "tokens": tokens[:50],
        "changes": changes(request, Change.Area.MAIL),
    }
    status = 422 if form.errors else 200
    return show_settings(request, "channels", context, section="channels", at=at, status=status)
