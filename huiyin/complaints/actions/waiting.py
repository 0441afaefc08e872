"""When the work has to wait: for the customer (待客户), or for a date (阶段性处理)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, noting, pausing
from huiyin.complaints.actions.moving import hold, move
from huiyin.complaints.errors import MayNot
from huiyin.complaints.models import Complaint, Event, Note, Pause
from huiyin.complaints.states import State
from huiyin.lib.sweeping import PUT_OFF, one_by_one
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.rules import Right
from huiyin.sla.queries import current


@transaction.atomic
def pause(
    complaint: Complaint,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    code: str = pausing.WAIT_FOR_CUSTOMER,
    until: datetime | None = None,
    review: datetime | None = None,
    evidence: str = "",
) -> None:
    """Let time stand still for a reason of the policy; where that is the customer, the complaint waits for them.

    `reason` are the words: why; `evidence` what proves it. See pausing.begin.
    """
    hold(complaint)
    step = {}
    if code in pausing.CUSTOMERS and complaint.state != State.AWAITING_CUSTOMER:
        step = move(complaint, State.AWAITING_CUSTOMER, actor=actor, at=at, given={"reason": reason})
    pausing.begin(
        complaint, code=code, words=reason, actor=actor, at=at, until=until, review=review, evidence=evidence, step=step
    )


@transaction.atomic
def resume(complaint: Complaint, *, actor: Actor, at: datetime, codes: Sequence[str] = ()) -> None:
    """Go on with it: the customer answered, the interim period is over, or what was waited for is there. Pauses end,
    those of the given reasons or all of them, and what they held runs on."""
    if actor.kind == "member" and not actor.may(Right.PAUSE):
        raise MayNot()
    hold(complaint)
    ended = pausing.end(complaint, codes=codes, by=actor, at=at)
    step = {}
    waits = complaint.pauses.running().filter(reason__in=pausing.CUSTOMERS).exists()
    goes_on = (complaint.state == State.AWAITING_CUSTOMER and not waits) or (
        complaint.state == State.INTERIM and not codes
    )
    if goes_on or not ended:
        step = move(complaint, State.IN_PROGRESS, actor=actor, at=at, follow_up_on=None)
    events.record(complaint, Event.Kind.RESUMED, actor=actor, at=at, pauses=sorted(ended), **step)


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
    """Bring back the interim ones whose day has come; each keeps its day until somebody has followed it up. Returns how
    many."""
    ripe = Complaint.objects.filter(state=State.INTERIM, follow_up_on__lte=today)
    claimed = list(ripe.select_for_update(skip_locked=True).order_by("id")[:limit])
    for complaint in claimed:
        pausing.end(complaint, codes=sorted(pausing.CUSTOMERS), by=SYSTEM, at=at)
        step = move(complaint, State.IN_PROGRESS, actor=SYSTEM, at=at)
        events.record(complaint, Event.Kind.FOLLOW_UP_DUE, actor=SYSTEM, at=at, **step)
    return len(claimed)


@transaction.atomic
def customer_answered(complaint: Complaint, *, at: datetime) -> None:
    """The customer has written, or one of us has written down what they added: what waited for them is over; that they
    answered is kept with every other pause.

    May run twice without harm.
    """
    hold(complaint)
    answers = complaint.notes.filter(kind=Note.Kind.CUSTOMER)
    latest = answers.order_by("-created_at").values_list("created_at", flat=True).first()
    if latest is None:
        return
    running = complaint.pauses.running().filter(started_at__lt=latest)
    running.filter(replied_at=None).update(replied_at=latest)
    if running.filter(reason__in=pausing.CUSTOMERS).exists():
        resume(complaint, actor=SYSTEM, at=at, codes=sorted(pausing.CUSTOMERS))


def sweep_pauses(*, at: datetime, limit: int = 200) -> int:
    """Remind of pauses that wait long, and end those that have reached their limit: each once. One transaction each.

    Returns how many were looked at.
    """
    ripe = Pause.objects.needing_attention(at).select_related("complaint").order_by("attention_at", "id")[:limit]
    return one_by_one(ripe, lambda pause: _look(pause, at), put_off=lambda pause: _put_off(pause, at))


def _put_off(pause: Pause, at: datetime) -> None:
    Pause.objects.needing_attention(at).filter(pk=pause.pk).update(attention_at=at + PUT_OFF)


@transaction.atomic
def _look(pause: Pause, at: datetime) -> bool:
    complaint = pause.complaint
    hold(complaint)
    still = Pause.objects.needing_attention(at).filter(pk=pause.pk).first()
    if still is None:
        return False
    if still.until_at is not None and still.until_at < at:
        resume(complaint, actor=SYSTEM, at=at, codes=[still.reason])
        return True
    still.reminded += 1
    while still.review_at is not None and still.review_at < at:
        still.review_at += pausing.REVIEWED_EVERY
    still.attention_at = pausing.next_moment(current(), still)
    still.save(update_fields=["reminded", "attention_at", "review_at"])
    said = {"pause": still.reason, "count": still.reminded}
    events.record(complaint, Event.Kind.PAUSE_REMINDED, actor=SYSTEM, at=at, **said)
    return True
