"""The Content-Security-Policy header: no script, style or frame but our own files."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from huiyin.lib.live import live_address

_STRICT = {
    "default-src": "'self'",
    "img-src": "'self' data: blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# The administration's theme runs on Alpine, which evaluates expressions in attributes and sets styles.
_ADMIN = _STRICT | {
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
}


def _header(policy: dict[str, str]) -> str:
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())


class ContentSecurityPolicy:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.strict, self.admin = _header(_STRICT), _header(_ADMIN)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Content-Security-Policy" not in response.headers:
            policy = self.admin if request.path.startswith("/admin/") else self.strict
            if sites := getattr(response, "frame_ancestors", None):
                policy = policy.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(sites)}")
            response.headers["Content-Security-Policy"] = f"{policy}; connect-src 'self' {_streams(request)}".rstrip()
        return response


def let_frame(response: HttpResponseBase, sites: list[str]) -> None:
    """Pages of these origins, and of no other, may show this answer in a frame."""
    if sites:
        response.frame_ancestors = sites  # type: ignore[attr-defined]  # read by the middleware above, as Django's own
        response.xframe_options_exempt = True  # type: ignore[attr-defined]  # the older header knows no list


def _streams(request: HttpRequest) -> str:
    try:
        address = live_address(request)
    except DisallowedHost:
        return ""
    return address if "://" in address else ""
