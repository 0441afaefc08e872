"""A mail to oneself, so that an administrator knows whether mail goes out before a customer waits for it."""

from __future__ import annotations

import smtplib
from datetime import datetime

from django.utils.translation import gettext as _

from huiyin.channels import email
from huiyin.org.actions.permitting import must_configure
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change


class MailRefused(Exception):
    """It did not go out; the sentence says what the server said."""


def send_test(*, actor: Actor, at: datetime) -> str:
    """A mail is with the server, addressed to the member's own; returns the address. Raises MailRefused."""
    must_configure(actor)
    to = actor.member.email if actor.member else ""
    if not to:
        raise MailRefused(_("您的账号没有填邮箱，请先在成员页填写。"))
    subject, body = _("回音：测试邮件"), _("收到这封邮件，说明系统的发信设置可用。")
    try:
        email.send(to=to, subject=subject, body=body)
    except (smtplib.SMTPException, OSError) as fault:
        raise MailRefused(_("邮件服务器没有接受：%s") % fault) from fault
    record(Change.Area.MAIL, "mail", label=_("测试邮件"), verb=Change.Verb.TRIED, actor=actor, at=at)
    return to
