"""评价: the customer says how we did."""

from collections.abc import Collection
from dataclasses import dataclass
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
from huiyin.surveys.models import ADVICE, EASE, Answer, Reason
from huiyin.surveys.queries import latest


class NotYetClosed(Refused):
    """What is not over yet is not rated."""

    code = "not_yet_closed"


class AnsweredAlready(Refused):
    """One answer for each closure: the first one counts."""

    code = "answered_already"


@dataclass(frozen=True)
class More:
    """What need not be answered: how easy we made it (CES, 1-7), whether they would recommend us (NPS, 0-10), and why
    it was not better."""

    ces: int | None = None
    nps: int | None = None
    reasons: Collection[str] = ()


NOTHING_MORE = More()


@transaction.atomic
def answer(
    complaint: Complaint,
    *,
    stars: int,
    words: str,
    via: Answer.Via,
    actor: Actor,
    at: datetime,
    more: More = NOTHING_MORE,
) -> Answer:
    """Keep the stars and words. Below three the record says so, and what follows brings it back (C061).

    Raises GuardFailed, NotYetClosed, AnsweredAlready.
    """
    hold(complaint)
    check(stars, more)
    if complaint.state != State.CLOSED:
        raise NotYetClosed(_("办结之后才能评价。"))
    if latest(complaint) is not None:
        raise AnsweredAlready(_("您已经评价过了。"))
    return keep(complaint, stars=stars, words=words, more=more, via=via, actor=actor, at=at)


def check(stars: int, more: More) -> None:
    """Raises GuardFailed."""
    if stars not in range(1, 6):
        raise GuardFailed("stars", _("请选择一到五星。"))
    if more.ces is not None and more.ces not in EASE:
        raise GuardFailed("ces", _("请选择一到七分。"))
    if more.nps is not None and more.nps not in ADVICE:
        raise GuardFailed("nps", _("请选择零到十分。"))
    if any(each not in Reason for each in more.reasons):
        raise GuardFailed("reasons", _("请选择列出的原因。"))


def keep(
    complaint: Complaint, *, stars: int, words: str, more: More, via: Answer.Via, actor: Actor, at: datetime
) -> Answer:
    """Of a complaint that is held, what was checked."""
    clocks.stop(complaint, clocks.SURVEY, at=at)  # who has answered need not be asked
    complaint.invitations.filter(ended_at=None).update(ended_at=at)
    kept = Answer.objects.create(
        complaint=complaint,
        stars=stars,
        words=words.strip(),
        ces=more.ces,
        nps=more.nps,
        reasons=[each.value for each in Reason if each in more.reasons],
        via=via,
        at=at,
        resolved_at=complaint.replied_at or complaint.closed_at or at,
    )
    scores = {name: value for name, value in (("ces", kept.ces), ("nps", kept.nps)) if value is not None}
    events.record(
        complaint,
        Event.Kind.RATED,
        actor=actor,
        at=at,
        answer=kept.pk,
        stars=stars,
        is_low=kept.is_low,
        digest=sha256_hex(kept.words.encode()),
        **scores,
    )
    return kept
