"""The sweep: whatever time has done to a promise is noticed once, however many sweeps run at the same time.

It reads only clocks whose moment has come, by an index, so that closed complaints cost nothing. The complaints are
locked before their clocks, as every action does, and those that somebody works on this moment wait for the next sweep.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from huiyin.complaints import events
from huiyin.complaints.actions import clocks
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.complaints.models.clocks import BREACH
from huiyin.org.actors import SYSTEM
from huiyin.sla import promises
from huiyin.sla.policy import Policy
from huiyin.sla.queries import numbered


class Reached(NamedTuple):
    clock: Clock
    share: int


@transaction.atomic
def sweep(*, at: datetime, limit: int = 500) -> int:
    """Each clock whose moment has come is at the highest share it has reached, on the record, with the next moment set.

    A clock that slept through several shares (the machine was off) is recorded once, at the last of them; a breach is
    always recorded as one. Returns how many clocks were looked at; 0 when nothing is left.
    """
    found = _claim(at, limit)
    if not found:
        return 0
    reached = [each for clock in found if (each := _look(clock, at))]
    _save(found)
    late = {each.clock.complaint_id: each.clock.due_at for each in reached if _breaks_the_promise(each)}
    for pk, due_at in late.items():
        Complaint.objects.filter(pk=pk, breached_at=None).update(breached_at=due_at)
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


def _claim(at: datetime, limit: int) -> list[Clock]:
    ripe = (
        Clock.objects.needing_attention(at)
        .select_related("complaint")
        .select_for_update(skip_locked=True, of=("self", "complaint"), no_key=True)
        .order_by("attention_at", "id")
    )
    return list(ripe[:limit])


def _look(clock: Clock, at: datetime) -> Reached | None:
    policy = numbered(clock.policy_version)
    passed = [round(each.at * 100) for each in policy.warnings if _used_up(clock, policy, each.at) < at]
    new = [share for share in passed if share > clock.reached]
    if new:
        clock.reached = max(new)
    if BREACH in new or (new and clock.breached_at is None and clock.reached >= BREACH):
        clock.breached_at = at
    clock.attention_at = clocks.next_attention(clock, policy)
    return Reached(clock, clock.reached) if new else None


def _used_up(clock: Clock, policy: Policy, share: float) -> datetime:
    return promises.share_used_at(policy, clock.why, start=clock.started_at, due=clock.due_at, share=share)


def _breaks_the_promise(reached: Reached) -> bool:
    return reached.clock.code in clocks.WHOLE and reached.clock.breached_at is not None


_SAVE = """
    UPDATE complaints_clock SET reached = new.reached, breached_at = new.breached_at, attention_at = new.attention_at
    FROM unnest(%s::bigint[], %s::smallint[], %s::timestamptz[], %s::timestamptz[])
        AS new(id, reached, breached_at, attention_at)
    WHERE complaints_clock.id = new.id
"""


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
