"""Django's mail backend of this house: to the server in force when something is sent, into files where there is none.

Everything that sends goes through it, letters and notices as well as what Django and allauth send of themselves.
"""

from __future__ import annotations

import base64
import smtplib
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends import filebased, smtp
from django.core.mail.backends.base import BaseEmailBackend

from huiyin.channels import mail_server


class EmailBackend(BaseEmailBackend):
    """One sending, by one reading of the settings; `server` where its caller has read them already."""

    def __init__(
        self,
        fail_silently: bool = False,
        *,
        server: mail_server.Server | None = None,
        timeout: float | None = None,
        **_unused: Any,  # send_mail hands over its own account, which is none
    ) -> None:
        super().__init__(fail_silently=fail_silently)
        self.server = server or mail_server.current()
        self.way = self._way(timeout)

    def _way(self, timeout: float | None) -> BaseEmailBackend:
        if not self.server.host:  # nothing written to a customer is lost
            return filebased.EmailBackend(file_path=str(settings.EMAIL_FILE_PATH), fail_silently=self.fail_silently)
        return _Smtp(
            host=self.server.host,
            port=self.server.port,
            username=self.server.user,
            password=self.server.password,
            use_tls=self.server.security == "starttls",
            use_ssl=self.server.security == "tls",
            timeout=timeout,
            fail_silently=self.fail_silently,
        )

    def open(self) -> bool | None:
        return self.way.open()

    def close(self) -> None:
        self.way.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """As the base does; what names no sender of its own goes out under the one in force."""
        for message in email_messages:
            if message.from_email == settings.DEFAULT_FROM_EMAIL:
                message.from_email = self.server.sender
        return self.way.send_messages(email_messages) or 0


class _Smtp(smtp.EmailBackend):
    """A server that repeats what it was told does not get the password into our records."""

    def open(self) -> bool | None:
        try:
            return super().open()
        except smtplib.SMTPAuthenticationError as refusal:
            answer = _without(self.username, self.password, refusal.smtp_error)
            raise smtplib.SMTPAuthenticationError(refusal.smtp_code, answer) from None


def _without(user: str, password: str, said: bytes | str) -> bytes:
    answer = said if isinstance(said, bytes) else said.encode(errors="replace")
    plain = password.encode()
    for secret in (base64.b64encode(f"\0{user}\0{password}".encode()), base64.b64encode(plain), plain):
        answer = answer.replace(secret, b"...")
    return answer
