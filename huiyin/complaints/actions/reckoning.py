"""重算: running promises are counted anew by the calendar in force, because somebody said so and gave the reason.

A promise keeps the policy and the due moment it was made with; a holiday announced later, a changed lunch break or a
new version of the policy moves nothing by itself. Here it does: the targets stay as promised, the calendar is new.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Clock, Complaint, Event, Pause, Reckoning
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.org.rules import Right
from huiyin.sla import engine, promises
from huiyin.sla.policy import Policy
from huiyin.sla.queries import current

BATCH = 200  # complaints in one transaction


class Moved(NamedTuple):
    """A clock, when it would be due, and its base: the same without pauses and extension."""

    clock: Clock
    base: promises.Deadline
    new: promises.Deadline

    @property
    def by(self) -> timedelta:
        return self.new.due_at - self.clock.due_at


@transaction.atomic
def order(*, reason: str, actor: Actor, at: datetime) -> Change:
    """Whoever sets the policy orders that all running promises be counted by the calendar in force, and says why; a
    job does it. Raises MayNot, GuardFailed."""
    if not actor.may(Right.SET_POLICY) or actor.member is None:
        raise MayNot(_("没有重算时限的权限。"))
    if not reason.strip():
        raise GuardFailed("reason", _("请写明为什么重算。"))
    after = {"policy": current().number}
    ordered = record(
        Change.Area.PROMISES, "reckoning", label=reason.strip(), verb=Change.Verb.AMENDED, after=after, actor=actor,
        at=at,
    )  # fmt: skip
    assert ordered is not None
    return ordered


def reckon_all(policy: Policy, *, actor: Actor, at: datetime, ordered: Change | None = None, size: int = BATCH) -> int:
    """Every running promise is counted by this policy's calendar, each move an event. Returns how many moved.

    Batch by batch, each its own transaction. What was ordered keeps how far it has come: killed in the middle and run
    again it goes on from there, and what has moved does not move twice. A broken promise stays broken; one that would
    be overdue at once stays as it was.
    """
    after = begin(ordered, at=at).after if ordered else 0
    moved = 0
    while True:
        count, after = _reckon_batch(policy, after, size, actor, at, ordered)
        if not after:
            return moved
        moved += count


def begin(ordered: Change, *, at: datetime) -> Reckoning:
    """How far it has come; from the start, where it is new."""
    known = Reckoning.objects.filter(change=ordered).first()
    if known is not None:
        return known
    total = Clock.objects.running().values("complaint").distinct().count()
    return Reckoning.objects.create(change=ordered, total=total, began_at=at)


@transaction.atomic
def _reckon_batch(
    policy: Policy, after: int, size: int, actor: Actor, at: datetime, ordered: Change | None
) -> tuple[int, int]:
    """The complaints are held before their clocks, in one order, as everywhere."""
    held = {each.pk: each for each in _next(after, size)}
    if not held:
        Reckoning.objects.filter(change=ordered).update(is_over=True)
        return 0, 0
    facts: list[tuple[Complaint, Event.Kind, dict[str, Any]]] = []
    moved: list[Clock] = []
    due: dict[int, Clock] = {}
    for ours, pauses in running(list(held)):
        complaint = held[ours[0].complaint_id]
        found = moves(ours, policy, pauses, at)
        for each in found:
            facts.append((complaint, Event.Kind.RECKONED, _said(each, policy, ordered)))
            moved.append(_move(each, policy))
        if any(each.clock.code in clocks.WHOLE for each in found):
            due |= _due_anew(complaint, ours)
    _save(moved, due)
    events.record_many(facts, actor=actor, at=at)
    Reckoning.objects.filter(change=ordered).update(
        looked=F("looked") + len(held), moved=F("moved") + len(facts), after=max(held)
    )
    return len(facts), max(held)


_NEXT = """
    SELECT DISTINCT complaint_id FROM complaints_clock WHERE stopped_at IS NULL AND complaint_id > %s
    ORDER BY complaint_id LIMIT %s
