"""评价: the customer says how we did."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, Refused
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.states import State
from huiyin.lib.canonical import sha256_hex
from huiyin.org.actors import Actor
from huiyin.surveys.models import Answer
from huiyin.surveys.queries import latest


class NotYetClosed(Refused):
    """What is not over yet is not rated."""

    code = "not_yet_closed"


class AnsweredAlready(Refused):
    """One answer for each closure: the first one counts."""

    code = "answered_already"


@transaction.atomic
def answer(complaint: Complaint, *, stars: int, words: str, via: Answer.Via, actor: Actor, at: datetime) -> Answer:
    """Keep the stars and words. Below three the record says so, and what follows brings it back (C061).

    Raises GuardFailed, NotYetClosed, AnsweredAlready.
    """
    hold(complaint)
    if stars not in range(1, 6):
        raise GuardFailed("stars", _("请选择一到五星。"))
    if complaint.state != State.CLOSED:
        raise NotYetClosed(_("办结之后才能评价。"))
    if latest(complaint) is not None:
        raise AnsweredAlready(_("您已经评价过了。"))
    clocks.stop(complaint, clocks.SURVEY, at=at)  # who has answered need not be asked
    kept = Answer.objects.create(complaint=complaint, stars=stars, words=words.strip(), via=via, at=at)
    events.record(
        complaint,
        Event.Kind.RATED,
        actor=actor,
        at=at,
        answer=kept.pk,
        stars=stars,
        is_low=kept.is_low,
        digest=sha256_hex(kept.words.encode()),
    )
    return kept
