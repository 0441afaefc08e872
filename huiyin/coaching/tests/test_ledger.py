"""1+1+1: three counters a year, entered by others, and a plan where the year fell short."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from huiyin.coaching.actions import entering, planning, taking
from huiyin.coaching.errors import GuardFailed, MayNot, OwnLedger
from huiyin.coaching.ledger import Counters
from huiyin.coaching.models import Course, Entry, Plan
from huiyin.coaching.queries import counters, target
from huiyin.notices.models import Notice
from huiyin.org.models import Member
from tests import cast
from tests.cast import MONDAY, member

pytestmark = pytest.mark.django_db
JANUARY = datetime(2027, 1, 1, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    cast.company()


def enter(kind: str = "hours", *, whose: str = "agent", by: str = "supervisor", **given: Any) -> Entry:
    more: dict[str, Any] = {"hours": Decimal("40")} if kind == "hours" else {}
    more |= {"newcomer": member("agent2")} if kind == "newcomer" else {}
    values = {"on": date(2026, 11, 2), "title": "情景模拟演练", "evidence": "签到表 12", **more, **given}
    return entering.enter(member(whose), kind=Entry.Kind(kind), **values, actor=member(by), at=MONDAY)


@pytest.mark.req("C031")
def test_three_counters_hold_what_was_entered_and_what_was_passed_on_screen() -> None:
    for kind in ("hours", "hours", "project", "newcomer", "newcomer"):  # the same newcomer counts once
        enter(kind)
    enter(on=date(2025, 12, 31))
    wrong = enter(hours=Decimal("7.5"))
    entering.strike(wrong, because="重复登记", actor=member("manager"), at=MONDAY)
    course = Course.objects.get(code="TR-02")
    right = {question.position: question.right for question in course.questions.all()}
    for _twice in range(2):
        taking.take(course, answers=right, actor=member("agent"), at=MONDAY)

    found = counters([member("agent").pk, member("agent2").pk], 2026)

    assert found == {member("agent").pk: Counters(Decimal(90), 1, 1, courses=Decimal(10))}
    assert target() == Counters(Decimal(100), 1, 1)
    assert found[member("agent").pk].lacking(target()) == {"hours": "10"}
    assert Entry.objects.count() == 7  # what was struck out stays


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"evidence": " "}, GuardFailed),
        ({"title": ""}, GuardFailed),
        ({"on": date(2026, 11, 17)}, GuardFailed),
        ({"hours": None}, GuardFailed),
        ({"hours": Decimal(-1)}, GuardFailed),
        ({"kind": "newcomer", "newcomer": None}, GuardFailed),
        ({"kind": "newcomer", "whose": "agent2"}, GuardFailed),
        ({"by": "agent2"}, MayNot),
        ({"by": "director"}, MayNot),  # looks on, and enters nothing
        ({"by": "outsider"}, MayNot),  # a supervisor of another branch
        ({"whose": "supervisor"}, OwnLedger),
    ],
)
def test_an_entry_takes_a_date_and_evidence_and_is_made_by_who_leads(
    given: dict[str, Any], refusal: type[Exception]
) -> None:
    Member.objects.filter(username="outsider").update(roles=["supervisor"])
    with pytest.raises(refusal):
        enter(**given)
    assert not Entry.objects.exists()


@pytest.mark.req("C031")
def test_a_year_that_fell_short_opens_one_plan_and_tells_whom_it_concerns() -> None:
    Member.objects.filter(username="agent2").update(is_active=False)
    Member.objects.filter(username="reviewer").update(date_joined=JANUARY)
    enter(hours=Decimal(100))
    for kind in ("project", "newcomer"):
        enter(kind)
    enter(whose="supervisor2", by="manager", hours=Decimal("62.5"))

    assert planning.open_plans(at=MONDAY) == 0  # the year is not over
    opened = planning.open_plans(at=JANUARY)
    assert planning.open_plans(at=JANUARY) == 0

    plans = {plan.member.username: plan for plan in Plan.objects.select_related("member")}
    assert len(plans) == opened
    assert plans["supervisor2"].lacking == {"hours": "37.5", "project": "1", "newcomer": "1"}
    assert plans["handler"].lacking == {"hours": "100", "project": "1", "newcomer": "1"}
    assert not plans.keys() & {"agent", "agent2", "reviewer", "analyst", "admin"}
    told = Notice.objects.filter(key=f"plan:{member('supervisor2').pk}:2026").values_list("member__username", flat=True)
    assert set(told) == {"supervisor2", "manager"}

    plan = plans["supervisor2"]
    for refused in ("supervisor2", "agent"):
        with pytest.raises((MayNot, OwnLedger)):
            planning.set_plan(plan, steps="x", due_on=date(2027, 3, 1), actor=member(refused), at=JANUARY)
    planning.set_plan(plan, steps="补 40 学时", due_on=date(2027, 3, 1), actor=member("manager"), at=JANUARY)
    planning.finish(plan, result="已补", actor=member("manager"), at=JANUARY)
    with pytest.raises(GuardFailed):
        planning.finish(plan, result="再来", actor=member("manager"), at=JANUARY)


def test_a_ledger_is_seen_by_its_owner_and_by_those_who_lead_them() -> None:
    enter()

    def seen(username: str) -> int:
        return Entry.objects.visible_to(member(username)).count()

    names = ("agent", "supervisor", "director", "agent2", "lead", "analyst")
    assert [seen(name) for name in names] == [1, 1, 1, 0, 0, 0]
