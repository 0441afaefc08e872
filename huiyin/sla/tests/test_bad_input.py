"""What an administrator or a calendar may throw at the engine."""

from datetime import date, time, timedelta

import pytest
from django.db import DatabaseError, transaction

from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.sla.actions import amending
from huiyin.sla.almanac import state_council
from huiyin.sla.checking import check
from huiyin.sla.days import Ruling
from huiyin.sla.engine import Calendar, Pause, Target
from huiyin.sla.errors import PolicyUnsound
from huiyin.sla.models import PolicyVersion
from huiyin.sla.policy import Policy
from huiyin.sla.promises import Inputs, deadline
from huiyin.sla.queries import current, numbered
from huiyin.sla.tests.conftest import NOW
from huiyin.sla.tests.documents import at, clock, policy, shipped

NINE_TO_SIX = [(time(9), time(18))]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (["09:00-12:00", "11:30-18:00"], "互不重叠"),
        (["22:00-06:00"], "不跨零点"),
        (["13:00-18:00", "09:00-12:00"], "从早到晚"),
        (["09:00-09:00"], "从早到晚"),
        ([], "时段列表"),
        (["24:00-25:00"], "时段列表"),
    ],
)
def test_intervals_that_overlap_cross_midnight_or_are_none_are_refused(hours: list[str], said: str) -> None:
    body = shipped()
    calendar = body["calendars"][0]
    del calendar["open"], calendar["close"]
    calendar["hours"] = hours
    with pytest.raises(PolicyUnsound, match=said):
        check(body)


def test_a_calendar_without_a_working_day_is_refused() -> None:
    body = shipped()
    body["calendars"][0]["workdays"] = []
    with pytest.raises(PolicyUnsound, match="上班日"):
        check(body)
    with pytest.raises(ValueError, match="workdays"):
        Calendar(zone="Asia/Shanghai", hours=NINE_TO_SIX, workdays=frozenset())


def test_a_day_that_is_both_off_and_made_up_is_refused_and_named() -> None:
    body = shipped()
    body["holidays_2026"]["makeup_workdays"].append("2026-10-01")
    with pytest.raises(PolicyUnsound, match="2026-10-01"):
        check(body)


def test_a_clock_started_in_a_holiday_counts_from_its_first_working_day() -> None:
    calendar, inside = policy().calendar, at("2026-10-03 15:00")
    assert calendar.add(inside, Target.of("bh", 1)) == at("2026-10-08 10:00")
    assert calendar.add(inside, Target.of("wd", 1)) == at("2026-10-08 18:00")
    assert calendar.add(inside, Target.of("nh", 1)) == at("2026-10-03 16:00")


def test_the_leap_day_is_a_day() -> None:
    calendar = Calendar(zone="Asia/Shanghai", hours=NINE_TO_SIX, almanac=state_council)
    assert calendar.add(at("2024-02-28 10:00"), Target.of("wd", 1)) == at("2024-02-29 18:00")
    assert calendar.add(at("2024-02-29 10:00"), Target.of("wd", 1)) == at("2024-03-01 18:00")
    assert calendar.add(at("2024-02-28 10:00"), Target.of("ld", 1)) == at("2024-02-29 23:59") + timedelta(seconds=59)
    assert calendar.working_days_between(date(2024, 2, 28), date(2024, 3, 1)) == 2


def test_a_target_of_zero_is_due_at_once_in_every_unit_even_past_the_calendar() -> None:
    for start in (at("2026-11-21 23:00"), at("2031-01-01 00:00")):
        assert {policy().calendar.add(start, Target.of(unit, 0)) for unit in ("nm", "nh", "bm", "bh", "wd", "ld")} == {
            start
        }
    body = shipped()
    clock(body, "CK-FR")["targets"] = [{"nm": 0}]
    found = deadline(Policy(body, number=1), "CK-FR", start=at("2026-11-21 23:00"), inputs=Inputs("L3", "S"))
    assert found is not None
    assert found.due_at == at("2026-11-21 23:00")


@pytest.mark.parametrize(
    ("zone", "friday", "worked"),
    [
        ("Europe/Berlin", "2026-03-27", timedelta(hours=23)),
        ("Europe/Berlin", "2026-10-23", timedelta(hours=25)),
        ("America/New_York", "2026-03-06", timedelta(hours=23)),
        ("America/New_York", "2026-10-30", timedelta(hours=25)),
        ("Australia/Lord_Howe", "2026-10-02", timedelta(hours=23, minutes=30)),
    ],
)
def test_where_the_clocks_change_a_day_is_as_long_as_it_is(zone: str, friday: str, worked: timedelta) -> None:
    """From Friday's opening to Monday's, on a calendar that is open on Sundays only, all day but a minute."""
    calendar = Calendar(zone=zone, hours=[(time(0), time(23, 59))], workdays=frozenset({7}))
    start = calendar._moment(date.fromisoformat(friday), time(9))
    end = calendar._moment(date.fromisoformat(friday) + timedelta(days=3), time(9))
    assert calendar.working_between(start, end) == worked - timedelta(minutes=1)


def test_a_pause_over_closing_time_and_over_another_counts_once() -> None:
    calendar = Calendar(zone="Asia/Shanghai", hours=[(time(9), time(12)), (time(13, 30), time(18))])
    start, target = at("2026-11-20 16:00"), Target.of("bh", 3)
    assert calendar.add(start, target) == at("2026-11-23 10:00")
    over_night = Pause(at("2026-11-20 17:00"), at("2026-11-23 09:30"))
    assert calendar.add(start, target, [over_night]) == at("2026-11-23 11:30")
    again = Pause(at("2026-11-20 17:30"), at("2026-11-23 09:15"))
    assert calendar.add(start, target, [over_night, again]) == at("2026-11-23 11:30")


@pytest.mark.usefixtures("loaded")
def test_a_policy_in_use_cannot_be_deleted_and_a_clock_keeps_its_version(admin: Member) -> None:
    body = shipped()
    clock(body, "CK-FR")["targets"] = [{"nm": 5}]
    amending.amend(body=body, note="更快", actor=Actor.of(admin), at=NOW)
    with pytest.raises(DatabaseError, match="policy"), transaction.atomic():
        PolicyVersion.objects.get(number=1).delete()
    inputs = Inputs("L3", "S")
    old, new = (deadline(each, "CK-FR", start=NOW, inputs=inputs) for each in (numbered(1), current()))
    assert old is not None
    assert new is not None
    assert (old.due_at - NOW, new.due_at - NOW) == (timedelta(hours=2), timedelta(minutes=5))


def test_an_own_day_may_contradict_every_table() -> None:
    own = {date(2026, 10, 1): Ruling(True, "值守"), date(2026, 10, 10): Ruling(False, "补休")}
    calendar = Policy(shipped(), number=1, exceptions=own).calendar
    assert [calendar.is_working(day) for day in own] == [True, False]
