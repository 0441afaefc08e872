"""Error pages of a walk that is refused thousands of times: laid out no more often than somebody reads them."""

from functools import partial

import pytest
from django.http import HttpRequest, HttpResponse
from django.views import defaults

from huiyin import urls


def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """The status and nothing else."""
    for code in (403, 404):
        monkeypatch.setattr(urls, f"handler{code}", partial(_bare, status=code), raising=False)


def laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each address one error page in full; it is the same for the next complaint."""
    seen: set[tuple[int, str]] = set()

    def refusal(request: HttpRequest, exception: Exception, *, status: int) -> HttpResponse:
        name = str(getattr(request.resolver_match, "view_name", request.path))
        if (status, name) in seen:
            return _bare(request, exception, status=status)
        seen.add((status, name))
        return (defaults.page_not_found if status == 404 else defaults.permission_denied)(request, exception)

    for code in (403, 404):
        monkeypatch.setattr(urls, f"handler{code}", partial(refusal, status=code), raising=False)


def _bare(request: HttpRequest, exception: Exception, *, status: int) -> HttpResponse:
    return HttpResponse(status=status)
