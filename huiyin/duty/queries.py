"""Who can be reached at a moment, and who stands in for whom. Constant statements, however many members."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from huiyin.duty.models import Absence, Assignment, AssignmentQuerySet, Desk, Shift
from huiyin.duty.spans import Span, cut, distance, from_midday, joined, without
from huiyin.org.models import Member, Unit

WARN_AHEAD = timedelta(days=14)
AN_INSTANT = timedelta(microseconds=1)
IsOpen = Callable[[datetime], bool]


def reachable(members: Iterable[Member | int], at: datetime, *, is_open: IsOpen | None = None) -> frozenset[int]:
    """Ids of those who can be reached at that moment: not away, and on duty now if a roster is kept for them; where
    none is, in opening hours as `is_open` knows them (the policy's calendar), or at any hour without it."""
    wanted = {each if isinstance(each, int) else each.pk for each in members}
    if not wanted:
        return frozenset()
    away = set(Absence.objects.at(at).filter(member__in=wanted).values_list("member_id", flat=True))
    rostered, on = _on_shift(Assignment.objects.filter(member__in=wanted - away), at)
    unrostered = wanted - away - rostered
    is_working_time = bool(unrostered) and (is_open is None or is_open(at))
    return frozenset((wanted & on) - away | (unrostered if is_working_time else set()))


def shifts_of(member: Member, window: Span) -> list[Span]:
    """When the member is on shift in that stretch of time, not away; empty where no roster is kept for them."""
    return shifts_of_many([member.pk], window).get(member.pk, [])


def shifts_of_many(members: Iterable[int], window: Span) -> dict[int, list[Span]]:
    """The same by member, of those who have any. Two statements."""
    kept = Assignment.objects.touching(window).filter(member__in=set(members)).select_related("shift__desk")
    spans: dict[int, list[Span]] = {}
    for each in kept:
        spans.setdefault(each.member_id, []).extend(each.spans(window))
    gone: dict[int, list[Span]] = {}
    for absence in Absence.objects.touching(window).filter(member__in=spans) if spans else ():
        gone.setdefault(absence.member_id, []).append(absence.span)
    found = {pk: cut(without(theirs, gone.get(pk, [])), window) for pk, theirs in spans.items()}
    return {pk: theirs for pk, theirs in found.items() if theirs}


def on_and_off(at: datetime) -> tuple[frozenset[int], frozenset[int]]:
    """Of those for whom a roster is kept that day: whose shift it is right now, and whose it is not. Whether they are
    away is not asked. One statement."""
    rostered, on = _on_shift(Assignment.objects.all(), at)
    return frozenset(on), frozenset(rostered - on)


def on_duty(unit: Unit, at: datetime, *, is_open: IsOpen | None = None) -> list[Member]:
    """The active members of the unit who can be reached, and those who have a shift at its desks now; those with a
    shift come first."""
    at_desks = Assignment.objects.filter(shift__desk__unit=unit, member__is_active=True)
    _rostered, on = _on_shift(at_desks, at)
    members = {member.pk: member for member in Member.objects.active().filter(unit=unit)}
    missing = on - members.keys()
    members |= Member.objects.in_bulk(missing) if missing else {}
    there = reachable(members.values(), at, is_open=is_open)
    return sorted((members[pk] for pk in there), key=lambda member: (member.pk not in on, member.username))


def deputy_of(member: Member, at: datetime) -> Member | None:
    """Who stands in for the member at that moment: the deputy, or the deputy's, if that one is away too. None if the
    member is there, or nobody stands in; a ring of deputies who are all away is nobody."""
    return deputies([member], at).get(member.pk)


def away(at: datetime) -> frozenset[int]:
    """Ids of those who are away at that moment."""
    return frozenset(Absence.objects.at(at).values_list("member_id", flat=True))


def deputies(members: Iterable[Member | int], at: datetime) -> dict[int, Member]:
    """Of those who are away and have somebody standing in: who that is."""
    wanted = {each if isinstance(each, int) else each.pk for each in members}
    away = dict(Absence.objects.at(at).values_list("member_id", "deputy_id"))
    found = {pk: stands_in for pk in wanted if pk in away and (stands_in := _follow(pk, away)) is not None}
    there = Member.objects.active().in_bulk(set(found.values())) if found else {}
    return {pk: there[deputy] for pk, deputy in found.items() if deputy in there}


def _follow(pk: int, away: Mapping[int, int | None]) -> int | None:
    seen: set[int] = set()
    while pk in away:
        deputy = away[pk]
        seen.add(pk)
        if deputy is None or deputy in seen:
            return None
        pk = deputy
    return pk


def _on_shift(assignments: AssignmentQuerySet, at: datetime) -> tuple[set[int], set[int]]:
    """Who has a roster these days, and whose shift it is right now."""
    now = Span(at, at + AN_INSTANT)
    kept = list(assignments.touching(now).select_related("shift__desk"))
    on = {each.member_id for each in kept if each.spans(now)}
    return {each.member_id for each in kept if each.is_kept_at(at)} | on, on


def desk_for(at: datetime, *, time_zone: str = "", desks: Sequence[Desk] | None = None) -> Desk | None:
    """The desk that a case of that time zone reaches at that moment: the nearest one by the clock on the wall, if
    somebody sits there now; else, following the sun, the one with somebody there whose time is nearest to noon."""
    known = list(Desk.objects.active().select_related("unit")) if desks is None else list(desks)
    manned = desks_manned(known, at)
    there = [desk for desk in known if desk.pk in manned]
    if not there:
        return None
    if time_zone:
        nearest = min(known, key=lambda desk: distance(desk.time_zone, time_zone, at))
        if nearest.pk in manned:
            return nearest
    return min(there, key=lambda desk: from_midday(desk.time_zone, at))


def desks_manned(desks: Sequence[Desk], at: datetime) -> dict[int, list[int]]:
    """By desk, the members on shift there now who are not away."""
    now = Span(at, at + AN_INSTANT)
    kept = Assignment.objects.touching(now).filter(shift__desk__in=desks, member__is_active=True)
    away = set(Absence.objects.at(at).values_list("member_id", flat=True))
    found: dict[int, list[int]] = {}
    for each in kept.select_related("shift__desk"):
        if each.member_id not in away and each.spans(now):
            found.setdefault(each.shift.desk_id, []).append(each.member_id)
    return found


def gaps(desks: Sequence[Desk], since: datetime, until: datetime | None = None) -> dict[int, list[Span]]:
    """By desk, the stretches in which somebody should be there and nobody is: at every hour of a 7×24 desk, else in the
    hours of its shifts. Fourteen days ahead unless `until` says otherwise."""
    window = Span(since, until or since + WARN_AHEAD)
    away: dict[int, list[Span]] = {}
    for absence in Absence.objects.touching(window):
        away.setdefault(absence.member_id, []).append(absence.span)
    manned: dict[int, list[Span]] = {}
    kept = Assignment.objects.touching(window).filter(shift__desk__in=desks, member__is_active=True)
    for each in kept.select_related("shift__desk"):
        there = without(each.spans(window), away.get(each.member_id, ()))
        manned.setdefault(each.shift.desk_id, []).extend(there)
    wanted: dict[int, list[Span]] = {desk.pk: [window] for desk in desks if desk.is_round_the_clock}
    for shift in Shift.objects.filter(desk__in=[desk for desk in desks if not desk.is_round_the_clock]):
        wanted.setdefault(shift.desk_id, []).extend(shift.hours().within(window))
    found = {pk: cut(without(spans, manned.get(pk, ())), window) for pk, spans in wanted.items()}
    return {pk: joined(spans) for pk, spans in found.items() if spans}
