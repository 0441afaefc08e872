"""A day is closed; very many running promises are looked at, then counted anew: `python -m bench --only reckoning`."""

import time
from datetime import timedelta
from typing import Any

from django.db import connection

from bench.multiplying import grow_to
from bench.place import Place, now
from bench.sweeping import let_run, running

# the resolutions count working days, as those of complex complaints do; the others stay in hours
_IN_DAYS = """
UPDATE complaints_clock SET started_at = now(), why = jsonb_build_object(
    'unit', 'wd', 'amount', 5, 'name', '解决', 'clock', code, 'from', 'received', 'policy', 1,
    'start', to_char(now(), 'YYYY-MM-DD"T"HH24:MI+08:00'), 'due', to_char(due_at, 'YYYY-MM-DD"T"HH24:MI+08:00'))
WHERE code = 'CK-RESOLVE' AND stopped_at IS NULL
"""


def measure(here: Place, *, clocks: int = 200_000) -> dict[str, Any]:
    from huiyin.complaints.actions import foreseeing, reckoning
    from huiyin.org.actors import SYSTEM
    from huiyin.sla.models import DayException
    from huiyin.sla.queries import current

    complaints = clocks // 3 + 1
    grow_to(complaints)
    let_run(complaints=complaints)
    with connection.cursor() as cursor:
        cursor.execute(_IN_DAYS)
    at = now()
    day = at.date() + timedelta(days=1)
    while not current().calendar.is_usually_working(day):
        day += timedelta(days=1)
    DayException.objects.update_or_create(day=day, defaults={"is_working": False, "name": "停业", "set_at": at})
    policy = current()
    began = time.perf_counter()
    seen = foreseeing.effect(policy, at=at)
    looked = time.perf_counter()
    moved = reckoning.reckon_all(policy, actor=SYSTEM, at=at)
    return {
        "running": running(),
        "previewed": seen.looked,
        "preview_s": round(looked - began, 1),
        "moved": moved,
        "reckoned_s": round(time.perf_counter() - looked, 1),
    }
