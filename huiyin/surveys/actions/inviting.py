"""满意度回访: whoever was answered is asked how we did, within 48 hours (CK-SURVEY, C061).

By mail where an address is known, between two hours after the answer and the end of the promise, never at night, and no
customer more than twice in thirty days; else a member calls, and the clock says until when.
"""

from datetime import datetime, time, timedelta
from typing import Final

import structlog
from django.db import transaction
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
from huiyin.org.actors import CUSTOMER, SYSTEM, Actor
from huiyin.org.rules import Right
from huiyin.sla.queries import current
from huiyin.surveys.actions import answering
from huiyin.surveys.models import LOW, Answer

EARLIEST: Final = timedelta(hours=2)
QUIET_FROM, QUIET_UNTIL = time(21), time(9)
AT_MOST, WITHIN = 2, timedelta(days=30)
OLD: Final = timedelta(hours=24)
ANSWERED = frozenset({State.RESOLVED, State.CLOSED})

log = structlog.get_logger(__name__)


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
    """Ask by mail whom we may ask now. Returns how many were asked; one that cannot be asked holds up no other."""
    local = current().calendar.local(at).time()
    if local >= QUIET_FROM or local < QUIET_UNTIL:
        return 0
    running = Clock.objects.running().filter(code=clocks.SURVEY, started_at__lte=at - EARLIEST)
    ripe = running.exclude(complaint__customer__email_digest="").order_by("started_at", "id")
    asked = 0
    for complaint_id in list(ripe.values_list("complaint", flat=True)[:limit]):
        try:
            asked += _ask(Complaint.objects.get(pk=complaint_id), at)
        except Exception:
            log.exception("survey.not_sent", complaint=complaint_id)
    return asked


@transaction.atomic
def _ask(complaint: Complaint, at: datetime) -> bool:
    hold(complaint)
    if not Clock.objects.running().filter(complaint=complaint, code=clocks.SURVEY).exists():
        return False
    address = complaint.customer.email
    if not address or complaint.state not in ANSWERED:
        return False
    others = Event.objects.filter(
        complaint__customer=complaint.customer_id, kind=Event.Kind.SURVEYED, at__gt=at - WITHIN
    )
    if others.filter(particulars__via="email").count() >= AT_MOST:
        _done(complaint, "asked_often", SYSTEM, at)
        return False
    name = f"{complaint.number}.survey.{complaint.reopened_count}"
    if not Message.objects.filter(channel=Channel.EMAIL, external_id=name).exists():
        said = letter("survey", number=complaint.number, link=tracking_url(complaint))
        try:
            sending.queue(to=address, subject=said.subject, body=said.body, external_id=name, at=at)
        except sending.BadAddress:
            return False  # a member calls instead
    _done(complaint, "email", SYSTEM, at)
    return True


@transaction.atomic
def call(complaint: Complaint, *, stars: int, words: str, actor: Actor, at: datetime) -> Answer | None:
    """What the customer said when they were called. Content closes it; less than three stars brings it back, as if they
    had said so themselves (see supervision.low_ratings)."""
    if not actor.may(Right.REPLY):
        raise MayNot()
    hold(complaint)
    if stars not in range(1, 6):
        raise GuardFailed("stars", _("请选择一到五星。"))
    if complaint.state not in ANSWERED:
        raise GuardFailed("stars", _("答复之后才能回访。"))
    _done(complaint, "phone", actor, at)
    if complaint.state == State.RESOLVED:
        if stars < LOW:
            closing.reopen(
                complaint, reason=words.strip() or _("回访评价 %d 星") % stars, stars=stars, actor=CUSTOMER, at=at
            )
            return None
        outcome = Outcome.SATISFIED if stars > LOW else Outcome.ACCEPTABLE
        closing.close(complaint, outcome=outcome, actor=actor, at=at)
    return answering.answer(complaint, stars=stars, words=words, via=Answer.Via.PHONE, actor=CUSTOMER, at=at)


def _done(complaint: Complaint, via: str, actor: Actor, at: datetime) -> None:
    clocks.stop(complaint, clocks.SURVEY, at=at)
    events.record(complaint, Event.Kind.SURVEYED, actor=actor, at=at, via=via)
