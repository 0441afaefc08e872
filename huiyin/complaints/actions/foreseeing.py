"""What a calendar would do to the promises that run, told while somebody waits; nothing is changed.

A promise of days is due by the day it began on and by its days, so that few of them differ however many run: those are
reckoned by the engine, and the database says how many clocks each moves. What stood still, was extended or counts
opening hours has a due moment of its own, and is reckoned one by one, as 重算 does it (`reckoning`).
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from heapq import nlargest
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from huiyin.complaints.actions.reckoning import BATCH, Moved, moves, running
from huiyin.complaints.models import Clock
from huiyin.sla import promises
from huiyin.sla.engine import Target
from huiyin.sla.policy import Policy

LOOKED_AT = 50_000  # complaints, of those that are reckoned one by one
MOST_MOVED = 20
NOTHING = timedelta(0)


class Effect(NamedTuple):
    """What a calendar would do to the promises that run. `is_all` is false where too many of them have to be looked at
    one by one."""

    looked: int
    earlier: int
    later: int
    provisional: int
    most: tuple[Moved, ...]
    is_all: bool

    @property
    def moved(self) -> int:
        return self.earlier + self.later


class _Kind(NamedTuple):
    """Promises that are all due at one moment as far as days go: begun on `day`, the earliest of `targets` counts."""

    targets: str
    day: date


def effect(policy: Policy, *, at: datetime, limit: int = LOOKED_AT) -> Effect:
    """How the running promises would move if they were counted by this policy's calendar. Of more than `limit`
    complaints that are looked at one by one, those that came in last."""
    kinds, alone = _kinds(policy)
    looked, provisional = _running_at_all(without=alone[limit:])
    earlier, later, together = _together(policy, kinds, at)
    found = [each for each in _one_by_one(policy, alone[:limit], at) if each.by]
    return Effect(
        looked=looked,
        earlier=earlier + sum(each.by < NOTHING for each in found),
        later=later + sum(each.by > NOTHING for each in found),
        provisional=provisional,
        most=tuple(nlargest(MOST_MOVED, [*together, *found], key=lambda each: abs(each.by))),
        is_all=len(alone) <= limit,
    )


# as promises.renewed and reckoning.moves count them; tests/test_reckoning.py holds the two beside each other
_RUNNING = """
    SELECT c.id, c.complaint_id, c.due_at, coalesce(c.first_due_at, c.due_at) AS promised_at, c.paused_at,
        c.breached_at, t.days, t.natural_span, c.why ? 'kept_minutes' AS is_kept, c.why->>'order_due' AS order_due,
        c.why->>'due' AS said_due, c.why->>'before_pauses' AS said_before, b.begun,
        (b.begun AT TIME ZONE %(zone)s)::date AS day,
        coalesce(t.is_alone, false) OR c.extended_days > 0 OR c.why ? 'extended' OR EXISTS (
            SELECT FROM complaints_pause p WHERE p.complaint_id = c.complaint_id AND p.ended_at IS NOT NULL
        ) AS is_alone
    FROM complaints_clock c
    CROSS JOIN LATERAL (
        SELECT CASE WHEN c.why ? 'of_days' THEN (c.why->>'start')::timestamptz ELSE c.started_at END AS begun
    ) b
    CROSS JOIN LATERAL (
        SELECT string_agg(unit || ':' || amount, ' ' ORDER BY unit, amount) FILTER (WHERE unit IN ('wd', 'ld')) AS days,
            min(CASE unit WHEN 'nm' THEN amount * interval '1 minute' WHEN 'nh' THEN amount * interval '1 hour' END)
                AS natural_span,
            bool_or(unit NOT IN ('wd', 'ld', 'nm', 'nh') OR amount <= 0) AS is_alone
        FROM (
            SELECT c.why->>'unit' AS unit, (c.why->>'amount')::float8 AS amount
            UNION ALL
            SELECT r->>'unit', (r->>'amount')::float8 FROM jsonb_array_elements(c.why->'rivals') r
        ) target
        WHERE unit IS NOT NULL AND NOT c.why ? 'kept_minutes'
            AND (c.why->>'unit' NOT IN ('nm', 'nh') OR c.why ? 'rivals')
    ) t
    WHERE c.stopped_at IS NULL
