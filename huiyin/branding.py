"""The company's own logo and colour on every page: who asks for them at which address, and what a template is told.

The addresses carry a digest of what they answer, so that a browser keeps it for a year and a change shows at once.
"""

from __future__ import annotations

import struct
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.lib.canonical import sha256_hex
from huiyin.org import colours, looks
from huiyin.org.models import Appearance

KEPT: Final = "public, max-age=31536000, immutable"
ACCENT: Final = "#2554b8"  # as frontend/style/_tokens.scss has them
GROUND: Final = "#f6f7f9"
SHORT: Final = 12  # letters under an icon
# drawn by tools/icons.py; a phone cuts the maskable one to its own shape
ICONS: Final = (
    {"src": "brand/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any"},
    {"src": "brand/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any"},
    {"src": "brand/icon-maskable-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    {"src": "brand/mark.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
)
# a drawing that is opened by itself still runs nothing and fetches nothing
BARE: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def look(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; asked for only by those that show it."""
    return {"look": SimpleLazyObject(looks.current)}


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
    elif row.logo_digest[:12] == digest and looks.ENDINGS.get(row.logo_type) == ending:
        response = _kept_for_long(HttpResponse(bytes(row.logo), content_type=row.logo_type))
        response.headers["Content-Security-Policy"] = BARE
        return response
    raise Http404


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What is asked for before the desk is installed as an app; the company's look where it has its own."""
    shown = looks.current()
    name = shown.name or _("回音")
    begins_at = reverse("desk:work")
    return JsonResponse(
        {
            "id": begins_at,
            "name": name,
            "short_name": in_short(name),
            "start_url": begins_at,
            "scope": "/",
            "display": "standalone",
            "lang": "zh-Hans" if (language := get_language() or "zh-hans") == "zh-hans" else language,
            "dir": "ltr",
            "theme_color": shown.accent or ACCENT,
            "background_color": GROUND,
            "icons": _own_icons(shown) or [dict(icon, src=static(icon["src"])) for icon in ICONS],
        },
        content_type="application/manifest+json",
    )


def in_short(name: str) -> str:
    """What fits under an icon: the words that do, or so many letters."""
    if len(name) <= SHORT:
        return name
    cut = name[: SHORT + 1].rpartition(" ")[0]
    return cut.rstrip(" ,.，、-") or name[:SHORT]


def _own_icons(shown: looks.Look) -> list[dict[str, str]]:
    if not shown.logo_url:
        return []
    row = Appearance.objects.first() if shown.logo_ending == "png" else None
    wide, high = struct.unpack(">II", bytes(row.logo)[16:24]) if row and row.logo else (0, 0)
    kind = next(each for each, ending in looks.ENDINGS.items() if ending == shown.logo_ending)
    return [{"src": shown.logo_url, "sizes": f"{wide}x{high}" if wide else "any", "type": kind, "purpose": "any"}]


def _kept_for_long(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = KEPT
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
