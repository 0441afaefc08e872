"""One mail out, through Django's mail backend: SMTP with HUIYIN_MAIL_*, files where no server is set."""

from __future__ import annotations

from collections.abc import Sequence
from email import encoders
from email.mime.base import MIMEBase

from django.core.mail import EmailMessage

from huiyin.lib.clean import clean_line

File = tuple[str, str, bytes]  # name, media type, content


def send(
    *, to: str, subject: str, body: str, reply_to: str = "", message_id: str = "", files: Sequence[File] = ()
) -> None:
    """The server has taken the mail. Raises smtplib.SMTPException or OSError where it has not.

    The Message-ID stays the same at every try, so that a mail sent twice is seen to be one.
    """
    headers = {"Auto-Submitted": "auto-generated"}
    if message_id:
        headers["Message-ID"] = message_id
    mail = EmailMessage(
        subject=clean_line(subject, limit=2000),
        body=body,
        to=[clean_line(to)],
        reply_to=[clean_line(reply_to)] if reply_to else None,
        headers=headers,
    )
    for name, media_type, content in files:
        mail.attach(_part(clean_line(name, limit=255), media_type, content))
    mail.send(fail_silently=False)


def _part(name: str, media_type: str, content: bytes) -> MIMEBase:
    """Base64 whatever it is: as text its line ends would be changed on the way, and no digest would fit any more."""
    part = MIMEBase(*media_type.split("/", 1))
    part.set_payload(content)
    encoders.encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    return part
