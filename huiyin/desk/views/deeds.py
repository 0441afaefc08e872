"""Doing something with a complaint or a work order: the form, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.compensation.errors import OfferMoveRefused
from huiyin.complaints import rules, wording
from huiyin.complaints.actions import drafting
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused, Refused
from huiyin.complaints.models import Complaint, Draft, Letter
from huiyin.desk import through, unsent
from huiyin.desk.casefile import changes_since
from huiyin.desk.deed import Deed, Said
from huiyin.desk.deeds import ON_COMPLAINTS
from huiyin.desk.forms.moves import MoveForm
from huiyin.desk.forms.orders import OrderForm, SplitForm
from huiyin.desk.order_deeds import ON_ORDERS
from huiyin.desk.pages import Request, at_desk, show, the_complaint
from huiyin.desk.views.complaint import page
from huiyin.dispatch import rules as order_rules
from huiyin.dispatch.errors import OrderMoveRefused
from huiyin.dispatch.models import WorkOrder
from huiyin.org.actors import Actor


@dataclass(frozen=True)
class Doing:
    """Somebody at the page, about to do one thing to one row."""

    request: Request
    deed: Deed
    complaint: Complaint
    order: WorkOrder | None
    url: str
    at: datetime
    is_open: bool

    @property
    def written_as(self) -> Draft.Form | None:
        """Of words for the record: a call apart from the letter that was begun before the telephone rang."""
        if self.order is not None or self.deed.noun not in {Draft.Form.NOTE, Draft.Form.LETTER}:
            return None
        is_call = self.deed.noun == Draft.Form.LETTER and self.request.GET.get("channel") in wording.SPOKEN
        return Draft.Form.CALL if is_call else Draft.Form(self.deed.noun)

    @property
    def kept_at(self) -> unsent.Place | None:
        """Where the server keeps what is typed."""
        if self.written_as is not None:
            return unsent.Place(self.written_as, self.complaint)
        return unsent.of_deed(self.deed.noun, self.complaint, self.order)

    @property
    def key(self) -> str:
        return f"{self.written_as or self.deed.noun}:{self.order.number if self.order else self.complaint.number}"

    @property
    def action(self) -> str:
        """Where the form goes, and comes from again when it is refused."""
        is_call = self.written_as == Draft.Form.CALL
        return f"{self.url}?channel={self.request.GET['channel']}" if is_call else self.url

    @property
    def subject(self) -> Any:
        """What the deed is done to."""
        return self.order or self.complaint

    @property
    def state_label(self) -> str:
        return self.order.get_state_display() if self.order else self.complaint.get_state_display()

    @property
    def is_time(self) -> bool:
        """Whether the state allows it, to whoever may."""
        if self.order is not None:
            verb = next(each for each in order_rules.ORDER_VERBS if each.name == self.deed.verb)
            return self.order.state in verb.sources
        known = next((each for each in rules.VERBS if each.name == self.deed.verb), None)
        return known is None or self.complaint.state in known.sources

    def form(self, data: Any = None, files: Any = None) -> MoveForm:
        given: dict[str, Any] = {"complaint": self.complaint, "member": self.request.user}
        if issubclass(self.deed.form, OrderForm | SplitForm):
            given["order"] = self.order
        if data is None and (channel := self.request.GET.get("channel")) in Letter.Channel.values:
            given["initial"] = {"channel": channel}
            if self.request.GET.get("reached") == "no":
                given["initial"] |= {"reached": "no"}
        return self.deed.form(data, files, **given)


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def deed(request: Request, number: str, noun: str) -> HttpResponseBase:
    complaint = the_complaint(request, number)
    named = [each for each in ON_COMPLAINTS if each.noun == noun]
    if not named:
        raise Http404
    may = {verb.name for verb in rules.verbs(complaint, request.user)} | {"confirm", "answer_supervision"}
    fits = {verb.name for verb in rules.VERBS if complaint.state in verb.sources}
    chosen = min(named, key=lambda each: (each.verb not in may, each.verb not in fits))
    url = reverse("desk:deed", args=[complaint.number, noun])
    return answer(Doing(request, chosen, complaint, None, url, timezone.now(), chosen.verb in may))


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def order_deed(request: Request, number: str, noun: str) -> HttpResponseBase:
    chosen = next((each for each in ON_ORDERS if each.noun == noun), None)
    order = WorkOrder.objects.visible_to(request.user).select_related("unit", "complaint").filter(number=number).first()
    if chosen is None or order is None:
        raise Http404
    order.complaint = the_complaint(request, order.complaint.number)
    is_open = order_rules.may_do(chosen.verb, order, request.user)
    url = reverse("desk:order-deed", args=[order.number, noun])
    return answer(Doing(request, chosen, order.complaint, order, url, timezone.now(), is_open))


def answer(doing: Doing) -> HttpResponseBase:
    if doing.request.method == "POST":
        return _do(doing)
    if not doing.is_open:
        messages.warning(doing.request, _refusal(doing))
        return _back(doing)
    return _opened(doing, doing.form())


def _do(doing: Doing) -> HttpResponseBase:
    form = doing.form(doing.request.POST, doing.request.FILES)
    if not doing.is_open:
        form.add_error(None, _refusal(doing))
        return _opened(doing, form, status=_status_of(doing))
    if not form.is_valid():
        return _opened(doing, form, status=422)
    if doing.deed.minds_changes and (changes := _unseen(doing, form)):
        return _opened(doing, form, status=409, changes=changes)
    try:
        words = doing.deed.do(doing.subject, form.cleaned_data, Actor.of(doing.request.user), doing.at)
    except Refused as refusal:
        return _refused(doing, form, refusal)
    if kept := doing.kept_at:
        drafting.discard(member=doing.request.user, form=kept.form, complaint=kept.complaint, about=kept.about)
    said = words if isinstance(words, Said) else Said(words if isinstance(words, str) else str(doing.deed.done))
    messages.success(doing.request, said.words, extra_tags=f"draft:{doing.key}{said.tags}")
    return _back(doing, is_all=said.is_all)


def _unseen(doing: Doing, form: MoveForm) -> list[Any]:
    seen = form.cleaned_data.get("seen")
    return changes_since(doing.complaint, seen, doing.request.user) if seen is not None else []


def _refused(doing: Doing, form: MoveForm, refusal: Refused) -> HttpResponse:
    """The page again with one sentence at its field, and what was typed still there."""
    place = refusal.field if isinstance(refusal, GuardFailed) and refusal.field in form.fields else None
    form.add_error(place, str(refusal))
    is_late = isinstance(refusal, MoveRefused | OrderMoveRefused | OfferMoveRefused)
    doing.complaint.refresh_from_db()
    return _opened(doing, form, status=409 if is_late else 403 if isinstance(refusal, MayNot) else 422)


def _refusal(doing: Doing) -> str:
    if _status_of(doing) == 403:
        return str(MayNot())
    words = {"state": doing.state_label, "deed": doing.deed.submit}
    return _("现在的状态是“%(state)s”，不能“%(deed)s”。") % words


def _status_of(doing: Doing) -> int:
    """409 where the state is in the way, 403 where the member's roles are."""
    return 403 if doing.is_time else 409


