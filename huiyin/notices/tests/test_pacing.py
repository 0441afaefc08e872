"""When somebody may be disturbed and what goes together, by values alone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.notices import pacing
from huiyin.notices.pacing import Habits, Item, Plan, free_from, plan

SHANGHAI = ZoneInfo("Asia/Shanghai")
HABITS = Habits(SHANGHAI)
NOON = datetime(2026, 11, 17, 12, 0, tzinfo=SHANGHAI)  # a Tuesday
HOLIDAYS = {date(2026, 10, day) for day in range(1, 8)}


def weekend(day: date) -> bool:
    return day.isoweekday() > 5


def never(day: date) -> bool:
    return False


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def items(count: int, *, when: datetime = NOON, urgent: bool = False) -> list[Item]:
    return [Item(n, when, urgent) for n in range(1, count + 1)]


def planned(waiting: list[Item], *, now: datetime = NOON, habits: Habits = HABITS, sent: int = 0) -> Plan:
    lately = [now - timedelta(minutes=50) + timedelta(minutes=n) for n in range(sent)]
    return plan(waiting, now=now, habits=habits, sent=lately, is_day_off=weekend)


@pytest.mark.parametrize(
    ("now", "free"),
    [
        ("2026-11-17 12:00", "2026-11-17 12:00"),
        ("2026-11-17 20:59", "2026-11-17 20:59"),
        ("2026-11-17 21:00", "2026-11-18 08:00"),
        ("2026-11-18 00:30", "2026-11-18 08:00"),
        ("2026-11-18 07:59", "2026-11-18 08:00"),
        ("2026-11-20 22:00", "2026-11-23 08:00"),  # Friday night: on Monday morning
        ("2026-11-21 10:00", "2026-11-23 08:00"),  # Saturday
        ("2026-12-31 23:59", "2027-01-01 08:00"),
    ],
)
def test_the_night_and_the_weekend_are_quiet(now: str, free: str) -> None:
    assert free_from(at(now), HABITS, weekend) == at(free)


def test_a_holiday_is_quiet_and_a_day_made_up_for_it_is_not() -> None:
    made_up = {date(2026, 10, 10)}  # a Saturday

    def off(day: date) -> bool:
        return day in HOLIDAYS or (weekend(day) and day not in made_up)

    assert free_from(at("2026-09-30 21:30"), HABITS, off) == at("2026-10-08 08:00")
    assert free_from(at("2026-10-09 21:30"), HABITS, off) == at("2026-10-10 08:00")


def test_quiet_hours_within_a_day_none_at_all_and_days_off_that_are_no_matter() -> None:
    siesta = Habits(SHANGHAI, time(12), time(14), rests_on_days_off=False)
    assert free_from(at("2026-11-21 13:00"), siesta, weekend) == at("2026-11-21 14:00")
    assert free_from(at("2026-11-21 23:00"), siesta, weekend) == at("2026-11-21 23:00")
    assert free_from(at("2026-11-17 03:00"), Habits(SHANGHAI, time(0), time(0)), weekend) == at("2026-11-17 03:00")


def test_the_same_moment_is_night_for_one_and_day_for_another() -> None:
    moment = datetime(2026, 11, 17, 14, 0, tzinfo=UTC)  # 22:00 in Shanghai, 14:00 in London, 06:00 in Los Angeles
    habits = {name: Habits(ZoneInfo(name)) for name in ("Asia/Shanghai", "Europe/London", "America/Los_Angeles")}
    free = {name: free_from(moment, each, weekend) for name, each in habits.items()}
    assert free == {
        "Asia/Shanghai": datetime(2026, 11, 18, 0, 0, tzinfo=UTC),
        "Europe/London": moment,
        "America/Los_Angeles": datetime(2026, 11, 17, 16, 0, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    ("now", "free"),
    [
        ("2026-03-29T00:30:00+01:00", "2026-03-29T08:00:00+02:00"),
        ("2026-10-24T22:00:00+02:00", "2026-10-25T08:00:00+01:00"),
    ],
)
def test_the_night_in_which_the_clocks_change_ends_at_the_same_hour(now: str, free: str) -> None:
    habits = Habits(ZoneInfo("Europe/Berlin"), rests_on_days_off=False)
    assert free_from(datetime.fromisoformat(now), habits, never) == datetime.fromisoformat(free)


@given(st.integers(0, 3 * 366 * 24 * 60), st.times(), st.times(), st.booleans())
def test_what_is_held_is_held_until_a_moment_that_is_free(minutes: int, start: time, end: time, rests: bool) -> None:
    habits = Habits(SHANGHAI, start.replace(microsecond=0), end.replace(microsecond=0), rests_on_days_off=rests)
    moment = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    free = free_from(moment, habits, weekend)
    local = free.astimezone(SHANGHAI)
    assert free >= moment
    assert not habits.is_quiet(local.time())
    assert not (rests and weekend(local.date()))


def test_a_calendar_without_a_working_day_keeps_nobody_in_the_dark() -> None:
    assert free_from(NOON, HABITS, lambda day: True) == NOON


def test_a_few_go_one_by_one_and_a_storm_as_one_digest() -> None:
    assert planned(items(5)).messages == [(1,), (2,), (3,), (4,), (5,)]
    assert planned(items(6)).messages == [(1, 2, 3, 4, 5, 6)]
    assert planned(items(5000)).messages == [tuple(range(1, 5001))]


def test_never_more_than_the_hourly_number_and_the_rest_is_held_until_there_is_room() -> None:
    assert planned(items(2), sent=13).messages == [(1,), (2,)]
    assert planned(items(3), sent=13).messages == [(1, 2, 3)]
    full = planned(items(3), sent=15)  # of twenty, five are kept for what is urgent
    assert (full.messages, full.held) == ([], [(NOON + timedelta(minutes=10), (1, 2, 3))])
    assert planned(items(1), sent=14, habits=Habits(SHANGHAI, hourly=3)).messages == []


@given(st.lists(st.tuples(st.integers(0, 6 * 60), st.integers(1, 30)), max_size=60), st.integers(1, 30))
def test_no_hour_of_any_storm_holds_more_than_the_number(bursts: list[tuple[int, int]], hourly: int) -> None:
    """Bursts of notices, minute by minute, as the worker's rounds would meet them."""
    habits = Habits(SHANGHAI, time(0), time(0), rests_on_days_off=False, hourly=hourly)
    waiting: list[tuple[datetime, Item]] = []
    sent: list[datetime] = []
    told: list[int] = []
    made = 0
    for minute in range(12 * 60):
        now = NOON + timedelta(minutes=minute)
        for when, count in bursts:
            if when == minute:
                waiting += [(now, Item(made + n, now)) for n in range(count)]
                made += count
        due = [item for until, item in waiting if until <= now]
        found = plan(due, now=now, habits=habits, sent=sent, is_day_off=never)
        sent += [now] * len(found.messages)
        told += [pk for message in found.messages for pk in message]
        until = {pk: moment for moment, keys in found.held for pk in keys}
        assert all(moment > now for moment in until.values())
        waiting = [(until.get(item.pk, moment), item) for moment, item in waiting if item.pk not in set(told)]
    assert sorted(told) == list(range(made))  # none lost, none twice
    for moment in sent:
        assert sum(moment <= each < moment + timedelta(hours=1) for each in sent) <= hourly


