"""The path of one complaint, on one page: when this has happened, that follows.

A message is taken in (intake.actions.taking_in)      FILED
  the front desk solves it at once                    RESOLVED_ON_SPOT
  or a reviewer takes it up and passes it             TAKEN_UP, REVIEWED (RETURNED, RESUBMITTED, MERGED)
  work orders go out (dispatch.actions)               DISPATCHED
    each is signed for, or given back and sent on     SIGNED, DECLINED
    each is handled                                   STARTED, HANDLED
  with the last one handled the audit begins          AUDIT_BEGUN
    part passes, part is sent back                    PASSED, SENT_BACK
  with the last one passed the desk answers           AUDITED, REPLIED
  the customer accepts, or seven days pass            ACCEPTED, CLOSED
  or does not accept, and it begins again             REJECTED, REOPENED
Meanwhile time passes
  it proves graver, or less grave                     REGRADED
  a promise nears its end, or is broken               WARNED, BREACHED, ESCALATED (supervision tells who is concerned)
  it may stand still, or be given more time           PAUSED, RESUMED, EXTENSION_ASKED, EXTENDED
  an order that nobody signs for goes to the next     TAKEN_BACK, OFFERED_ON
Where it is grave (redchannel)
  the emergency group is paged until one confirms     PAGED, PAGE_CONFIRMED
  a task force stands, a war room meets, and reports  TASK_FORCE, WAR_ROOM_CALLED, WAR_ROOM_JOINED, DECIDED, REPORTED

Actions record these facts and do not care who is interested; the table below says who is. Followers are queued in the
action's own transaction, run in the worker, and may run twice without harm.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from huiyin.coaching import certain
from huiyin.coaching.models import SamplingRule
from huiyin.compensation.models import Offer
from huiyin.compensation.states import AWARDED
from huiyin.complaints import events
from huiyin.complaints import guards as closing
from huiyin.complaints import tasks as complaints
from huiyin.complaints.events import Follower
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.models.complaint import Kind as ComplaintKind
from huiyin.complaints.states import State
from huiyin.dispatch import burdens, calling_in
from huiyin.dispatch import queries as routing
from huiyin.dispatch import tasks as dispatch
from huiyin.notices import guards as telling
from huiyin.org import guards
from huiyin.org.models import Member
from huiyin.quality import tasks as quality
from huiyin.quality.models import Incident
from huiyin.redchannel import queries as red
from huiyin.redchannel import tasks as redchannel
from huiyin.sla.queries import are_for_every_complaint
from huiyin.supervision import tasks as supervision
from huiyin.surveys import tasks as surveys
from huiyin.surveys.models import Answer

Kind = Event.Kind


def _jobs(task: Any) -> Callable[[Sequence[int]], None]:
    def queue(complaint_ids: Sequence[int]) -> None:
        task.batch_defer(*({"complaint_id": pk} for pk in complaint_ids))

    return queue


def _job(task: Any) -> Callable[[Sequence[int]], None]:
    """One job for all of them."""

    def queue(complaint_ids: Sequence[int]) -> None:
        task.defer(complaint_ids=sorted(complaint_ids))

    return queue


def _can_be_written_to(complaint: Complaint) -> bool:
    return bool(complaint.customer.email_digest)


def _is_answered(complaint: Complaint) -> bool:
    return complaint.state == State.RESOLVED


def _is_counted_for_regulators(complaint: Complaint) -> bool:
    return complaint.kind == ComplaintKind.COMPLAINT and are_for_every_complaint()


_pass_on = Follower(_jobs(supervision.pass_on))
_follow_reports = Follower(_jobs(redchannel.follow_reports), given=red.is_grave)
_is_it_red = Follower(_jobs(redchannel.consider), given=red.may_be_red)

FOLLOWERS: dict[Kind, tuple[Follower, ...]] = {
    Kind.FILED: (Follower(_jobs(complaints.acknowledge_receipt), given=_can_be_written_to), _is_it_red),
    Kind.REVIEWED: (
        Follower(_jobs(dispatch.send_out_by_rule)),
        Follower(_jobs(supervision.follow_routing)),
        Follower(_jobs(quality.assess)),
        Follower(_jobs(quality.count_recurrence)),
        _is_it_red,
        Follower(_jobs(complaints.count_for_regulators), given=_is_counted_for_regulators),
    ),
    Kind.WAR_ROOM_CALLED: (Follower(_jobs(redchannel.gather)),),
    Kind.DISPATCHED: (Follower(_jobs(supervision.watch_signing)), _pass_on),
    Kind.NUDGED: (_pass_on,),
    Kind.OFFERED_ON: (Follower(_jobs(supervision.watch_signing)), _pass_on),
    Kind.DECLINED: (_pass_on,),
    Kind.WARNED: (Follower(_job(supervision.tell_of_time)),),
    Kind.BREACHED: (Follower(_job(supervision.tell_of_time)),),
    Kind.PAUSE_REMINDED: (_pass_on,),
    Kind.RESUMED: (Follower(_jobs(dispatch.follow_clocks)), _pass_on),
    Kind.FOLLOW_UP_DUE: (_pass_on,),
    **dict.fromkeys(
        (Kind.BREACH_EXPLAINED, Kind.OFFER_FULFILLED, Kind.AUTHORITY_ANSWERED, Kind.OPINED, Kind.RETURN_PROCESSED),
        (Follower(_jobs(complaints.close_agreed), given=_is_answered),),
    ),
    Kind.EXTENSION_ASKED: (_pass_on,),
    Kind.EXTENSION_REFUSED: (_pass_on,),
    Kind.EXTENSION_LAPSED: (_pass_on,),
    Kind.EXTENDED: (Follower(_jobs(dispatch.follow_clocks)), _pass_on),
    Kind.RECKONED: (Follower(_jobs(dispatch.follow_clocks)),),
    Kind.JOINED: (Follower(_jobs(complaints.customer_answered)),),
    Kind.SUPPLEMENTED: (
        Follower(_jobs(complaints.customer_answered)),
        _pass_on,
        Follower(_jobs(complaints.grade_again)),
    ),
    Kind.REGRADED: (Follower(_jobs(supervision.follow_level)), _is_it_red, _pass_on),
    Kind.REOPENED: (_pass_on,),
    Kind.REPLIED: (Follower(_jobs(surveys.begin)),),
    Kind.RESOLVED_ON_SPOT: (Follower(_jobs(surveys.begin)),),
    Kind.RATED: (Follower(_jobs(supervision.take_up_rating)),),
    Kind.CLOSED: (Follower(_jobs(quality.assess)),),
    Kind.INCIDENT_OPENED: (_follow_reports,),
    Kind.REPORTED: (_follow_reports,),
    Kind.VALIDITY_CONFIRMED: (Follower(_jobs(dispatch.cancel_orders)),),
    Kind.WITHDRAWN: (Follower(_jobs(dispatch.cancel_orders)),),
    Kind.WENT_EXTERNAL: (Follower(_jobs(dispatch.cancel_orders)),),
}

# Facts that nobody waits for yet; each is on the timeline all the same. A new kind must be placed here or above.
QUIET: frozenset[Kind] = frozenset(
    {
        Kind.TAKEN_UP,
        Kind.RETURNED,
        Kind.RESUBMITTED,
        Kind.ASSIGNED,
        Kind.SIGNED,
        Kind.STARTED,
        Kind.HANDLED,
        Kind.PASSED,
        Kind.SENT_BACK,
        Kind.CANCELLED,
        Kind.AUDIT_BEGUN,
        Kind.AUDITED,
        Kind.JUDGED,
        Kind.PAUSED,
        Kind.INTERIM,
        Kind.INFORMED,
        Kind.NOT_REACHED,
        Kind.ACCEPTED,
        Kind.REJECTED,
        Kind.MERGED,
        Kind.UNMERGED,
        Kind.ABSORBED,
        Kind.RELEASED,
        Kind.RETURNED_FROM_EXTERNAL,
        Kind.NOTED,
        Kind.ATTACHED,
        Kind.RECUSED,
        Kind.CONFIDENTIALITY,
        Kind.REVEALED,
        Kind.EXPORTED,
        Kind.GUIDED,
        Kind.OFFERED,
        Kind.OFFER_APPROVED,
        Kind.OFFER_REFUSED,
        Kind.OFFER_CHOSEN,
        Kind.OFFER_DECLINED,
        Kind.INCIDENT_ENDED,
        Kind.INVESTIGATED,
        Kind.ASSESSED,
        Kind.PROMISED,
        Kind.TAKEN_BACK,
        Kind.ESCALATED,
        Kind.SUPERVISED,
        Kind.SUPERVISION_ANSWERED,
        Kind.PAGED,
        Kind.PAGE_CONFIRMED,
        Kind.TASK_FORCE,
        Kind.WAR_ROOM_JOINED,
        Kind.WAR_ROOM_ENDED,
        Kind.DECIDED,
        Kind.REGULATED,
        Kind.PUT_AWAY,
        Kind.BRAND_SET,
        Kind.REFERRAL_AMENDED,
        Kind.REGULATORY_ASKED,
        Kind.REGULATORY_DECIDED,
        Kind.SURVEYED,
        Kind.RETURN_RECEIVED,
        Kind.ARCHIVED,
        Kind.TIERED,
        Kind.SCORE_APPEALED,
        Kind.APPEAL_DECIDED,
        Kind.VALUED,
        Kind.NOTE_WITHDRAWN,
    }
)

for kind, followers in FOLLOWERS.items():
    events.when(kind, *followers)

guards.ask(burdens.of_unit)
calling_in.ask(red.units_of)
closing.ask(routing.closing_needs)


def _seen(member: Member, numbers: Collection[str]) -> Collection[str]:
    return Complaint.objects.visible_to(member).filter(number__in=numbers).values_list("number", flat=True)


def _confidential(numbers: Collection[str]) -> Collection[str]:
    return Complaint.objects.filter(number__in=numbers, is_confidential=True).values_list("number", flat=True)


def _rated_low(complaints: QuerySet[Complaint], rule: SamplingRule) -> Collection[int]:
    low = Answer.objects.filter(complaint__in=complaints, stars__lte=rule.low_stars)
    return low.values_list("complaint", flat=True)


def _dear(complaints: QuerySet[Complaint], rule: SamplingRule) -> Collection[int]:
    awarded = Offer.objects.filter(complaint__in=complaints, state__in=AWARDED, counted__gt=rule.award_above)
    return awarded.values_list("complaint", flat=True)


certain.ask(_rated_low)
certain.ask(_dear)


def _seen_incidents(member: Member, numbers: Collection[str]) -> Collection[str]:
    return Incident.objects.visible_to(member).filter(number__in=numbers).values_list("number", flat=True)


def _kept_incidents(numbers: Collection[str]) -> Collection[str]:
    kept = Q(is_market_moving=True) | Q(links__complaint__is_confidential=True)
    return Incident.objects.filter(kept, number__in=numbers).values_list("number", flat=True)


telling.ask(_seen)
telling.ask(_seen_incidents)
telling.keep_from_groups(_confidential)
telling.keep_from_groups(_kept_incidents)
