"""A customer files a complaint."""

import json
from datetime import datetime, time
from hashlib import sha256

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.complaints.actions import attaching
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Complaint
from huiyin.intake.actions.taking_in import take_in
from huiyin.intake.arrival import Arrival, NotTaken
from huiyin.org.actors import CUSTOMER
from huiyin.portal.forms import LARGEST_REQUEST, ComplaintForm
from huiyin.portal.guarding import is_flood, private, refused, too_large
from huiyin.portal.pages import page, sorry

MOST_AN_HOUR = 20  # of one address: a whole office may stand behind it


@private
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    """The form; when it is good, the complaint is filed and the customer sees its number and link."""
    if request.method != "POST":
        return page(request, "submit", form=ComplaintForm())
    if too_large(request, LARGEST_REQUEST):
        return sorry(request, status=413, words=_("照片和文件加起来太大了，请减少一些再提交。"))
    form = ComplaintForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, "submit", status=422, form=form)
    at = timezone.now()
    if is_flood(request, "submit", limit=MOST_AN_HOUR, at=at):
        form.add_error(None, _("从这个网络提交得太频繁了，请过一会儿再提交，或拨打客服电话。填写的内容都在。"))
        return refused(page(request, "submit", form=form), seconds=600)
    complaint = _filed(form, at)
    if complaint is None:
        return page(request, "submit", status=422, form=form)
    response = HttpResponseRedirect(reverse("portal:received", args=[complaint.tracking_code]))
    response.status_code = 303
    return response


def _filed(form: ComplaintForm, at: datetime) -> Complaint | None:
    """Filed with its files, or not at all; None leaves the reason with the form. Twice the same form, one complaint."""
    try:
        with transaction.atomic():
            taken = take_in(_arrival(form), actor=CUSTOMER, at=at)
            for file in form.cleaned_data["photos"] if taken.is_new else ():
                attaching.attach(taken.complaint, name=file.name or "", chunks=file.chunks(), actor=CUSTOMER, at=at)
    except NotTaken as refused_fields:
        for field, sentence in refused_fields.errors.items():
            form.add_error(field if field in form.fields else None, sentence)
    except GuardFailed as failed:
        form.add_error("photos", str(failed))
    else:
        return taken.complaint
    return None


def _arrival(form: ComplaintForm) -> Arrival:
    given = form.cleaned_data
    words = {name: given[name] for name in ("kind", "text", "order_no", "expectation", "name", "phone", "email")}
    day = given["occurred_on"]
    raw = json.dumps({**words, "occurred_on": day.isoformat() if day else ""}, ensure_ascii=False).encode()
    return Arrival(
        **words,
        channel="portal",
        occurred_at=timezone.make_aware(datetime.combine(day, time())) if day else None,
        # the form's own number with what was written in it: a double click is one complaint, an edited form another
        external_id=f"form-{given['form'][:40]}-{sha256(raw).hexdigest()[:16]}",
        raw=raw,
    )
