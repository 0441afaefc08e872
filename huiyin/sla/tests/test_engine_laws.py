"""What must hold for every calendar, not only for China's: half of these were other systems' bugs."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from huiyin.sla.days import Ruling
from huiyin.sla.engine import Calendar, Pause, Target, Unit

ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
ADDITIVE = (Unit.NATURAL_MINUTES, Unit.NATURAL_HOURS, Unit.BUSINESS_MINUTES, Unit.BUSINESS_HOURS, Unit.WORKING_DAYS)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    edges = sorted(draw(st.sets(st.integers(0, 24 * 60 - 1), min_size=2, max_size=6)))
    times = [time(*divmod(edge, 60)) for edge in edges]
    rulings = st.builds(Ruling, st.booleans(), st.just(""))
    return Calendar(
        zone=draw(st.sampled_from(ZONES)),
        hours=list(zip(times[::2], times[1::2], strict=False)),
        workdays=draw(st.frozensets(st.integers(1, 7), min_size=1)),
        exceptions=draw(st.dictionaries(st.dates(FIRST, LAST), rulings, max_size=20)),
    )


moments = st.integers(0, 425 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes, seconds=minutes % 7))
units = st.sampled_from(list(Unit))


def targets(units: st.SearchStrategy[Unit]) -> st.SearchStrategy[Target]:
    return st.builds(lambda unit, amount: Target.of(unit, amount), units, st.integers(0, 40))


@st.composite
def pauses(draw: st.DrawFn) -> list[Pause]:
    lengths = st.timedeltas(timedelta(0), timedelta(days=12))
    starts = draw(st.lists(moments, max_size=4))
    return [Pause(start, start + draw(lengths)) for start in starts]


@given(calendars(), moments, moments, targets(units), pauses())
def test_a_later_receipt_is_never_due_earlier(
    calendar: Calendar, one: datetime, other: datetime, target: Target, pauses: list[Pause]
) -> None:
    early, late = sorted((one, other))
    assert calendar.add(early, target, pauses) <= calendar.add(late, target, pauses)


@given(calendars(), moments, units, st.integers(0, 40), st.integers(0, 40), pauses())
def test_a_longer_target_is_never_due_earlier(
    calendar: Calendar, start: datetime, unit: Unit, one: int, other: int, pauses: list[Pause]
) -> None:
    short, long = sorted((one, other))
    assert calendar.add(start, Target.of(unit, short), pauses) <= calendar.add(start, Target.of(unit, long), pauses)


@given(calendars(), moments, st.sampled_from(ADDITIVE), st.integers(0, 40), st.integers(0, 40))
def test_adding_twice_is_adding_the_sum(calendar: Calendar, start: datetime, unit: Unit, one: int, other: int) -> None:
    halfway = calendar.add(start, Target.of(unit, one))
    assert calendar.add(halfway, Target.of(unit, other)) == calendar.add(start, Target.of(unit, one + other))


@given(calendars(), moments, targets(st.sampled_from(ADDITIVE)), pauses())
def test_measuring_undoes_adding(calendar: Calendar, start: datetime, target: Target, pauses: list[Pause]) -> None:
    due = calendar.add(start, target, pauses)
    assert calendar.between(start, due, target.unit, pauses) == target.span


@given(calendars(), moments, targets(st.just(Unit.LEGAL_DAYS)))
def test_legal_days_end_on_a_working_day_and_measure_at_least_the_target(
    calendar: Calendar, start: datetime, target: Target
) -> None:
    assume(target.span)
    due = calendar.add(start, target)
    passed = calendar.between(start, due, Unit.LEGAL_DAYS)
    assert passed >= target.span
    assert calendar.is_working(calendar.local(due).date())
    assert calendar.add(start, Target(Unit.LEGAL_DAYS, passed)) == due


@given(calendars(), moments, moments, moments, st.sampled_from(ADDITIVE))
def test_stretches_laid_end_to_end_measure_as_one(
    calendar: Calendar, start: datetime, middle: datetime, end: datetime, unit: Unit
) -> None:
    parts = calendar.between(start, middle, unit) + calendar.between(middle, end, unit)
    assert parts == calendar.between(start, end, unit)


@given(calendars(), moments, targets(units), pauses(), moments, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_one_more_pause_never_makes_a_clock_due_earlier(
    calendar: Calendar, start: datetime, target: Target, pauses: list[Pause], begins: datetime, length: timedelta
) -> None:
    more = [*pauses, Pause(begins, begins + length)]
    assert calendar.add(start, target, pauses) <= calendar.add(start, target, more)


@given(calendars(), moments, targets(units), moments, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_a_clock_paused_in_time_is_not_due_before_the_pause_ends_and_a_breach_is_never_undone(
    calendar: Calendar, start: datetime, target: Target, begins: datetime, length: timedelta
) -> None:
    due = calendar.add(start, target)
    paused = calendar.add(start, target, [Pause(begins, begins + length)])
    if begins >= due:
        assert paused == due
    elif begins >= start and calendar.local(begins).date() > calendar.local(start).date():
        assert paused >= begins + length


@settings(max_examples=50)
@given(calendars(), moments, pauses(), targets(units))
def test_pauses_count_once_however_they_are_cut_and_ordered(
    calendar: Calendar, start: datetime, pauses: list[Pause], target: Target
) -> None:
    halves = [Pause(a, a + (b - a) / 2) for a, b in pauses] + [Pause(a + (b - a) / 2, b) for a, b in pauses]
    assert calendar.add(start, target, [*halves, *pauses[::-1]]) == calendar.add(start, target, pauses)


@given(calendars(), moments, targets(units))
def test_due_is_never_before_the_start(calendar: Calendar, start: datetime, target: Target) -> None:
    assert calendar.add(start, target) >= start


@given(moments, st.integers(0, 40), st.integers(0, 8 * 60), st.integers(1, 60))
def test_a_lunch_break_moves_a_due_moment_by_exactly_the_breaks_it_passed(
    start: datetime, hours: int, begins: int, lasts: int
) -> None:
    """The breaks between start and due are counted here by themselves."""
    noon = datetime(2026, 1, 1, 9) + timedelta(minutes=begins)  # noqa: DTZ001 a clock on the wall
    lunch = (noon.time(), (noon + timedelta(minutes=lasts)).time())
    assume(time(9) < lunch[0] < lunch[1] < time(18))
    whole = Calendar(zone="Asia/Shanghai", hours=[(time(9), time(18))])
    broken = Calendar(zone="Asia/Shanghai", hours=[(time(9), lunch[0]), (lunch[1], time(18))])
    target = Target.of(Unit.BUSINESS_HOURS, hours)
    due = broken.add(start, target)
    breaks = timedelta(0)
    day = whole.local(start).date()
    while day <= whole.local(due).date():
        if day.isoweekday() <= 5:
            begun, ended = (datetime.combine(day, each, ZoneInfo("Asia/Shanghai")) for each in lunch)
            breaks += max(min(ended, due) - max(begun, start), timedelta(0))
        day += timedelta(days=1)
    assert whole.working_between(start, due) == target.span + breaks


@given(calendars(), moments, st.integers(1, 40), st.dates(FIRST, LAST))
def test_a_holiday_takes_exactly_itself_and_a_make_up_day_gives_exactly_itself(
    calendar: Calendar, start: datetime, count: int, day: date
) -> None:
    rulings = {day: Ruling(not calendar.is_working(day))}
    other = Calendar(
        zone=calendar.zone,
        hours=calendar.hours,
        workdays=calendar.workdays,
        exceptions={**calendar._exceptions, **rulings},
    )
    due = other.add(start, Target.of(Unit.WORKING_DAYS, count))
    passed = calendar.between(start, due, Unit.WORKING_DAYS).days
    is_inside = calendar.local(start).date() < day <= calendar.local(due).date()
    assert passed == count + is_inside * (1 if calendar.is_working(day) else -1)
    open_time = sum(
        (calendar._moment(day, closes) - calendar._moment(day, opens) for opens, closes in calendar.hours), timedelta(0)
    )
    window = calendar._moment(day, time(0)), calendar._moment(day + timedelta(days=1), time(0))
    difference = other.working_between(*window) - calendar.working_between(*window)
    assert abs(difference) == open_time or calendar.zone != "Asia/Shanghai"  # there is no hour twice in China
