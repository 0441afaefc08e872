"""A customer follows their complaint, and takes part in it, by its link."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.compensation.actions import settling
from huiyin.complaints import tracking
from huiyin.complaints.actions import attaching, closing, noting, pausing, urging, waiting
from huiyin.complaints.actions.receipting import tracking_url
from huiyin.complaints.errors import GuardFailed, Refused
from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import Outcome
from huiyin.complaints.states import State
from huiyin.lib.clean import TooLong, clean_text
from huiyin.lib.csp import let_frame
from huiyin.org.actors import CUSTOMER
from huiyin.portal.following import Progress
from huiyin.portal.forms import (
    LARGEST_REQUEST,
    AcceptanceForm,
    AdditionForm,
    ChoiceForm,
    OneTimeForm,
    RatingForm,
    ReasonForm,
)
from huiyin.portal.guarding import is_first, is_flood, private, refused, too_large
from huiyin.portal.pages import page, sorry
from huiyin.portal.views.submitting import Place, language_of
from huiyin.surveys.actions import answering
from huiyin.surveys.models import LOW, Answer

MOST_ACTS_AN_HOUR = 30
MOST_MISSES_AN_HOUR = 60


def too_often() -> str:
    return _("尝试得太频繁了，请过一会儿再试。")


def tracked(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view gets the complaint of the code in the address; guessing codes is met with one and the same page."""

    @private
    @wraps(view)
    def shown(request: HttpRequest, /, code: str, **further: Any) -> HttpResponseBase:
        complaint = tracking.by_code(code) if len(code) <= 64 else None
        if complaint is not None:
            return view(request, complaint, **further)
        if is_flood(request, "miss", limit=MOST_MISSES_AN_HOUR, at=timezone.now()):
            return refused(sorry(request, status=429, words=too_often()), seconds=600)
        return sorry(request, status=404, words=_("没有找到这个查询链接，请核对是否完整。"))

    return shown


