"""Which server mail goes out by: what the environment says, and for the rest what an administrator set on screen.

Read when something is sent and never kept: web and workers are many, and all of them follow a change at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from email.utils import parseaddr
from typing import Any, Final

from django.conf import settings

from huiyin.channels.models import MailServer

VARIABLES: Final = {
    "host": "HUIYIN_MAIL_HOST",
    "port": "HUIYIN_MAIL_PORT",
    "security": "HUIYIN_MAIL_SECURITY",
    "user": "HUIYIN_MAIL_USER",
    "password": "HUIYIN_MAIL_PASSWORD",
    "sender": "HUIYIN_MAIL_FROM",
}
PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
WHERE: Final = ("host", "port", "security")  # where a password goes, and how


@dataclass(frozen=True)
class Server:
    """No host: there is none, and every mail is kept as a file. The sender is a name and an address, or an address."""

    host: str
    port: int
    security: str
    user: str
    sender: str
    password: str = field(default="", repr=False)

    @property
    def domain(self) -> str:
        """What the mails' own numbers end in."""
        return parseaddr(self.sender)[1].rpartition("@")[2] or "localhost"


@dataclass(frozen=True)
class Shown:
    """The server in force as a page may show it: without the password."""

    server: Server
    row: MailServer | None  # what was set on screen, whether it is in force or not
    has_password: bool  # one that was set on screen, and is used
    fixed: dict[str, str]  # what the environment decides, by which variable


def fixed() -> dict[str, str]:
    """What cannot be set on screen, and the variable that says so.

    The environment's password goes nowhere but where the environment says: whoever may name another server on screen
    would be handed it there.
    """
    found = {name: VARIABLES[name] for name in settings.HUIYIN_MAIL}
    if "password" in found:
        for name in WHERE:
            found.setdefault(name, VARIABLES["password"])
    return found


def current() -> Server:
    """What is in force now. Raises huiyin.lib.sealed.Unreadable where the password was sealed with another key."""
    row = MailServer.objects.first()
    return in_force(row, password=row.password if row else "")


def shown() -> Shown:
    """The same for a page; the password stays sealed."""
    row = MailServer.objects.defer("password").first()
    server = in_force(row)
    has_password = row is not None and row.host == server.host and MailServer.objects.with_password().exists()
    return Shown(server, row, has_password, fixed())


def in_force(row: MailServer | None, *, password: str = "") -> Server:
    """The row, with what the environment says in its place.

    Port, encryption, account and password were set for the row's own server: they are not carried to another that the
    environment names.
    """
    given: dict[str, Any] = settings.HUIYIN_MAIL
    decided = fixed()
    host = given.get("host", "") if "host" in decided else row.host if row else ""
    fits = row if row and row.host == host else None
    security = given.get("security") or (fits.security if fits and "security" not in decided else "starttls")
    port = given.get("port") or (fits.port if fits and "port" not in decided else PORTS[security])
    server = Server(
        host=host,
        port=port,
        security=security,
        user=given.get("user") or (fits.user if fits else ""),
        sender=given.get("sender") or (written(row) if row else "") or settings.DEFAULT_FROM_EMAIL,
    )
    return replace(server, password=given.get("password") or (password if fits else ""))


def written(row: MailServer) -> str:
    """The sender as a header has it; the name in quotes, so that nothing in it is read as an address."""
    if not row.sender or not row.sender_name:
        return row.sender
    name = row.sender_name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}" <{row.sender}>'
