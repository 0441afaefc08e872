"""When the work has to wait: for the customer (待客户), or for a date (阶段性处理)."""

from datetime import date, datetime

from django.db import transaction

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, noting
from huiyin.complaints.actions.moving import hold, move
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.states import State
from huiyin.org.actors import SYSTEM, Actor


@transaction.atomic
def pause(complaint: Complaint, *, reason: str, actor: Actor, at: datetime) -> None:
    """Wait for the customer. No clock stops: pauses that count come with the clocks' own issue."""
    hold(complaint)
    step = move(complaint, State.AWAITING_CUSTOMER, actor=actor, at=at, given={"reason": reason})
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    events.record(complaint, Event.Kind.PAUSED, actor=actor, at=at, **step, **remark)


@transaction.atomic
def resume(complaint: Complaint, *, actor: Actor, at: datetime) -> None:
    """Go on with it, because the customer answered or the interim period is over."""
    hold(complaint)
    step = move(complaint, State.IN_PROGRESS, actor=actor, at=at, follow_up_on=None)
    events.record(complaint, Event.Kind.RESUMED, actor=actor, at=at, **step)


@transaction.atomic
def settle_for_now(complaint: Complaint, *, plan: str, follow_up_on: date, actor: Actor, at: datetime) -> None:
    """阶段性处理: part is done, the rest follows; on `follow_up_on` it comes back by itself."""
    hold(complaint)
    given = {"plan": plan, "follow_up_on": follow_up_on}
    step = move(complaint, State.INTERIM, actor=actor, at=at, given=given, follow_up_on=follow_up_on)
    clocks.meet_interim(complaint, at=at)
    remark = noting.reason(complaint, plan, actor=actor, at=at)
    events.record(complaint, Event.Kind.INTERIM, actor=actor, at=at, until=follow_up_on.isoformat(), **step, **remark)


@transaction.atomic
def follow_up(*, today: date, at: datetime, limit: int = 200) -> int:
    """Bring back the interim ones whose day has come. Returns how many."""
    ripe = Complaint.objects.filter(state=State.INTERIM, follow_up_on__lte=today)
    claimed = list(ripe.select_for_update(skip_locked=True).order_by("id")[:limit])
    for complaint in claimed:
        step = move(complaint, State.IN_PROGRESS, actor=SYSTEM, at=at, follow_up_on=None)
        events.record(complaint, Event.Kind.FOLLOW_UP_DUE, actor=SYSTEM, at=at, **step)
    return len(claimed)