def _page(
    request: HttpRequest, complaint: Complaint, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    here = reverse("portal:progress", args=[complaint.tracking_code])
    at = timezone.now()
    seen = Progress(complaint, at)
    shown: dict[str, Any] = {
        "choice": ChoiceForm(prefix="c", options=list(seen.offer.options.all())) if seen.offer else None,
        "addition": AdditionForm(prefix="a"),
        "acceptance": AcceptanceForm(prefix="y"),
        "rejection": ReasonForm(prefix="n"),
        "withdrawal": ReasonForm(prefix="w"),
        "urging": OneTimeForm(prefix="u"),
        "rating": RatingForm(prefix="r"),
        **(context or {}),
    }
    return page(
        request, "progress", status=status, back=here, progress=seen, complaint=complaint,
        now=at, **shown,
    )  # fmt: skip


@tracked
@require_safe
def progress(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    return _page(request, complaint, {"done": request.GET.get("done", "")})


@tracked
@require_safe
def received(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    """What the customer should keep: the number, and the link."""
    here = reverse("portal:received", args=[complaint.tracking_code])
    return page(request, "received", back=here, complaint=complaint, url=tracking_url(complaint))


@tracked
@require_safe
def embed_received(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    """The same within a frame; what can be done to the complaint opens in a page of its own."""
    with translation.override(language_of(request)):
        place = Place(is_embedded=True)
        response = page(request, "received", complaint=complaint, url=tracking_url(complaint), place=place)
    let_frame(response, settings.HUIYIN_EMBED_ORIGINS)
    return response


Act = Callable[[Complaint, Any, datetime], None]


def _acted(
    request: HttpRequest, complaint: Complaint, form: OneTimeForm, act: Act, *, name: str, done: str
) -> HttpResponse:
    """Do it once, and show the page anew; what went wrong stands at the form, with what was typed."""
    at = timezone.now()
    if is_flood(request, "act", limit=MOST_ACTS_AN_HOUR, at=at, key=complaint.tracking_digest):
        form.add_error(None, _("操作太频繁，请过一会儿再试。"))
        return refused(_page(request, complaint, {name: form}), seconds=600)
    if not form.is_valid():
        return _page(request, complaint, {name: form}, status=422)
    try:
        with transaction.atomic():
            if is_first(form.cleaned_data["form"], at=at):
                act(complaint, form.cleaned_data, at)
    except GuardFailed as failed:
        form.add_error(failed.field if failed.field in form.fields else None, str(failed))
        return _page(request, complaint, {name: form}, status=422)
    except Refused:
        complaint.refresh_from_db()
        return _page(request, complaint, {"is_moved_on": True}, status=409)
    response = HttpResponseRedirect(reverse("portal:progress", args=[complaint.tracking_code]) + f"?done={done}")
    response.status_code = 303
    return response


post_only = require_http_methods(["POST"])


@tracked
@post_only
def add(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    """Words and photos after the filing; a complaint that waited for the customer goes on."""
    if too_large(request, LARGEST_REQUEST):
        return sorry(request, status=413, words=_("照片和文件加起来太大了，请减少一些再提交。"))
    form = AdditionForm(request.POST, request.FILES, prefix="a")
    return _acted(request, complaint, form, _add, name="addition", done="addition")


def _add(complaint: Complaint, given: dict[str, Any], at: datetime) -> None:
    text = _clean(given["text"], "text")
    if text:
        noting.supplement(complaint, text=text, actor=CUSTOMER, at=at)
    for file in given["photos"]:
        try:
            attaching.attach(complaint, name=file.name or "", chunks=file.chunks(), actor=CUSTOMER, at=at)
        except GuardFailed as failed:
            raise GuardFailed(failed.guard, str(failed), "photos") from failed
    if complaint.state == State.AWAITING_CUSTOMER:
        waiting.resume(complaint, actor=CUSTOMER, at=at, codes=sorted(pausing.CUSTOMERS))


@tracked
@post_only
def accept(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    form = AcceptanceForm(request.POST, prefix="y")
    return _acted(request, complaint, form, _accept, name="acceptance", done="acceptance")


def _accept(complaint: Complaint, given: dict[str, Any], at: datetime) -> None:
    closing.accept(complaint, outcome=Outcome(given["outcome"]), at=at)


@tracked
@post_only
def choose(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    """One of the options that were offered, or none; whoever comes too late sees what stands now."""
    offer = Progress(complaint, timezone.now()).offer
    if offer is None:
        return _page(request, complaint, {"is_moved_on": True}, status=409)
    form = ChoiceForm(request.POST, prefix="c", options=list(offer.options.all()))

    def act(complaint: Complaint, given: dict[str, Any], at: datetime) -> None:
        offer.complaint = complaint
        if given["option"] is None:
            settling.decline(offer, reason="", actor=CUSTOMER, at=at)
        else:
            settling.choose(offer, option=given["option"], actor=CUSTOMER, at=at)

    return _acted(request, complaint, form, act, name="choice", done="choice")


@tracked
@post_only
def reject(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    form = ReasonForm(request.POST, prefix="n")
    return _acted(request, complaint, form, _reject, name="rejection", done="rejection")


def _reject(complaint: Complaint, given: dict[str, Any], at: datetime) -> None:
    closing.reopen(complaint, reason=_clean(given["reason"], "reason"), actor=CUSTOMER, at=at)


@tracked
@post_only
def urge(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    """The customer asks how long it will take: whoever has it is reminded, once a day."""
    return _acted(request, complaint, OneTimeForm(request.POST, prefix="u"), _urge, name="urging", done="urging")


def _urge(complaint: Complaint, given: dict[str, Any], at: datetime) -> None:
    urging.urge(complaint, actor=CUSTOMER, at=at)


@tracked
@post_only
def withdraw(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    form = ReasonForm(request.POST, prefix="w")
    return _acted(request, complaint, form, _withdraw, name="withdrawal", done="withdrawal")


def _withdraw(complaint: Complaint, given: dict[str, Any], at: datetime) -> None:
    closing.withdraw(complaint, reason=_clean(given["reason"], "reason"), actor=CUSTOMER, at=at)


@tracked
@post_only
def rate(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    form = RatingForm(request.POST, prefix="r")
    return _acted(request, complaint, form, _rate, name="rating", done="rating")


def _rate(complaint: Complaint, given: dict[str, Any], at: datetime) -> None:
    words = _clean(given["words"], "words")
    stars = given["stars"]
    more = answering.More(given["ces"], given["nps"], given["reasons"] if stars <= LOW else ())
    answering.answer(complaint, stars=stars, words=words, more=more, via=Answer.Via.PORTAL, actor=CUSTOMER, at=at)


def _clean(text: str, field: str) -> str:
    try:
        return clean_text(text)
    except TooLong as too_long:
        raise GuardFailed("too_long", _("最多 %d 个字。") % too_long.limit, field) from too_long
