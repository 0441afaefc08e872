"""What a report page was asked for in its address: days, a unit. What makes no sense is left out, not refused."""

from datetime import date, timedelta

from django.utils import timezone

from huiyin.desk.pages import Request
from huiyin.insight.attainment import Period
from huiyin.insight.shares import months_up_to

LONGEST = timedelta(days=366)
DIGITS = 9


def period_of(request: Request, usual: Period) -> Period:
    """Both days included; the usual ones where nothing sensible is asked for."""
    first, last = day(request.GET.get("from", "")), day(request.GET.get("to", ""))
    last = last or usual.last
    first = first or last - (usual.last - usual.first)
    return Period(first, last) if first <= last <= first + LONGEST else usual


def newest_days(count: int) -> Period:
    today = timezone.localdate()
    return Period(today - timedelta(days=count - 1), today)


def newest_months(count: int) -> Period:
    """This month up to today, and those before it."""
    today = timezone.localdate()
    return Period(months_up_to(today, count)[0], today)


def day(written: str) -> date | None:
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if 2000 < found.year < 2100 else None


def number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) <= DIGITS else None


def days(period: Period) -> dict[str, str]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}
