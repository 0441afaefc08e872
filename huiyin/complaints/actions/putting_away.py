"""The demo company's complaints leave the stage. Nothing of them is deleted: the record of events cannot be, and must
not be able to be; they are withdrawn, and from then on nobody sees them."""

from datetime import datetime

from django.db import transaction

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, closing
from huiyin.complaints.actions.moving import change, hold
from huiyin.complaints.errors import Refused
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.states import ANY_OPEN
from huiyin.org.actors import Actor


class NotOfTheDemo(Refused):
    """A real complaint is never put away."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.number)


@transaction.atomic
def put_away(complaint: Complaint, *, reason: str, actor: Actor, at: datetime) -> None:
    """Withdrawn if it was open, its clocks stopped, hidden from everybody; its chain of events stands and says so.

    Raises NotOfTheDemo. A second time changes nothing, so that the job may run twice.
    """
    hold(complaint)
    if not complaint.is_demo:
        raise NotOfTheDemo(complaint)
    if complaint.put_away_at is not None:
        return
    if complaint.state in ANY_OPEN:
        closing.withdraw(complaint, reason=reason, actor=actor, at=at)
    clocks.stop_all(complaint, at=at, goods=True)
    change(complaint, put_away_at=at)
    events.record(complaint, Event.Kind.PUT_AWAY, actor=actor, at=at)
