"""Doing something with an offer: approve it, record the customer's choice, give what was chosen."""

from dataclasses import dataclass

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.compensation.models import Offer
from huiyin.compensation.rules import OFFER_VERBS, may_do
from huiyin.desk.forms.moves import MoveForm
from huiyin.desk.forms.offers import OnOfferForm
from huiyin.desk.offers import ON_OFFERS
from huiyin.desk.pages import Request, at_desk, the_complaint
from huiyin.desk.views.deeds import Doing, answer


@dataclass(frozen=True)
class DoingOffer(Doing):
    offer: Offer | None = None

    @property
    def subject(self) -> Offer:
        assert self.offer is not None
        return self.offer

    @property
    def key(self) -> str:
        return f"{self.deed.noun}:{self.complaint.number}:{self.subject.pk}"

    def form(self, data: object = None, files: object = None) -> MoveForm:
        assert issubclass(self.deed.form, OnOfferForm)
        return self.deed.form(data, files, offer=self.subject, complaint=self.complaint, member=self.request.user)

    @property
    def state_label(self) -> str:
        return self.subject.get_state_display()

    @property
    def is_time(self) -> bool:
        verb = next(each for each in OFFER_VERBS if each.name == self.deed.verb)
        return verb.source is None or verb.source == self.subject.state


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def offer_deed(request: Request, number: str, pk: int, noun: str) -> HttpResponseBase:
    complaint = the_complaint(request, number)
    chosen = next((each for each in ON_OFFERS if each.noun == noun), None)
    seen = Offer.objects.visible_to(request.user).select_related("chosen").prefetch_related("options")
    offer = seen.filter(complaint=complaint, pk=pk).first()
    if chosen is None or offer is None:
        raise Http404(_("没有这个补偿方案。"))
    offer.complaint = complaint
    url = reverse("desk:offer-deed", args=[complaint.number, offer.pk, noun])
    is_open = may_do(chosen.verb, offer, request.user)
    return answer(DoingOffer(request, chosen, complaint, None, url, timezone.now(), is_open, offer=offer))
