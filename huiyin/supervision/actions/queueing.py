"""等待超时: whoever has waited too long for an answer is told of to the supervisors, once, with how many people the
queue needs (AL-01, C091)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Final, NamedTuple

from django.db import connection, transaction

from huiyin.complaints.models import Complaint
from huiyin.duty.queries import on_duty
from huiyin.intake.models import Waiting
from huiyin.notices.actions.telling import tell
from huiyin.org.models import Unit
from huiyin.org.rules import Role
from huiyin.sla.erlang import agents_needed
from huiyin.sla.queries import current
from huiyin.supervision.directory import Directory

QUEUE: Final = "CK-QUEUE"
LONG: Final = timedelta(minutes=15)  # where the policy does not say
HANDLING_S: Final = 300  # five minutes a call (C059), where nothing was measured
AT_MOST: Final = 0.01  # of the customers may wait longer
AN_HOUR: Final = timedelta(hours=1)


class Need(NamedTuple):
    """What Erlang C says of a unit's queue now."""

    calls_per_hour: int
    handling_s: int
    agents: int
    on_duty: int


def patience() -> timedelta:
    """How long somebody may wait before it is told (`alert_over` of the policy)."""
    clock = current().clocks.get(QUEUE)
    return clock.rules[0].targets[0].span if clock and clock.rules and clock.rules[0].targets else LONG


@transaction.atomic
def alert(*, at: datetime, limit: int = 500) -> int:
    """Of those who have waited too long, and that nobody was told of, their unit's supervisors are told, one notice a
    unit. Returns how many have waited. Two at once never tell of the same one."""
    found = _claim(at - patience(), at, limit)
    if not found:
        return 0
    directory = Directory(at=at)
    units = Unit.objects.in_bulk({unit_id for _pk, unit_id, _entered in found})
    for unit_id, unit in units.items():
        theirs = [(pk, entered) for pk, of, entered in found if of == unit_id]
        need = need_of(unit, at=at)
        longest = max(at - entered for _pk, entered in theirs)
        tell(
            members=directory.present(directory.nearest(unit_id, Role.SUPERVISOR)), kind="queue_waiting", number="",
            values={
                "unit": {"zh": unit.name_zh, "en": unit.name_en or unit.name_zh}, "count": len(theirs),
                "minutes": int(longest.total_seconds()) // 60, "agents": need.agents, "on_duty": need.on_duty,
            },
            link="/desk/waiting", key=f"queue:{max(pk for pk, _entered in theirs)}", urgent=False, at=at,
        )  # fmt: skip
    return len(found)


_CLAIM = """
    UPDATE intake_waiting SET alerted_at = %(at)s WHERE id IN (
        SELECT id FROM intake_waiting WHERE ended_at IS NULL AND alerted_at IS NULL AND entered_at < %(before)s
        ORDER BY entered_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ) RETURNING id, unit_id, entered_at
"""


def _claim(before: datetime, at: datetime, limit: int) -> Sequence[tuple[int, int, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"at": at, "before": before, "limit": limit})
        return list(cursor.fetchall())


def need_of(unit: Unit, *, at: datetime) -> Need:
    """From what came in within the last hour and how long taking one in has lately lasted."""
    calls = Waiting.objects.filter(unit=unit, entered_at__gt=at - AN_HOUR, entered_at__lte=at).count()
    handling = _handling(unit)
    agents = agents_needed(calls_per_hour=calls, aht_s=handling, seconds=patience().total_seconds(), at_most=AT_MOST)
    return Need(calls, handling, agents, len(on_duty(unit, at, is_open=current().calendar.is_open)))


def _handling(unit: Unit) -> int:
    latest = Complaint.objects.filter(received_unit=unit, intake_seconds__gt=0).order_by("-id")
    seconds = [each for each in latest.values_list("intake_seconds", flat=True)[:50] if each]
    return int(median(seconds)) if len(seconds) >= 5 else HANDLING_S
