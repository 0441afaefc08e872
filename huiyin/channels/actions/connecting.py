"""The server that mail goes out by is set on screen, and taken away. What changed goes on record, no password does."""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.channels import mail_server
from huiyin.channels.actions import trying
from huiyin.channels.models import MailServer
from huiyin.lib.sealed import Unreadable
from huiyin.org.actions.permitting import must_configure
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change

SUBJECT = "mail-server"
RECORDED = ("host", "port", "security", "user", "sender", "sender_name")
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*\.?\Z")


class ChangedMeanwhile(trying.MailRefused):
    """Somebody else saved in between; the page was of before."""

    def __init__(self) -> None:
        super().__init__(_("别人刚刚改过发信设置，请看过再保存。"))


def set_up(
    *, host: str, port: int | None, security: str, user: str, password: str, sender: str, sender_name: str,
    is_tried: bool = True, actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Mail goes out this way from now on; what the environment decides stays as it says.

    No port: the usual one of the encryption. No password: the one there is, as long as it goes to the same place in the
    same way; no account: none either. Where `is_tried`, the server is asked first, and nothing changes if it does not
    let us in. Raises MayNotConfigure, ValidationError by field, MailRefused.
    """
    must_configure(actor)
    old = MailServer.objects.defer("password").first()
    new = MailServer(
        host=host, port=port or 0, security=security, user=user,
        password=password, sender=sender, sender_name=sender_name, set_at=at,
    )  # fmt: skip
    _leave_what_is_fixed(new, old)
    new.port = new.port or mail_server.PORTS[new.security]
    _must_be_sound(new)
    is_new_password = bool(new.password)
    if not is_new_password:
        new.password = _kept_password(new, old)
    if is_tried:
        trying.knock(mail_server.in_force(new, password=new.password), actor=actor, at=at)
    _save(new, old, is_new_password=is_new_password, actor=actor, at=at)


@transaction.atomic
def _save(new: MailServer, old: MailServer | None, *, is_new_password: bool, actor: Actor, at: datetime) -> None:
    found = MailServer.objects.select_for_update().defer("password").first()
    if (found and found.set_at) != (old and old.set_at):  # while the server was asked
        raise ChangedMeanwhile
    had_password = MailServer.objects.with_password().exists()
    new.save(force_insert=old is None, force_update=old is not None)  # a key with a default is else always inserted
    before, after = _recorded(old), _recorded(new)
    if is_new_password:
        after["password"] = _("已更换") if had_password else _("已设置")
    elif had_password and not new.password:
        after["password"] = _("已移除")
    verb = Change.Verb.AMENDED if old else Change.Verb.ADDED
    record(
        Change.Area.MAIL, SUBJECT, label=_("发信服务器"), verb=verb, actor=actor, at=at,
        before=before if old else None, after=after,
    )  # fmt: skip


@transaction.atomic
def forget_login(*, actor: Actor, at: datetime) -> None:
    """Account and password are gone from the table; mail goes out without them. Nothing to forget is well too."""
    must_configure(actor)
    row = MailServer.objects.select_for_update().defer("password").first()
    had_password = MailServer.objects.with_password().exists()
    if row is None or not (row.user or had_password):
        return
    before = _recorded(row)
    row.user, row.password, row.set_at = "", "", at
    row.save(update_fields=["user", "password", "set_at"])
    after = _recorded(row) | ({"password": _("已移除")} if had_password else {})
    record(
        Change.Area.MAIL, SUBJECT, label=_("发信服务器"), verb=Change.Verb.AMENDED, actor=actor, at=at,
        before=before, after=after,
    )  # fmt: skip


@transaction.atomic
def remove(*, actor: Actor, at: datetime) -> None:
    """Nothing is set on screen any more, and no password kept: only what the environment says holds."""
    must_configure(actor)
    row = MailServer.objects.select_for_update().defer("password").first()
    if row is None:
        return
    before = _recorded(row)
    row.delete()
    record(
        Change.Area.MAIL, SUBJECT, label=_("发信服务器"), verb=Change.Verb.REMOVED, actor=actor, at=at, before=before
    )


def _recorded(row: MailServer | None) -> dict[str, Any]:
    return {name: getattr(row, name) for name in RECORDED} if row else {}


def _leave_what_is_fixed(new: MailServer, old: MailServer | None) -> None:
    """Of what the environment decides, place and way as it says, so that the account is known to be for them; the rest
    as it was."""
    fixed, now = mail_server.fixed(), mail_server.in_force(old)
    for name in mail_server.WHERE:
        if name in fixed:
            setattr(new, name, getattr(now, name))
    if "user" in fixed:
        new.user = old.user if old else ""
    if "password" in fixed:
        new.password = ""
    if "sender" in fixed:
        new.sender, new.sender_name = (old.sender, old.sender_name) if old else ("", "")


def _must_be_sound(new: MailServer) -> None:
    faults: dict[str, str] = {}
    fixed = mail_server.fixed()
    if ("host" not in fixed or not new.host) and not is_host(new.host):
        faults["host"] = _("请填写服务器的域名或 IP 地址，例如 smtp.example.com。")
    if not new.user.isascii():
        faults["user"] = _("账号只能用英文字母、数字和符号。")
    if new.password and not new.password.isascii():
        faults["password"] = _("密码只能用英文字母、数字和符号。")
    if new.password and not new.user and "user" not in fixed:
        faults["user"] = _("填了密码，还要填账号。")
    if faults:
        raise ValidationError(faults)


def _kept_password(new: MailServer, old: MailServer | None) -> str:
    """The one there is. It is not shown to anybody, so nobody may have it sent somewhere else either."""
    fixed = mail_server.fixed()
    if "password" in fixed or not (new.user or "user" in fixed):
        return ""
    if old is None or not MailServer.objects.with_password().exists():
        if new.user:
            raise ValidationError({"password": _("填了账号，还要填密码。")})
        return ""
    if any(getattr(old, name) != getattr(new, name) for name in mail_server.WHERE):
        raise ValidationError({"password": _("服务器、端口或加密方式改了，请重新填写密码：保存的密码不会发到别处。")})
    try:
        return old.password
    except Unreadable:
        raise ValidationError({"password": _("保存的密码无法解密，请重新填写密码。")}) from None


def is_host(given: str) -> bool:
    """A name or an address, and nothing more."""
    try:
        ipaddress.ip_address(given)
    except ValueError:
        return _NAME.match(given) is not None
    return True
