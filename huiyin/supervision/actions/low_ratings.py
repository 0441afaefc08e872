"""低星回访: fewer than three stars bring a closed complaint back, to another handler and the unit's special team if it
has one, and its supervisor calls within a day (C061). Three stars do not: somebody calls within two days and asks why
it was not better (surveys.yaml), unless they were given in such a call."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints.actions import clocks, closing
from huiyin.complaints.actions.moving import change, hold
from huiyin.complaints.actions.promising import PROMISE
from huiyin.complaints.models import Clock, Complaint
from huiyin.complaints.states import State
from huiyin.dispatch.actions.dispatching import let_see
from huiyin.notices.actions.telling import tell
from huiyin.org.actors import CUSTOMER
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Role
from huiyin.sla import promises
from huiyin.sla.queries import current
from huiyin.supervision.directory import Directory, Sight
from huiyin.surveys.models import LOW, Answer

CALL_WITHIN: Final = timedelta(hours=24)
SPECIAL: Final = "-SPECIAL"  # how the code of such a team ends, e.g. CC-SPECIAL
CARE_WITHIN: Final = timedelta(hours=48)


@transaction.atomic
def take_up(complaint: Complaint, *, at: datetime) -> bool:
    """Of a rating that is low: reopened in the customer's name, if whoever called has not done so already; the
    supervisor looks after it, and a promise runs until they have called. Running it again changes nothing. True if it
    was taken up now."""
    hold(complaint)
    rated = Answer.objects.filter(complaint=complaint).order_by("-at", "-id").first()
    if rated is None or rated.stars > LOW or _is_promised(complaint, rated):
        return False
    if not _came_back_with(complaint, rated):
        if complaint.state != State.CLOSED or complaint.closed_at is None:
            return False
        if rated.at < complaint.closed_at or not complaint.may_still_be_reopened(at):
            return False
        if rated.stars == LOW:
            if rated.via != Answer.Via.PHONE:  # whoever gave them on the telephone has just been called and asked why
                _care(complaint, rated, at)
            return False
        words = rated.words.strip() or _("回访评价 %d 星") % rated.stars
        closing.reopen(complaint, reason=words, stars=rated.stars, actor=CUSTOMER, at=at)
    _to_special_team(complaint)
    supervisors = _supervisors(complaint, at)
    if supervisors:
        change(complaint, assignee=supervisors[0])
    until = at + CALL_WITHIN
    _promise(complaint, until, at)
    tell(
        members=supervisors, kind="low_rating", values={"stars": rated.stars, "call_at": until.isoformat()},
        number=complaint.number, link=f"/desk/complaints/{complaint.number}", key=f"rated:{rated.pk}",
        urgent=False, at=at,
    )  # fmt: skip
    return True


def _came_back_with(complaint: Complaint, rated: Answer) -> bool:
    """Said on the telephone: it was reopened in the same moment (surveys.actions.inviting.call)."""
    return complaint.state == State.REOPENED and complaint.reopened_at == rated.at and rated.is_low


def _is_promised(complaint: Complaint, rated: Answer) -> bool:
    return Clock.objects.filter(complaint=complaint, code=PROMISE, started_at__gte=rated.at).exists()


def _to_special_team(complaint: Complaint) -> None:
    """专项小组: where its unit, or one above, has such a team, the team owns it now, and the unit keeps its part."""
    before = complaint.owner_unit
    places = [code for code in before.path.split("/") if code]
    teams = Unit.objects.active().filter(kind=Unit.Kind.TEAM, code__endswith=SPECIAL, parent__code__in=places)
    nearest = max(teams, key=lambda team: len(team.path), default=None)
    if nearest is not None and nearest != before:
        change(complaint, owner_unit=nearest, received_unit=complaint.received_unit or before)
        let_see(complaint)


def _care(complaint: Complaint, rated: Answer, at: datetime) -> None:
    """Neither solved for good nor open again: a call is promised, once for each rating."""
    until = at + CARE_WITHIN
    _promise(complaint, until, at)
    tell(
        members=_supervisors(complaint, at), kind="care_call", values={"call_at": until.isoformat()},
        number=complaint.number, link=f"/desk/complaints/{complaint.number}", key=f"rated:{rated.pk}",
        urgent=False, at=at,
    )  # fmt: skip


def _supervisors(complaint: Complaint, at: datetime) -> list[Member]:
    directory = Directory(at=at)
    named = directory.nearest(complaint.owner_unit_id, Role.SUPERVISOR)
    return directory.reached(named, complaint, Sight([complaint]))


def _promise(complaint: Complaint, until: datetime, at: datetime) -> None:
    category = complaint.confirmed_category or complaint.category
    inputs = clocks.inputs_of(complaint, issue_class=category.issue_class, acts=category.acts)
    if agreed := promises.deadline(current(), PROMISE, start=at, inputs=inputs, agreed=until):
        clocks.start(complaint, PROMISE, agreed, at=at)
