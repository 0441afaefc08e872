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

Actions record these facts and do not care who is interested; the table below says who is. Followers are queued in the
action's own transaction, run in the worker, and may run twice without harm.
"""

from collections.abc import Callable, Sequence
from typing import Any

from huiyin.complaints import events
from huiyin.complaints import tasks as complaints
from huiyin.complaints.events import Follower
from huiyin.complaints.models import Complaint, Event
from huiyin.dispatch import burdens
from huiyin.dispatch import tasks as dispatch
from huiyin.org import guards
from huiyin.quality import tasks as quality

Kind = Event.Kind


def _jobs(task: Any) -> Callable[[Sequence[int]], None]:
    def queue(complaint_ids: Sequence[int]) -> None:
        task.batch_defer(*({"complaint_id": pk} for pk in complaint_ids))

    return queue


def _can_be_written_to(complaint: Complaint) -> bool:
    return bool(complaint.customer.email_digest)


FOLLOWERS: dict[Kind, tuple[Follower, ...]] = {
    Kind.FILED: (Follower(_jobs(complaints.acknowledge_receipt), given=_can_be_written_to),),
    Kind.REVIEWED: (
        Follower(_jobs(dispatch.send_out_by_rule)),
        Follower(_jobs(quality.assess)),
        Follower(_jobs(quality.count_recurrence)),
    ),
    Kind.RESUMED: (Follower(_jobs(dispatch.follow_clocks)),),
    Kind.EXTENDED: (Follower(_jobs(dispatch.follow_clocks)),),
    Kind.RECKONED: (Follower(_jobs(dispatch.follow_clocks)),),
    Kind.JOINED: (Follower(_jobs(complaints.customer_answered)),),
    Kind.SUPPLEMENTED: (Follower(_jobs(complaints.customer_answered)),),
    Kind.CLOSED: (Follower(_jobs(quality.assess)),),
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
        Kind.RESOLVED_ON_SPOT,
        Kind.ASSIGNED,
        Kind.DISPATCHED,
        Kind.SIGNED,
        Kind.DECLINED,
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
        Kind.FOLLOW_UP_DUE,
        Kind.REPLIED,
        Kind.INFORMED,
        Kind.NOT_REACHED,
        Kind.ACCEPTED,
        Kind.REJECTED,
        Kind.REOPENED,
        Kind.MERGED,
        Kind.UNMERGED,
        Kind.ABSORBED,
        Kind.RELEASED,
        Kind.RETURNED_FROM_EXTERNAL,
        Kind.OPINED,
        Kind.NOTED,
        Kind.ATTACHED,
        Kind.RECUSED,
        Kind.CONFIDENTIALITY,
        Kind.REVEALED,
        Kind.EXPORTED,
        Kind.BREACHED,
        Kind.NUDGED,
        Kind.GUIDED,
        Kind.OFFERED,
        Kind.OFFER_APPROVED,
        Kind.OFFER_REFUSED,
        Kind.OFFER_CHOSEN,
        Kind.OFFER_DECLINED,
        Kind.OFFER_FULFILLED,
        Kind.INCIDENT_OPENED,
        Kind.INCIDENT_ENDED,
        Kind.INVESTIGATED,
        Kind.ASSESSED,
        Kind.RATED,
        Kind.WARNED,
        Kind.BREACH_EXPLAINED,
        Kind.PAUSE_REMINDED,
        Kind.EXTENSION_ASKED,
        Kind.EXTENSION_REFUSED,
        Kind.PROMISED,
        Kind.TAKEN_BACK,
        Kind.OFFERED_ON,
        Kind.ESCALATED,
        Kind.SUPERVISED,
        Kind.SUPERVISION_ANSWERED,
        Kind.PAGED,
        Kind.PAGE_CONFIRMED,
        Kind.TASK_FORCE,
        Kind.WAR_ROOM_CALLED,
        Kind.WAR_ROOM_JOINED,
        Kind.WAR_ROOM_ENDED,
        Kind.DECIDED,
        Kind.REPORTED,
        Kind.REGULATED,
        Kind.PUT_AWAY,
    }
)

for kind, followers in FOLLOWERS.items():
    events.when(kind, *followers)

guards.ask(burdens.of_unit)
