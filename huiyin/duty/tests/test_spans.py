"""Shifts as stretches of time."""

from datetime import UTC, date, datetime, time, timedelta

from huiyin.duty.spans import EVERY_DAY, Hours, Span, from_midday, joined, without

DAY = date(2026, 11, 23)


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_a_night_shift_ends_the_day_after_and_belongs_to_the_day_it_began() -> None:
    night = Hours(time(22), time(6), frozenset({1}), "Asia/Shanghai")
    assert night.on(DAY) == Span(utc(23, 14), utc(23, 22))
    assert night.on(DAY + timedelta(days=1)) is None
    assert list(night.within(Span(utc(23, 21), utc(24, 20)))) == [Span(utc(23, 14), utc(23, 22))]


def test_a_shift_that_ends_when_it_starts_is_round_the_clock() -> None:
    whole = Hours(time(8), time(8), EVERY_DAY, "Asia/Shanghai")
    assert joined(whole.within(Span(utc(23, 1), utc(25, 1)))) == [Span(utc(23, 0), utc(26, 0))]


def test_summer_time_makes_a_night_an_hour_shorter_and_another_an_hour_longer() -> None:
    night = Hours(time(22), time(6), EVERY_DAY, "Europe/Berlin")
    lengths = {
        day: span.end - span.start
        for day in (date(2026, 3, 28), date(2026, 3, 30), date(2026, 10, 24))
        if (span := night.on(day))
    }
    assert list(lengths.values()) == [timedelta(hours=7), timedelta(hours=8), timedelta(hours=9)]


def test_a_shift_inside_the_hour_that_does_not_exist_is_worked_an_hour_later() -> None:
    found = Hours(time(2), time(2, 30), EVERY_DAY, "Europe/Berlin").on(date(2026, 3, 29))
    assert found == Span(datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC))


def test_what_is_taken_out_leaves_what_is_before_between_and_after() -> None:
    whole = [Span(utc(23, 0), utc(23, 12)), Span(utc(23, 12), utc(24, 0))]
    holes = [Span(utc(22, 20), utc(23, 1)), Span(utc(23, 6), utc(23, 7)), Span(utc(23, 7), utc(23, 8))]
    assert without(whole, holes) == [Span(utc(23, 1), utc(23, 6)), Span(utc(23, 8), utc(24, 0))]
    assert without(whole, [Span(utc(20, 0), utc(30, 0))]) == []


def test_noon_is_found_on_either_side() -> None:
    assert from_midday("Asia/Shanghai", utc(23, 4, 30)) == timedelta(minutes=30)
    assert from_midday("Europe/Berlin", utc(23, 0)) == timedelta(hours=11)
