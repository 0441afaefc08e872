"""What goes in and out by which way, as the operator has set it; and a mail to oneself."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.channels.actions import trying
from huiyin.desk.administration.framing import REFUSALS, changes, page_of, sentence, show_settings
from huiyin.desk.pages import Request
from huiyin.org.actions import setting_up
from huiyin.org.actors import Actor
from huiyin.org.models import Change, Token


@page_of("channels")
@require_safe
def channels(request: Request) -> HttpResponse:
    at = timezone.now()
    tokens = Token.objects.visible_to(request.user).live(at).select_related("member").order_by("-created_at")
    context = {
        "mail": [
            (_("发信服务器"), settings.EMAIL_HOST or _("未设置：邮件存为文件，不会发出")),
            (_("端口"), settings.EMAIL_PORT),
            (_("加密"), _("SSL/TLS") if settings.EMAIL_USE_SSL else "STARTTLS" if settings.EMAIL_USE_TLS else _("无")),
            (_("账号"), settings.EMAIL_HOST_USER or _("不需要登录")),
            (_("发件人"), settings.DEFAULT_FROM_EMAIL),
        ],
        "has_mail": bool(settings.EMAIL_HOST),
        "portal": settings.HUIYIN_PUBLIC_URL + reverse("portal:submit"),
        "api": settings.HUIYIN_PUBLIC_URL + "/api/v1/",
        "has_ai": bool(settings.HUIYIN_AI_URL),
        "tokens": tokens[:50],
        "changes": changes(request, Change.Area.MAIL),
    }
    return show_settings(request, "channels", context, section="channels", at=at)


@page_of("channels")
@require_POST
def test_mail(request: Request) -> HttpResponseBase:
    actor, at = Actor.of(request.user), timezone.now()
    try:
        to = trying.send_test(actor=actor, at=at)
    except REFUSALS as refusal:
        messages.error(request, sentence(refusal))
    else:
        setting_up.finish("mail", actor=actor, at=at)
        if settings.EMAIL_HOST:
            messages.success(request, _("测试邮件已交给服务器，收件人 %s。") % to)
        else:
            messages.warning(request, _("没有设置发信服务器，测试邮件存成了文件，没有发出。"))
    return redirect("desk:settings-channels")
