"""The company's own logo and colour on every page: who asks for them at which address, and what a template is told.

The addresses carry a digest of what they answer, so that a browser keeps it for a year and a change shows at once.
"""

from __future__ import annotations

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
    """What a phone asks for before it puts the desk on its home screen; the company's logo where it has one."""
    shown = looks.current()
    icon = {"src": shown.logo_url or static("brand/mark.svg"), "sizes": "any", "purpose": "any"}
    return JsonResponse(
        {
            "name": shown.name or _("回音"),
            "short_name": _("回音"),
            "start_url": reverse("desk:work"),
            "scope": "/",
            "display": "standalone",
            "lang": get_language() or "zh-hans",
            "icons": [icon],
        },
        content_type="application/manifest+json",
    )


def _kept_for_long(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = KEPT
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
