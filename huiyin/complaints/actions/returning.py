"""退换货: what came back is dealt with within the policy's time (CK-RET, C104), and paid back within the law's.

Both run on when the complaint is answered, closed or withdrawn: until then the goods are the customer's, or their money
is owed. No complaint with goods to be dealt with is merged into another.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks
from huiyin.complaints.actions.clocks import RETURN, WITHOUT_REASON
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.complaints.states import State
from huiyin.org.actors import Actor
from huiyin.org.rules import Right
from huiyin.sla import regulations
from huiyin.sla.queries import current, profiles


@transaction.atomic
def receive(complaint: Complaint, *, actor: Actor, at: datetime, without_reason: bool = False) -> None:
    """The goods are back, perhaps only after its end, which stays as it is. `without_reason`: sent back within the
    seven days of the Consumer Rights Law, so that the money is owed back by its own clock where that profile is
    switched on."""
    _must(actor)
    hold(complaint)
    if complaint.state == State.MERGED:  # they belong to the complaint it is part of
        raise MoveRefused(complaint, State.IN_PROGRESS)
    if Clock.objects.running().filter(complaint=complaint, code=RETURN).exists():
        raise GuardFailed("return", _("上一件退货还没有处理完。"))
    clocks.begin_now(complaint, RETURN, at=at)
    if without_reason:
        _owe_the_money(complaint, at)
    events.record(complaint, Event.Kind.RETURN_RECEIVED, actor=actor, at=at, without_reason=without_reason)


@transaction.atomic
def process(complaint: Complaint, *, actor: Actor, at: datetime) -> None:
    """Exchanged, repaired or paid back; the complaint may have ended since."""
    _must(actor)
    hold(complaint)
    running = Clock.objects.running().filter(complaint=complaint)
    if not running.filter(code=RETURN).exists():
        raise GuardFailed("return", _("没有等待处理的退货。"))
    clocks.stop(complaint, RETURN, at=at)
    for clock in running.filter(code=clocks.REGULATORY, subject__startswith=WITHOUT_REASON):
        clocks.stop(complaint, clock.code, at=at, subject=clock.subject)
    clocks.follow_due(complaint)
    events.record(complaint, Event.Kind.RETURN_PROCESSED, actor=actor, at=at)


def _must(actor: Actor) -> None:
    if not (actor.may(Right.HANDLE) or actor.may(Right.REPLY)):
        raise MayNot()


def _owe_the_money(complaint: Complaint, at: datetime) -> None:
    for profile in profiles():
        for limit in profile.begun(regulations.RETURN_RECEIVED, is_direct=True):
            due = regulations.deadline(current(), profile, limit, code=clocks.REGULATORY, start=at)
            clocks.start(complaint, clocks.REGULATORY, due, at=at, subject=f"{WITHOUT_REASON}{profile.code}")
    if not complaint.is_ended:  # else it was answered by what it was due by
        clocks.follow_due(complaint)
