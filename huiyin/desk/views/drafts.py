"""What the member began to write, kept for whatever machine they sit at next."""

import json
import re
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from huiyin.complaints.actions import drafting
from huiyin.complaints.errors import Refused
from huiyin.complaints.models import Complaint, Draft
from huiyin.desk.pages import Request, at_desk, the_complaint

KEY = re.compile(r"(notes|letters|calls):([A-Z0-9-]{1,40})|intake")
NAME = re.compile(r"[\w-]{1,80}")
FIELDS = 200


@at_desk
@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def draft(request: Request, key: str) -> HttpResponseBase:
    """`key` is the form's: notes:NUMBER, letters:NUMBER, calls:NUMBER or intake. GET what is kept; POST `values` (JSON:
    lists of words by field) and `seen` keeps it; DELETE forgets it."""
    form, complaint = _about(request, key)
    if request.method == "DELETE":
        drafting.discard(member=request.user, form=form, complaint=complaint)
        return HttpResponse(status=204)
    if request.method == "POST":
        return _kept(request, form, complaint)
    own = Draft.objects.visible_to(request.user).with_moved(request.user).filter(form=form, complaint=complaint)
    found = own.first()
    return JsonResponse({"draft": None if found is None else _told(found, found.has_moved)})


def _about(request: Request, key: str) -> tuple[Draft.Form, Complaint | None]:
    named = KEY.fullmatch(key)
    if named is None:
        raise Http404
    if named[1] is None:
        return Draft.Form.INTAKE, None
    return Draft.Form(named[1]), the_complaint(request, named[2])


def _kept(request: Request, form: Draft.Form, complaint: Complaint | None) -> HttpResponseBase:
    try:
        values = json.loads(request.POST.get("values", ""))
    except (ValueError, RecursionError):
        return HttpResponseBadRequest()
    if not _are_fields(values):
        return HttpResponseBadRequest()
    seen = request.POST.get("seen", "")
    seen_seq = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None
    try:
        made = drafting.keep(
            member=request.user, form=form, complaint=complaint, values=values, seen_seq=seen_seq, at=timezone.now()
        )
    except Refused as refusal:
        return HttpResponse(str(refusal), status=413, content_type="text/plain; charset=utf-8")
    return JsonResponse({"at": _milliseconds(made)})


def _are_fields(values: Any) -> bool:
    return (
        isinstance(values, dict)
        and len(values) <= FIELDS
        and all(NAME.fullmatch(name) for name in values)
        and all(isinstance(each, list) and all(_is_text(word) for word in each) for each in values.values())
    )


def _is_text(word: Any) -> bool:
    """Not half a pair of surrogates, which no answer could carry."""
    return isinstance(word, str) and "?" not in word.replace("?", "").encode("utf-8", "replace").decode()


def _told(found: Draft, has_moved: bool) -> dict[str, Any]:
    return {"at": _milliseconds(found), "values": found.fields, "has_moved": has_moved}


def _milliseconds(found: Draft) -> int:
    return int(found.saved_at.timestamp() * 1000)
