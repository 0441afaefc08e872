"""催办 a complaint, wherever it is stuck: whoever it waits for is reminded; by the customer too, once a day."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.states import ENDED, State
from huiyin.org.actors import CUSTOMER, Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right, may

APART = timedelta(minutes=30)  # as with an order
CUSTOMER_APART = timedelta(hours=24)
OURS = frozenset(State) - ENDED - {State.DRAFT, State.RESOLVED, State.AWAITING_CUSTOMER, State.EXTERNAL}


def may_urge(complaint: Complaint, member: Member) -> bool:
    """Whoever looks after it, whatever their role, and who may urge or supervise."""
    return complaint.assignee_id == member.pk or may(member, Right.NUDGE) or may(member, Right.SUPERVISE)


@transaction.atomic
def urge(complaint: Complaint, *, actor: Actor, at: datetime) -> int:
    """On the record with its count, and told to whom it waits for now (supervision). Returns how often by now.

    Raises MayNot, MoveRefused where it waits for nobody of ours, GuardFailed where somebody has just asked.
    """
    is_customer = actor.kind == CUSTOMER.kind
    if not is_customer and (actor.member is None or not may_urge(complaint, actor.member)):
        raise MayNot(_("只有投诉的负责人和有催办权限的客服人员可以催办。"))
    hold(complaint)
    if complaint.state not in OURS:
        raise MoveRefused(complaint)
    earlier = urgings(complaint)
    theirs = earlier.filter(actor_kind=CUSTOMER.kind) if is_customer else earlier.exclude(actor_kind=CUSTOMER.kind)
    last, apart = theirs.order_by("-seq").first(), CUSTOMER_APART if is_customer else APART
    if last is not None and at < last.at + apart:
        again = timezone.localtime(last.at + apart)
        if is_customer:
            raise GuardFailed(
                "interval", _("24 小时内已催办过，我们已经转告负责的人，请在 %s 之后再催。") % f"{again:%m-%d %H:%M}"
            )
        raise GuardFailed("interval", _("30 分钟内已催办过，请在 %s 之后再催。") % f"{again:%H:%M}")
    count = earlier.count() + 1
    events.record(complaint, Event.Kind.NUDGED, actor=actor, at=at, count=count)
    return count


def urgings(*complaints: Complaint) -> QuerySet[Event]:
    """Of the complaint itself; those of its work orders are not among them."""
    found = Event.objects.filter(complaint__in=complaints, kind=Event.Kind.NUDGED)
    return found.exclude(particulars__has_key="order")
