"""The panel 补偿方案 of the complaint page, and what a member may do with an offer."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.compensation import queries
from huiyin.compensation.actions import deciding, settling
from huiyin.compensation.models import Fulfilment, Offer
from huiyin.compensation.rules import offer_verbs
from huiyin.compensation.states import OfferState
from huiyin.compensation.wording import as_letter
from huiyin.complaints.models import Complaint
from huiyin.desk.deed import Deed, Given
from huiyin.desk.forms import offers
from huiyin.desk.reading import Reader
from huiyin.org.actors import Actor
from huiyin.org.roles import LABELS


def _approve(offer: Offer, given: Given, actor: Actor, at: datetime) -> None:
    deciding.approve(offer, note=given["note"], actor=actor, at=at)


def _refuse(offer: Offer, given: Given, actor: Actor, at: datetime) -> None:
    deciding.refuse(offer, reason=given["reason"], actor=actor, at=at)


def _choose(offer: Offer, given: Given, actor: Actor, at: datetime) -> None:
    settling.choose(offer, option=given["option"], actor=actor, at=at)


def _decline(offer: Offer, given: Given, actor: Actor, at: datetime) -> None:
    settling.decline(offer, reason=given["reason"], actor=actor, at=at)


def _fulfil(offer: Offer, given: Given, actor: Actor, at: datetime) -> None:
    settling.fulfil(offer, reference=given["reference"], actor=actor, at=at)


def _report(offer: Offer, given: Given, actor: Actor, at: datetime) -> None:
    settling.report(offer, text=given["text"], actor=actor, at=at)


ON_OFFERS: tuple[Deed, ...] = (
    Deed("approval", "approve_offer", offers.ApproveForm, _approve, _("已批准。"), _("批准补偿方案"),
         icon="circle-check", minds_changes=False),
    Deed("refusal", "refuse_offer", offers.RefuseForm, _refuse, _("已退回，没有批准。"), _("不批准"), icon="x",
         tone="danger", minds_changes=False),
    Deed("choice", "choose_offer", offers.ChooseForm, _choose, _("已记录客户的选择，24 小时内兑现。"),
         _("客户选定"), icon="user-check", minds_changes=False),
    Deed("decline", "decline_offer", offers.DeclineForm, _decline, _("已记录客户不接受。"), _("客户不接受"),
         icon="x", minds_changes=False),
    Deed("fulfilment", "fulfil_offer", offers.FulfilForm, _fulfil, _("已记录兑现。"), _("已兑现"), icon="check",
         minds_changes=False),
    Deed("report", "report_offer", offers.ReportForm, _report, _("书面备案已提交。"), _("书面备案"), icon="note",
         minds_changes=False),
)  # fmt: skip

_TONES: dict[str, str] = {
    OfferState.PROPOSED: "amber",
    OfferState.APPROVED: "blue",
    OfferState.CHOSEN: "amber",
    OfferState.FULFILLED: "green",
}


def panel(complaint: Complaint, reader: Reader, *, at: datetime) -> dict[str, Any] | None:
    """None where there is nothing that this member may know of. The queries do not depend on how much there is."""
    member = reader.member
    found = list(queries.of_complaint(complaint, member))
    if not found:
        return None
    ledger = {each.offer_id: each for each in Fulfilment.objects.visible_to(member).filter(offer__in=found)}
    policy = queries.current()
    floors, ranks = policy.floors, {grade.role: rank for rank, grade in enumerate(policy.grades, start=1)}
    shown = []
    for offer in found:
        offer.complaint = complaint
        verbs = {verb.name for verb in offer_verbs(offer, member)}
        options = list(offer.options.all())
        given = ledger.get(offer.pk)
        shown.append(
            {
                "row": offer,
                "tone": _TONES.get(offer.state, ""),
                "explanation": reader.words(offer.explanation),
                "options": [{"row": each, "words": reader.words(each.words)} for each in options],
                "floors": [floors[code] for code in offer.floors if code in floors],
                "refusal": reader.words(offer.refusal),
                "report": reader.words(offer.report),
                "waits_for": [LABELS[role] for role in sorted(offer.waits_for, key=lambda role: ranks.get(role, 0))],
                "signatures": [(each, LABELS[each.role]) for each in offer.approvals.all()],
                "reference": given.reference_for(member) if given else "",
                "letter": as_letter(options) if offer.state == OfferState.APPROVED and reader.is_full else "",
                "deeds": [deed for deed in ON_OFFERS if deed.verb in verbs],
            }
        )
    frequency = queries.frequency(complaint.customer_id, at=at) if queries.sees_frequency(member) else None
    return {"rows": shown, "frequency": frequency}
