"""A reviewer scores a drawn complaint: once, and never their own. Some by two, and a third who settles."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.coaching.agreement import apart
from huiyin.coaching.asked import Asked, asked_of
from huiyin.coaching.errors import AlreadyReviewed, GuardFailed, MayNot, NotThird, OwnCard, OwnCase
from huiyin.coaching.models import Card, Review, Sampled
from huiyin.coaching.scoring import score
from huiyin.org.models import Member
from huiyin.org.rules import Right

SECOND, THIRD = 2, 3


@transaction.atomic
def review(
    case: Sampled,
    *,
    marks: Mapping[str, str],
    fatal: Collection[str] = (),
    comment: str,
    actor: Member,
    at: datetime,
    has_seen_two: bool = False,
) -> Review | None:
    """What the case is scored with from now on; None while another is to score it, too.

    `marks` by the items' codes, `fatal` the codes of what makes it naught. Of two, the second is AlreadyReviewed; who
    settles between two has seen both (`has_seen_two`), or is NotThird.
    """
    if not actor.may(Right.SCORE):
        raise MayNot
    held = Sampled.objects.select_for_update().get(pk=case.pk)
    if held.agent_id == actor.pk:
        raise OwnCase
    if Review.objects.filter(case=held).exists():
        raise AlreadyReviewed
    there = list(held.cards.all())
    if any(each.reviewer_id == actor.pk for each in there):
        raise OwnCard
    asked = asked_of(held)
    given = filled(asked, marks=marks, fatal=fatal, comment=comment) | {"reviewer": actor, "reviewed_at": at}
    if not held.is_twice:
        return Review.objects.create(case=held, **given)
    if len(there) + 1 == THIRD and not has_seen_two:
        raise NotThird
    cards = [*there, Card.objects.create(case=held, turn=len(there) + 1, **given)]
    return _settled(held, cards, limit=asked.settle_over)


def filled(asked: Asked, *, marks: Mapping[str, str], fatal: Collection[str], comment: str) -> dict[str, Any]:
    """The scorecard that was asked as it is filled in, what it comes to, and the words."""
    if not comment.strip():
        raise GuardFailed("comment", _("请写评语。"))
    items = [each for each in asked.lines if not each.is_fatal]
    broken = [each for each in asked.lines if each.is_fatal and each.code in fatal]
    try:
        reached = score({each.code: each.weight for each in items}, marks, is_fatal=bool(broken))
    except ValueError as wrong:
        raise GuardFailed("marks", _("每一项都须评分，且至少有一项适用。")) from wrong
    return {
        "card": [{**each.named, "weight": each.weight, "mark": marks[each.code]} for each in items],
        "fatal": [each.named for each in broken],
        "score": reached,
        "comment": comment.strip(),
    }


def _settled(case: Sampled, cards: list[Card], *, limit: int) -> Review | None:
    """Where two agree the first's card counts, where not the third's."""
    if len(cards) < SECOND:
        return None
    if len(cards) == SECOND:
        first, second = cards
        if apart((first.score, second.score), (first.fatal_codes, second.fatal_codes), limit=limit):
            return None
    counts = cards[-1] if len(cards) == THIRD else cards[0]
    return Review.objects.create(
        case=case,
        reviewer=counts.reviewer,
        reviewed_at=cards[-1].reviewed_at,  # from when on it counts, and may be appealed
        card=counts.card,
        fatal=counts.fatal,
        score=counts.score,
        comment=counts.comment,
    )
