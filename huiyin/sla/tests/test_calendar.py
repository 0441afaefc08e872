from datetime import date, time, timedelta

import chinese_calendar
import pytest

from huiyin.sla.almanac import english_name, state_council
from huiyin.sla.days import BeyondCalendar, Ruling, Sort
from huiyin.sla.engine import Calendar, Target, Unit
from huiyin.sla.policy import Policy
from huiyin.sla.tests.documents import at, policy, shipped

LUNCH = [(time(9), time(12)), (time(13, 30), time(18))]


def test_a_lunch_break_and_the_night_do_not_count() -> None:
    calendar = Calendar(zone="Asia/Shanghai", hours=LUNCH)
    assert calendar.add(at("2026-11-20 11:30"), Target.of("bm", 60)) == at("2026-11-20 14:00")
    assert calendar.add(at("2026-11-20 11:30"), Target.of("bm", 30)) == at("2026-11-20 12:00")
    assert calendar.add(at("2026-11-20 12:30"), Target.of("bh", 4.5)) == at("2026-11-20 18:00")
    assert calendar.add(at("2026-11-20 17:45"), Target.of("bm", 30)) == at("2026-11-23 09:15")
    assert calendar.working_between(at("2026-11-20 11:30"), at("2026-11-23 09:15")) == timedelta(hours=5, minutes=15)


def test_the_policys_table_says_of_every_day_of_2026_what_the_state_council_said() -> None:
    year = [date(2026, 1, 1) + timedelta(days=count) for count in range(365)]
    assert [policy().calendar.is_working(day) for day in year] == [chinese_calendar.is_workday(day) for day in year]


def test_without_the_table_the_library_knows_the_same_year() -> None:
    body = shipped()
    del body["holidays_2026"]
    bare = Policy(body, number=1).calendar
    year = [date(2026, 1, 1) + timedelta(days=count) for count in range(365)]
    assert [bare.day(day) for day in year] == [policy().calendar.day(day) for day in year]


def test_a_make_up_day_is_worked_and_a_holiday_is_named() -> None:
    calendar = policy().calendar
    assert calendar.day(date(2026, 2, 14)).sort is Sort.MAKEUP
    assert calendar.day(date(2026, 2, 21))[1:3] == (Sort.HOLIDAY, "春节")
    assert calendar.day(date(2026, 11, 21))[1:3] == (Sort.WEEKEND, "")
    assert english_name("春节") == "Spring Festival"
    assert english_name("厂庆") == "厂庆"


def test_past_the_announced_days_the_calendar_refuses_to_guess() -> None:
    calendar, eve = policy().calendar, at("2026-12-31 10:00")
    assert calendar.add(at("2026-12-30 10:00"), Target.of("wd", 1)) == at("2026-12-31 18:00")
    assert calendar.add(eve, Target.of("bh", 8)) == at("2026-12-31 18:00")
    assert calendar.between(eve, at("2026-12-31 23:59"), Unit.BUSINESS_HOURS) == timedelta(hours=8)
    assert calendar.add(eve, Target.of("nh", 72)) == at("2027-01-03 10:00")
    for refused in (
        lambda: calendar.add(eve, Target.of("wd", 1)),
        lambda: calendar.add(eve, Target.of("bh", 8.5)),
        lambda: calendar.add(eve, Target.of("ld", 15)),
        lambda: calendar.between(eve, at("2027-01-01 00:30"), Unit.WORKING_DAYS),
        lambda: calendar.between(eve, at("2027-01-01 00:30"), Unit.BUSINESS_MINUTES),
        lambda: calendar.is_working(date(2027, 1, 1)),
    ):
        with pytest.raises(BeyondCalendar, match="known until 2026-12-31") as refusal:
            refused()
        assert refusal.value.last_known == date(2026, 12, 31)
    with pytest.raises(BeyondCalendar, match="known until None"):
        calendar.is_working(date(2033, 10, 1))


def test_a_day_nobody_has_announced_is_shown_by_its_weekday_and_known_to_be_unknown() -> None:
    calendar = policy().calendar
    assert calendar.covers(date(2026, 12, 31))
    assert not calendar.covers(date(2027, 10, 1))
    assert calendar.is_usually_working(date(2027, 10, 1))
    assert not calendar.is_usually_working(date(2027, 10, 2))
    assert calendar.is_open(at("2027-10-01 10:00"))
    assert not calendar.is_open(at("2026-10-01 10:00"))
    assert not calendar.is_open(at("2026-11-23 18:00"))
    assert calendar.covered_until(date(2026, 11, 22)) == date(2026, 12, 31)
    assert calendar.covered_until(date(2027, 10, 1)) is None
    assert state_council(date(2027, 10, 1)) is None


def test_a_year_written_into_the_policy_is_known() -> None:
    body = shipped() | {"holidays_2027": {"days_off": ["2027-10-01"], "makeup_workdays": ["2027-10-09"]}}
    calendar = Policy(body, number=2).calendar
    assert calendar.covers(date(2027, 3, 1))
    assert [calendar.is_working(date(2027, 10, day)) for day in (1, 4, 9)] == [False, True, True]
    assert calendar.covered_until(date(2026, 11, 22)) == date(2027, 12, 31)


def test_the_administrators_own_days_outrank_the_calendar() -> None:
    own = {date(2026, 11, 23): Ruling(False, "厂庆"), date(2026, 11, 28): Ruling(True, "盘点")}
    calendar = Policy(shipped(), number=1, exceptions=own).calendar
    assert calendar.add(at("2026-11-20 10:00"), Target.of("wd", 1)) == at("2026-11-24 18:00")
    assert calendar.add(at("2026-11-27 10:00"), Target.of("wd", 1)) == at("2026-11-28 18:00")


def test_a_shop_that_is_open_on_weekends_still_has_its_holidays() -> None:
    body = shipped()
    body["calendars"][0]["workdays"] = [1, 2, 3, 4, 5, 6, 7]
    calendar = Policy(body, number=1).calendar
    assert [calendar.is_working(date(2026, 10, day)) for day in (3, 10, 11)] == [False, True, True]


@pytest.mark.parametrize("hours", [[], [(time(9), time(9))], LUNCH[::-1], [(time(9), time(13)), (time(13), time(18))]])
def test_opening_hours_that_make_no_sense_are_refused(hours: list[tuple[time, time]]) -> None:
    with pytest.raises(ValueError, match="opening hours"):
        Calendar(zone="Asia/Shanghai", hours=hours)
