"""Who can be reached, who stands in, and which hours nobody keeps."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from huiyin.duty import queries
from huiyin.duty.actions import desks, excusing, rostering
from huiyin.duty.models import Assignment, Desk
from huiyin.duty.spans import Span
from huiyin.org.actors import SYSTEM
from huiyin.org.models import Member, Unit
from huiyin.org.tests.factories import company, member

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 2, tzinfo=UTC)  # Monday, 10:00 in Shanghai
EARLY, LATE, NIGHT = (time(6), time(14)), (time(14), time(22)), (time(22), time(6))


@pytest.fixture
def units() -> dict[str, Unit]:
    return company()


def desk(unit: Unit, code: str = "apac", zone: str = "Asia/Shanghai", *, always: bool = True) -> Desk:
    return desks.set_up(
        code=code, name_zh=code, unit=unit, time_zone=zone, is_round_the_clock=always, actor=SYSTEM, at=AT
    )


def on(who: Member, at: Desk, hours: tuple[time, time], weekdays: str = "1234567", first: int = 1) -> Assignment:
    name = f"{hours[0]:%H}-{hours[1]:%H}"
    shift = at.shifts.filter(name=name).first() or desks.add_shift(
        at, name=name, weekdays=range(1, 8), starts=hours[0], ends=hours[1], actor=SYSTEM, at=AT
    )
    days = [int(day) for day in weekdays]
    first_day = date(2026, 11, first)
    return rostering.assign(who, shift, first=first_day, last=None, weekdays=days, actor=SYSTEM, at=AT)


def away(who: Member, deputy: Member | None = None, days: float = 3, start: datetime = AT) -> None:
    ends_at = start + timedelta(days=days)
    excusing.excuse(who, starts_at=start, ends_at=ends_at, deputy=deputy, actor=SYSTEM, at=AT)


def test_one_with_a_roster_is_reached_on_shift_and_one_without_in_opening_hours(units: dict[str, Unit]) -> None:
    early, night, free = (member(units["CC"], "frontline", name=name) for name in ("早", "夜", "无"))
    apac = desk(units["CC"])
    on(early, apac, EARLY, "12345")
    on(night, apac, NIGHT)
    everybody = [early, night, free]

    def who(at: datetime, *, is_open: bool) -> set[str]:
        found = queries.reachable(everybody, at, is_open=lambda moment: is_open)
        return {each.name for each in everybody if each.pk in found}

    assert who(AT, is_open=True) == {"早", "无"}
    assert who(AT.replace(hour=18), is_open=False) == {"夜"}
    assert who(AT - timedelta(days=1), is_open=False) == set()  # Sunday
    assert queries.reachable([free], AT.replace(hour=18)) == {free.pk}


def test_the_absent_are_never_reached_whatever_their_roster_says(units: dict[str, Unit]) -> None:
    rostered, free = (member(units["CC"], "frontline", name=name) for name in ("早", "无"))
    on(rostered, desk(units["CC"]), EARLY)
    for each in (rostered, free):
        away(each)
    assert queries.reachable([rostered, free], AT) == frozenset()
    assert queries.reachable([rostered, free], AT + timedelta(days=3)) == {rostered.pk, free.pk}


def test_reaching_many_costs_the_statements_of_reaching_one(
    units: dict[str, Unit], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    apac = desk(units["CC"])
    people = [member(units["CC"], "frontline") for _number in range(12)]
    for each in people[:8]:
        on(each, apac, EARLY)
    for each, deputy in zip(people[:4], people[4:8], strict=True):
        away(each, deputy)
    for some in (people[4:5], people):
        with django_assert_num_queries(2):
            queries.reachable(some, AT)
    for some in (people[:1], people):
        with django_assert_num_queries(2):
            queries.deputies(some, AT)
    with django_assert_num_queries(4):
        found = queries.on_duty(units["CC"], AT)
    assert set(found[:4]) == set(people[4:8])
    assert set(found[4:]) == set(people[8:])


def test_deputies_are_followed_and_a_ring_of_them_is_nobody(units: dict[str, Unit]) -> None:
    one, two, three = (member(units["CC"], "frontline", name=name) for name in ("甲", "乙", "丙"))
    assert queries.deputy_of(one, AT) is None
    away(two, three)
    away(one, two)
    assert queries.deputy_of(one, AT) == three
    three.is_active = False
    three.save()
    assert queries.deputy_of(one, AT) is None
    assert queries._follow(1, {1: 2, 2: 3, 3: 1}) is None
    assert queries._follow(1, {1: None}) is None


@pytest.mark.req("C035")
def test_a_case_at_two_at_night_in_shanghai_from_europe_reaches_the_european_desk(units: dict[str, Unit]) -> None:
    zones = {"apac": "Asia/Shanghai", "emea": "Europe/Berlin", "amer": "America/New_York"}
    found = {code: desk(units["CC"], code, zone) for code, zone in zones.items()}
    people = {code: member(units["CC"], "frontline", name=code) for code in zones}
    night = datetime(2026, 11, 23, 18, tzinfo=UTC)  # 02:00 in Shanghai, 19:00 in Berlin, 13:00 in New York
    for code in zones:
        for hours in (EARLY, LATE, NIGHT):
            on(people[code], found[code], hours)
    assert queries.desk_for(night, time_zone="Europe/Paris") == found["emea"]
    assert queries.desk_for(night, time_zone="Asia/Tokyo") == found["apac"]
    assert queries.desk_for(night) == found["amer"]
    away(people["emea"], start=night)
    assert queries.desk_for(night, time_zone="Europe/Paris") == found["amer"]


@pytest.mark.req("C035")
def test_the_hours_nobody_keeps_are_found_fourteen_days_ahead(units: dict[str, Unit]) -> None:
    apac = desk(units["CC"])
    early, late, night = (member(units["CC"], "frontline", name=name) for name in ("早", "中", "夜"))
    assert queries.gaps([apac], AT) == {apac.pk: [Span(AT, AT + timedelta(days=14))]}
    on(early, apac, EARLY)
    on(late, apac, LATE, "12345")
    on(night, apac, NIGHT)

    def missing(day: int) -> Span:
        return Span(datetime(2026, 11, day, 6, tzinfo=UTC), datetime(2026, 11, day, 14, tzinfo=UTC))

    assert queries.gaps([apac], AT)[apac.pk] == [missing(28), missing(29), *_december(5, 6)]
    away(night, days=1)  # until 10:00 on Tuesday: the whole night is missing
    assert queries.gaps([apac], AT, AT + timedelta(days=2)) == {
        apac.pk: [Span(datetime(2026, 11, 23, 14, tzinfo=UTC), datetime(2026, 11, 23, 22, tzinfo=UTC))]
    }


def _december(*days: int) -> list[Span]:
    return [Span(datetime(2026, 12, day, 6, tzinfo=UTC), datetime(2026, 12, day, 14, tzinfo=UTC)) for day in days]


def test_a_desk_with_hours_misses_only_those(units: dict[str, Unit]) -> None:
    office = desk(units["QM"], "office", always=False)
    assert queries.gaps([office], AT) == {}
    made = on(member(units["QM"], "handler"), office, (time(9), time(18)))
    rostering.take_off(made, day=date(2026, 11, 24), only=True, actor=SYSTEM, at=AT)
    tuesday = Span(datetime(2026, 11, 24, 1, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC))
    assert queries.gaps([office], AT) == {office.pk: [tuesday]}
