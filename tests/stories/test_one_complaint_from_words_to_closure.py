"""Steps 1 to 10 of a complaint's life with five people: one order declined and re-dispatched, another sent back once,
reopening by the customer, second closure; then the record holds, and any tampering with it shows."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from huiyin.complaints import auditing as record
from huiyin.complaints.actions import anchoring, closing, replying
from huiyin.complaints.errors import MayNot
from huiyin.complaints.models import Complaint, Event, Letter
from huiyin.complaints.models.complaint import Outcome
from huiyin.complaints.states import State
from huiyin.dispatch.actions import auditing, dispatching, handling
from huiyin.dispatch.actions.dispatching import Order
from huiyin.org.actors import CUSTOMER
from tests import cast
from tests.cast import actor, later, member, unit

pytestmark = pytest.mark.django_db


def the_whole_life() -> Complaint:
    cast.company()
    complaint = cast.filed(by=actor("agent"), email="zhangwei@example.com")
    cast.reviewed(complaint)
    quality, logistics = dispatching.dispatch(
        complaint,
        orders=[
            Order(unit=unit("QM"), issues=[complaint.issues.all()[0]]),
            Order(unit=unit("LOG"), issues=[complaint.issues.all()[1]]),
        ],
        actor=actor("reviewer"),
        at=later(minutes=30),
    )
    handling.decline(logistics, reason="回电由客服中心负责，非我部门。", actor=actor("handler2"), at=later(minutes=35))
    county = dispatching.redispatch(logistics, unit=unit("CTY-E01"), actor=actor("reviewer"), at=later(minutes=45))
    cast.completed(quality)
    auditing.send_back(quality, reason="没有说明换新的时间。", actor=actor("auditor"), at=later(hours=6))
    cast.completed(quality, at=later(hours=7))
    cast.passed(quality, at=later(hours=8))
    assert Complaint.objects.get(pk=complaint.pk).state == State.IN_PROGRESS
    cast.completed(county, by="branch", at=later(hours=8))
    cast.passed(county, at=later(hours=9))
    complaint.refresh_from_db()
    answer(complaint, at=later(hours=10))
    closing.reopen(complaint, reason="换来的新机还是不通电。", actor=CUSTOMER, at=later(days=1))
    [again] = dispatching.dispatch(
        complaint, orders=[Order(unit=unit("AFS"))], actor=actor("supervisor"), at=later(days=1, minutes=10)
    )
    with pytest.raises(MayNot):
        handling.sign(again, actor=actor("handler"), at=later(days=1, minutes=11))
    dispatching.cancel(again, reason="维修部今日无人。", actor=actor("supervisor"), at=later(days=1, minutes=12))
    [again] = dispatching.dispatch(
        complaint, orders=[Order(unit=unit("LOG"))], actor=actor("supervisor"), at=later(days=1, minutes=13)
    )
    cast.completed(again, by="handler2", at=later(days=1, hours=2))
    cast.passed(again, at=later(days=1, hours=3))
    complaint.refresh_from_db()
    answer(complaint, at=later(days=1, hours=4))
    closing.accept(complaint, outcome=Outcome.SATISFIED, at=later(days=2))
    return complaint


def answer(complaint: Complaint, *, at: object) -> None:
    replying.send(
        complaint,
        channel=Letter.Channel.EMAIL,
        body="您好，核查结果是主板虚焊，换新件明天送到。给您添麻烦了。",
        is_final=True,
        actor=actor("agent"),
        at=at,  # type: ignore[arg-type]  # a datetime; the story reads better without the import
    )


@pytest.mark.req("A16", "A21", "A26", "A32", "A33", "A35", "A47", "A51", "A52", "A55", "B24", "B56")
def test_a_complaint_goes_from_the_customers_words_to_an_accepted_answer() -> None:
    complaint = the_whole_life()

    complaint.refresh_from_db()
    assert (complaint.state, complaint.outcome, complaint.reopened_count) == (State.CLOSED, Outcome.SATISFIED, 1)
    assert complaint.owner_unit.code == "CC"
    assert not complaint.clocks.filter(stopped_at=None).exists()
    assert list(complaint.issues.values_list("is_dropped", flat=True)) == [False, False]
    assert all(issue.answer for issue in complaint.issues.all())
    kinds = list(complaint.events.values_list("kind", flat=True))
    assert kinds[0] == Event.Kind.FILED
    assert kinds[-2:] == [Event.Kind.ACCEPTED, Event.Kind.CLOSED]
    people = set(complaint.events.exclude(actor=None).values_list("actor__username", flat=True))
    assert people == {"agent", "reviewer", "handler", "handler2", "branch", "auditor", "supervisor"}
    assert list(record.verify()) == []
    assert mail.outbox == []  # letters wait in the outbox for the worker


@pytest.mark.req("C106")
@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE complaints_event SET particulars = '{}' WHERE seq = 3", "#3: its content is not what its hash says"),
        ("DELETE FROM complaints_event WHERE seq = 4", "#4: missing"),
        ("UPDATE complaints_event SET seq = 1000 - seq WHERE seq IN (5, 6)", "#5: missing"),
        ("DELETE FROM complaints_event WHERE seq > 9", "#10: cut off"),
        ("UPDATE complaints_complaint SET state = 'withdrawn'", "the complaint stands at withdrawn"),
    ],
)
def test_the_record_names_the_link_that_was_tampered_with(tampering: str, fault: str) -> None:
    the_whole_life()
    behind_our_back(tampering)

    [found, *_more] = record.verify()

    assert fault in str(found)


@pytest.mark.req("C106")
def test_a_chain_rewritten_whole_is_found_by_the_anchor_of_the_day_before(settings: Settings, tmp_path: Path) -> None:
    settings.HUIYIN_HOME = tmp_path
    complaint = the_whole_life()
    anchoring.anchor(on=later(days=3).date(), at=later(days=3))
    behind_our_back("DELETE FROM complaints_event WHERE seq > 9")
    last = complaint.events.get(seq=9)
    behind_our_back(f"UPDATE complaints_chainhead SET seq = 9, hash = '{last.hash}'")

    faults = [str(found) for found in record.verify()]

    assert any("rewritten or cut off since" in fault for fault in faults)


def test_postgresql_itself_refuses_to_change_the_record() -> None:
    cast.company()
    complaint = cast.filed()

    for statement in ("UPDATE complaints_event SET seq = 2", "DELETE FROM complaints_event"):
        with (
            pytest.raises(Exception, match="the record only grows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert complaint.events.count() == 1


@pytest.mark.req("A18", "D25")
def test_who_has_no_part_in_it_never_sees_it() -> None:
    cast.company()
    [order] = cast.dispatched(None, "QM")

    seen = {
        name: Complaint.objects.visible_to(member(name)).exists()
        for name in (
            "agent",
            "reviewer",
            "handler",
            "supervisor",
            "executive",
            "outsider",
            "handler2",
            "branch",
            "admin",
        )
    }

    assert seen == {
        "agent": True, "reviewer": True, "handler": True, "supervisor": True, "executive": True,
        "outsider": False, "handler2": False, "branch": False, "admin": False,
    }  # fmt: skip
    assert order.due_at < order.order_due_at
    assert order.due_at - later(minutes=30) < timedelta(days=7)


def behind_our_back(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
