"""Telling those concerned of an incident: rows on their lists, and notices by every way that they are reached."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from huiyin.duty import queries as duty
from huiyin.notices.actions import telling
from huiyin.org.models import Member, Unit
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
    _notify(incident, kind, told, at)
    return len(told)


def _notify(incident: Incident, kind: Notice.Kind, told: Sequence[Member], at: datetime) -> None:
    """In their inboxes, by mail and on the telephone; a report that is missing and what moves the market, at once."""
    telling.tell(
        members=[each for each in present(told, at) if Incident.objects.filter(pk=incident.pk).visible_to(each)],
        kind=f"incident_{kind.value}",
        values={"kind": in_both(incident.kind), "unit": in_both(incident.lead_unit)},
        number=incident.number,
        link=link_to(incident),
        key=f"incident:{incident.pk}:{kind.value}:{at:%Y%m%d%H%M%S}",
        urgent=kind != Notice.Kind.OPENED or incident.is_market_moving,
        at=at,
    )


def present(members: Iterable[Member], at: datetime) -> list[Member]:
    """In the place of who is absent, whoever stands in for them; without a deputy, they themselves."""
    members = list(members)
    instead = duty.deputies(members, at)
    return list({each.pk: each for each in (instead.get(member.pk, member) for member in members)}.values())


def heads_of(unit: Unit) -> list[Member]:
    """Who leads the unit, or the nearest unit above it that has a head."""
    place: Unit | None = unit
    while place is not None:
        found = Member.objects.active().with_role(Role.DEPT_LEAD).filter(unit=place).order_by("pk")
        if found:
            return list(found)
        place = place.parent
    return []


def in_both(named: Any) -> dict[str, str]:
    return {"zh": named.name_zh, "en": named.name_en or named.name_zh}


def link_to(incident: Incident) -> str:
    return f"/desk/quality/incidents/{incident.number}"  # where the desk shows it; a test compares


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
