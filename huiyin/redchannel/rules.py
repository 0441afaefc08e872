"""Who may do what in a red case; whether they may see it at all, visible_to() says."""

from huiyin.org.models import Member
from huiyin.org.rules import Right, Role, may
from huiyin.redchannel.models import RedCase, WarRoom


def may_confirm(case: RedCase, member: Member) -> bool:
    """Whoever was paged, and any executive."""
    return case.is_ringing and (member.pk in case.paged or member.has_role(Role.EXECUTIVE))


def may_name(case: RedCase, member: Member) -> bool:
    """Whoever may open incidents names the task force, until its lead has said that it stands."""
    return case.formed_at is None and not case.complaint.is_ended and may(member, Right.OPEN_INCIDENT)


def may_form(case: RedCase, member: Member) -> bool:
    return case.formed_at is None and case.lead_id == member.pk and not case.complaint.is_ended


def may_call(case: RedCase, member: Member) -> bool:
    """Of the task force, or whoever may open incidents."""
    if case.complaint.is_ended:
        return False
    return may(member, Right.OPEN_INCIDENT) or case.force.filter(member=member).exists()


def may_join(room: WarRoom, member: Member) -> bool:
    if room.ended_at is not None:
        return False
    called = room.participants.filter(member=member).first()
    return called.joined_at is None if called else may(member, Right.WORK_ON_INCIDENT)


def is_in(room: WarRoom, member: Member) -> bool:
    return room.participants.filter(member=member, joined_at__isnull=False).exists()


def may_invite(room: WarRoom, member: Member) -> bool:
    """Whoever is in the room, and whoever might have called it."""
    return room.ended_at is None and (is_in(room, member) or may_call(room.case, member))


def may_decide(room: WarRoom, member: Member) -> bool:
    return room.ended_at is None and is_in(room, member)


def may_end(room: WarRoom, member: Member) -> bool:
    return room.ended_at is None and (is_in(room, member) or may(member, Right.OPEN_INCIDENT))
