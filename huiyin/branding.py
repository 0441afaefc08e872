"""The company's own logo and colour on every page: who asks for them at which address, and what a template is told.

The addresses carry a digest of what they answer, so that a browser keeps it for a year and a change shows at once.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from huiyin.lib.canonical import sha256_hex
from huiyin.org import colours
from huiyin.org.models import Appearance, Change, Company, in_language

LOOK_SECONDS: Final = 10.0
ENDINGS: Final = {"image/png": "png", "image/svg+xml": "svg"}
KEPT: Final = "public, max-age=31536000, immutable"
# a drawing that is opened by itself still runs nothing and fetches nothing
BARE: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


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


def look(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; asked for only by those that show it."""
    return {"look": SimpleLazyObject(current)}


@require_safe
def asset(request: HttpRequest, digest: str, ending: str) -> HttpResponse:
    """The file whose digest this is; 404 for one that stands no more."""
    row = Appearance.objects.first()
    if row is None:
        raise Http404
    if ending == "css" and row.accent:
        css = colours.stylesheet(row.accent)
        if sha256_hex(css.encode())[:12] == digest:
            return _kept_for_long(HttpResponse(css, content_type="text/css; charset=utf-8"))
    elif row.logo_digest[:12] == digest and ENDINGS.get(row.logo_type) == ending:
        response = _kept_for_long(HttpResponse(bytes(row.logo), content_type=row.logo_type))
        response.headers["Content-Security-Policy"] = BARE
        return response
    raise Http404


def _kept_for_long(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = KEPT
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
