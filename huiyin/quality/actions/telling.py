"""Telling those concerned of an incident: rows on their lists."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from huiyin.org.models import Member
from huiyin.org.rules import Role
from huiyin.quality import notices
from huiyin.quality.models import Incident, Notice


def tell(incident: Incident, kind: Notice.Kind, *, at: datetime) -> int:
    """Everybody whom notices.told() names, and who may see it, has a notice. Returns how many."""
    joint = [unit.code for unit in incident.joint_units.all()]
    people = {each.pk: each for each in _concerned({incident.lead_unit.code, *joint})}
    keys = notices.told(
        [_colleague(each) for each in people.values()],
        lead=incident.lead_unit.code,
        joint=joint,
        board=incident.kind.market_codes,
        is_market_moving=incident.is_market_moving,
    )
    row = Incident.objects.filter(pk=incident.pk)
    told = [people[pk] for pk in keys if row.visible_to(people[pk]).exists()]
    Notice.objects.bulk_create([Notice(incident=incident, member=each, kind=kind, told_at=at) for each in told])
    return len(told)


def _concerned(codes: set[str]) -> list[Member]:
    in_units = Q()
    for code in codes:
        in_units |= Q(unit__path__contains=f"/{code}/")
    leads = [str(role) for role in notices.LINE | {Role.EXECUTIVE}]
    found = Member.objects.active().filter(Q(roles__overlap=leads) | in_units)
    return list(found.select_related("unit").order_by("pk"))


def _colleague(member: Member) -> notices.Colleague:
    units = frozenset(member.unit.path.strip("/").split("/"))
    return notices.Colleague(pk=member.pk, units=units, roles=frozenset(member.roles))


@transaction.atomic
def see_notices(*, member: Member, notices: Iterable[int], at: datetime) -> int:
    """These notices of the member leave their list. Returns how many did."""
    return Notice.objects.filter(member=member, seen_at=None, pk__in=list(notices)).update(seen_at=at)