def test_what_is_urgent_goes_at_night_on_a_day_off_and_past_digest_times() -> None:
    night = at("2026-11-21 03:00")
    habits = Habits(SHANGHAI, digest_at=(time(9),))
    both = [Item(1, night, urgent=True), Item(2, night)]
    found = plan(both, now=night, habits=habits, sent=[], is_day_off=weekend)
    assert found.messages == [(1,)]
    assert found.held == [(at("2026-11-23 08:00"), (2,))]


def test_even_urgent_ones_come_together_when_there_are_too_many() -> None:
    assert planned(items(20, urgent=True)).messages == [(n,) for n in range(1, 21)]
    assert planned(items(21, urgent=True)).messages == [tuple(range(1, 22))]
    just_now = [NOON - timedelta(minutes=n) for n in range(20, 0, -1)]
    held = plan(items(2, urgent=True), now=NOON, habits=HABITS, sent=just_now, is_day_off=weekend)
    assert held.held == [(NOON + timedelta(minutes=4), (1, 2))]
    later = NOON + timedelta(minutes=4)
    assert plan(
        items(2, urgent=True), now=later, habits=HABITS, sent=just_now, is_day_off=weekend
    ).messages == [(1, 2)]  # fmt: skip


def test_after_a_stop_yesterdays_notices_are_one_digest_and_todays_come_along() -> None:
    old = [Item(1, NOON - timedelta(hours=20)), Item(2, NOON - timedelta(hours=7)), Item(3, NOON)]
    assert planned(old).messages == [(1, 2, 3)]
    assert planned(old[2:]).messages == [(3,)]
    assert planned([Item(1, NOON - timedelta(hours=8), urgent=True), Item(2, NOON, urgent=True)]).messages == [(1, 2)]


def test_digest_times_gather_what_came_since_the_last() -> None:
    habits = Habits(SHANGHAI, digest_at=(time(17), time(9)))
    came = [Item(1, at("2026-11-17 09:30")), Item(2, at("2026-11-17 11:00"))]
    assert planned(came, habits=habits).held == [(at("2026-11-17 17:00"), (1, 2))]
    assert planned(came, habits=habits, now=at("2026-11-17 17:00")).messages == [(1, 2)]
    late = [Item(1, at("2026-11-17 18:00"))]
    assert planned(late, habits=habits, now=at("2026-11-17 18:01")).held == [(at("2026-11-18 09:00"), (1,))]


def test_tries_are_further_and_further_apart_and_end_after_a_day() -> None:
    waits = [pacing.next_try(n, message="甲", now=NOON) - NOON for n in range(1, 15)]
    assert timedelta(seconds=48) <= waits[0] <= timedelta(seconds=72)
    assert all(0.8 * plain <= wait <= 1.2 * plain for wait, plain in zip(waits, pacing.BACKOFF, strict=False))
    assert pacing.next_try(3, message="甲", now=NOON) == pacing.next_try(3, message="甲", now=NOON)
    assert len({pacing.next_try(3, message=str(n), now=NOON) for n in range(50)}) == 50
    assert pacing.given_up(NOON) == NOON - timedelta(days=1)


def test_a_lane_that_fails_rests_longer_each_time() -> None:
    assert [pacing.pause(n) // timedelta(minutes=1) for n in (1, 2, 3, 4, 5, 99)] == [1, 2, 5, 10, 15, 15]
