"""Members are told something: a row in each inbox, and what is to go beyond it queued in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from huiyin.channels import sms
from huiyin.lib.bulk import fresh_ids, insert_or_leave
from huiyin.notices.kinds import Kind, kind_of
from huiyin.notices.models import Delivery, Notice, Preference, Target
from huiyin.notices.models.settings import PERSONAL, Way
from huiyin.org.models import Member, Unit

TASK = "notices.deliver_due"
SETTLE = timedelta(seconds=30)  # what is not urgent waits so long for others, so that a storm is seen to be one


@dataclass(frozen=True)
class Telling:
    """One thing to be told to some members; the arguments of `tell`."""

    members: Sequence[Member]
    kind: str
    values: Mapping[str, Any]
    number: str
    link: str
    key: str
    urgent: bool = False


def tell(
    *,
    members: Iterable[Member],
    kind: str,
    values: Mapping[str, Any],
    number: str,
    link: str,
    key: str,
    urgent: bool,
    at: datetime,
) -> int:
    """Each active member has it in the inbox, once for each key; returns how many had not. Raises UnknownKind.

    `kind` is one of shipped.yaml, `values` what its words speak of: moments as datetimes, what differs by language as
    {"zh": ..., "en": ...}, never a customer's data. `link` is the path of the page with its place. Telling twice, also
    by two at once, changes nothing. What is urgent goes at once by every way there is, at night too.
    """
    return tell_many([Telling(tuple(members), kind, values, number, link, key, urgent)], at=at)


def tell_many(tellings: Iterable[Telling], *, at: datetime) -> int:
    """Like `tell` for each; the number of statements depends neither on the tellings nor on the members."""
    tellings = list(tellings)
    kinds = {each.kind: kind_of(each.kind) for each in tellings}
    with transaction.atomic(savepoint=False):
        return _told(tellings, kinds, at)


def _told(tellings: Sequence[Telling], kinds: Mapping[str, Kind], at: datetime) -> int:
    rows = [
        (each, member, _notice(each, member, at))
        for each in tellings
        for member in {member.pk: member for member in each.members if member.is_active}.values()
    ]
    rows.sort(key=lambda row: (row[2].member_id, row[2].key))  # in one order: two who tell the same do not deadlock
    for (_each, _member, notice), pk in zip(rows, fresh_ids(Notice, len(rows)) if rows else [], strict=True):
        notice.pk = pk
    made = insert_or_leave([notice for _each, _member, notice in rows])
    fresh = [(each, member, notice) for each, member, notice in rows if notice.pk in made]
    if fresh:
        unordered = [
            *_personal(fresh, kinds, at),
            *_to_targets([row for row in fresh if kinds[row[0].kind].is_for_groups], at),
        ]
        deliveries = sorted(unordered, key=lambda each: (each.lane, each.notice_id))
        for delivery, pk in zip(deliveries, fresh_ids(Delivery, len(deliveries)) if deliveries else [], strict=True):
            delivery.pk = pk
        insert_or_leave(deliveries)
        if any(each.urgent for each in deliveries):
            jobs.configure_task(TASK).defer()  # the rest waits for the next minute's round
    return len(fresh)


Row = tuple[Telling, Member, Notice]


def _notice(told: Telling, member: Member, at: datetime) -> Notice:
    return Notice(
        member=member, kind=told.kind, values=_plain(told.values), number=told.number, link=told.link, key=told.key,
        urgent=told.urgent, at=at,
    )  # fmt: skip


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON keeps it."""
    return {name: _value(value) for name, value in values.items()}


def _value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(language): str(words) for language, words in value.items()}
    return value if isinstance(value, int | float) else str(value)


def _personal(rows: Sequence[Row], kinds: Mapping[str, Kind], at: datetime) -> Iterable[Delivery]:
    preferences = Preference.objects.filter(member__in={member.pk for _told, member, _notice in rows})
    chosen = {each.member_id: each for each in preferences}
    for told, member, notice in rows:
        for way in ways(kinds[told.kind], member, chosen.get(member.pk), urgent=told.urgent):
            yield _delivery(notice, at, way=way, lane=way, member=member)


def ways(kind: Kind, member: Member, preference: Preference | None, *, urgent: bool) -> list[str]:
    """By which this member can be reached and wants to be; for what is urgent, all by which they can."""
    reachable = {
        Way.EMAIL: bool(member.email),
        Way.SMS: bool(preference and preference.phone) and sms.is_configured(),
    }
    chosen = preference.chosen(kind.code) if preference else None
    wanted = kind.ways if chosen is None else chosen
    return [str(way) for way in PERSONAL if reachable[way] and (urgent or way in wanted)]


def _to_targets(rows: Sequence[Row], at: datetime) -> Iterable[Delivery]:
    """One for each target and key, whatever the number of its members that are told."""
    units = {member.unit_id: member for _told, member, _notice in rows}
    targets = list(Target.objects.active().of_units(sorted(units)).select_related("unit")) if units else []
    if not targets:
        return
    paths = dict(_paths(units)) if any(target.takes_below and target.unit_id for target in targets) else {}
    done: set[tuple[int, str]] = set()
    for told, member, notice in rows:
        for target in targets:
            mark = (target.pk, notice.key)
            if mark in done or not target.wants(told.kind, urgent=told.urgent):
                continue
            if target.unit_id in (None, member.unit_id) or _is_below(target, paths.get(member.unit_id, "")):
                done.add(mark)
                yield _delivery(notice, at, way=target.way, lane=target.lane, target=target)


def _paths(unit_ids: Iterable[int]) -> Iterable[tuple[int, str]]:
    return Unit.objects.filter(pk__in=list(unit_ids)).values_list("pk", "path")


def _is_below(target: Target, path: str) -> bool:
    return target.takes_below and target.unit is not None and path.startswith(target.unit.path)


def _delivery(
    notice: Notice, at: datetime, *, way: str, lane: str, member: Member | None = None, target: Target | None = None
) -> Delivery:
    return Delivery(
        notice=notice, way=way, lane=lane, member=member, target=target, key=notice.key, urgent=notice.urgent,
        queued_at=at, next_try_at=at if notice.urgent else at + SETTLE,
    )  # fmt: skip
