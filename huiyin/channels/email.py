"""One mail out by the server in force (mail_server.py), into a file where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from email import encoders
from email.mime.base import MIMEBase

from django.core.mail import EmailMessage, get_connection

from huiyin.channels import mail_server
from huiyin.lib.clean import clean_line

File = tuple[str, str, bytes]  # name, media type, content


def send(*, to: str, subject: str, body: str, reply_to: str = "", name: str = "", files: Sequence[File] = ()) -> None:
    """The server has taken the mail. Raises smtplib.SMTPException or OSError where it has not, ValueError where
    the mail cannot be written or the password not be opened.

    The name, first half of the Message-ID, stays the same at every try, so that a mail sent twice is seen to be one.
    """
    mail = composed(mail_server.current(), to=to, subject=subject, body=body, reply_to=reply_to, name=name)
    for title, media_type, content in files:
        mail.attach(_part(clean_line(title, limit=255), media_type, content))
    mail.send(fail_silently=False)


def composed(
    server: mail_server.Server,
    *,
    to: str,
    subject: str,
    body: str,
    reply_to: str = "",
    name: str = "",
    timeout: float | None = None,
) -> EmailMessage:
    """Ready to be sent by that server; sending it reads no table."""
    headers = {"Auto-Submitted": "auto-generated"}
    if name:
        headers["Message-ID"] = f"<{name}@{server.domain}>"
    return EmailMessage(
        subject=clean_line(subject, limit=2000),
        body=body,
        from_email=server.sender,
        to=[clean_line(to)],
        reply_to=[clean_line(reply_to)] if reply_to else None,
        headers=headers,
        connection=get_connection(server=server, timeout=timeout),
    )


def _part(name: str, media_type: str, content: bytes) -> MIMEBase:
    """Base64 whatever it is: as text its line ends would be changed on the way, and no digest would fit any more."""
    part = MIMEBase(*media_type.split("/", 1))
    part.set_payload(content)
    encoders.encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    return part
