"""满意度回访: whoever was answered is asked how we did, within 48 hours (CK-SURVEY, C061).

By mail where an address is known, between two hours after the answer and the end of the promise, never at night, and no
customer more than twice in thirty days; else a member calls, and the clock says until when. Who was asked by mail and
has not answered is reminded once after three days, and asked no more after seven: there is no score then, and none is
made up (surveys.yaml: no_response).
"""

from datetime import datetime, time, timedelta
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.utils.translation import gettext as _

from huiyin.channels.actions import sending
from huiyin.channels.models import Channel, Message
from huiyin.complaints import events
from huiyin.complaints.actions import clocks, closing
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.actions.receipting import tracking_url
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.complaints.models.complaint import Kind, Outcome
from huiyin.complaints.states import State
from huiyin.knowledge.queries import letter
from huiyin.lib.sweeping import one_by_one
from huiyin.notices.pacing import next_try
from huiyin.org.actors import CUSTOMER, SYSTEM, Actor
from huiyin.org.rules import Right
from huiyin.sla.queries import current
from huiyin.surveys.actions import answering
from huiyin.surveys.actions.answering import NOTHING_MORE, More
from huiyin.surveys.models import LOW, Answer, Invitation, PutOff

EARLIEST: Final = timedelta(hours=2)
QUIET_FROM, QUIET_UNTIL = time(21), time(9)
AT_MOST, WITHIN = 2, timedelta(days=30)
REMIND_AFTER: Final = timedelta(hours=72)
REST_AFTER: Final = timedelta(days=7)
OLD: Final = timedelta(hours=24)
ANSWERED = frozenset({State.RESOLVED, State.CLOSED})

Row = TypeVar("Row", bound=Model)


@transaction.atomic
def begin(complaint: Complaint, *, at: datetime) -> bool:
    """The clock runs from the answer on, once for each answer. True if it was begun now."""
    hold(complaint)
    since = complaint.replied_at
    if complaint.state not in ANSWERED or since is None or complaint.kind != Kind.COMPLAINT:
        return False
    if complaint.is_demo and at - since > OLD:
        return False  # the demo company's past is not asked about now
    if Clock.objects.filter(complaint=complaint, code=clocks.SURVEY, started_at__gte=since).exists():
        return False
    return clocks.begin_now(complaint, clocks.SURVEY, at=since) is not None


def send(*, at: datetime, limit: int = 200) -> int:
    """Ask by mail whom we may ask now. Returns how many were asked; one that cannot be asked holds up no other: it is
    put off, and comes after those that were not tried."""
    if _is_quiet(at):
        return 0
    running = Clock.objects.running().filter(code=clocks.SURVEY, started_at__lte=at - EARLIEST)
    ripe = running.exclude(complaint__customer__email_digest="")
    return one_by_one(
        _untried_first(ripe, "started_at", at)[:limit],
        lambda clock: _ask(clock.complaint, at),
        put_off=lambda clock: _put_off(clock.complaint, at),
    )


def _untried_first(rows: QuerySet[Row], moment: str, at: datetime) -> QuerySet[Row]:
    rows = rows.exclude(complaint__survey_put_off__until__gt=at).select_related("complaint")
    return rows.order_by(F("complaint__survey_put_off__until").asc(nulls_first=True), moment, "id")


def _put_off(complaint: Complaint, at: datetime) -> None:
    """As notices that nobody takes: a minute at first, an hour in the end."""
    row, _new = PutOff.objects.get_or_create(complaint=complaint, defaults={"until": at})
    row.tries += 1
    row.until = next_try(row.tries, message=f"survey:{complaint.pk}", now=at)
    row.save(update_fields=["tries", "until"])


def _is_quiet(at: datetime) -> bool:
    local = current().calendar.local(at).time()
    return local >= QUIET_FROM or local < QUIET_UNTIL


def rest(*, at: datetime) -> int:
    """Who has not answered within seven days is left in peace. Returns how many."""
    return Invitation.objects.filter(ended_at=None, asked_at__lte=at - REST_AFTER).update(ended_at=at)


def remind(*, at: datetime, limit: int = 200) -> int:
    """Ask once more whoever has not answered for three days. Returns how many were; one failure holds up no other."""
    if _is_quiet(at):
        return 0
    waiting = Invitation.objects.filter(ended_at=None, asked_at__gt=at - REST_AFTER, asked_at__lte=at - REMIND_AFTER)
    return one_by_one(
        _untried_first(waiting.filter(reminded_at=None), "asked_at", at)[:limit],
        lambda invitation: _remind(invitation.complaint, invitation.pk, at),
        put_off=lambda invitation: _put_off(invitation.complaint, at),
    )


