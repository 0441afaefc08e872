"""Telling those concerned of an incident: rows on their lists, and notices by every way that they are reached."""

from collections.abc import Callable, Collection, Iterable, Sequence
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

LEADS = (Role.DEPT_LEAD, *sorted(notices.LINE), Role.EXECUTIVE)


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
    sees = sees_incident(incident)
    told = [people[pk] for pk in keys if sees(people[pk])]
    Notice.objects.bulk_create([Notice(incident=incident, member=each, kind=kind, told_at=at) for each in told])
    _notify(incident, kind, told, at)
    return len(told)


def _notify(incident: Incident, kind: Notice.Kind, told: Sequence[Member], at: datetime) -> None:
    """In their inboxes, by mail and on the telephone; a report that is missing and what moves the market, at once."""
    telling.tell(
        members=reached(told, incident.lead_unit, at, sees_incident(incident), leads=leads_for(incident)),
        kind=f"incident_{kind.value}",
        values={"kind": in_both(incident.kind), "unit": in_both(incident.lead_unit)},
        number=incident.number,
        link=link_to(incident),
        key=f"incident:{incident.pk}:{kind.value}:{at:%Y%m%d%H%M%S}",
        urgent=kind != Notice.Kind.OPENED or incident.is_market_moving,
        at=at,
    )


def reached(
    members: Iterable[Member],
    unit: Unit,
    at: datetime,
    sees: Callable[[Member], bool],
    *,
    leads: Collection[Role] = LEADS,
) -> list[Member]:
    """Who hears what these should, as far as they may see it: for who is absent their deputy; where that one may not
    see it, who leads above them (one of `leads`), at last they themselves. Nobody: who leads above `unit`."""
    members = [each for each in members if each.is_active]
    instead, away = duty.deputies(members, at), duty.away(at)

    def above(place: Unit | None) -> list[Member]:
        while place is not None:
            there = Member.objects.active().with_role(*leads).filter(unit=place).order_by("pk")
            if seeing := [each for each in there if each.pk not in away and sees(each)]:
                return seeing
            place = place.parent
        return []

    found: list[Member] = []
    for member in members:
        stands_in = instead.get(member.pk, member)
        if sees(stands_in):
            found.append(stands_in)
        elif stands_in is not member:
            found += above(member.unit) or ([member] if sees(member) else [])
    found = found or above(unit)
    return list({each.pk: each for each in found}.values())


def leads_for(incident: Incident) -> Collection[Role]:
    """What moves the market the line between does not hear, for who is absent either (notices.told())."""
    return (Role.EXECUTIVE,) if incident.is_market_moving else LEADS


def sees_incident(incident: Incident) -> Callable[[Member], bool]:
    row = Incident.objects.filter(pk=incident.pk)
    return lambda member: row.visible_to(member).exists()


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
