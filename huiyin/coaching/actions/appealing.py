"""申诉: whoever was scored asks for another look within days; somebody who has not scored it decides."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.coaching.actions.reviewing import filled
from huiyin.coaching.asked import asked_of
from huiyin.coaching.errors import (
    AlreadyAppealed,
    AlreadyDecided,
    AppealTooLate,
    GuardFailed,
    MayNot,
    OwnCase,
    WasReviewer,
)
from huiyin.coaching.models import Appeal, Card, Review, Revision, Sampled
from huiyin.complaints import events
from huiyin.complaints.models import Complaint, Event
from huiyin.notices.actions.telling import tell
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right, Role
from huiyin.sla.days import BeyondCalendar
from huiyin.sla.queries import current

OUTCOMES = {True: {"zh": "改分", "en": "score revised"}, False: {"zh": "维持原分", "en": "score stands"}}


def last_day(review: Review) -> date:
    """Until the end of which it may be appealed: so many working days after it was scored."""
    calendar, days = current().calendar, asked_of(review.case).appeal_days
    scored_on = calendar.local(review.reviewed_at).date()
    try:
        return calendar.nth_working_day(scored_on, days)
    except BeyondCalendar:  # days that nobody has announced: rather too long than too short
        return scored_on + timedelta(days=2 * days + 8)


def reviewers_of(review: Review) -> set[int]:
    return {review.reviewer_id, *Card.objects.filter(case=review.case_id).values_list("reviewer", flat=True)}


@transaction.atomic
def appeal(review: Review, *, reason: str, actor: Member, at: datetime) -> Appeal:
    """Once for each review, by whose it is. The score stands until somebody has decided."""
    held = Review.objects.select_for_update(of=("self",)).select_related("case__complaint").get(pk=review.pk)
    if held.case.agent_id != actor.pk:
        raise MayNot
    if Appeal.objects.filter(review=held).exists():
        raise AlreadyAppealed
    last = last_day(held)
    if current().calendar.local(at).date() > last:
        raise AppealTooLate(last)
    if not reason.strip():
        raise GuardFailed("reason", _("请写申诉理由。"))
    made = Appeal.objects.create(review=held, reason=reason.strip(), made_by=actor, made_at=at)
    complaint = held.case.complaint
    events.record(complaint, Event.Kind.SCORE_APPEALED, actor=Actor.of(actor), at=at, appeal=made.pk)
    scored = reviewers_of(held)
    concerned = [*_who_may_decide(held.case, scored), *Member.objects.active().filter(pk__in=scored)]
    tell(
        members=_who_see(concerned, complaint),
        kind="score_appealed",
        values={"who": actor.name},
        number=complaint.number,
        link=_link(held.case),
        key=f"score-appeal:{made.pk}",
        urgent=False,
        at=at,
    )
    return made


@transaction.atomic
def decide(
    appeal: Appeal,
    *,
    is_upheld: bool,
    answer: str,
    marks: Mapping[str, str],
    fatal: Collection[str] = (),
    actor: Member,
    at: datetime,
) -> Appeal:
    """Upheld: the card filled in anew counts from now on. By nobody who has scored it, nor whose it is."""
    held = Appeal.objects.select_for_update(of=("self",)).select_related("review__case__complaint").get(pk=appeal.pk)
    case = held.review.case
    if not actor.may(Right.SCORE):
        raise MayNot
    if actor.pk in (case.agent_id, held.made_by_id):
        raise OwnCase
    scored = reviewers_of(held.review)
    if actor.pk in scored:
        raise WasReviewer
    if held.decided_at is not None:
        raise AlreadyDecided
    if not answer.strip():
        raise GuardFailed("answer", _("请写明理由，申诉人会看到。"))
    held.is_upheld, held.answer, held.decided_by, held.decided_at = is_upheld, answer.strip(), actor, at
    held.save(update_fields=["is_upheld", "answer", "decided_by", "decided_at"])
    if is_upheld:
        anew = filled(asked_of(case), marks=marks, fatal=fatal, comment=answer)
        Revision.objects.create(appeal=held, reviewer=actor, reviewed_at=at, **anew)
    complaint = case.complaint
    events.record(
        complaint, Event.Kind.APPEAL_DECIDED, actor=Actor.of(actor), at=at, appeal=held.pk, is_upheld=is_upheld
    )
    tell(
        members=[held.made_by, *_who_see(Member.objects.active().filter(pk__in=scored), complaint)],
        kind="appeal_decided",
        values={"who": actor.name, "outcome": OUTCOMES[is_upheld]},
        number=complaint.number,
        link=_link(case),
        key=f"score-appeal:{held.pk}:decided",
        urgent=False,
        at=at,
    )
    return held


def _who_may_decide(case: Sampled, scored: Collection[int]) -> list[Member]:
    """Reviewers and managers, and the supervisors of the unit; not those who have scored it or whose it is."""
    may = Member.objects.active().with_right(Right.SCORE).exclude(pk__in={*scored, case.agent_id})
    return [
        each for each in may if each.unit_id == case.unit_id or {Role.QA_REVIEWER, Role.CC_MANAGER} & set(each.roles)
    ]


def _who_see(members: Collection[Member], complaint: Complaint) -> list[Member]:
    return [each for each in members if Complaint.objects.visible_to(each).filter(pk=complaint.pk).exists()]


def _link(case: Sampled) -> str:
    return f"/desk/reviews/{case.pk}"