@transaction.atomic
def _remind(complaint: Complaint, pk: int, at: datetime) -> bool:
    hold(complaint)
    invitation = Invitation.objects.filter(pk=pk, ended_at=None, reminded_at=None).first()
    if invitation is None:
        return False
    is_anew = complaint.replied_at is None or complaint.replied_at > invitation.asked_at
    if complaint.state not in ANSWERED or is_anew or not complaint.customer.email:
        invitation.ended_at = at  # what it asked about has not held, or nobody can be asked any more
        invitation.save(update_fields=["ended_at"])
        return False
    invitation.reminded_at = at
    invitation.save(update_fields=["reminded_at"])
    if not _mail(complaint, "survey_again", f"{complaint.number}.survey.{complaint.reopened_count}.again", at):
        return False
    events.record(complaint, Event.Kind.SURVEYED, actor=SYSTEM, at=at, via="reminder")
    return True


def _mail(complaint: Complaint, code: str, name: str, at: datetime) -> bool:
    """Once of each name. False where the address cannot be written to."""
    if Message.objects.filter(channel=Channel.EMAIL, external_id=name).exists():
        return True
    said = letter(code, number=complaint.number, link=tracking_url(complaint))
    try:
        sending.queue(to=complaint.customer.email, subject=said.subject, body=said.body, external_id=name, at=at)
    except sending.BadAddress:
        return False
    return True


@transaction.atomic
def _ask(complaint: Complaint, at: datetime) -> bool:
    hold(complaint)
    if not Clock.objects.running().filter(complaint=complaint, code=clocks.SURVEY).exists():
        return False
    if not complaint.customer.email or complaint.state not in ANSWERED:
        _put_off(complaint, at)
        return False
    others = Event.objects.filter(
        complaint__customer=complaint.customer_id, kind=Event.Kind.SURVEYED, at__gt=at - WITHIN
    )
    if others.filter(particulars__via="email").count() >= AT_MOST:
        _done(complaint, "asked_often", SYSTEM, at)
        return False
    if not _mail(complaint, "survey", f"{complaint.number}.survey.{complaint.reopened_count}", at):
        _put_off(complaint, at)  # a member calls instead, unless the address is put right
        return False
    PutOff.objects.filter(complaint=complaint).delete()
    Invitation.objects.create(complaint=complaint, asked_at=at)
    _done(complaint, "email", SYSTEM, at)
    return True


@transaction.atomic
def call(
    complaint: Complaint, *, stars: int, words: str, actor: Actor, at: datetime, more: More = NOTHING_MORE
) -> Answer:
    """What the customer said when they were called. Content closes it; less than three stars counts and brings it back,
    as if they had said so themselves (see supervision.low_ratings)."""
    if not actor.may(Right.REPLY):
        raise MayNot()
    hold(complaint)
    answering.check(stars, more)
    if complaint.state not in ANSWERED:
        raise GuardFailed("stars", _("答复之后才能回访。"))
    if stars == LOW and not more.reasons:  # nobody calls a second time to ask why (low_ratings)
        raise GuardFailed("reasons", _("请至少选一个原因。"), "reasons")
    _done(complaint, "phone", actor, at)
    if complaint.state == State.RESOLVED and stars < LOW:
        kept = answering.keep(
            complaint, stars=stars, words=words, more=more, via=Answer.Via.PHONE, actor=CUSTOMER, at=at
        )
        reason = kept.words or _("回访评价 %d 星") % stars
        closing.reopen(complaint, reason=reason, stars=stars, actor=CUSTOMER, at=at)
        return kept
    if complaint.state == State.RESOLVED:
        outcome = Outcome.SATISFIED if stars > LOW else Outcome.ACCEPTABLE
        closing.agree(complaint, outcome=outcome, actor=actor, at=at)
    return answering.answer(complaint, stars=stars, words=words, more=more, via=Answer.Via.PHONE, actor=CUSTOMER, at=at)


def _done(complaint: Complaint, via: str, actor: Actor, at: datetime) -> None:
    clocks.stop(complaint, clocks.SURVEY, at=at)
    events.record(complaint, Event.Kind.SURVEYED, actor=actor, at=at, via=via)