"""


def _next(after: int, size: int) -> Iterable[Complaint]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [after, size])
        keys = [pk for (pk,) in cursor.fetchall()]
    wanted = Complaint.objects.filter(pk__in=keys).select_for_update(no_key=True).order_by("pk")
    return wanted.only("number", "due_at", "paused_at", "version")


def running(complaint_ids: Sequence[int]) -> Iterator[tuple[list[Clock], list[Pause]]]:
    """By complaint, the clocks that run, and every pause it had; two statements."""
    pauses: dict[int, list[Pause]] = {}
    for pause in Pause.objects.filter(complaint__in=complaint_ids):
        pauses.setdefault(pause.complaint_id, []).append(pause)
    found = Clock.objects.running().filter(complaint__in=complaint_ids).order_by("complaint_id", "id")
    for complaint_id, group in groupby(found, key=lambda clock: clock.complaint_id):
        yield list(group), pauses.get(complaint_id, [])


def moves(ours: Sequence[Clock], policy: Policy, pauses: Sequence[Pause], at: datetime) -> list[Moved]:
    """Those that are due at another moment, or the same one for certain now."""
    bases = {clock.pk: _base(clock, policy) for clock in ours}
    for clock in ours:
        if "kept_minutes" in clock.why:
            bases[clock.pk] = _kept_back(clock, policy, ours, bases)
    found = [Moved(clock, bases[clock.pk], _with_pauses(clock, bases[clock.pk], policy, pauses)) for clock in ours]
    return [each for each in found if _may_move(each, at) and _is_other(each)]


def _base(clock: Clock, policy: Policy) -> promises.Deadline:
    return promises.renewed(policy, clock.why, start=clock.started_at, due=clock.promised_at)


def _kept_back(
    clock: Clock, policy: Policy, ours: Sequence[Clock], bases: Mapping[int, promises.Deadline]
) -> promises.Deadline:
    """Moved as the order's own clock is, where that runs: as long before its order as it was."""
    named = clock.why["order_due"]
    for other in ours:
        if other.pk != clock.pk and named in (other.why.get("due"), other.why.get("before_pauses")):
            base = bases[other.pk]
            due = clock.promised_at + (base.due_at - other.promised_at)
            return promises.kept_from(policy, clock.why, due=due, order=base)
    return bases[clock.pk]


def _with_pauses(clock: Clock, base: promises.Deadline, policy: Policy, pauses: Sequence[Pause]) -> promises.Deadline:
    stood = [
        engine.Pause(each.started_at, each.ended_at)
        for each in pauses
        if each.ended_at is not None and policy.may_pause(clock.code, each.reason)
    ]
    found = base
    if stood:
        found = promises.resumed(policy, base.why, start=clock.started_at, due=base.due_at, pauses=stood)
    return promises.extended(policy, found, days=clock.extended_days)


def _may_move(each: Moved, at: datetime) -> bool:
    return each.clock.breached_at is None and not each.clock.is_late(at) and each.new.due_at >= at


def _is_other(each: Moved) -> bool:
    return bool(each.by) or ("provisional" in each.clock.why) != ("provisional" in each.new.why)


def _move(each: Moved, policy: Policy) -> Clock:
    clock = each.clock
    clock.due_at, clock.why = each.new
    clock.first_due_at = each.base.due_at if each.base.due_at != clock.due_at else None
    clock.policy_version = policy.number
    clock.attention_at = None if clock.paused_at else clocks.next_attention(clock, policy)
    return clock


def _due_anew(complaint: Complaint, ours: Sequence[Clock]) -> dict[int, Clock]:
    """The complaint is due by the tightest of what runs."""
    first = clocks.tightest(ours)
    is_other = first is not None and (first.due_at, first.paused_at) != (complaint.due_at, complaint.paused_at)
    return {complaint.pk: first} if first is not None and is_other else {}


_SAVE = """
    UPDATE complaints_clock SET policy_version = new.policy, due_at = new.due, first_due_at = new.first,
        attention_at = new.attention, why = new.why::jsonb
    FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::text[])
        AS new(id, policy, due, first, attention, why)
    WHERE complaints_clock.id = new.id
"""
_FOLLOW = """
    UPDATE complaints_complaint SET due_at = new.due, paused_at = new.paused, version = version + 1
    FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS new(id, due, paused)
    WHERE complaints_complaint.id = new.id
"""


def _save(moved: Sequence[Clock], due: Mapping[int, Clock]) -> None:
    """Two statements, however many have moved; the complaints are held."""
    with connection.cursor() as cursor:
        if moved:
            rows = [
                (each.pk, each.policy_version, each.due_at, each.first_due_at, each.attention_at, json.dumps(each.why))
                for each in moved
            ]
            cursor.execute(_SAVE, [list(column) for column in zip(*rows, strict=True)])
        if due:
            firsts = due.values()
            cursor.execute(_FOLLOW, [list(due), [each.due_at for each in firsts], [each.paused_at for each in firsts]])


def _said(each: Moved, policy: Policy, ordered: Change | None) -> dict[str, Any]:
    return {
        "clock": each.clock.code,
        "subject": each.clock.subject,
        "before": events.timestamp(each.clock.due_at),
        "due": events.timestamp(each.new.due_at),
        "policy": policy.number,
        "change": ordered.pk if ordered else None,
    }
