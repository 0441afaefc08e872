"""The two-hourly reports of an outage as a clock of the red case; the daily report to management."""

from datetime import date, timedelta

import pytest

from huiyin.complaints.actions import sweeping
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.notices.models import Notice
from huiyin.org.models import Member
from huiyin.quality.actions import reporting
from huiyin.quality.models import IncidentClass
from huiyin.redchannel.actions import daily, force, paging, reports
from huiyin.redchannel.models import DailyReport
from huiyin.redchannel.tests.test_paging import HURT
from tests import cast
from tests.cast import actor, later, member, unit

pytestmark = pytest.mark.django_db
SIX = timedelta(hours=8)  # from 10:00 in Shanghai to 18:00 there


@pytest.fixture(autouse=True)
def company(db: None) -> None:
    cast.company()


@pytest.mark.req("C053")
def test_every_two_hours_a_report_is_due_on_the_red_case_until_service_is_restored() -> None:
    ops = Member.objects.create(username="ops1", name="运营员", unit=unit("OPS"), roles=["handler"])
    complaint = cast.reviewed(cast.filed(text=HURT), severity=1, by="supervisor", at=later())
    case = paging.consider(complaint, at=later())
    assert case is not None
    kind = IncidentClass.objects.get(code="INC-OUT")
    force.name(case, kind=kind, lead=ops, members=[], actor=actor("supervisor"), at=later(minutes=10))
    incident = case.incident
    assert incident is not None

    def due() -> list[tuple[object, bool]]:
        assert [reports.follow(complaint, at=later(days=1)), reports.follow(complaint, at=later(days=1))][1] is False
        rows = Clock.objects.filter(complaint=complaint, code="CK-OUTRPT").order_by("started_at")
        return [(row.due_at, row.breached_at is not None) for row in rows]

    first = later(minutes=130)
    assert due() == [(first, False)]

    reporting.report(incident, text="已定位", actor=actor("ops1"), at=later(minutes=100))
    second = later(minutes=220)
    assert due() == [(first, False), (second, False)]

    while sweeping.sweep(at=later(minutes=221)):
        pass
    reporting.sweep_missed(at=later(minutes=222))  # nobody reported
    assert due()[1:] == [(second, True), (second + timedelta(hours=2), False)]
    told = Notice.objects.filter(kind="report_due")
    assert {(each.member.username, each.urgent) for each in told} == {("executive", True), ("ops1", True)}

    reporting.restore(incident, text="已恢复", actor=actor("ops1"), at=later(minutes=300))
    due()
    assert not Clock.objects.running().filter(code="CK-OUTRPT").exists()
    assert Clock.objects.get(due_at=second + timedelta(hours=2), code="CK-OUTRPT").breached_at is None


def major(phone: str, *, minutes: int = 5) -> Complaint:
    return cast.reviewed(cast.filed(phone=phone), severity=2, at=later(minutes=minutes))


@pytest.mark.req("C045")
def test_at_six_management_has_one_letter_each_with_what_is_open_at_level_2_once_a_day() -> None:
    first, second = major("13900002221"), major("13900002222")
    closed, ordinary = major("13900002223"), cast.reviewed(cast.filed(phone="13900002224"))
    Complaint.objects.filter(pk=closed.pk).update(state="closed")
    Complaint.objects.filter(pk=second.pk).update(due_at=later(hours=1), recused=[member("manager").pk])
    struck = later() + SIX

    assert daily.report(at=struck - timedelta(minutes=1)) is not None  # yesterday's, of before anything was there
    made = daily.report(at=struck)
    assert daily.report(at=struck + timedelta(hours=3)) is None

    assert made is not None
    assert (made.day, made.complaints, made.is_late) == (date(2026, 11, 16), [second.pk, first.pk], False)
    letters = {each.member.username: each for each in Notice.objects.filter(kind="daily_report")}
    assert set(letters) == {"manager", "director", "executive"}
    assert letters["director"].values["count"] == 2
    assert letters["director"].values["worst"] == second.number
    assert letters["manager"].values["list"] == {"zh": first.number, "en": first.number}  # kept from the other
    for each, count in ((first, 1), (second, 1), (closed, 0), (ordinary, 0)):
        assert each.events.filter(kind=Event.Kind.REPORTED).count() == count


@pytest.mark.req("C045")
def test_after_days_without_a_worker_one_report_is_made_and_says_what_is_missing() -> None:
    complaint = major("13900002221")
    daily.report(at=later() + SIX)

    made = daily.report(at=later(days=4) + SIX + timedelta(hours=5))

    assert made is not None
    assert (made.day, made.skipped, made.is_late) == (date(2026, 11, 20), 3, True)
    assert DailyReport.objects.count() == 2
    assert Notice.objects.filter(kind="daily_report", member=member("director")).count() == 2
    assert complaint.events.filter(kind=Event.Kind.REPORTED).count() == 2