"""
_KINDS = f"SELECT DISTINCT days, day, CASE WHEN is_alone THEN complaint_id END FROM ({_RUNNING}) running"
_TOGETHER = f"""
    WITH running AS MATERIALIZED ({_RUNNING}),
    alone AS (SELECT DISTINCT complaint_id FROM running WHERE is_alone),
    based AS MATERIALIZED (
        SELECT running.*, CASE WHEN running.days IS NULL THEN promised_at ELSE LEAST(kind.due, begun + natural_span) END
            AS base
        FROM running
        LEFT JOIN unnest(%(targets)s::text[], %(days)s::date[], %(dues)s::timestamptz[]) AS kind(days, day, due)
            USING (days, day)
        WHERE complaint_id NOT IN (SELECT complaint_id FROM alone)
    ),
    with_order AS (
        SELECT DISTINCT ON (kept.id) kept.id, other.base - other.promised_at AS shift
        FROM based kept JOIN based other USING (complaint_id)
        WHERE kept.is_kept AND NOT other.is_kept AND kept.order_due IN (other.said_due, other.said_before)
        ORDER BY kept.id, other.id
    ),
    moved AS (
        SELECT id, due_at, base + coalesce(shift, interval '0') AS new_due
        FROM based LEFT JOIN with_order USING (id)
        WHERE breached_at IS NULL AND (due_at >= %(at)s OR paused_at <= due_at)
    )
    SELECT id, new_due, count(*) FILTER (WHERE new_due < due_at) OVER () AS earlier,
        count(*) FILTER (WHERE new_due > due_at) OVER () AS later
    FROM moved WHERE new_due <> due_at AND new_due >= %(at)s
    ORDER BY greatest(new_due - due_at, due_at - new_due) DESC, id LIMIT {MOST_MOVED}
"""


def _kinds(policy: Policy) -> tuple[list[_Kind], list[int]]:
    """Which kinds run, and the complaints that have to be looked at one by one, the newest first."""
    rows = _asked(_KINDS, zone=policy.calendar.zone)
    kinds = {_Kind(targets, day) for targets, day, _alone in rows if targets}
    return sorted(kinds), sorted({alone for _targets, _day, alone in rows if alone}, reverse=True)


def _together(policy: Policy, kinds: Collection[_Kind], at: datetime) -> tuple[int, int, list[Moved]]:
    """How many move forward, how many back, and those that move most; without what is looked at one by one."""
    rows = _asked(
        _TOGETHER, zone=policy.calendar.zone, at=at, targets=[kind.targets for kind in kinds],
        days=[kind.day for kind in kinds], dues=[_due(policy, kind) for kind in kinds],
    )  # fmt: skip
    if not rows:
        return 0, 0, []
    clocks = Clock.objects.in_bulk([pk for pk, *_rest in rows])
    most = []
    for pk, new_due, *_counts in rows:
        new = promises.Deadline(new_due, clocks[pk].why)
        most.append(Moved(clocks[pk], new, new))
    return rows[0][2], rows[0][3], most


def _due(policy: Policy, kind: _Kind) -> datetime:
    """For days, any moment of the day they began on is the same."""
    noon = datetime.combine(kind.day, time(12), ZoneInfo(policy.calendar.zone))
    pairs = (each.split(":") for each in kind.targets.split(" "))
    targets = (Target.of(unit, float(amount)) for unit, amount in pairs)
    return min(promises.earliest(policy.calendar, noon, target) for target in targets)


def _one_by_one(policy: Policy, complaint_ids: list[int], at: datetime) -> Iterable[Moved]:
    for start in range(0, len(complaint_ids), BATCH * 5):
        for clocks, pauses in running(complaint_ids[start : start + BATCH * 5]):
            yield from moves(clocks, policy, pauses, at)


def _running_at_all(*, without: list[int]) -> tuple[int, int]:
    """How many that are not broken, and how many of them are provisional."""
    wanted = Clock.objects.running().filter(breached_at=None).exclude(complaint__in=without)
    return wanted.count(), wanted.provisional().count()


def _asked(statement: str, **given: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())
