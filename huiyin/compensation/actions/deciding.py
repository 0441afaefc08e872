"""审批: by somebody else, whose authority reaches the cumulated sum; large sums take more than one signature."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.compensation import authority
from huiyin.compensation.actions.moving import hold_offer, move, stop_clock
from huiyin.compensation.models import Approval, Offer
from huiyin.compensation.policy import Policy
from huiyin.compensation.queries import awarded, current
from huiyin.compensation.states import OfferState
from huiyin.complaints import events
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Event
from huiyin.lib.canonical import sha256_hex
from huiyin.lib.phrasing import listed
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.roles import LABELS
from huiyin.org.rules import Right, may


@transaction.atomic
def approve(offer: Offer, *, actor: Actor, at: datetime, note: str = "") -> None:
    """One signature; with the last one needed the customer may choose. The sum is reckoned anew, since other awards
    may have come between. Raises MayNot, GuardFailed, OfferMoveRefused."""
    member = _who_decides(offer, actor)
    policy = current()
    total = offer.counted + awarded(offer.complaint, at=at, window_days=policy.limits.window_days, but=offer.pk)
    kinds = frozenset(offer.options.values_list("kind", flat=True))
    signed = list(offer.approvals.values_list("role", flat=True))
    role = _signs_as(policy, kinds, authority.missing(policy, kinds, total, signed), member)
    Approval.objects.create(offer=offer, member=member, role=role, note=note.strip(), signed_at=at)
    left = authority.missing(policy, kinds, total, [*signed, role])
    if left:
        Offer.objects.filter(pk=offer.pk).update(waits_for=sorted(left), total=total)
        offer.waits_for, offer.total = sorted(left), total
    else:
        move(offer, OfferState.APPROVED, decided_at=at, total=total, waits_for=[])
        stop_clock(offer, at=at)
    events.record(
        offer.complaint, Event.Kind.OFFER_APPROVED, actor=actor, at=at, offer=offer.pk, role=role, left=sorted(left)
    )


@transaction.atomic
def refuse(offer: Offer, *, reason: str, actor: Actor, at: datetime) -> None:
    """It is not offered; the reason is for whoever proposed it. Raises MayNot, GuardFailed, OfferMoveRefused."""
    _who_decides(offer, actor)
    if not reason.strip():
        raise GuardFailed("reason", _("请写明未获批的原因。"))
    move(offer, OfferState.REFUSED, decided_at=at, refusal=reason.strip(), waits_for=[])
    stop_clock(offer, at=at)
    digest = sha256_hex(reason.encode())
    events.record(offer.complaint, Event.Kind.OFFER_REFUSED, actor=actor, at=at, offer=offer.pk, digest=digest)


def _who_decides(offer: Offer, actor: Actor) -> Member:
    member = actor.member
    if member is None or not may(member, Right.DECIDE_OFFER):
        raise MayNot()
    hold_offer(offer)
    if offer.state != OfferState.PROPOSED:
        move(offer, OfferState.APPROVED)  # refuses, and says why
    if not offer.complaint.is_open:
        raise GuardFailed("state", _("投诉已了结，不能再审批补偿方案。"), "note")
    if member.pk == offer.made_by_id:
        raise MayNot(_("补偿方案须由提出人以外的人审批。"))
    if offer.approvals.filter(member=member).exists():
        raise MayNot(_("您已经签过一次，还缺另一个人的签署。"))
    if not set(offer.waits_for) & set(member.roles):
        raise MayNot(_beyond(offer.waits_for))
    return member


def _signs_as(policy: Policy, kinds: frozenset[str], missing: frozenset[str], member: Member) -> str:
    """The smallest of the member's roles that has to sign."""
    order = [grade.role for grade in policy.grades] + sorted(missing)
    mine = [role for role in order if role in missing and role in member.roles]
    if not mine:
        raise MayNot(_beyond(sorted(missing)))
    return mine[0]


def _beyond(roles: list[str]) -> str:
    names = listed(str(LABELS[role]) for role in roles)
    return _("累计金额超过您的审批权限，须由以下角色之一审批：%s。") % names
