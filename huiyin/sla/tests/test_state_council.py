"""Every notice of the State Council that chinesecalendar holds, against a count that knows nothing of the engine."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from huiyin.sla.almanac import state_council
from huiyin.sla.engine import Calendar, Target

ONE = timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(zone="Asia/Shanghai", hours=[(time(9), time(18))], almanac=state_council)
YEARS = sorted({day.year for day in chinese_calendar.constants.holidays})


def days(year: int) -> list[date]:
    return [date(year, 1, 1) + count * ONE for count in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


def is_worked(day: date) -> bool:
    """By the notice's own lists."""
    if day in chinese_calendar.constants.workdays:
        return True
    return day not in chinese_calendar.constants.holidays and day.weekday() < 5


def holidays(year: int) -> Iterator[list[date]]:
    """Each stretch of statutory days off, by its name."""
    listed = [day for day in days(year) if day in chinese_calendar.constants.holidays]
    for _name, stretch in groupby(listed, key=chinese_calendar.constants.holidays.__getitem__):
        yield list(stretch)


def naive_due(received: date, count: int) -> datetime:
    day = received
    while count:
        day += ONE
        count -= is_worked(day)
    return datetime.combine(day, time(18), SHANGHAI)


def test_the_library_begins_where_it_says_and_knows_this_year() -> None:
    assert YEARS[0] == 2004
    assert list(range(2004, YEARS[-1] + 1)) == YEARS
    assert YEARS[-1] >= 2026


@pytest.mark.parametrize("year", YEARS)
def test_each_years_holidays_and_make_up_days_are_counted_as_announced(year: int) -> None:
    whole = days(year)
    assert [CALENDAR.is_working(day) for day in whole] == [is_worked(day) for day in whole]
    worked = sum(map(is_worked, whole))
    before = whole[0] - ONE
    first = is_worked(whole[0])
    assert CALENDAR.working_days_between(whole[0], whole[-1]) == worked - first
    if year > YEARS[0]:
        assert CALENDAR.working_days_between(before, whole[-1]) == worked


@pytest.mark.parametrize("year", YEARS)
def test_three_working_days_over_each_holiday_are_those_of_a_count_on_the_fingers(year: int) -> None:
    stretches = list(holidays(year))
    assert len(stretches) >= 3
    for stretch in stretches:
        for received in (stretch[0] - 3 * ONE, stretch[0] - ONE, stretch[0], stretch[-1], stretch[-1] + ONE):
            if not date(year, 1, 1) <= received <= date(year, 12, 15):
                continue
            moment = datetime.combine(received, time(10), SHANGHAI)
            assert CALENDAR.add(moment, Target.of("wd", 3)) == naive_due(received, 3), received
