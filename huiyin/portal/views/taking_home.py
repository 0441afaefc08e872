"""What the customer may take home: everything of their complaint, and their own files."""

import json
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiyin.complaints.models import Complaint
from huiyin.customers import queries as customers
from huiyin.lib import store
from huiyin.org.queries import company
from huiyin.portal.following import Progress
from huiyin.portal.giving import everything, headings
from huiyin.portal.guarding import is_flood, refused
from huiyin.portal.pages import sorry
from huiyin.portal.views.tracking import too_often, tracked

MOST_AN_HOUR = 60


@tracked
@require_safe
def data(request: HttpRequest, complaint: Complaint, kind: str) -> HttpResponse:
    """As JSON for a machine, as HTML to read and print. Contacts in full for who came with a code (`?pass=`)."""
    at = timezone.now()
    if is_flood(request, "data", limit=MOST_AN_HOUR, at=at, key=complaint.tracking_digest):
        return refused(sorry(request, status=429, words=too_often()), seconds=600)
    customer = customers.let_in_by(request.GET.get("pass", ""), at=at)
    is_proved = customer is not None and customer.pk == complaint.customer_id
    given = everything(complaint, at=at, is_proved=is_proved)
    if kind == "json":
        text = json.dumps(given, ensure_ascii=False, indent=2)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
    else:
        lines = [(label, given[name]) for name, label in headings().items() if given[name]]
        context = {"given": given, "lines": lines, "company": company(), "is_proved": is_proved}
        response = render(request, "portal/data.html", context)
    response["Content-Disposition"] = f'attachment; filename="{complaint.number}.{kind}"'
    return response


@tracked
@require_safe
def file(request: HttpRequest, complaint: Complaint, pk: int) -> HttpResponseBase:
    """A file that the customer sent, or that we sent them with a letter, as a download; nobody else's."""
    at = timezone.now()
    if is_flood(request, "file", limit=MOST_AN_HOUR, at=at, key=complaint.tracking_digest):
        return refused(sorry(request, status=429, words=too_often()), seconds=600)
    kept = Progress(complaint, at).file(pk)
    if kept is None:
        raise Http404
    try:
        content = store.get(kept.sha256)
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(content, content_type=kept.media_type)
    response["Content-Length"] = str(kept.size)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(kept.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
