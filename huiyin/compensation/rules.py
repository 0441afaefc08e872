"""Who may do what with one offer. The faces show exactly the verbs listed by `offer_verbs`, and no others."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.compensation.models import OF_LEDGER, Offer
from huiyin.compensation.policy import Policy
from huiyin.compensation.states import OfferState
from huiyin.org.models import Member
from huiyin.org.rules import Right, may


@dataclass(frozen=True)
class OfferVerb:
    name: str
    label: Any
    right: Right
    source: OfferState | None = None


OFFER_VERBS: tuple[OfferVerb, ...] = (
    OfferVerb("approve_offer", _("批准"), Right.DECIDE_OFFER, OfferState.PROPOSED),
    OfferVerb("refuse_offer", _("不批准"), Right.DECIDE_OFFER, OfferState.PROPOSED),
    OfferVerb("choose_offer", _("客户选定"), Right.SETTLE_OFFER, OfferState.APPROVED),
    OfferVerb("decline_offer", _("客户不接受"), Right.SETTLE_OFFER, OfferState.APPROVED),
    OfferVerb("fulfil_offer", _("已兑现"), Right.FULFIL_OFFER, OfferState.CHOSEN),
    OfferVerb("report_offer", _("书面备案"), Right.OFFER),
)


def offer_verbs(offer: Offer, member: Member) -> list[OfferVerb]:
    """What this member may do with the offer now. Its complaint must be visible to them; no query where it and its
    chosen option and approvals are loaded."""
    return [verb for verb in OFFER_VERBS if _open_to(verb, offer, member)]


def may_do(name: str, offer: Offer, member: Member) -> bool:
    return any(verb.name == name for verb in offer_verbs(offer, member))


def _open_to(verb: OfferVerb, offer: Offer, member: Member) -> bool:
    if not may(member, verb.right) or (verb.source is not None and offer.state != verb.source):
        return False
    if verb.name == "report_offer":
        return offer.is_at_once and offer.reported_at is None and offer.made_by_id == member.pk
    if verb.name == "fulfil_offer":
        is_of_ledger = offer.chosen is not None and offer.chosen.instrument in OF_LEDGER
        return not is_of_ledger or may(member, Right.PAY_OFFER)
    if offer.complaint.is_ended:
        return False
    if verb.right == Right.DECIDE_OFFER:
        return offer.made_by_id != member.pk and bool(set(offer.waits_for) & set(member.roles))
    return True


def may_give_at_once(member: Member, policy: Policy) -> bool:
    """Whether one of the member's roles may promise anything alone; how much, the action says."""
    return any(grade.is_pre_authorised and grade.role in member.roles for grade in policy.grades)
