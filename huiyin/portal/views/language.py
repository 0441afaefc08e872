"""The reader's language, kept in a cookie that says nothing else."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from huiyin.portal.guarding import private


@private
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith(reverse("portal:submit")):
        back = reverse("portal:submit")
    response = HttpResponseRedirect(back)
    if wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    return response
