"""What of a lane's waiting deliveries goes now: claimed, asked about once more, and put together into messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from huiyin.duty.spans import Span
from huiyin.notices import guards, pacing, queries
from huiyin.notices.models import Delivery, Lane, Notice, Preference
from huiyin.notices.models.settings import Target
from huiyin.notices.outgoing import Outgoing, compose
from huiyin.notices.pacing import Habits, Item
from huiyin.org.models import Member

# a worker that claimed something and died leaves it claimed; after this it may be claimed again
CLAIM_LASTS = timedelta(minutes=10)
AT_ONCE = 1000
ONE_PLANS = 0x6E6F7469  # of an advisory lock: two who plan at once could each believe there is still room
State = Delivery.State
Rows = QuerySet[Delivery]


@dataclass(frozen=True)
class Parcel:
    """One message and the deliveries that it is; `claim` says whose."""

    claim: UUID
    message: UUID
    way: str
    keys: tuple[int, ...]
    outgoing: Outgoing
    attempts: int
    member: Member | None
    target: Target | None
    phone: str = ""


@dataclass
class _Planned:
    rows: list[Delivery]
    message: UUID


def due(at: datetime) -> Q:
    """Waiting and due, or left by a worker that died."""
    abandoned = Q(state=State.SENDING, claimed_at__lte=at - CLAIM_LASTS)
    return Q(next_try_at__lte=at) & (Q(state=State.WAITING) | abandoned)


@transaction.atomic
def take(lane: Lane, *, at: datetime) -> list[Parcel]:
    """What goes now is claimed and its messages returned; the rest is held, or dropped where nobody needs it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_PLANS])
    rows = _claimable(lane.name, at)
    if not rows:
        return []
    rows = _without_needless(rows, at)
    members = {row.member_id for row in rows if row.member_id}
    preferences, shifts = queries.preferences_of(members), queries.shifts_of(members, at)
    sent, days_off = _sent_lately(lane.name, rows, at), queries.days_off()
    claim = uuid4()
    planned: list[_Planned] = []
    for of_one in _by_recipient(rows):
        first = of_one[0]
        habits = _habits(first, preferences, shifts)
        is_day_off = days_off(habits.zone)
        lately = sent.get(first.member_id or 0, [])
        kept, again = _kept_apart(of_one, lane, at)
        planned += _again(again, lately, habits, is_day_off, at)
        planned += _planned(kept, lately, habits, is_day_off, at)
    for each in planned:
        going = Delivery.objects.filter(pk__in=[row.pk for row in each.rows])
        going.update(state=State.SENDING, claim=claim, claimed_at=at, message=each.message)
    Delivery.objects.filter(claim=claim, tried_since=None).update(tried_since=at)
    return _parcels(planned, claim, preferences, at)


def _claimable(lane: str, at: datetime) -> list[Delivery]:
    """Locked until the plan is made: another worker passes over them."""
    ready = Delivery.objects.filter(due(at), lane=lane).order_by("-urgent", "next_try_at", "pk")
    ids = list(ready.select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_ONCE])
    found = Delivery.objects.filter(pk__in=ids).select_related("notice__member__unit", "target__unit")
    return sorted(found, key=lambda row: (not row.urgent, row.notice.at, row.pk)) if ids else []


def _without_needless(rows: Sequence[Delivery], at: datetime) -> list[Delivery]:
    """Dropped: what its member may not know of any more, what was read meanwhile, and what goes to nobody."""
    numbers = _numbers_by_member(rows)
    seen = {pk: guards.seen_of(member, asked) for pk, (member, asked) in numbers.items()}
    kept_back = guards.kept_from_groups(row.notice.number for row in rows if row.target_id)
    reasons: dict[str, list[int]] = {}
    needed = []
    for row in rows:
        if reason := _needless(row, seen, kept_back):
            reasons.setdefault(reason, []).append(row.pk)
        else:
            needed.append(row)
    for reason, ids in reasons.items():
        Delivery.objects.filter(pk__in=ids).update(state=State.DROPPED, error=reason, claim=None)
    return needed


def _numbers_by_member(rows: Iterable[Delivery]) -> dict[int, tuple[Member, set[str]]]:
    found: dict[int, tuple[Member, set[str]]] = {}
    for row in rows:
        found.setdefault(row.notice.member_id, (row.notice.member, set()))[1].add(row.notice.number)
    return found


def _needless(row: Delivery, seen: dict[int, set[str]], kept_back: set[str]) -> str:
    notice = row.notice
    if row.target is not None:
        if not row.target.is_active:
            return "target retired"
        if notice.number in kept_back:
            return "confidential"
        return "" if notice.number in seen[notice.member_id] or _another_sees(notice) else "not visible"
    if notice.number not in seen[notice.member_id]:
        return "not visible"
    return "seen" if notice.seen_at is not None and not row.urgent else ""


def _another_sees(notice: Notice) -> bool:
    """A group was told for several: one who may still know of it is enough."""
    others = Notice.objects.filter(key=notice.key).exclude(pk=notice.pk).select_related("member__unit")
    return any(guards.may_still_see(each.member, notice.number) for each in others[:20])


