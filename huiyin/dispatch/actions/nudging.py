"""催办: the owner reminds the unit that holds the order; once, at four fifths of the time, the system does (B25)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Event
from huiyin.dispatch.actions.following import follow_clocks
from huiyin.dispatch.actions.moving import hold
from huiyin.dispatch.errors import NotInHand
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.rules import may_do
from huiyin.dispatch.states import IN_HAND
from huiyin.lib.sweeping import PUT_OFF, one_by_one
from huiyin.org.actors import SYSTEM, Actor

APART = timedelta(minutes=30)


@transaction.atomic
def nudge(order: WorkOrder, *, actor: Actor, at: datetime) -> None:
    """Ask the unit to hurry: counted on the order, on the record, at most once in 30 minutes.

    Raises NotInHand where it is not the unit's turn, MayNot, and GuardFailed where somebody has just asked.
    """
    complaint = hold(order)
    if order.state not in IN_HAND:
        raise NotInHand(order)
    if actor.member is None or not may_do("nudge", order, actor.member):
        raise MayNot(_("只有投诉的负责人和有催办权限的客服人员可以催办。"))
    if order.last_nudged_at is not None and at < order.last_nudged_at + APART:
        again = timezone.localtime(order.last_nudged_at + APART)
        raise GuardFailed("interval", _("30 分钟内已催办过，请在 %s 之后再催。") % f"{again:%H:%M}")
    WorkOrder.objects.filter(pk=order.pk).update(nudge_count=F("nudge_count") + 1, last_nudged_at=at)
    order.nudge_count, order.last_nudged_at = order.nudge_count + 1, at
    events.record(complaint, Event.Kind.NUDGED, actor=actor, at=at, **_said(order))


def sweep(*, at: datetime, limit: int = 200) -> int:
    """Nudge for each order whose time is four fifths gone: each once, however many sweeps run, and none while its time
    stands still. Returns how many rose.

    One transaction for each, so that a complaint somebody is working on holds up no other.
    """
    ripe = WorkOrder.objects.to_nudge(at).select_related("complaint", "unit").order_by("nudge_at", "id")[:limit]
    return one_by_one(ripe, lambda order: _claim(order, at), put_off=lambda order: _put_off(order, at))


def _put_off(order: WorkOrder, at: datetime) -> None:
    WorkOrder.objects.to_nudge(at).filter(pk=order.pk).update(nudge_at=at + PUT_OFF)


@transaction.atomic
def _claim(order: WorkOrder, at: datetime) -> bool:
    complaint = hold(order)
    follow_clocks(complaint)  # a pause may have ended just now, and nobody has told the order yet
    won = (
        WorkOrder.objects.to_nudge(at)
        .filter(pk=order.pk)
        .update(nudge_at=None, auto_nudged_at=at, nudge_count=F("nudge_count") + 1)
    )
    if won:
        order.nudge_count += 1
        events.record(complaint, Event.Kind.NUDGED, actor=SYSTEM, at=at, share=80, **_said(order))
    return bool(won)


def _said(order: WorkOrder) -> dict[str, object]:
    return {"order": order.number, "unit": order.unit.code, "count": order.nudge_count}
