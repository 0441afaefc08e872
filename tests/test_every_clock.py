"""All clocks of the shipped policy are real: something starts each of them, and something stops it."""

from datetime import timedelta
from decimal import Decimal

import pytest
import yaml

from huiyin.compensation.actions import offering, settling
from huiyin.compensation.actions.offering import Terms
from huiyin.compensation.worth import Proposed
from huiyin.complaints.actions import noting, promising, replying, returning
from huiyin.complaints.models import Clock, Complaint, Letter
from huiyin.dispatch.actions import auditing
from huiyin.intake.actions import papers, queueing
from huiyin.intake.models import Paper, Waiting
from huiyin.loading import FOLDER
from huiyin.org.actors import CUSTOMER
from huiyin.org.models import Member
from huiyin.quality.actions import recurring
from huiyin.quality.models import RecurrenceRule, RootCauseDuty
from huiyin.sla import promises
from huiyin.sla.queries import current
from huiyin.surveys.actions import inviting
from tests import cast
from tests.cast import actor, later

CODES = [each["id"] for each in yaml.safe_load((FOLDER / "sla.yaml").read_text("utf-8"))["clocks"]]
# the red channel's, which it shows itself: redchannel/tests/test_force_and_room.py and test_reports.py
RED = {"CK-TASKFORCE", "CK-WARROOM", "CK-OUTRPT", "CK-DAILY"}


@pytest.mark.django_db
@pytest.mark.req("C059", "C065", "C091", "C104", "C061")
def test_each_of_the_27_clocks_is_started_and_stopped_by_something() -> None:
    cast.company()
    assert len(CODES) == len(set(CODES)) == 27
    complaint = _from_words_to_survey()
    _front_line()
    _paid_at_once()

    started = set(Clock.objects.values_list("code", flat=True))
    stopped = set(Clock.objects.exclude(stopped_at=None).values_list("code", flat=True))
    started |= _before_there_is_a_complaint() | _root_cause(complaint) | _same_as_the_resolution(complaint)
    stopped |= {"CK-INTAKE", "CK-OCR", "CK-QUEUE", "CK-RCA", "CK-ORDER"}

    assert set(CODES) - started == RED
    assert set(CODES) - stopped == RED


def _from_words_to_survey() -> Complaint:
    """A contract matter of two departments, with legal in it: answered, promised, returned, asked."""
    filed = cast.filed(intake_seconds=210)
    complaint = cast.reviewed(filed, category="TD-14", severity=3)
    Complaint.objects.filter(pk=complaint.pk).update(complexity="C")
    noting.opine(complaint, text="合同责任在我方。", actor=actor("legal"), at=later(minutes=25))
    orders = cast.dispatched(complaint, "QM", "LOG")
    promising.promise(complaint, until=later(hours=4), actor=actor("agent"), at=later(minutes=35))
    replying.send(
        complaint, channel=Letter.Channel.PHONE, body="您好，正在核查，稍后给您答复。", is_final=False,
        actor=actor("agent"), at=later(hours=1),
    )  # fmt: skip
    returning.receive(complaint, actor=actor("agent"), at=later(hours=2))
    returning.process(complaint, actor=actor("agent"), at=later(hours=30))
    for order in orders:
        by = "handler" if order.unit.code == "QM" else _handler_of(order.unit_id)
        auditing.pass_(cast.completed(order, by=by), actor=actor("auditor"), at=later(hours=31))
    complaint.refresh_from_db()
    replying.send(
        complaint, channel=Letter.Channel.PHONE, body="您好，已为您安排换新并补齐批量订单。", is_final=True,
        actor=actor("agent"), at=later(hours=32), breach_reason="等到货",
    )  # fmt: skip
    assert inviting.begin(complaint, at=later(hours=32, minutes=1))
    inviting.call(complaint, stars=5, words="满意", actor=actor("agent"), at=later(hours=40))
    return complaint


def _handler_of(unit_id: int) -> str:
    made, _new = Member.objects.get_or_create(
        username="handler-of-two", defaults={"name": "两部门", "unit_id": unit_id, "roles": ["handler"]}
    )
    return made.username


def _front_line() -> None:
    """A matter of manners, simple: closed at the front line."""
    complaint = cast.reviewed(cast.filed(text="店员说话很难听。", phone="13900003333"), category="SP-03")
    assert Clock.objects.running().filter(complaint=complaint, code="CK-FRONT").exists()
    [order] = cast.dispatched(complaint, "QM")
    cast.passed(cast.completed(order))
    complaint.refresh_from_db()
    replying.send(
        complaint, channel=Letter.Channel.PHONE, body="您好，店员已向您致歉。", is_final=True, actor=actor("agent"),
        at=later(hours=7),
    )  # fmt: skip


def _paid_at_once() -> None:
    """Something small for the nerves, given at once and reported afterwards; and paid."""
    other = cast.reviewed(cast.filed(text="电饭煲又坏了，请尽快处理。", phone="13900004444"))
    options = [Proposed("apology_letter", words="书面致歉"), Proposed("voucher", Decimal(100), "券")]
    terms = Terms(options=options, explanation="安抚", off_tariff_because="急", at_once=True)
    offer = offering.offer(other, terms=terms, actor=actor("agent"), at=later(hours=1))
    settling.choose(offer, option=offer.options.get(instrument="voucher"), actor=CUSTOMER, at=later(hours=2))
    settling.fulfil(offer, reference="QUAN-1", actor=actor("agent"), at=later(hours=3))
    settling.report(offer, text="客户情绪激动，当场安抚。", actor=actor("agent"), at=later(hours=4))


def _before_there_is_a_complaint() -> set[str]:
    clerk = actor("agent")
    assert clerk.member is not None
    paper = papers.register(label="11月16日来信", actor=clerk, at=later())
    assert paper.due_at == later(minutes=2)
    typed = cast.filed(text="信上写的：洗衣机漏水。", channel="letter", phone="13900005555")
    papers.confirm(paper, typed, actor=clerk, at=later(minutes=1))
    assert not Paper.objects.untyped().exists()
    caller = queueing.enter(reference="A017", unit=clerk.member.unit, way="phone", actor=clerk, at=later())
    queueing.answer(caller, actor=clerk, at=later(minutes=3))
    assert Waiting.objects.get().lasted(later(days=1)) == timedelta(minutes=3)
    assert Complaint.objects.exclude(intake_seconds=None).exists()  # opened to submitted, measured by the form
    return {"CK-INTAKE", "CK-OCR", "CK-QUEUE"}


def _root_cause(complaint: Complaint) -> set[str]:
    RecurrenceRule.objects.update(threshold=1)
    duty = recurring.count(complaint, at=later(hours=1))
    assert duty is not None
    recurring.submit(duty, cause="排产", redesign="改排产", actor=actor("supervisor"), at=later(hours=2))
    recurring.approve(duty, actor=actor("manager"), at=later(hours=3))
    assert not RootCauseDuty.objects.filter(approved_at=None).exists()
    return {"CK-RCA"}


def _same_as_the_resolution(complaint: Complaint) -> set[str]:
    """The work order's clock is the resolution's by definition, and no row of its own."""
    inputs = promises.Inputs(level="L3", cx="S")
    whole, order = (
        promises.deadline(current(), code, start=complaint.received_at, inputs=inputs)
        for code in ("CK-RESOLVE", "CK-ORDER")
    )
    assert whole is not None
    assert order is not None
    assert whole.due_at == order.due_at
    return {"CK-ORDER"}
