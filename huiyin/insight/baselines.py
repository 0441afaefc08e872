"""Before and after: the newest days beside a frozen baseline, of the same units."""

from dataclasses import dataclass
from datetime import date, timedelta

from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import as_one
from huiyin.insight import intervals
from huiyin.insight.figures import Figures, Median, figures
from huiyin.insight.intervals import Change
from huiyin.insight.models import Baseline
from huiyin.org.models import Member

AIM = -40.0  # per cent of the time that handling took: 全链路时效性提升 40 % (C058)


@dataclass(frozen=True)
class Comparison:
    """`first` to `last`: the days compared. The changes are None where either side has too few to be sure of."""

    baseline: Baseline
    first: date
    last: date
    before: Figures
    after: Figures
    first_response: Change | None
    closure: Change | None
    on_time: Change | None


def compare(baseline: Baseline, member: Member, *, today: date) -> Comparison:
    """As many days as the baseline has, up to yesterday, over what the member sees of the baseline's units."""
    span = baseline.period_to - baseline.period_from
    last = today - timedelta(days=1)
    first = max(last - span, baseline.period_to + timedelta(days=1))
    rows = Complaint.objects.visible_to(member)
    if not baseline.is_whole:
        rows = rows.filter(units__overlap=as_one(baseline.units))
    before, after = Figures.from_json(baseline.figures), figures(rows, first=first, last=last)
    return Comparison(
        baseline,
        first,
        last,
        before,
        after,
        _of_medians(before.first_response, after.first_response),
        _of_medians(before.closure, after.closure),
        intervals.of_shares(before.on_time, before.answered, after.on_time, after.answered),
    )


def _of_medians(before: Median, after: Median) -> Change | None:
    if before.hours is None or after.hours is None:
        return None
    return intervals.of_medians(before.hours, before.error, after.hours, after.error)
