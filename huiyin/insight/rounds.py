"""Lateness by round: a complaint that came back was answered twice, and each answer was in time or late by itself.

What the complaint's row says (`replied_at`, `due_at`, `breached_at`) is of its newest round only. An earlier one is
told by its clocks, which keep when they were due, stopped and broken.
"""

from datetime import datetime

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from huiyin.complaints.actions.clocks import DIRECT, DROPPED, FINAL, REGULATORY, RESOLVE, WHOLE
from huiyin.complaints.models import Clock, Complaint
from huiyin.insight.attainment import LATE, outcome_of

# the answer stands: nobody has reopened the complaint since
ANSWERED = Q(replied_at__isnull=False) & (Q(reopened_at=None) | Q(replied_at__gt=F("reopened_at")))
IS_LATE = Q(breached_at__isnull=False) | Q(replied_at__gt=F("due_at"))


def flag(condition: Q | Exists) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def earlier(complaints: QuerySet[Complaint], *, start: datetime, end: datetime) -> QuerySet[Clock]:
    """The rounds answered from `start` on and before `end` that ended with a reopening: of each the clock that its
    answer stopped, with `was_late`. Late is what broke its promise or the interim one of the same round, or came when
    what an authority had set was over.

    A complaint whose round ended so has come back since: an index finds those, all others cost nothing.
    """
    mine = Clock.objects.annotate(outcome=outcome_of(end)).filter(complaint=OuterRef("complaint"))
    same = mine.filter(started_at=OuterRef("started_at"))
    ran_then = Q(stopped_at=None) | Q(stopped_at__gte=OuterRef("stopped_at"))
    not_held = Q(paused_at=None) | Q(paused_at__gt=F("due_at"))
    outside = mine.filter(ran_then, not_held, code__in=(REGULATORY, DIRECT), due_at__lt=OuterRef("stopped_at"))
    found = Clock.objects.filter(
        complaint__in=complaints.filter(reopened_at__gt=start), code__in=WHOLE, stopped_at__gte=start,
        stopped_at__lt=end, started_at__lt=F("complaint__reopened_at"),
    )  # fmt: skip
    found = found.exclude(why__has_key=DROPPED)
    final = same.filter(code=FINAL).exclude(why__has_key=DROPPED)
    found = found.exclude(Exists(final), code=RESOLVE).annotate(outcome=outcome_of(end))
    is_late = Q(outcome=LATE) | Q(Exists(same.filter(code=RESOLVE, outcome=LATE))) | Q(Exists(outside))
    return found.annotate(was_late=flag(is_late))
