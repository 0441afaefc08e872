"""Who is told when a promise reaches a share of its time: the words of sla.yaml `warnings`, read against the tree."""

from collections.abc import Sequence

from huiyin.complaints.actions.promising import PROMISE
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.dispatch.models import WorkOrder
from huiyin.org.models import Member
from huiyin.org.rules import RIGHTS, Right, Role, may
from huiyin.sla.ladder import PARENT_LEAD
from huiyin.supervision.directory import Directory

# whose turn it is while nobody is named, by clock
TURN = {"CK-REVIEW": Right.REVIEW, "CK-AUDIT": Right.AUDIT, "CK-LEGAL": Right.OPINE}
ASSIGNEE = "assignee"
CROWD = 5  # more than these are nobody in particular: then the supervisor hears of it


def of_clock(clock: Clock, order: WorkOrder | None, words: Sequence[str], directory: Directory) -> list[Member]:
    """The members whom the words name for this clock, each once; whoever has gone is left out."""
    found: list[Member] = []
    for word in words:
        found += _assignees(clock, order, directory) if word == ASSIGNEE else _of_role(clock, order, word, directory)
    return list({member.pk: member for member in found}.values())


def of_rung(clock: Clock, order: WorkOrder | None, roles: Sequence[str], directory: Directory) -> list[Member]:
    """Those who stand on a rung of the ladder, each once; nobody where the tree has none."""
    found: list[Member] = []
    for role in roles:
        if role == PARENT_LEAD:
            unit = order.unit_id if order is not None else clock.complaint.owner_unit_id
            found += directory.next_above(unit, Role.DEPT_LEAD)
        else:
            found += _of_role(clock, order, role, directory)
    return list({member.pk: member for member in found}.values())


def _assignees(clock: Clock, order: WorkOrder | None, directory: Directory) -> list[Member]:
    complaint = clock.complaint
    if order is not None and clock.code != "CK-AUDIT":
        named = directory.everybody.get(order.assignee_id or order.handler_id or 0)
        return named_or_there(named, order.unit_id, Right.SIGN, directory)
    if turn := TURN.get(clock.code):
        return named_or_there(None, complaint.owner_unit_id, turn, directory)
    named = directory.everybody.get(complaint.assignee_id or 0)
    if named is None and clock.code == PROMISE:
        named = _who_promised(complaint, directory)
    able = named_or_there(named, complaint.owner_unit_id, Right.REPLY, directory)
    if named is None and len(able) > CROWD:  # told to everybody it is nobody's
        return directory.on_hand(directory.nearest(complaint.owner_unit_id, Role.SUPERVISOR)) or able
    return able


def _who_promised(complaint: Complaint, directory: Directory) -> Member | None:
    """Whoever told the customer so, while they still may answer."""
    said = Event.objects.filter(complaint=complaint, kind=Event.Kind.PROMISED).order_by("-seq").first()
    member = directory.everybody.get((said.actor_id if said else 0) or 0)
    return member if member is not None and may(member, Right.REPLY) else None


def _of_role(clock: Clock, order: WorkOrder | None, role: str, directory: Directory) -> list[Member]:
    unit = order.unit_id if order is not None and role == Role.DEPT_LEAD else clock.complaint.owner_unit_id
    return directory.on_hand(directory.nearest(unit, role))


def named_or_there(named: Member | None, unit_id: int, right: Right, directory: Directory) -> list[Member]:
    """Whoever is named, while their shift is over with those whose it is; nobody named: of those nearest with the
    right the ones who are there by the roster."""
    able = directory.nearest(unit_id, *RIGHTS[right])
    return directory.with_shift(named, able) if named else directory.on_hand(able)


def of_complaint(complaint: Complaint, directory: Directory, *roles: str) -> list[Member]:
    return directory.nearest(complaint.owner_unit_id, *roles)
