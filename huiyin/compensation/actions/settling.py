"""What becomes of an approved offer: the customer takes an option or none, and what was taken is given, once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.compensation.actions.moving import REPORT, hold_offer, move, run_clock, stop_clock
from huiyin.compensation.authority import may_pay
from huiyin.compensation.errors import OfferMoveRefused
from huiyin.compensation.models import OF_LEDGER, Fulfilment, Offer, Option
from huiyin.compensation.queries import current
from huiyin.compensation.states import OfferState
from huiyin.complaints import events
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Event
from huiyin.lib.canonical import sha256_hex
from huiyin.org.actors import Actor
from huiyin.org.rules import Right, may


@transaction.atomic
def choose(offer: Offer, *, option: Option, actor: Actor, at: datetime) -> None:
    """The customer takes this option, on the portal or through a member who has spoken with them; it is owed now.

    Raises MayNot, GuardFailed, OfferMoveRefused.
    """
    _speaks_for_customer(offer, actor)
    if option.offer_id != offer.pk:
        raise GuardFailed("option", _("请选择这次提出的方案之一。"))
    move(offer, OfferState.CHOSEN, chosen=option, counted=option.counted, answered_at=at)
    run_clock(offer, at=at)
    events.record(
        offer.complaint, Event.Kind.OFFER_CHOSEN, actor=actor, at=at, offer=offer.pk, position=option.position
    )


@transaction.atomic
def decline(offer: Offer, *, reason: str, actor: Actor, at: datetime) -> None:
    """The customer takes none of them; another offer may follow. Raises MayNot, GuardFailed, OfferMoveRefused."""
    _speaks_for_customer(offer, actor)
    if not reason.strip() and actor.kind == "member":
        raise GuardFailed("reason", _("请写明客户为什么不接受。"))
    move(offer, OfferState.DECLINED, answered_at=at, refusal=reason.strip())
    digest = sha256_hex(reason.encode())
    events.record(offer.complaint, Event.Kind.OFFER_DECLINED, actor=actor, at=at, offer=offer.pk, digest=digest)


@transaction.atomic
def fulfil(offer: Offer, *, reference: str, actor: Actor, at: datetime) -> Fulfilment:
    """What was chosen is given. The same reference a second time changes nothing and returns the same entry.

    Money that stands in the refund ledger is given by those who keep it; above the limit the payer is a third person
    (CG-5). Raises MayNot, GuardFailed, OfferMoveRefused.
    """
    member = actor.member
    if member is None or not may(member, Right.FULFIL_OFFER):
        raise MayNot()
    hold_offer(offer)
    if not reference.strip():
        raise GuardFailed("reference", _("请填写凭证号：付款流水、券码、快递单号或通话编号。"))
    if offer.state == OfferState.FULFILLED and offer.fulfilment.reference == reference.strip():
        return offer.fulfilment
    if offer.state != OfferState.CHOSEN or offer.chosen is None:
        raise OfferMoveRefused(offer.state, OfferState.FULFILLED)
    if offer.chosen.instrument in OF_LEDGER and not may(member, Right.PAY_OFFER):
        raise MayNot(_("退款和现金由财务或客户服务部负责人兑现。"))
    approvers = list(offer.approvals.values_list("member", flat=True))
    if not may_pay(current(), offer.total, payer=member.pk, requester=offer.made_by_id, approvers=approvers):
        raise MayNot(_("超过四眼限额的补偿，提出、审批和兑现须是三个人。"))
    move(offer, OfferState.FULFILLED)
    made = Fulfilment.objects.create(
        offer=offer,
        instrument=offer.chosen.instrument,
        amount=offer.chosen.amount,
        reference=reference.strip(),
        made_by=member,
        made_at=at,
    )
    stop_clock(offer, at=at)
    digest = sha256_hex(made.reference.encode())
    events.record(offer.complaint, Event.Kind.OFFER_FULFILLED, actor=actor, at=at, offer=offer.pk, digest=digest)
    return made


@transaction.atomic
def report(offer: Offer, *, text: str, actor: Actor, at: datetime) -> None:
    """The written report on what the front line gave at once (C038); with it their authority comes back (CG-4)."""
    hold_offer(offer)
    if actor.member is None or actor.member.pk != offer.made_by_id:
        raise MayNot(_("书面备案由提出人填写。"))
    if not text.strip():
        raise GuardFailed("text", _("请写明安抚的情况。"))
    if not offer.is_at_once or offer.reported_at is not None:
        raise GuardFailed("text", _("这个方案不需要备案，或已备案。"))
    offer.report, offer.reported_at = text.strip(), at
    offer.save(update_fields=["report", "reported_at"])
    stop_clock(offer, at=at, code=REPORT)
    digest = sha256_hex(text.encode())
    events.record(offer.complaint, Event.Kind.NOTED, actor=actor, at=at, offer=offer.pk, digest=digest)


def _speaks_for_customer(offer: Offer, actor: Actor) -> None:
    if actor.kind == "member" and not actor.may(Right.SETTLE_OFFER):
        raise MayNot()
    hold_offer(offer)
    if offer.complaint.is_ended:
        raise GuardFailed("state", _("投诉已了结，方案不再有效。"), "option")
