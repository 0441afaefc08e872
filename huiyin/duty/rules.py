"""Who may keep whose roster: leads and supervisors for the units they see, administrators for all."""

from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right


def may_roster(actor: Actor, unit_id: int) -> bool:
    if actor.kind == "system":
        return True
    member = actor.member
    if member is None or not actor.may(Right.ROSTER):
        return False
    return member.may(Right.CONFIGURE) or member.reach.everything or unit_id in member.reach.unit_ids


def may_excuse(actor: Actor, member: Member) -> bool:
    """Whether the actor may put down when that member is away: everybody for themselves."""
    return (actor.member is not None and actor.member.pk == member.pk) or may_roster(actor, member.unit_id)