def _by_recipient(rows: Iterable[Delivery]) -> list[list[Delivery]]:
    found: dict[tuple[int | None, int | None], list[Delivery]] = {}
    for row in rows:
        found.setdefault((row.member_id, row.target_id), []).append(row)
    return list(found.values())


def _sent_lately(lane: str, rows: Sequence[Delivery], at: datetime) -> dict[int, list[datetime]]:
    """When messages went, or go now, within the hour: by member whatever the way, by 0 for a lane's one target."""
    of_members = Q(member__in={row.member_id for row in rows if row.member_id})
    of_target = Q(lane=lane, target__isnull=False)
    gone = Q(sent_at__gt=at - pacing.HOUR) | Q(state=State.SENDING, claimed_at__gt=at - CLAIM_LASTS)
    asked = of_target if rows and rows[0].target_id else of_members
    went = Delivery.objects.filter(asked & gone).exclude(message=None).exclude(pk__in=[row.pk for row in rows])
    found: dict[int, dict[UUID, datetime]] = {}
    for member, message, sent_at, claimed_at in went.values_list("member", "message", "sent_at", "claimed_at"):
        if message and (moment := sent_at or claimed_at):
            found.setdefault(member or 0, {})[message] = moment
    return {member: list(moments.values()) for member, moments in found.items()}


def _habits(row: Delivery, preferences: dict[int, Preference], shifts: dict[int, list[Span]]) -> Habits:
    if row.target is not None:
        return queries.habits_of_group(row.target)
    pk = row.notice.member_id
    return queries.habits_of(row.notice.member, preferences.get(pk), shifts.get(pk, ()))


def _kept_apart(rows: Sequence[Delivery], lane: Lane, at: datetime) -> tuple[list[Delivery], list[list[Delivery]]]:
    """New ones, and messages that are tried again as they were, so that whoever has one already sees that it is the
    same. Where all fails, or has become old, it is put together anew: one digest is better than forty messages."""
    fresh: list[Delivery] = []
    again: dict[UUID, list[Delivery]] = {}
    for row in rows:
        if row.message and lane.failures < 2 and row.queued_at > at - pacing.STALE:
            again.setdefault(row.message, []).append(row)
        else:
            fresh.append(row)
    return fresh, list(again.values())


def _again(
    messages: Iterable[list[Delivery]], lately: list[datetime], habits: Habits,
    is_day_off: Callable[[date], bool], at: datetime,
) -> Iterable[_Planned]:  # fmt: skip
    for rows in messages:
        is_urgent = any(row.urgent for row in rows)
        item = Item(rows[0].pk, at, is_urgent)
        found = pacing.plan([item], now=at, habits=_at_once(habits), sent=lately, is_day_off=is_day_off)
        for until, _keys in found.held:
            _hold([row.pk for row in rows], until)
        if found.messages:
            lately.append(at)
            assert rows[0].message is not None
            yield _Planned(rows, rows[0].message)


def _at_once(habits: Habits) -> Habits:
    """What was gathered already is not gathered again."""
    return replace(habits, digest_at=())


def _planned(
    rows: Sequence[Delivery], lately: list[datetime], habits: Habits, is_day_off: Callable[[date], bool], at: datetime
) -> Iterable[_Planned]:
    by_key = {row.pk: row for row in rows}
    items = [Item(row.pk, row.notice.at, row.urgent) for row in rows]
    found = pacing.plan(items, now=at, habits=habits, sent=lately, is_day_off=is_day_off) if items else pacing.Plan()
    for until, keys in found.held:
        _hold(keys, until)
    for keys in found.messages:
        lately.append(at)
        yield _Planned([by_key[pk] for pk in keys], uuid4())


def _hold(keys: Iterable[int], until: datetime) -> None:
    held = Delivery.objects.filter(pk__in=list(keys))
    held.update(state=State.WAITING, next_try_at=until, claim=None, claimed_at=None)


def _parcels(
    planned: Sequence[_Planned], claim: UUID, preferences: dict[int, Preference], at: datetime
) -> list[Parcel]:
    words = queries.wording()
    return [_parcel(each, claim, words, preferences, at) for each in planned]


def _parcel(
    planned: _Planned, claim: UUID, words: queries.Wording, preferences: dict[int, Preference], at: datetime
) -> Parcel:
    first = planned.rows[0]
    member = first.notice.member if first.target is None else None
    language = queries.language_of(member)
    outgoing = compose(
        str(planned.message),
        [(words(row.notice.kind, language), _given(row.notice)) for row in planned.rows],
        language=language,
        zone=queries.zone_of(member.unit if member else first.target.unit if first.target else None),
        inbox_url=settings.HUIYIN_PUBLIC_URL + "/desk/inbox/",
        is_urgent=any(row.urgent for row in planned.rows),
    )
    preference = preferences.get(member.pk) if member else None
    return Parcel(
        claim, planned.message, first.way, tuple(row.pk for row in planned.rows), outgoing,
        max(row.attempts for row in planned.rows), member, first.target, preference.phone if preference else "",
    )  # fmt: skip


def _given(notice: Notice) -> dict[str, Any]:
    return {
        "values": notice.values,
        "url": settings.HUIYIN_PUBLIC_URL + notice.link if notice.link else "",
        "kind": notice.kind,
        "number": notice.number,
        "at": notice.at,
    }
