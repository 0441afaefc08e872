"""To one member: by mail, or by a short message through the company's own gateway."""

from __future__ import annotations

import smtplib
import urllib.error

from huiyin.channels import email, sms
from huiyin.lib.sealed import Unreadable
from huiyin.notices.carriers.errors import Deferred, Misconfigured, Refused, Throttled, Unreachable
from huiyin.notices.outgoing import Outgoing


def mail(address: str, message: Outgoing) -> None:
    """The server has it, under a Message-ID that is the same at every try. Raises NotTaken."""
    try:
        email.send(to=address, subject=message.title, body=message.text, name=f"notice.{message.name}")
    except smtplib.SMTPRecipientsRefused as refusal:
        code = next(iter(refusal.recipients.values()))[0]
        raise (Refused if code >= 500 else Deferred)(f"SMTP {code}") from None
    except smtplib.SMTPDataError as refusal:
        raise (Refused if refusal.smtp_code >= 500 else Deferred)(f"SMTP {refusal.smtp_code}") from None
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused) as refusal:
        raise Misconfigured(f"SMTP {refusal.smtp_code}") from None
    except (smtplib.SMTPException, OSError) as failure:
        raise Unreachable(type(failure).__name__) from None
    except Unreadable:
        raise Misconfigured("邮件密码无法解密 (the mail password cannot be opened)") from None
    except ValueError:
        raise Refused("地址有误 (bad address)") from None


def text(number: str, message: Outgoing) -> None:
    """The gateway has it; the same name twice is one message to it. Raises NotTaken."""
    try:
        sms.send(to=number, body=message.short, name=message.name)
    except urllib.error.HTTPError as answer:
        if answer.code == 429:
            raise Throttled("HTTP 429", seconds=60) from None
        kind = Refused if answer.code in (400, 422) else Unreachable if answer.code >= 500 else Misconfigured
        raise kind(f"HTTP {answer.code}") from None
    except sms.NoGateway:
        raise Misconfigured("HUIYIN_SMS_URL") from None
    except OSError as failure:
        raise Unreachable(type(failure).__name__) from None
