"""A customer files a complaint: on the portal's own page, or on the company's site in a frame."""

import json
from dataclasses import dataclass
from datetime import datetime, time
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.complaints.actions import attaching
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Complaint
from huiyin.intake.actions.taking_in import take_in
from huiyin.intake.arrival import Arrival, NotTaken
from huiyin.lib.csp import let_frame
from huiyin.org.actors import CUSTOMER
from huiyin.org.models import Unit
from huiyin.portal import proving
from huiyin.portal.forms import LARGEST_REQUEST, ComplaintForm
from huiyin.portal.guarding import is_first, is_flood, private, refused, too_large
from huiyin.portal.pages import page, sorry

MOST_AN_HOUR = 20  # of one address: a whole office may stand behind it


@dataclass(frozen=True)
class Place:
    """Where the form stands: which page sends it where, and at whose counter its code hung."""

    is_embedded: bool = False
    unit: Unit | None = None

    @property
    def action(self) -> str:
        if not self.is_embedded:
            return reverse("portal:submit")
        return f"{reverse('portal:embed')}?{urlencode({'lang': translation.get_language()})}"

    def received(self, complaint: Complaint) -> str:
        name = "portal:embed-received" if self.is_embedded else "portal:received"
        here = reverse(name, args=[complaint.tracking_code])
        return f"{here}?{urlencode({'lang': translation.get_language()})}" if self.is_embedded else here


@private
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    """The form; when it is good, the complaint is filed and the customer sees its number and link."""
    return _answered(request, is_embedded=False)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def embed(request: HttpRequest) -> HttpResponseBase:
    """The same form for a frame on the company's own site: `?lang=en` and `?unit=CODE`. No cookie: a browser keeps none
    there. Only this page and its answer may stand in a frame; nothing can be done there to a complaint that exists."""
    with translation.override(language_of(request)):
        response = _answered(request, is_embedded=True)
    let_frame(response, settings.HUIYIN_EMBED_ORIGINS)
    return response


def language_of(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE


def _answered(request: HttpRequest, *, is_embedded: bool) -> HttpResponse:
    at = timezone.now()
    wanted = proving.wanted(request, "submit", at=at)
    if request.method != "POST":
        unit = _unit(request.GET.get("unit", ""))
        form = ComplaintForm(wanted=wanted, initial={"unit": unit.code if unit else ""})
        return _page(request, form, Place(is_embedded, unit))
    if too_large(request, LARGEST_REQUEST):
        return sorry(
            request, status=413, words=_("照片和文件加起来太大了，请减少一些再提交。"), place=Place(is_embedded)
        )
    place = Place(is_embedded, _unit(request.POST.get("unit", "")))
    form = ComplaintForm(request.POST, request.FILES, wanted=wanted)
    if not form.is_valid():
        return _page(request, form, place, status=422)
    if is_flood(request, "submit", limit=MOST_AN_HOUR, at=at):
        form.add_error(None, _("从这个网络提交得太频繁了，请过一会儿再提交，或拨打客服电话。填写的内容都在。"))
        return refused(_page(request, form, place), seconds=600)
    complaint = _filed(form, place, at)
    if complaint is None:
        return _page(request, form, place, status=422)
    response = HttpResponseRedirect(place.received(complaint))
    response.status_code = 303
    return response


def _page(request: HttpRequest, form: ComplaintForm, place: Place, *, status: int = 200) -> HttpResponse:
    if form.is_bound and form.wanted.work is False:
        form.wanted = proving.wanted(request, "submit", at=timezone.now())
    back = f"{reverse('portal:submit')}?{urlencode({'unit': place.unit.code})}" if place.unit else ""
    return page(request, "submit", status=status, back=back, form=form, place=place)


def _unit(code: str) -> Unit | None:
    """An unknown code is no reason not to take a complaint."""
    return Unit.objects.active().filter(code=code[:64].replace("\x00", "")).first() if code else None


class ProofSpent(Exception):
    """One proof, one complaint."""


def _filed(form: ComplaintForm, place: Place, at: datetime) -> Complaint | None:
    """Filed with its files, or not at all; None leaves the reason with the form. Twice the same form, one complaint."""
    try:
        with transaction.atomic():
            taken = take_in(_arrival(form, place), actor=CUSTOMER, at=at)
            if taken.is_new and form.wanted.work and not is_first(f"proof:{form.cleaned_data['form']}", at=at):
                raise ProofSpent
            for file in form.cleaned_data["photos"] if taken.is_new else ():
                attaching.attach(taken.complaint, name=file.name or "", chunks=file.chunks(), actor=CUSTOMER, at=at)
    except NotTaken as refused_fields:
        for field, sentence in refused_fields.errors.items():
            form.add_error(field if field in form.fields else None, sentence)
    except GuardFailed as failed:
        form.add_error("photos", str(failed))
    except ProofSpent:
        form.add_error(None, _("请再提交一次。"))
    else:
        return taken.complaint
    return None


def _arrival(form: ComplaintForm, place: Place) -> Arrival:
    given = form.cleaned_data
    words = {name: given[name] for name in ("kind", "text", "order_no", "expectation", "name", "phone", "email")}
    day = given["occurred_on"]
    raw = json.dumps({**words, "occurred_on": day.isoformat() if day else ""}, ensure_ascii=False).encode()
    return Arrival(
        **words,
        channel="portal",
        occurred_at=timezone.make_aware(datetime.combine(day, time())) if day else None,
        received_unit=place.unit,
        # the form's own number with what was written in it: a double click is one complaint, an edited form another
        external_id=f"form-{given['form'][:40]}-{sha256(raw).hexdigest()[:16]}",
        raw=raw,
    )
