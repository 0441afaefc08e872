"""Whether mail goes out, asked before a customer waits for it: a knock at a server, and a mail to oneself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from queue import Empty, SimpleQueue

import structlog
from django.core.mail import get_connection
from django.utils.translation import gettext as _

from huiyin.channels import email, mail_faults, mail_server
from huiyin.lib import limits
from huiyin.lib.sealed import Unreadable
from huiyin.org.actions.permitting import must_configure
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change

PATIENCE = 5.0  # seconds that a page waits for a server, whatever the server does
PATIENCE_WITH_A_MAIL = 10.0
TRIALS_A_MINUTE = 6  # an address can be knocked at, a network not be searched through

log = structlog.get_logger()


class MailRefused(Exception):
    """It did not go out; the sentence says why."""


def knock(server: mail_server.Server, *, actor: Actor, at: datetime) -> None:
    """The server lets us in, with the account where there is one. Raises MayNotConfigure, MailRefused."""

    def visit() -> None:
        connection = get_connection(server=server, timeout=PATIENCE)
        try:
            connection.open()
        finally:
            with suppress(OSError):  # what counts was said before
                connection.close()

    _try(server, visit, seconds=PATIENCE, actor=actor, at=at)


def send_test(*, actor: Actor, at: datetime) -> str:
    """A mail is with the server, addressed to the member's own; returns the address. Raises MailRefused."""
    must_configure(actor)
    to = actor.member.email if actor.member else ""
    if not to:
        raise MailRefused(_("您的账号没有填邮箱，请先在成员页填写。"))
    try:
        server = mail_server.current()
    except Unreadable:
        raise MailRefused(_("保存的密码无法解密，请重新填写密码。")) from None
    subject, body = _("回音：测试邮件"), _("收到这封邮件，说明系统的发信设置可用。")
    mail = email.composed(server, to=to, subject=subject, body=body, timeout=PATIENCE)
    _try(server, mail.send, seconds=PATIENCE_WITH_A_MAIL, actor=actor, at=at)
    record(Change.Area.MAIL, "mail", label=_("测试邮件"), verb=Change.Verb.TRIED, actor=actor, at=at)
    return to


def _try(server: mail_server.Server, work: Callable[[], object], *, seconds: float, actor: Actor, at: datetime) -> None:
    must_configure(actor)
    if not limits.hit("mail server trial", limit=TRIALS_A_MINUTE, per_seconds=60, at=at):
        raise MailRefused(_("测试太频繁，请一分钟后再试。"))
    try:
        _within(seconds, work)
    except (OSError, ValueError) as fault:  # smtplib's own are OSErrors
        log.warning(
            "mail_trial_failed",
            host=server.host,
            port=server.port,
            fault=type(fault).__name__,
            member=actor.member.pk if actor.member else None,
        )
        raise MailRefused(mail_faults.said(fault, host=server.host)) from None


def _within(seconds: float, work: Callable[[], object]) -> None:
    """The work is done. Raises what it raised, TimeoutError when the time is up: then its thread is left to end by
    itself, since nothing stops a name being looked up. The work reads no table: its thread has no connection."""
    outcome: SimpleQueue[Exception | None] = SimpleQueue()

    def run() -> None:
        try:
            work()
        except Exception as fault:  # whatever it is, the caller's thread raises it
            outcome.put(fault)
        else:
            outcome.put(None)

    threading.Thread(target=run, daemon=True, name="mail-trial").start()
    try:
        fault = outcome.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if fault is not None:
        raise fault
