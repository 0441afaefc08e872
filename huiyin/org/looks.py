"""How the company's pages look: read once by each process, and again some seconds after somebody changed it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Final

from django.db import DatabaseError, transaction

from huiyin.lib.canonical import sha256_hex
from huiyin.org import colours
from huiyin.org.models import Appearance, Change, Company, in_language

LOOK_SECONDS: Final = 5.0
ENDINGS: Final = {"image/png": "png", "image/svg+xml": "svg"}


@dataclass(frozen=True)
class Look:
    """What the pages show. Empty strings: as the house has it."""

    accent: str = ""
    css_digest: str = ""
    logo_digest: str = ""
    logo_ending: str = ""
    name_zh: str = ""
    name_en: str = ""

    @property
    def css_url(self) -> str:
        return f"/brand/{self.css_digest}.css" if self.accent else ""

    @property
    def logo_url(self) -> str:
        return f"/brand/{self.logo_digest}.{self.logo_ending}" if self.logo_digest else ""

    @property
    def name(self) -> str:
        """The company's, once it was given one on the settings pages."""
        return in_language(self.name_zh, self.name_en)


class _Kept:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.look = Look()
        self.read_at: float | None = None


_kept = _Kept()


def current() -> Look:
    """As the table had it at most LOOK_SECONDS ago; while the database is away, as last known."""
    if _kept.read_at is not None and time.monotonic() - _kept.read_at < LOOK_SECONDS:
        return _kept.look
    with _kept.lock:
        try:
            _kept.look = _read()
        except DatabaseError:
            return _kept.look
        _kept.read_at = time.monotonic()
    return _kept.look


def forget() -> None:
    """The next page in this process looks again; other processes within LOOK_SECONDS."""
    _kept.read_at = None


def forget_on_commit() -> None:
    """What an action does after it changed the look."""
    transaction.on_commit(forget)


def _read() -> Look:
    row = Appearance.objects.defer("logo").first()
    named = Change.objects.filter(area=Change.Area.COMPANY, subject__gt="").exclude(subject="appearance").exists()
    company = Company.objects.first() if named else None
    return Look(
        accent=row.accent if row else "",
        css_digest=sha256_hex(colours.stylesheet(row.accent).encode())[:12] if row and row.accent else "",
        logo_digest=row.logo_digest[:12] if row else "",
        logo_ending=ENDINGS.get(row.logo_type, "") if row else "",
        name_zh=company.name_zh if company else "",
        name_en=company.name_en if company else "",
    )
