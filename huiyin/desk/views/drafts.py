"""What the member began to write, kept for whatever machine they sit at next."""

import json
import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.complaints.actions import drafting
from huiyin.complaints.errors import Refused
from huiyin.complaints.models import Draft
from huiyin.desk.pages import Request, at_desk
from huiyin.desk.unsent import Place, key_of, place_of

NAME = re.compile(r"[\w-]{1,80}")
FIELDS = 200


@at_desk
@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def draft(request: Request, key: str) -> HttpResponseBase:
    """`key` is the form's, as `unsent.place_of` reads it. GET what is kept; POST `values` (JSON: lists by
    field) and `seen` keeps it; DELETE forgets it."""
    place = place_of(key, request.user)
    if place is None:
        raise Http404
    if request.method == "DELETE":
        drafting.discard(member=request.user, form=place.form, complaint=place.complaint, about=place.about)
        return HttpResponse(status=204)
    if request.method == "POST":
        return _kept(request, place)
    own = Draft.objects.visible_to(request.user).with_moved(request.user)
    found = own.filter(form=place.form, complaint=place.complaint, about=place.about).first()
    return JsonResponse({"draft": None if found is None else _told(found, found.has_moved)})


@at_desk
@require_POST
def drop(request: Request, pk: int) -> HttpResponseBase:
    """From the list of what was begun, where its form may stand open to nobody any more."""
    found = Draft.objects.visible_to(request.user).filter(pk=pk).select_related("complaint").first()
    if found is None:
        raise Http404
    drafting.discard(member=request.user, form=Draft.Form(found.form), complaint=found.complaint, about=found.about)
    messages.success(request, _("草稿已丢弃。"), extra_tags=f"draft:{key_of(found)}")
    return redirect("desk:work")


def _kept(request: Request, place: Place) -> HttpResponseBase:
    try:
        values = json.loads(request.POST.get("values", ""))
    except (ValueError, RecursionError):
        return HttpResponseBadRequest()
    if not _are_fields(values):
        return HttpResponseBadRequest()
    seen = request.POST.get("seen", "")
    is_moving = place.form != Draft.Form.REVIEW  # which looks at what is past
    seen_seq = int(seen) if is_moving and seen.isascii() and seen.isdigit() and len(seen) < 10 else None
    try:
        made = drafting.keep(
            member=request.user,
            form=place.form,
            complaint=place.complaint,
            about=place.about,
            values=values,
            seen_seq=seen_seq,
            at=timezone.now(),
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
