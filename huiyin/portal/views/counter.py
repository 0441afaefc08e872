"""A poster for the counter: the company's name and a code that leads to the portal, so that the outlet is known."""

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from huiyin.org.models import Member, Unit
from huiyin.org.queries import company
from huiyin.portal.guarding import private
from huiyin.portal.pages import page
from huiyin.portal.qr import picture

NEVER_REACHED = ("127.", "localhost", "[::1]")


@private
@login_required
@require_safe
def counter(request: HttpRequest, code: str = "") -> HttpResponse:
    """For members; `?unit=` is the chooser on the page, without a code it is the member's own unit."""
    member = cast(Member, request.user)
    units = Unit.objects.visible_to(member).active()
    wanted = request.GET.get("unit", "") or code or member.unit.code
    unit = units.filter(code=wanted[:64].replace("\x00", "")).first()
    if unit is None:
        raise Http404
    url = f"{settings.HUIYIN_PUBLIC_URL}{reverse('portal:submit')}?{urlencode({'unit': unit.code})}"
    host = settings.HUIYIN_PUBLIC_URL.partition("://")[2]
    return page(
        request, "counter", back=reverse("portal:counter-of", args=[unit.code]), owner=company(), unit=unit,
        units=units.order_by("path"), url=url, code=picture(url), is_unreachable=host.startswith(NEVER_REACHED),
    )  # fmt: skip
