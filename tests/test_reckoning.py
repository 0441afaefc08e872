"""Running promises are counted anew only because somebody said so, and then all of them, once."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.complaints.actions import clocks, foreseeing, pausing, reckoning
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Clock, Complaint, Event, Reckoning
from huiyin.org.actors import SYSTEM
from huiyin.org.models import Change
from huiyin.sla.actions import excepting
from huiyin.sla.models import DayException
from huiyin.sla.policy import Policy
from huiyin.sla.queries import current
from tests import cast
from tests.cast import MONDAY, actor, later

pytestmark = pytest.mark.django_db
NOW = later(minutes=40)
FINAL = clocks.FINAL


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    cast.company()


def complex_case() -> Complaint:
    """Second level, complex: an interim solution in a day, which stands, and the final one in five working days."""
    complaint = cast.reviewed(category="PQ-01", severity=2)
    cast.dispatched(complaint, "QM")
    complaint.refresh_from_db()
    clocks.meet_interim(complaint, at=later(minutes=35))
    return complaint


def dues(complaint: Complaint) -> dict[str, datetime]:
    return {clock.code: clock.due_at for clock in Clock.objects.running().filter(complaint=complaint)}


def close_for(day: int, name: str = "临时停业") -> None:
    excepting.set_day(day=date(2026, 11, day), is_working=False, name=name, actor=actor("admin"), at=NOW)


def with_day(day: int, *, is_working: bool = False) -> Policy:
    """As if that day were set."""
    DayException.objects.create(day=date(2026, 11, day), is_working=is_working, name="试", set_at=NOW)
    hypothetical = current()
    DayException.objects.all().delete()
    return hypothetical


def test_a_new_holiday_moves_nothing_by_itself_and_its_effect_is_seen_before() -> None:
    complaint = complex_case()
    before = dues(complaint)
    found = foreseeing.effect(with_day(18), at=NOW)
    assert (found.looked, found.earlier, found.is_all) == (len(before), 0, True)
    assert found.later == len(found.most) >= 2
    assert {each.by for each in found.most} == {
        timedelta(days=1),
        timedelta(days=3),
    }  # the fourth working day is after a weekend now
    close_for(18)
    assert dues(complaint) == before
    assert foreseeing.effect(current(), at=NOW).later == found.later


def test_reckoning_counts_every_running_promise_anew_and_leaves_an_event_on_each() -> None:
    complaint = complex_case()
    before = dues(complaint)
    close_for(18)
    ordered = reckoning.order(reason="台风停业一天", actor=actor("admin"), at=NOW)
    moved = reckoning.reckon_all(current(), actor=actor("admin"), at=NOW, ordered=ordered)
    after = dues(complaint)
    changed = {code for code in before if after[code] != before[code]}
    assert {FINAL, "CK-HANDLE"} <= changed
    assert after[FINAL] == before[FINAL] + timedelta(days=1)
    told = Event.objects.filter(complaint=complaint, kind=Event.Kind.RECKONED)
    assert {each.particulars["clock"] for each in told} == changed
    assert {each.particulars["change"] for each in told} == {ordered.pk}
    assert moved == len(changed) == told.count()
    complaint.refresh_from_db()
    assert complaint.due_at == after[FINAL]
    natural = {code for code in before if "unit" in _why(complaint, code) and _why(complaint, code)["unit"] == "nh"}
    assert natural
    assert not natural & changed


def _why(complaint: Complaint, code: str) -> dict[str, object]:
    why: dict[str, object] = Clock.objects.running().get(complaint=complaint, code=code).why
    return why


def test_run_again_or_after_being_killed_nothing_moves_twice() -> None:
    cases = [complex_case() for _number in range(3)]
    close_for(18)
    first, _after = reckoning._reckon_batch(current(), 0, 1, SYSTEM, NOW, None)
    assert first
    moved = reckoning.reckon_all(current(), actor=SYSTEM, at=NOW, size=2)
    assert moved == first * (len(cases) - 1)
    assert reckoning.reckon_all(current(), actor=SYSTEM, at=NOW, size=2) == 0
    assert Event.objects.filter(kind=Event.Kind.RECKONED).count() == first * len(cases)
    assert foreseeing.effect(current(), at=NOW).moved == 0


def test_a_pause_that_was_granted_still_counts_after_reckoning() -> None:
    complaint = complex_case()
    resolve = Clock.objects.running().get(complaint=complaint, code=FINAL)
    pausing.begin(complaint, code="WAIT_CUST", words="等客户寄回样品，已电话说明。", actor=actor("agent"), at=NOW)
    pausing.end(complaint, by=actor("agent"), at=later(days=2, minutes=40))
    resolve.refresh_from_db()
    paused = resolve.due_at
    assert paused > resolve.promised_at
    close_for(20)
    reckoning.reckon_all(current(), actor=SYSTEM, at=later(days=2, hours=1))
    resolve.refresh_from_db()
    assert resolve.due_at == paused + timedelta(days=1)
    assert resolve.promised_at == MONDAY + timedelta(days=8, hours=8)


def test_a_broken_promise_stays_broken_and_none_is_broken_by_reckoning() -> None:
    complaint = complex_case()
    before = dues(complaint)
    Clock.objects.filter(complaint=complaint, code=FINAL).update(breached_at=NOW)
    earlier = with_day(21, is_working=True)  # a Saturday is worked: the fifth working day is that one
    assert foreseeing.effect(earlier, at=later(days=5, hours=9)).moved == 0
    reckoning.reckon_all(earlier, actor=SYSTEM, at=later(days=5, hours=9))
    assert dues(complaint) == before


def test_only_who_sets_the_policy_may_order_it_and_must_say_why() -> None:
    for who in ("agent", "supervisor", "executive"):
        with pytest.raises(MayNot):
            reckoning.order(reason="放假", actor=actor(who), at=NOW)
    with pytest.raises(GuardFailed):
        reckoning.order(reason=" ", actor=actor("admin"), at=NOW)
    assert not Change.objects.filter(subject="reckoning").exists()


def test_what_was_ordered_goes_on_where_it_was_stopped_with_as_many_statements_for_many_as_for_one() -> None:
    cases = [complex_case() for _number in range(4)]
    close_for(18)
    ordered = reckoning.order(reason="停业", actor=actor("admin"), at=NOW)
    reckoning.begin(ordered, at=NOW)
    costs = []
    for after, size in ((0, 1), (cases[0].pk, 2)):
        with CaptureQueriesContext(connection) as asked:
            reckoning._reckon_batch(current(), after, size, SYSTEM, NOW, ordered)
        costs.append(len(asked))
    assert costs[0] == costs[1]

    with CaptureQueriesContext(connection) as asked:
        reckoning.reckon_all(current(), actor=SYSTEM, at=NOW, ordered=ordered)
    assert not any(f"IN ({cases[0].pk}" in each["sql"] for each in asked)

    row = Reckoning.objects.get(change=ordered)
    assert (row.looked, row.total, row.is_over) == (4, 4, True)
    assert row.moved == Event.objects.filter(kind=Event.Kind.RECKONED).count() > 4


def test_what_is_foreseen_by_kinds_of_promises_is_what_each_of_them_would_do_by_itself() -> None:
    _plain, mixed, monthly, held, longer, hours, law, broken = (complex_case() for _number in range(8))
    by_case = {each.pk: Clock.objects.filter(complaint=each, code=FINAL) for each in Complaint.objects.all()}
    both = Clock.objects.get(complaint=mixed, code=FINAL)  # three working days or a hundred hours, whichever is first
    both.why |= {
        "amount": 3,
        "rivals": [{"rule": 1, "unit": "nh", "amount": 100}, {"rule": 2, "unit": "ld", "amount": 9}],
    }
    by_case[mixed.pk].update(why=both.why, due_at=later(hours=100))
    for case, unit, amount, days in ((monthly, "wd", 20, 29), (hours, "bh", 30, 4), (law, "ld", 5, 7)):
        why = by_case[case.pk].get().why | {"unit": unit, "amount": amount}
        by_case[case.pk].update(why=why, due_at=later(days=days))
    by_case[longer.pk].update(extended_days=2, due_at=later(days=9, hours=8))
    by_case[broken.pk].update(breached_at=NOW)
    pausing.begin(held, code="WAIT_CUST", words="等客户寄回样品，已电话说明。", actor=actor("agent"), at=NOW)
    pausing.end(held, by=actor("agent"), at=later(days=2))
    by_case[kept_back()] = Clock.objects.none()

    ever: set[str] = set()
    for policy in (with_day(18), with_day(21, is_working=True), with_day(23), with_hours("10:00", "16:30"), current()):
        for at in (NOW, later(days=5, hours=6)):
            alone = foreseeing._kinds(policy)[1]
            assert alone == sorted((held.pk, longer.pk, hours.pk), reverse=True)
            cases = reckoning.running(sorted(by_case))
            one_by_one = [
                each for mine, pauses in cases for each in reckoning.moves(mine, policy, pauses, at) if each.by
            ]
            found = foreseeing.effect(policy, at=at)
            shown = {each.clock.pk: each.new.due_at for each in found.most}
            assert (found.earlier, found.later) == (
                sum(each.by < timedelta(0) for each in one_by_one), sum(each.by > timedelta(0) for each in one_by_one),
            )  # fmt: skip
            assert shown.items() <= {each.clock.pk: each.new.due_at for each in one_by_one}.items()
            assert len(shown) == min(found.moved, foreseeing.MOST_MOVED)
            ever |= {each.clock.code for each in one_by_one if each.clock.complaint_id == max(by_case)}
    assert ever == {clocks.RESOLVE, "CK-HANDLE"}  # the order, and what was kept back from it


def kept_back() -> int:
    """Its order is due after four working days, and its handling five hours before."""
    complaint = cast.reviewed(severity=3)
    cast.dispatched(complaint, "QM")
    order, handling = (Clock.objects.get(complaint=complaint, code=code) for code in (clocks.RESOLVE, "CK-HANDLE"))
    order.why = {**order.why, "unit": "wd", "amount": 4, "due": "2026-11-20T18:00+08:00", "rivals": []}
    order.due_at, handling.due_at = later(days=4, hours=8), later(days=4, hours=3)
    handling.why = {**handling.why, "kept_minutes": 300, "order_due": order.why["due"]}
    Clock.objects.bulk_update([order, handling], ["why", "due_at"])
    return complaint.pk


def with_hours(opens: str, closes: str) -> Policy:
    body = dict(current().body)
    body["calendars"] = [{**each, "open": opens, "close": closes} for each in body["calendars"]]
    return Policy(body, number=2)
