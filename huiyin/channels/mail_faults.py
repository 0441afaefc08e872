"""What went wrong with a mail server, in words that say what to do."""

from __future__ import annotations

import smtplib
import socket
import ssl

from django.utils.translation import gettext as _

from huiyin.lib.clean import clean_line

LONGEST = 200  # of what the other side said


def said(fault: Exception, *, host: str) -> str:
    """One sentence. Of the other side's words only those of a mail server that refuses: whatever else answers at the
    address is not for the reader to learn."""
    if isinstance(fault, smtplib.SMTPException):
        return _refusal(fault)
    if isinstance(fault, socket.gaierror):
        return _("找不到主机“%s”，请检查服务器地址。") % host
    if isinstance(fault, TimeoutError):
        return _("没有及时回应，请检查服务器地址、端口和防火墙。")
    if isinstance(fault, ConnectionRefusedError):
        return _("这台主机的这个端口没有服务，请检查端口。")
    if isinstance(fault, ssl.SSLCertVerificationError):
        return _("服务器的证书不可信：%s。") % clean_line(fault.verify_message, limit=LONGEST)
    if isinstance(fault, ssl.SSLError):
        return _("加密没有谈成，端口和加密方式可能不配：SSL/TLS 通常用 465，STARTTLS 通常用 587。")
    return _("连接失败（%s）。") % type(fault).__name__


def _refusal(fault: smtplib.SMTPException) -> str:
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        return _("账号或密码不对：%s") % _words(fault.smtp_code, fault.smtp_error)
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        if "AUTH" in str(fault):
            return _("服务器不接受登录：也许要先加密，或不需要账号。")
        return _("服务器不支持 STARTTLS，请换一种加密方式。")
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(fault.recipients.values()))
        return _("邮件服务器没有接受：%s") % _words(code, answer)
    if isinstance(fault, smtplib.SMTPResponseException) and 400 <= fault.smtp_code < 600:
        return _("邮件服务器没有接受：%s") % _words(fault.smtp_code, fault.smtp_error)
    return _("对方中断了连接，或不是邮件服务器：请检查端口和加密方式。")


def _words(code: int, answer: bytes | str) -> str:
    text = answer if isinstance(answer, str) else answer.decode(errors="replace")
    return clean_line(f"{code} {text}"[:LONGEST], limit=LONGEST)
