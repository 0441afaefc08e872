"""Fitting the forecast of durations, and trying it on what it has not seen (C057)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from huiyin.insight.forecasting import FEW, Seen, key_of, shrink
from huiyin.insight.models import Calibration, Forecast

HELD_OUT = 0.2

# Closed complaints with the hours from receipt to answer. What was settled on the spot took no handling.
_SPANS = """
    WITH spans AS (
        SELECT leaf.code AS leaf, above.code AS head, complaint.severity,
               greatest(extract(epoch FROM complaint.replied_at - complaint.received_at) / 3600.0, 1 / 60.0)::float8
                   AS hours, complaint.received_at
        FROM complaints_complaint complaint
        JOIN triage_category leaf ON leaf.id = coalesce(complaint.confirmed_category_id, complaint.category_id)
        LEFT JOIN triage_category above ON above.id = leaf.parent_id
        WHERE complaint.state = 'closed' AND NOT complaint.is_on_spot AND complaint.replied_at > complaint.received_at
    )
"""
_CUTOFF = _SPANS + "SELECT percentile_disc(%s) WITHIN GROUP (ORDER BY received_at), count(*) FROM spans"
_SEEN = (
    _SPANS
    + """
    SELECT leaf, head, severity, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY hours),
           percentile_cont(0.9) WITHIN GROUP (ORDER BY hours), grouping(leaf, head, severity)
    FROM spans WHERE received_at <= coalesce(%s::timestamptz, 'infinity')
    GROUP BY GROUPING SETS ((leaf, head, severity), (head, severity), (severity), ())
    HAVING count(*) > 0
"""
)
_TRIED = (
    _SPANS
    + """,
    told AS (SELECT * FROM unnest(%s::text[], %s::float8[], %s::float8[]) AS told(key, median, p90)),
    held AS (
        SELECT hours, coalesce(own.median, head.median, level.median, everything.median) AS median,
               coalesce(own.p90, head.p90, level.p90, everything.p90) AS p90
        FROM spans
        LEFT JOIN told own ON own.key = spans.leaf || '/' || spans.severity
        LEFT JOIN told head ON head.key = spans.head || '/' || spans.severity
        LEFT JOIN told level ON level.key = '*/' || spans.severity
        LEFT JOIN told everything ON everything.key = '*'
        WHERE received_at > %s
    )
    SELECT count(*), count(*) FILTER (WHERE hours <= median), count(*) FILTER (WHERE hours <= p90) FROM held
"""
)


@transaction.atomic
def fit(*, at: datetime) -> Calibration:
    """Forecast anew from everything closed; keep how a forecast of the older four fifths did on the newest fifth.

    Newest by receipt: by closure, the newest fifth would be the slowest. What is still open is in neither.
    """
    tried = _try(at)
    made = shrink(_seen(None))
    Forecast.objects.bulk_create(
        [
            Forecast(key=key, n=each.n, median_hours=each.median, p90_hours=max(each.median, each.p90), fitted_at=at)
            for key, each in made.items()
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["n", "median_hours", "p90_hours", "fitted_at"],
    )
    Forecast.objects.filter(fitted_at__lt=at).delete()
    tried.save(force_insert=True)
    return tried


def _try(at: datetime) -> Calibration:
    [(cutoff, count)] = _rows(_CUTOFF, [1 - HELD_OUT])
    told = shrink(_seen(cutoff)) if cutoff else {}
    n, under_median, under_p90 = _held(told, cutoff) if told else (0, 0, 0)
    return Calibration(
        fitted_at=at, cutoff_at=cutoff, n_fitted=count - n, n_held=n, under_median=under_median, under_p90=under_p90
    )


def _held(told: Mapping[str, Seen], cutoff: datetime) -> tuple[int, int, int]:
    kept = [each for key, each in told.items() if each.n >= FEW or key == "*"]
    columns = [[each.key for each in kept], [each.median for each in kept], [each.p90 for each in kept]]
    [(n, under_median, under_p90)] = _rows(_TRIED, [*columns, cutoff])
    return n, under_median, under_p90


def _seen(until: datetime | None) -> list[Seen]:
    return [_kind(*row) for row in _rows(_SEEN, [until])]


def _kind(
    leaf: str | None, head: str | None, severity: int | None, n: int, median: float, p90: float, level: int
) -> Seen:
    """`level` is PostgreSQL's grouping(): which of leaf, head and severity were summed over."""
    if level == 7:
        return Seen("*", "", n, median, p90)
    assert severity is not None
    if level == 6:
        return Seen(key_of("*", severity), "*", n, median, p90)
    if level == 4:
        return Seen(key_of(head or "-", severity), key_of("*", severity), n, median, p90)
    return Seen(key_of(leaf or "-", severity), key_of(head or "-", severity), n, median, p90)


def _rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