def _opened(doing: Doing, form: MoveForm, *, status: int = 200, changes: Any = ()) -> HttpResponse:
    """The form by itself for htmx, else the whole page with the form open on it."""
    opened: Mapping[str, Any] = {
        "deed": doing.deed,
        "form": form,
        "url": doing.action,
        "key": doing.key,
        "store_url": reverse("desk:draft", args=[doing.key]) if doing.kept_at else "",
        "order": doing.order,
        "changes": changes,
        "is_open": doing.is_open,
    }
    if doing.request.htmx and doing.request.method != "POST":
        last = doing.complaint.events.order_by("-seq").values_list("seq", flat=True).first()
        context = {
            "opened": opened, "complaint": doing.complaint, "seen": last, "through": through.group_of(doing.request)
        }  # fmt: skip
        return show(doing.request, "desk/deed.html", context, at=doing.at)
    return page(doing.request, doing.complaint, at=doing.at, more={"opened": opened}, status=status)


def _onward(done: through.Group, doing: Doing) -> str:
    """Nothing is left of the group: the next one begins, and says so; home where nothing waits."""
    found = through.onward(done, doing.request.user, at=doing.at)
    if found is None:
        return "desk:work"
    group, begins = found
    messages.info(doing.request, _("%(done)s都办完了，接着是%(next)s。") % {"done": done.label, "next": group.label})
    return begins


def _back(doing: Doing, *, is_all: bool = False) -> HttpResponseBase:
    """To the page, or to the list where the member no longer sees the complaint; who works through a shelf goes on."""
    if group := through.group_of(doing.request):
        stands = through.standing(group, doing.complaint.number, doing.request.user, at=doing.at)
        if stands.place and not (is_all and stands.next):
            return redirect(through.complaint_address(doing.complaint.number, group) + _place(doing))
        return redirect(stands.next or _onward(group, doing))
    if not Complaint.objects.visible_to(doing.request.user).filter(pk=doing.complaint.pk).exists():
        return redirect("desk:work")
    url = reverse("desk:complaint", args=[doing.complaint.number])
    return redirect(url + _place(doing))


def _place(doing: Doing) -> str:
    """Where on the page it was done: who writes at its end is not led back to its top."""
    if doing.order is not None:
        return f"#{doing.order.number}"
    return "#record" if doing.written_as is not None else ""
