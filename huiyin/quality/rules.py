"""Who may do what with an incident or an investigation; whether they may see it at all, visible_to() says."""

from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right, may
from huiyin.quality.models import Incident


def may_work_on(incident: Incident, member: Member) -> bool:
    """Who may open incidents works on all they see; others on those that their unit leads or joins."""
    if may(member, Right.OPEN_INCIDENT):
        return True
    if not may(member, Right.WORK_ON_INCIDENT):
        return False
    units = {incident.lead_unit_id, *(unit.pk for unit in incident.joint_units.all())}
    return member.reach.everything or not units.isdisjoint(member.reach.unit_ids)


def works_on(incident: Incident, actor: Actor) -> bool:
    return actor.kind == "system" or (actor.member is not None and may_work_on(incident, actor.member))
