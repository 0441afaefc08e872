"""Time reaches people: at decent hours, never nobody, and whoever took an order can finish it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from huiyin.complaints.actions import closing, keeping, noting, sweeping
from huiyin.complaints.models import Clock, Complaint
from huiyin.complaints.states import State
from huiyin.dispatch.actions import dispatching, handling
from huiyin.dispatch.actions.dispatching import Order
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.queries import to_handle
from huiyin.dispatch.rules import may_do
from huiyin.dispatch.states import OrderState
from huiyin.duty.models import Absence, Assignment, Desk, Shift
from huiyin.notices.actions import delivering
from huiyin.notices.models import Delivery, Notice, Target
from huiyin.notices.queries import days_off
from huiyin.org.actors import CUSTOMER
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Role
from huiyin.supervision.actions import on_duty, passing_on, taking_back, telling
from huiyin.supervision.directory import Directory
from huiyin.supervision.models import SignWatch
from tests import cast
from tests.cast import actor, later, member, unit


@pytest.fixture(autouse=True)
def company(db: None) -> None:
    cast.company()


def colleague(name: str, code: str, *roles: str) -> Member:
    return Member.objects.create(username=name, name=name, unit=unit(code), roles=list(roles))


def away(who: Member, *, instead: Member | None) -> Absence:
    return Absence.objects.create(
        member=who, deputy=instead, starts_at=later(days=-1), ends_at=later(days=30), made_by=who, made_at=later()
    )


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("member__username", flat=True))


def broken(complaint: Complaint, code: str, *, at: datetime) -> None:
    Clock.objects.filter(complaint=complaint).exclude(code=code).update(stopped_at=complaint.received_at)
    while sweeping.sweep(at=at):
        pass
    telling.tell_of_time([complaint.pk], at=at)


def test_a_handling_that_falls_due_at_night_disturbs_nobody_before_the_morning() -> None:
    [order] = cast.dispatched()
    Member.objects.filter(username="handler").update(email="handler@example.com")
    night = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai

    broken(order.complaint, "CK-HANDLE", at=night)

    [delivery] = Delivery.objects.filter(member__username="handler")
    assert delivering.deliver_lane("email", at=night + timedelta(minutes=1)) == 0
    delivery.refresh_from_db()
    assert delivery.next_try_at == datetime(2026, 11, 19, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai


@pytest.mark.parametrize("given", ["line", "case"])
def test_what_presses_is_told_at_night_too_whatever_its_level(given: str) -> None:
    [order] = cast.dispatched(cast.reviewed(cast.filed(channel="red_channel") if given == "line" else None))
    complaint = Complaint.objects.get(pk=order.complaint_id)
    if given == "case":  # it came in by the usual way, and public opinion took it up
        keeping.mark_red(complaint, is_red=True)
    night = datetime(2026, 11, 16, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai

    assert complaint.severity == 3
    broken(complaint, "CK-ACK", at=night)
    taking_back.watch(complaint, at=later(minutes=30))
    taking_back.sweep(at=night)

    kinds = Notice.objects.filter(number=complaint.number).values_list("kind", "urgent").distinct()
    assert {"clock_breached", "order_offered"} <= {kind for kind, _urgent in kinds}
    assert {urgent for kind, urgent in kinds if kind != "red_channel"} == {True}


def test_what_pressed_lets_people_sleep_once_it_is_closed() -> None:
    complaint = cast.closed()
    keeping.mark_red(complaint, is_red=True)
    assert not complaint.is_pressing
    closing.reopen(complaint, reason="又坏了", actor=CUSTOMER, at=later(days=2))
    assert Complaint.objects.get(pk=complaint.pk).is_pressing


def test_a_lead_whom_an_order_was_offered_to_can_finish_what_they_signed_for() -> None:
    Member.objects.filter(unit=unit("QM")).update(is_active=False)
    first, lead = colleague("qm_first", "QM", Role.HANDLER), colleague("qm_lead", "QM", Role.DEPT_LEAD)
    complaint = cast.reviewed()
    sent = [Order(unit=unit("QM"), assignee=first)]
    [order] = dispatching.dispatch(complaint, orders=sent, actor=actor("reviewer"), at=later(minutes=30))
    taking_back.watch(complaint, at=later(minutes=30))
    taking_back.sweep(at=later(minutes=200))
    order = WorkOrder.objects.get(pk=order.pk)
    assert (order.assignee, may_do("complete", order, lead)) == (lead, False)

    handling.sign(order, actor=actor("qm_lead"), at=later(minutes=210))
    assert list(to_handle(lead)) == [order]
    assert may_do("complete", order, lead)
    cast.completed(order, by="qm_lead", at=later(minutes=240))

    assert (order.state, order.handler) == (OrderState.COMPLETED, lead)
    complaint.refresh_from_db()
    assert complaint.state == State.IN_AUDIT


def test_where_a_deputy_may_not_see_the_complaint_whoever_leads_above_hears_of_it() -> None:
    [order] = cast.dispatched()
    outsider = colleague("elsewhere", "BR-SOUTH", Role.DEPT_LEAD)
    for name in ("handler", "lead", "supervisor", "supervisor2"):
        away(member(name), instead=outsider)

    broken(order.complaint, "CK-HANDLE", at=later(days=2, hours=12))

    assert "elsewhere" not in told("clock_breached")
    assert "manager" in told("clock_breached")


def test_where_nobody_concerned_may_see_it_somebody_above_hears_of_it_all_the_same() -> None:
    complaint = cast.filed()
    of_role = Member.objects.filter(unit=complaint.owner_unit, roles__overlap=["reviewer", "supervisor"])
    Complaint.objects.filter(pk=complaint.pk).update(recused=list(of_role.values_list("pk", flat=True)))

    broken(complaint, "CK-REVIEW", at=later(minutes=31))

    assert told("clock_warned") == {"manager"}


def test_the_window_of_an_offer_runs_while_whoever_is_asked_is_at_work_and_of_a_critical_one_at_night() -> None:
    Member.objects.filter(unit=unit("QM")).update(is_active=False)
    first, second = (colleague(name, "QM", Role.HANDLER) for name in ("qm_first", "qm_second"))
    quiet, fire, rostered = (cast.filed(phone=f"1390000222{number}") for number in range(3))
    for complaint, severity in ((quiet, 3), (fire, 1), (rostered, 3)):
        cast.reviewed(complaint, severity=severity, by="supervisor")
        sent = [Order(unit=unit("QM"), assignee=first)]
        dispatching.dispatch(complaint, orders=sent, actor=actor("reviewer"), at=later(minutes=30))
        taking_back.watch(complaint, at=later(minutes=30))
    evening = later(hours=7)  # 17:00 in Shanghai; the third level has two hours to sign

    def offered(complaint: Complaint) -> datetime | None:
        taking_back._look(SignWatch.objects.get(order__complaint=complaint), evening)
        return WorkOrder.objects.get(complaint=complaint, assignee=second).sign_due_at

    assert offered(quiet) == later(hours=24)  # one hour today, one tomorrow
    assert offered(fire) == evening + timedelta(minutes=10)
    desk = Desk.objects.create(code="night", name_zh="夜班台", unit=unit("QM"), time_zone="Asia/Shanghai")
    shift = Shift.objects.create(desk=desk, name="晚班", starts=time(16, 0), ends=time(23, 0))
    Assignment.objects.create(member=second, shift=shift, first=later(days=-1).date())
    assert offered(rostered) == evening + timedelta(hours=2)


def at_desk(code: str, place: str, zone: str, who: Member) -> Desk:
    desk = Desk.objects.create(code=code, name_zh=code, unit=unit(place), time_zone=zone)
    shift = Shift.objects.create(desk=desk, name="全天", starts=time(7, 0), ends=time(22, 0))
    Assignment.objects.create(member=who, shift=shift, first=later(days=-60).date())
    return desk


@pytest.mark.req("C035")
def test_a_case_of_the_night_in_shanghai_from_europe_reaches_the_european_desk_once() -> None:
    europe = Unit.objects.get(code="BR-EAST")
    Unit.objects.filter(path__startswith=europe.path).update(time_zone="Europe/Berlin")
    emea = colleague("emea", "BR-EAST-CC", Role.FRONTLINE)
    at_desk("emea", "BR-EAST-CC", "Europe/Berlin", emea)
    at_desk("apac", "CC", "Asia/Shanghai", member("agent"))
    night = datetime(2026, 11, 16, 18, 0, tzinfo=UTC)  # 02:00 in Shanghai, 19:00 in Berlin
    complaint = cast.filed(at=night, received_unit=unit("BR-EAST"))

    told_first = on_duty.bring_to_desks(at=night + timedelta(minutes=1))

    assert (told_first, told("case_on_duty")) == (1, {"emea"})
    assert on_duty.bring_to_desks(at=night + timedelta(minutes=2)) == 0
    assert Notice.objects.get(kind="case_on_duty").link == reverse("desk:complaint", args=[complaint.number])
    Notice.objects.all().delete()
    away(emea, instead=None)
    on_duty.bring_to_desks(at=night + timedelta(minutes=3))
    assert told("case_on_duty")  # nobody is on duty anywhere: somebody who leads hears of it
    assert "emea" not in told("case_on_duty")


@pytest.mark.req("C035")
def test_a_case_of_the_night_reaches_its_desk_though_the_worker_was_away_for_hours_or_it_came_by_letter() -> None:
    Unit.objects.filter(path__startswith=Unit.objects.get(code="BR-EAST").path).update(time_zone="Europe/Berlin")
    at_desk("emea", "BR-EAST-CC", "Europe/Berlin", colleague("emea", "BR-EAST-CC", Role.FRONTLINE))
    night = datetime(2026, 11, 16, 17, 30, tzinfo=UTC)  # 18:30 in Berlin, whose day has ended
    cast.filed(at=night, received_unit=unit("BR-EAST"))
    by_day = cast.filed(at=night - timedelta(hours=5), received_unit=unit("BR-EAST"), phone="13900007777")

    assert on_duty.bring_to_desks(at=night + timedelta(hours=3)) == 1
    assert on_duty.bring_to_desks(at=night + timedelta(hours=3, minutes=1)) == 0
    assert not Notice.objects.filter(kind="case_on_duty", link__endswith=by_day.number).exists()


def test_by_the_roster_those_hear_whose_shift_it_is_and_abroad_no_chinese_holiday_counts() -> None:
    day, night = member("handler"), colleague("qm_night", "QM", Role.HANDLER)
    colleague("qm_morning", "QM", Role.HANDLER)
    desk = Desk.objects.create(code="qm", name_zh="质量台", unit=unit("QM"), time_zone="Asia/Shanghai")
    for who, starts, ends in ((day, 8, 20), (night, 20, 8), (member("qm_morning"), 5, 12)):
        shift = Shift.objects.create(desk=desk, name=who.username, starts=time(starts), ends=time(ends))
        Assignment.objects.create(member=who, shift=shift, first=later(days=-60).date())
    Member.objects.filter(unit=unit("QM")).exclude(pk__in=[day.pk, night.pk, member("qm_morning").pk]).update(
        is_active=False
    )
    evening = later(hours=12)  # 22:00 in Shanghai
    mine, open_to_all = cast.filed(phone="13900003331"), cast.filed(phone="13900003332")
    for complaint, named in ((mine, day), (open_to_all, None)):
        sent = [Order(unit=unit("QM"), assignee=named)]
        dispatching.dispatch(cast.reviewed(complaint), orders=sent, actor=actor("reviewer"), at=evening)
        passing_on.pass_on(complaint, at=evening)

    dispatched = Notice.objects.filter(kind="order_dispatched").values_list("number", "member__username")
    assert set(dispatched) == {
        (mine.number, "handler"), (mine.number, "qm_night"), (open_to_all.number, "qm_night"),
    }  # fmt: skip
    directory = Directory(at=evening)
    assert directory.on_hand([day]) == [day]  # nobody else could: it waits for them

    rests = {name: days_off()(ZoneInfo(name)) for name in ("Asia/Shanghai", "Europe/Berlin")}
    national, makeup, sunday = date(2026, 10, 1), date(2026, 10, 10), date(2026, 10, 18)
    assert [rests["Asia/Shanghai"](each) for each in (national, makeup, sunday)] == [True, False, True]
    assert [rests["Europe/Berlin"](each) for each in (national, makeup, sunday)] == [False, True, True]


@pytest.mark.req("C035")
def test_a_gap_in_the_roster_is_told_once_ahead_of_time_to_whoever_can_fill_it() -> None:
    desk = at_desk("apac", "CC", "Asia/Shanghai", member("agent"))
    assert on_duty.warn_of_gaps(at=later()) > 0  # 22:00 to 07:00, each night of the week
    nights = Notice.objects.filter(kind="roster_gap", member=member("supervisor")).order_by("pk")
    assert nights[1].values["from_at"] == "2026-11-17T14:00:00+00:00"
    assert nights[0].link == reverse("desk:duty")
    assert told("roster_gap") == {"supervisor", "supervisor2", "manager"}

    assert on_duty.warn_of_gaps(at=later(hours=1)) == 0
    assert on_duty.warn_of_gaps(at=later(hours=14)) == 3  # the night that is a week away now, to three of them
    Desk.objects.filter(pk=desk.pk).update(is_active=False)
    assert on_duty.warn_of_gaps(at=later(days=3)) == 0


@pytest.mark.req("C100")
def test_a_department_that_has_not_written_how_far_it_is_is_asked_in_its_group_until_it_does() -> None:
    group = Target.objects.create(way="dingtalk", name="品管群", unit=unit("QM"), address="https://oapi.dingtalk.com/x")
    complaint = cast.reviewed()
    [order, other] = cast.dispatched(complaint, "QM", "LOG")
    noting.note(complaint, text="物流轨迹已调取", actor=actor("handler2"), at=later(hours=3))
    assert other.unit_id == member("handler2").unit_id

    broken(complaint, "CK-PROGRESS", at=later(hours=25))
    telling.tell_of_time([complaint.pk], at=later(hours=26))

    assert told("progress_asked") == {"handler", "lead"}
    [asked] = Delivery.objects.filter(target=group, notice__kind="progress_asked")
    assert (asked.notice.number, asked.notice.values["order"]) == (complaint.number, order.number)

    noting.note(complaint, text="主板虚焊，明天换新", actor=actor("handler"), at=later(hours=30))
    broken(complaint, "CK-PROGRESS", at=later(hours=49))
    assert Notice.objects.filter(kind="progress_asked").count() == 2
