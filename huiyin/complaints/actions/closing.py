"""The end of a complaint, and its coming back: acceptance, closure, reopening, withdrawal, and the way outside."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, noting, pausing, regrading
from huiyin.complaints.actions.explaining import must_be_explained
from huiyin.complaints.actions.moving import change, hold, move
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.guards import EXPIRES_AFTER, awaiting_authority, awaiting_opinion, unpaid
from huiyin.complaints.lateness import unexplained, waiting_for_reason
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.models.complaint import Outcome
from huiyin.complaints.states import State
from huiyin.org.actors import CUSTOMER, SYSTEM, Actor
from huiyin.org.rules import Right, may
from huiyin.sla import promises
from huiyin.sla.queries import current

AGREES = frozenset({Outcome.SATISFIED, Outcome.ACCEPTABLE})


@transaction.atomic
def accept(complaint: Complaint, *, outcome: Outcome, at: datetime, note: str = "") -> None:
    """The customer accepts the answer on the portal: that closes it."""
    if outcome not in AGREES:
        raise GuardFailed("outcome", _("请选择满意或可接受。"))
    agree(complaint, outcome=outcome, actor=CUSTOMER, at=at, note=note)


@transaction.atomic
def agree(complaint: Complaint, *, outcome: Outcome, actor: Actor, at: datetime, note: str = "") -> None:
    """The customer is content, by themselves or on the telephone: it closes. Where one of our promises is late and
    nobody has said why, their word stands, and it closes with our reason (C027)."""
    hold(complaint)
    if complaint.state == State.RESOLVED and unexplained(complaint, at):
        if not has_agreed(complaint):
            change(complaint, outcome=outcome)
            remark = noting.reason(complaint, note, actor=actor, at=at)
            events.record(complaint, Event.Kind.ACCEPTED, actor=actor, at=at, outcome=str(outcome), **remark)
        return
    _close(complaint, outcome, actor=actor, at=at, note=note, confirmed=True)


def has_agreed(complaint: Complaint) -> bool:
    """The customer has accepted the answer that stands."""
    said = complaint.events.filter(kind=Event.Kind.ACCEPTED)
    return complaint.replied_at is not None and said.filter(at__gte=complaint.replied_at).exists()


@transaction.atomic
def close_agreed(complaint: Complaint, *, at: datetime) -> bool:
    """What the customer accepted closes once all that it waited for is settled. Again changes nothing."""
    hold(complaint)
    if complaint.state != State.RESOLVED or not has_agreed(complaint) or unexplained(complaint, at):
        return False
    try:
        with transaction.atomic():
            _close(complaint, Outcome(complaint.outcome), actor=SYSTEM, at=at, note="", confirmed=True, is_told=True)
    except GuardFailed:
        return False  # something else is owed yet: what settles it asks again
    return True


@transaction.atomic
def close(
    complaint: Complaint, *, outcome: Outcome, actor: Actor, at: datetime, note: str = "", breach_reason: str = ""
) -> None:
    """A member records the customer's consent, or that seven days passed without a word; its clocks stop.
    `breach_reason`: why a promise is late, where one is and nobody has filed it (C027)."""
    if actor.kind == "member" and (actor.member is None or not may(actor.member, Right.REPLY)):
        raise MayNot()
    hold(complaint)
    if outcome == Outcome.NOT_ACCEPTED:
        raise GuardFailed("outcome", _("客户不接受的，请重开或转外部争议处理，不能结案。"))
    if complaint.state == State.RESOLVED:
        must_be_explained(complaint, reason=breach_reason, actor=actor, at=at)
    _close(complaint, outcome, actor=actor, at=at, note=note, confirmed=outcome in AGREES)


def _close(
    complaint: Complaint,
    outcome: Outcome,
    *,
    actor: Actor,
    at: datetime,
    note: str,
    confirmed: bool,
    is_told: bool = False,
) -> None:
    step = move(
        complaint,
        State.CLOSED,
        actor=SYSTEM,  # the table lets only the system close: people bring the customer's word, the rule decides
        at=at,
        given={"customer_confirmed": confirmed},
        outcome=outcome,
        closed_at=at,
    )
    clocks.stop_all(complaint, at=at, but=(clocks.WATCHED, clocks.SURVEY))
    remark = noting.reason(complaint, note, actor=actor, at=at)
    if confirmed and not is_told:
        events.record(complaint, Event.Kind.ACCEPTED, actor=actor, at=at, outcome=str(outcome), **remark)
        remark = {}
    events.record(complaint, Event.Kind.CLOSED, actor=actor, at=at, outcome=str(outcome), **step, **remark)


@transaction.atomic
def reopen(complaint: Complaint, *, reason: str, actor: Actor, at: datetime, stars: int | None = None) -> None:
    """The customer does not accept it: it comes back, its clock starts anew, somebody else will handle it."""
    hold(complaint)
    if not reason.strip():
        raise GuardFailed("reason", _("请写明不认可的原因。"))
    step = move(
        complaint,
        State.REOPENED,
        actor=actor,
        at=at,
        given={"customer_disagrees": True, "stars": stars},
        reopened_count=complaint.reopened_count + 1,
        reopened_at=at,
        outcome="",
        closed_at=None,
        is_on_spot=False,
        breached_at=None,
    )
    regrading.raise_level(complaint, reason, at=at, because="reopened", is_whole=False)
    _run_again(complaint, at)
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    if actor.kind == "customer":
        events.record(complaint, Event.Kind.REJECTED, actor=actor, at=at, **remark)
        remark = {}
    events.record(complaint, Event.Kind.REOPENED, actor=actor, at=at, count=complaint.reopened_count, **step, **remark)


def _run_again(complaint: Complaint, at: datetime) -> None:
    category = complaint.confirmed_category or complaint.category
    inputs = clocks.inputs_of(complaint, issue_class=category.issue_class, acts=category.acts)
    for code in (clocks.RESOLVE, clocks.FINAL):
        if deadline := promises.deadline(current(), code, start=at, inputs=inputs):
            clocks.start(complaint, code, deadline, at=at)
    clocks.begin(complaint, clocks.ONCE_GRADED, at=at)
    clocks.follow_due(complaint)


@transaction.atomic
def withdraw(complaint: Complaint, *, reason: str, actor: Actor, at: datetime) -> None:
    """The customer ends it, by themselves or through a member who records their words; its clocks stop. What came back
    is still dealt with, and waits for nothing any more."""
    if actor.kind == "member" and (actor.member is None or not may(actor.member, Right.WITHDRAW_FOR_CUSTOMER)):
        raise MayNot()
    hold(complaint)
    step = move(complaint, State.WITHDRAWN, actor=CUSTOMER, at=at, given={"reason": reason}, closed_at=at)
    clocks.stop_all(complaint, at=at)
    if complaint.clocks.running().exclude(paused_at=None).exists():
        pausing.run_on(complaint, at)
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    events.record(complaint, Event.Kind.WITHDRAWN, actor=actor, at=at, **step, **remark)


@transaction.atomic
def go_external(complaint: Complaint, *, reason: str, actor: Actor, at: datetime) -> None:
    """Mediation, arbitration or court has it now; the note names body, number and date."""
    hold(complaint)
    if not reason.strip():
        raise GuardFailed("reason", _("请写明外部机构、案号和日期。"))
    step = move(complaint, State.EXTERNAL, actor=actor, at=at)
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    events.record(complaint, Event.Kind.WENT_EXTERNAL, actor=actor, at=at, **step, **remark)


@transaction.atomic
def return_from_external(complaint: Complaint, *, reason: str, actor: Actor, at: datetime) -> None:
    """The outside body has decided; the customer gets our answer to it."""
    hold(complaint)
    step = move(complaint, State.REPLYING, actor=actor, at=at, given={"reason": reason})
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    events.record(complaint, Event.Kind.RETURNED_FROM_EXTERNAL, actor=actor, at=at, **step, **remark)


@transaction.atomic
def close_expired(*, at: datetime, limit: int = 200) -> int:
    """Close what was answered seven days ago and not objected to. Returns how many.

    What waits for a legal opinion, a payment, an authority or the reason of a broken promise goes on waiting: one that
    may not close must not hold up the others.
    """
    ripe = Complaint.objects.filter(state=State.RESOLVED, replied_at__lte=at - EXPIRES_AFTER)
    ripe = ripe.exclude(awaiting_opinion()).exclude(unpaid()).exclude(awaiting_authority())
    ripe = ripe.exclude(waiting_for_reason())
    claimed = list(ripe.select_for_update(skip_locked=True, of=("self",)).order_by("id")[:limit])
    for complaint in claimed:
        outcome = Outcome(complaint.outcome) if complaint.outcome else Outcome.NO_ANSWER
        _close(complaint, outcome, actor=SYSTEM, at=at, note="", confirmed=False)
    return len(claimed)
