"""The sweep: whatever time has done to a promise is noticed once, however many sweeps run at the same time.

It reads only clocks whose moment has come, by an index, so that closed complaints cost nothing. The complaints are
locked before their clocks, as every action does, and those that somebody works on this moment wait for the next sweep.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import structlog
from django.db import OperationalError, connection, transaction

from huiyin.complaints import events
from huiyin.complaints.actions import clocks
from huiyin.complaints.models import Clock, Event
from huiyin.complaints.models.clocks import BREACH, ClockQuerySet
from huiyin.lib.sweeping import PUT_OFF, one_by_one
from huiyin.org.actors import SYSTEM
from huiyin.sla.policy import Policy
from huiyin.sla.queries import Versions
from huiyin.sla.thresholds import reached_at, thresholds

log = structlog.get_logger(__name__)


class Reached(NamedTuple):
    clock: Clock
    share: int


def sweep(*, at: datetime, limit: int = 500) -> int:
    """Each clock whose moment has come is at the highest share it has reached, on the record, with the next moment set.

    A clock that slept through several shares (the machine was off) is recorded once, at the last of them; a breach is
    always recorded as one. All of them in one transaction, or where one of them fails, each by itself. Returns how many
    clocks were looked at; 0 when nothing is left.
    """
    policies = Versions()
    try:
        return _look_at(Clock.objects.needing_attention(at), limit, policies, at)
    except OperationalError:
        raise  # the database is busy or away: the next sweep's turn
    except Exception:
        log.exception("sweep.together")
    ripe = Clock.objects.needing_attention(at).order_by("attention_at", "id")[:limit]
    return one_by_one(
        ripe,
        lambda clock: bool(_look_at(Clock.objects.needing_attention(at).filter(pk=clock.pk), 1, policies, at)),
        put_off=lambda clock: _put_off(clock, at),
    )


def _put_off(clock: Clock, at: datetime) -> None:
    Clock.objects.needing_attention(at).filter(pk=clock.pk).update(attention_at=at + PUT_OFF)


@transaction.atomic
def _look_at(ripe: ClockQuerySet, limit: int, policies: Versions, at: datetime) -> int:
    found = _claim(ripe, limit)
    if not found:
        return 0
    reached = [each for clock in found if (each := _look(clock, policies.of(clock.policy_version), at))]
    _save(found)
    late = {each.clock.complaint_id: each.clock.due_at for each in reached if _breaks_the_promise(each)}
    _mark_late(late)
    events.record_many(
        [
            (
                each.clock.complaint,
                Event.Kind.BREACHED if each.share >= BREACH and each.clock.breached_at == at else Event.Kind.WARNED,
                {
                    "clock": each.clock.code,
                    "subject": each.clock.subject,
                    "share": each.share,
                    "due": events.timestamp(each.clock.due_at),
                },
            )
            for each in reached
        ],
        actor=SYSTEM,
        at=at,
    )
    return len(found)


def _claim(ripe: ClockQuerySet, limit: int) -> list[Clock]:
    held = (
        ripe.select_related("complaint")
        .select_for_update(skip_locked=True, of=("self", "complaint"), no_key=True)
        .order_by("attention_at", "id")
    )
    return list(held[:limit])


def _look(clock: Clock, policy: Policy, at: datetime) -> Reached | None:
    ends = {"start": clock.started_at, "due": clock.due_at}
    warned = thresholds(policy, clock.code, clock.why, **ends)
    passed = [round(each.at * 100) for each in warned if reached_at(policy, each, clock.why, **ends) < at]
    new = [share for share in passed if share > clock.reached]
    if new:
        clock.reached = max(new)
    if BREACH in new or (new and clock.breached_at is None and clock.reached >= BREACH):
        clock.breached_at = at
    clock.attention_at = clocks.next_attention(clock, policy)
    return Reached(clock, clock.reached) if new else None


def _breaks_the_promise(reached: Reached) -> bool:
    return reached.clock.code in clocks.WHOLE and reached.clock.breached_at is not None


_SAVE = """
    UPDATE complaints_clock SET reached = new.reached, breached_at = new.breached_at, attention_at = new.attention_at
    FROM unnest(%s::bigint[], %s::smallint[], %s::timestamptz[], %s::timestamptz[])
        AS new(id, reached, breached_at, attention_at)
    WHERE complaints_clock.id = new.id
"""


_MARK = """
    UPDATE complaints_complaint SET breached_at = new.breached_at
    FROM unnest(%s::bigint[], %s::timestamptz[]) AS new(id, breached_at)
    WHERE complaints_complaint.id = new.id AND complaints_complaint.breached_at IS NULL
"""


def _mark_late(due: Mapping[int, datetime]) -> None:
    """By complaint: since when its whole is late; the first time counts."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [list(due), list(due.values())])


def _save(looked: Sequence[Clock]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _SAVE,
            [
                [clock.pk for clock in looked],
                [clock.reached for clock in looked],
                [clock.breached_at for clock in looked],
                [clock.attention_at for clock in looked],
            ],
        )
