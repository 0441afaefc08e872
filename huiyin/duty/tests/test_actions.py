"""Setting up desks, rostering, and putting down absences: who may, and what is refused."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huiyin.duty import errors
from huiyin.duty.actions import desks, excusing, rostering
from huiyin.duty.models import Absence, Assignment
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.models import Change, Member
from huiyin.org.tests.factories import company, member

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
SOON, LATER = AT + timedelta(days=1), AT + timedelta(days=4)


@pytest.fixture
def cast() -> dict[str, Member]:
    units = company()
    people = {
        "li_lei": ("CC", "李雷", ("frontline",)), "han": ("CC", "韩梅梅", ("supervisor",)),
        "lead": ("QM", "沈国强", ("dept_lead",)), "handler": ("QM-CASE", "杨帆", ("handler",)),
        "wang": ("BR-SOUTH-CC", "王芳", ("supervisor",)), "admin": ("HQ", "孙志远", ("admin",)),
    }  # fmt: skip
    return {key: member(units[unit], *roles, name=name, username=key) for key, (unit, name, roles) in people.items()}


def excuse(who: Member, by: Member, deputy: Member | None = None, **given: datetime) -> Absence:
    starts_at, ends_at = given.get("starts_at", SOON), given.get("ends_at", LATER)
    return excusing.excuse(who, starts_at=starts_at, ends_at=ends_at, deputy=deputy, actor=Actor.of(by), at=AT)


def test_everybody_puts_down_their_own_absence_and_a_lead_that_of_their_unit(cast: dict[str, Member]) -> None:
    excuse(cast["li_lei"], cast["li_lei"])
    excuse(cast["handler"], cast["lead"])
    for by in ("lead", "handler", "wang"):
        with pytest.raises(errors.MayNotRoster):
            excuse(cast["han"], cast[by])
    assert Absence.objects.count() == 2
    assert {(each.subject, each.verb) for each in Change.objects.filter(area="duty")} == {
        ("li_lei", "added"),
        ("handler", "added"),
    }


def test_two_absences_of_one_member_never_overlap_and_may_touch(cast: dict[str, Member]) -> None:
    li_lei = cast["li_lei"]
    excuse(li_lei, li_lei)
    with pytest.raises(errors.AbsencesOverlap, match="2026-11-24 10:00"):
        excuse(li_lei, li_lei, starts_at=SOON + timedelta(hours=1), ends_at=LATER + timedelta(days=9))
    excuse(li_lei, li_lei, starts_at=LATER, ends_at=LATER + timedelta(days=1))
    with pytest.raises(IntegrityError, match="absence_one_at_a_time"), transaction.atomic():
        Absence.objects.create(member=li_lei, starts_at=SOON, ends_at=LATER, made_at=AT)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"ends_at": SOON}, errors.TimesInWrongOrder),
        ({"starts_at": AT - timedelta(days=2), "ends_at": AT}, errors.AlreadyOver),
    ],
)
def test_an_absence_has_its_end_after_its_start_and_not_in_the_past(
    cast: dict[str, Member], given: dict[str, datetime], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        excuse(cast["li_lei"], cast["li_lei"], None, **given)
    assert not Absence.objects.exists()


def test_a_deputy_is_somebody_else_who_is_there_and_no_ring(cast: dict[str, Member]) -> None:
    li_lei, han = cast["li_lei"], cast["han"]
    with pytest.raises(errors.NoSuchDeputy):
        excuse(li_lei, li_lei, li_lei)
    excuse(han, han)
    with pytest.raises(errors.DeputyIsAway, match="韩梅梅"):
        excuse(li_lei, li_lei, han)
    excusing.take_back(Absence.objects.get(), actor=Actor.of(han), at=AT)
    excuse(han, han, li_lei)
    with pytest.raises(errors.DeputiesInARing):
        excuse(li_lei, li_lei, han)
    han.is_active = False
    han.save()
    with pytest.raises(errors.NoSuchDeputy):
        excuse(cast["lead"], cast["lead"], han)


def test_coming_back_early_ends_it_and_taking_it_back_before_leaves_nothing(cast: dict[str, Member]) -> None:
    li_lei = cast["li_lei"]
    absence = excuse(li_lei, li_lei)
    early = SOON + timedelta(hours=5)
    excusing.take_back(absence, actor=Actor.of(li_lei), at=early)
    assert Absence.objects.get().ends_at == early
    with pytest.raises(errors.AlreadyOver):
        excusing.take_back(absence, actor=Actor.of(li_lei), at=LATER)
    other = excuse(li_lei, li_lei, starts_at=LATER, ends_at=LATER + timedelta(days=1))
    excusing.take_back(other, actor=Actor.of(li_lei), at=early)
    assert Absence.objects.count() == 1
    assert Change.objects.filter(area="duty").count() == 4


def test_what_somebody_is_away_for_is_not_put_into_the_lasting_record(cast: dict[str, Member]) -> None:
    excusing.excuse(
        cast["li_lei"], starts_at=SOON, ends_at=LATER, deputy=None, reason=Absence.Reason.SICK,
        actor=Actor.of(cast["li_lei"]), at=AT,
    )  # fmt: skip
    assert "sick" not in str(Change.objects.filter(area="duty").values_list("before", "after").get())


def test_a_lead_keeps_the_roster_of_their_own_unit_only(cast: dict[str, Member]) -> None:
    unit = cast["lead"].unit
    given: dict[str, Any] = {
        "code": "quality",
        "name_zh": "质量值班",
        "unit": unit,
        "time_zone": "Asia/Shanghai",
        "at": AT,
    }
    for by in ("li_lei", "wang", "handler"):
        with pytest.raises(errors.MayNotRoster):
            desks.set_up(**given, actor=Actor.of(cast[by]))
    made = desks.set_up(**given, actor=Actor.of(cast["lead"]))
    with pytest.raises(errors.CodeTaken):
        desks.set_up(**given, actor=Actor.of(cast["admin"]))
    with pytest.raises(errors.BadZone):
        desks.set_up(**{**given, "code": "mars", "time_zone": "Mars/Olympus"}, actor=Actor.of(cast["admin"]))
    shift = desks.add_shift(
        made, name="白班", weekdays=[1, 2, 3], starts=time(9), ends=time(18), actor=Actor.of(cast["lead"]), at=AT
    )
    with pytest.raises(errors.ShiftNameTaken):
        desks.add_shift(made, name="白班", weekdays=[1], starts=time(9), ends=time(9), actor=SYSTEM, at=AT)
    with pytest.raises(errors.MayNotRoster):
        rostering.assign(
            cast["handler"], shift, first=date(2026, 11, 23), last=None, actor=Actor.of(cast["wang"]), at=AT
        )
    assert not Assignment.objects.exists()


def test_a_shift_is_given_once_and_taken_off_for_a_day_or_from_a_day_on(cast: dict[str, Member]) -> None:
    made = desks.set_up(
        code="apac", name_zh="亚太值班", unit=cast["li_lei"].unit, time_zone="Asia/Shanghai", actor=SYSTEM, at=AT
    )
    shift = desks.add_shift(made, name="早班", weekdays=range(1, 8), starts=time(6), ends=time(14), actor=SYSTEM, at=AT)
    first, last = date(2026, 11, 23), date(2026, 12, 31)

    def assign(**given: date | None) -> Assignment:
        days: dict[str, date | None] = {"first": first, "last": last, **given}
        assert days["first"]
        return rostering.assign(
            cast["li_lei"], shift, first=days["first"], last=days["last"], weekdays=[1, 2, 3], actor=SYSTEM, at=AT
        )

    one = assign()
    with pytest.raises(errors.AlreadyAssigned):
        assign(last=None)
    with pytest.raises(errors.DaysInWrongOrder):
        assign(last=date(2026, 11, 1))
    with pytest.raises(errors.NotAssigned):
        rostering.take_off(one, day=date(2027, 1, 1), only=True, actor=SYSTEM, at=AT)
    rostering.take_off(one, day=date(2026, 11, 25), only=True, actor=SYSTEM, at=AT)
    assert [(each.first, each.last) for each in Assignment.objects.all()] == [
        (first, date(2026, 11, 24)),
        (date(2026, 11, 26), last),
    ]
    second = Assignment.objects.latest("first")
    rostering.take_off(second, day=date(2026, 12, 1), only=False, actor=SYSTEM, at=AT)
    assert Assignment.objects.latest("first").last == date(2026, 11, 30)
    rostering.take_off(one, day=first, only=False, actor=SYSTEM, at=AT)
    assert Assignment.objects.count() == 1
