import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pytest_django import Settings

from huiyin.lib.tests.committed import committed as committed

ACCOUNT, PASSWORD = "kefu@huiyin.example", "shou-quan-ma-7391"


@dataclass
class Post:
    """A real SMTP server, and what it took; it refuses as often as told to."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        if self.refusals:
            return self.refusals.pop(0)
        assert isinstance(envelope.content, bytes)
        self.taken.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default))
        self.recipients.append([str(address) for address in envelope.rcpt_tos])
        return "250 OK"

    def let_in(self, server: SMTP, session: Session, envelope: Envelope, way: str, given: LoginPassword) -> AuthResult:
        login = (given.login.decode(), given.password.decode())
        self.logins.append(login)
        if login == (ACCOUNT, PASSWORD):
            return AuthResult(success=True)
        return AuthResult(
            success=False, handled=False, message=f"535 5.7.8 no: {login[1]}"
        )  # some repeat all they hear


@contextmanager
def opened(**given: Any) -> Iterator[Post]:
    office = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        office.port = free.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **given)
    if "authenticator" in given:
        controller.SMTP_kwargs["authenticator"] = office.let_in
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    """The environment names it."""
    with opened() as office:
        settings.EMAIL_BACKEND = "huiyin.channels.backend.EmailBackend"
        settings.HUIYIN_MAIL = {
            "host": "127.0.0.1",
            "port": office.port,
            "security": "none",
            "sender": "回音 <kefu@huiyin.example>",
        }
        yield office


@pytest.fixture
def guarded_post(settings: Settings) -> Iterator[Post]:
    """It takes mail from who signs in as ACCOUNT with PASSWORD; the environment names none."""
    with opened(auth_required=True, auth_require_tls=False, authenticator=None) as office:
        settings.EMAIL_BACKEND = "huiyin.channels.backend.EmailBackend"
        settings.HUIYIN_MAIL = {}
        yield office
