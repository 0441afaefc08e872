"""Numbers of complaints: TS{yyyymmdd}-{seq5} (workflow.yaml numbering).

The sequence never rests and never waits: a PostgreSQL sequence gives each number outside any transaction, so that two
clerks filing at once do not queue for each other; the figure shown is the distance from where the sequence stood when
the day began. A rolled-back filing leaves a gap; see docs/decisions/0007-numbers-without-waiting.md.
"""

from datetime import date

from django.db import transaction

from huiyin.complaints.models import DayBase
from huiyin.lib.bulk import draw

SEQUENCE = "complaint_number_seq"

_bases: dict[date, int] = {}


def numbers(day: date, count: int) -> list[str]:
    """`count` fresh numbers of that day. One statement, once the day's base is known."""
    drawn = draw(SEQUENCE, count)
    base = _base(day, first=drawn[0])
    while late := [figure for figure in drawn if figure <= base]:  # drawn before the one who opened the day
        drawn = drawn[len(late) :] + draw(SEQUENCE, len(late))
    return [f"TS{day:%Y%m%d}-{figure - base:05d}" for figure in drawn]


def _base(day: date, *, first: int) -> int:
    if day in _bases:
        return _bases[day]
    base = DayBase.objects.filter(day=day).values_list("base", flat=True).first()
    if base is None:
        DayBase.objects.bulk_create([DayBase(day=day, base=first - 1)], ignore_conflicts=True)
        base = DayBase.objects.values_list("base", flat=True).get(day=day)
    kept = base
    transaction.on_commit(lambda: _bases.__setitem__(day, kept))  # a rollback must not leave it remembered
    return base
