"""What the customer's page shows of a complaint: units and no private names, letters and no internal words."""

from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huiyin.compensation.models import Offer, Option
from huiyin.compensation.queries import open_to_customer
from huiyin.complaints.actions import closing, urging
from huiyin.complaints.actions.pausing import PUT_OFF_BY_CUSTOMER, WAIT_FOR_CUSTOMER
from huiyin.complaints.models import Attachment, Complaint, Event, Letter, Note
from huiyin.complaints.states import ENDED, MAY_BECOME, State
from huiyin.dispatch.states import GONE
from huiyin.org.actors import CUSTOMER
from huiyin.portal import stages
from huiyin.portal.milestones import Milestone, milestones
from huiyin.surveys.models import Answer
from huiyin.surveys.queries import latest

# Who works on it is of interest while somebody does.
_WORKED_ON = frozenset({State.IN_PROGRESS, State.INTERIM, State.AWAITING_CUSTOMER, State.IN_AUDIT})


class Progress:
    def __init__(self, complaint: Complaint, at: datetime) -> None:
        self.complaint, self.at = complaint, at
        self.steps = stages.steps(complaint.state)
        self.now = stages.now(complaint.state)
        self.meaning = stages.meaning(complaint.state)
        self.comes_next = stages.comes_next(complaint.state)
        if complaint.state == State.AWAITING_CUSTOMER and not self.is_asked:
            self.now, self.meaning, self.comes_next = _("按您的要求延后"), _("您要求延后处理，到时我们会继续。"), ""

    @property
    def is_ended(self) -> bool:
        return self.complaint.state in ENDED

    @property
    def promised(self) -> datetime | None:
        """Until when an answer is promised; None once there is one, or where none is owed."""
        is_owed = self.complaint.is_open and self.complaint.state not in {State.RESOLVED, State.EXTERNAL}
        return self.complaint.due_at if is_owed else None

    @property
    def is_late(self) -> bool:
        return self.promised is not None and self.complaint.is_overdue(self.at)

    @property
    def is_paused(self) -> bool:
        """The time until the promise stands still; when it goes on, it is promised for later."""
        return self.promised is not None and self.complaint.stands_still

    @property
    def units(self) -> list[str]:
        """Who answers for it, and who works on it now."""
        names = [self.complaint.owner_unit.name]
        if self.complaint.state in _WORKED_ON:
            orders = self.complaint.work_orders.exclude(state__in=sorted(GONE))
            names += [order.unit.name for order in orders.select_related("unit").order_by("id")]
        return list(dict.fromkeys(names))

    @cached_property
    def milestones(self) -> list[Milestone]:
        return milestones(self._events)

    @cached_property
    def offer(self) -> Offer | None:
        """What the customer may choose from now: the newest of what has been approved."""
        return None if self.is_ended else open_to_customer(self.complaint).first()

    @property
    def chosen(self) -> list[Option]:
        """What the customer chose and gets, or has got."""
        taken = self.complaint.offers.exclude(chosen=None).select_related("chosen")
        return [offer.chosen for offer in taken if offer.chosen is not None]

    @cached_property
    def letters(self) -> list[Letter]:
        found = list(self.complaint.letters.exclude(status__in=Letter.UNSAID).order_by("-created_at", "-id"))
        sent = {pk for letter in found for pk in letter.for_customer}
        files = {each.pk: each for each in self.complaint.attachments.filter(pk__in=sent)} if sent else {}
        for letter in found:
            letter.files = [files[pk] for pk in letter.for_customer if pk in files]  # type: ignore[attr-defined]
        return found

    def file(self, pk: int) -> Attachment | None:
        """One that the customer sent, or that we sent them with a letter."""
        ours = (each for letter in self.letters for each in letter.files)  # type: ignore[attr-defined]
        return next((each for each in (*self.files, *ours) if each.pk == pk), None)

    @cached_property
    def additions(self) -> list[Note]:
        return list(self.complaint.notes.filter(kind=Note.Kind.CUSTOMER))

    @cached_property
    def question(self) -> Letter | None:
        """What we asked and the customer has not answered yet."""
        if self.is_ended:
            return None
        asked = next((each for each in self.letters if _is_question(each)), None)
        answered = max((note.created_at for note in self.additions), default=None)
        return asked if asked and (answered is None or answered < asked.created_at) else None

    @property
    def files(self) -> QuerySet[Attachment]:
        return self.complaint.attachments.filter(is_from_customer=True)

    @property
    def may_add(self) -> bool:
        return not self.is_ended

    @property
    def is_asked(self) -> bool:
        """We wait for the customer, who did not themselves put it off."""
        return self.question is not None or (self.complaint.state == State.AWAITING_CUSTOMER and not self._was_put_off)

    @cached_property
    def _was_put_off(self) -> bool:
        reasons = set(self.complaint.pauses.running().values_list("reason", flat=True))
        return PUT_OFF_BY_CUSTOMER in reasons and WAIT_FOR_CUSTOMER not in reasons

    @property
    def may_accept(self) -> bool:
        return self.complaint.state == State.RESOLVED and not closing.has_agreed(self.complaint)

    @property
    def may_reject(self) -> bool:
        state = self.complaint.state
        return state == State.RESOLVED or (state == State.CLOSED and self.complaint.may_still_be_reopened(self.at))

    @property
    def reopen_until(self) -> datetime | None:
        closed = self.complaint.closed_at
        return closed + timedelta(days=30) if closed and self.complaint.state == State.CLOSED else None

    @cached_property
    def rating(self) -> Answer | None:
        return latest(self.complaint) if self.complaint.state == State.CLOSED else None

    @property
    def may_rate(self) -> bool:
        return self.complaint.state == State.CLOSED and self.rating is None

    @property
    def may_urge(self) -> bool:
        """We owe the next step, and they have not asked for it in the last day."""
        return self.complaint.state in urging.OURS and (self.urged_at is None or self.at >= self.urged_until)

    @cached_property
    def urged_at(self) -> datetime | None:
        theirs = [e.at for e in self._events if e.kind == Event.Kind.NUDGED and e.actor_kind == CUSTOMER.kind]
        return max(theirs, default=None)

    @cached_property
    def _events(self) -> list[Event]:
        return list(self.complaint.events.all())

    @property
    def urged_until(self) -> datetime:
        return (self.urged_at or self.at) + urging.CUSTOMER_APART

    @property
    def may_withdraw(self) -> bool:
        step = MAY_BECOME.get(self.complaint.state, {}).get(State.WITHDRAWN)
        return step is not None and "customer" in step.by and self.complaint.state != State.RESOLVED


def _is_question(letter: Letter) -> bool:
    return letter.purpose == Letter.Purpose.QUESTION and letter.status == Letter.Status.SENT
