"""All clocks of the shipped policy are real: something starts each of them, and something stops it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import yaml
from django.test import Client
from django.urls import reverse

from huiyin.compensation.actions import offering, settling
from huiyin.compensation.actions.offering import Terms
from huiyin.compensation.worth import Proposed
from huiyin.complaints.actions import noting, promising, replying, returning
from huiyin.complaints.models import Clock, Complaint, Letter
from huiyin.dispatch.actions import auditing
from huiyin.insight import elsewhere
from huiyin.insight.attainment import Period
from huiyin.intake.actions import papers, queueing
from huiyin.intake.models import Paper, Waiting
from huiyin.loading import FOLDER
from huiyin.org.actors import CUSTOMER
from huiyin.org.models import Member
from huiyin.quality.actions import recurring, reporting
from huiyin.quality.models import IncidentClass, RecurrenceRule, RootCauseDuty
from huiyin.redchannel.actions import daily, force, paging, reports, rooms
from huiyin.redchannel.tests.test_paging import HURT
from huiyin.sla import promises
from huiyin.sla.queries import current
from huiyin.surveys.actions import inviting
from tests import cast
from tests.cast import actor, later, member

CODES = [each["id"] for each in yaml.safe_load((FOLDER / "sla.yaml").read_text("utf-8"))["clocks"]]
WEEK = Period(date(2026, 11, 16), date(2026, 12, 31))


@pytest.mark.django_db
@pytest.mark.req("C059", "C065", "C091", "C104", "C061")
def test_each_of_the_27_clocks_is_started_and_stopped_by_something() -> None:
    cast.company()
    assert len(CODES) == len(set(CODES)) == 27
    complaint = _from_words_to_survey()
    _front_line()
    _paid_at_once()

    _red_channel()
    _before_there_is_a_complaint()
    _root_cause(complaint)
    _same_as_the_resolution(complaint)

    of_complaints = set(Clock.objects.values_list("code", flat=True)) - {"CK-RESOLVE.final"}
    stopped = set(Clock.objects.exclude(stopped_at=None).values_list("code", flat=True)) - {"CK-RESOLVE.final"}
    counted = elsewhere.by_clock(member("executive"), WEEK, str, at=later(days=40))
    kept = {line.key: (line.met, line.late) for line in counted if line.n}

    assert set(CODES) - of_complaints == set(elsewhere.ELSEWHERE) == set(kept)
    assert stopped == of_complaints
    assert (kept["CK-INTAKE"], kept["CK-OCR"], kept["CK-QUEUE"]) == ((1, 0), (1, 0), (1, 0))
    assert (kept["CK-DAILY"], kept["CK-RCA"]) == ((1, 0), (1, 0))
    _shown_with_their_rows()


def _shown_with_their_rows() -> None:
    desk = Client()
    desk.force_login(member("executive"), backend="django.contrib.auth.backends.ModelBackend")
    days = "from=2026-11-16&to=2026-12-31"
    page = desk.get(f"{reverse('desk:attainment')}?{days}").content.decode()
    assert "受理录入时长 K25" in page
    for code in elsewhere.ELSEWHERE:
        assert f"clock={code}" in page
        rows = desk.get(f"{reverse('desk:attainment-rows')}?{days}&clock={code}").content.decode()
        assert 'class="board-row"' in rows


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


def _red_channel() -> None:
    """Somebody was hurt: a task force, a war room, the reports of an outage until it is over, the day's report."""
    complaint = cast.filed(text=HURT, phone="13900006666")
    cast.reviewed(complaint, severity=1, by="supervisor", at=later(minutes=3))
    case = paging.consider(complaint, at=later(minutes=3))
    assert case is not None
    ops = Member.objects.create(username="ops1", name="运营员", unit=cast.unit("OPS"), roles=["handler"])
    technician = Member.objects.create(username="it1", name="技术员", unit=cast.unit("IT"), roles=["handler"])
    kind = IncidentClass.objects.get(code="INC-OUT")
    force.name(
        case,
        kind=kind,
        lead=ops,
        members=[member("legal"), technician],
        actor=actor("supervisor"),
        at=later(minutes=10),
    )
    force.form(case, actor=actor("ops1"), at=later(minutes=20))
    room = rooms.call(case, topic="是否停服", actor=actor("supervisor"), at=later(minutes=21))
    for minute, name in enumerate(("it1", "supervisor", "legal"), start=22):
        rooms.join(room, actor=actor(name), at=later(minutes=minute))
    reports.follow(complaint, at=later(minutes=30))
    assert case.incident is not None
    reporting.restore(case.incident, text="已恢复", actor=actor("ops1"), at=later(minutes=40))
    reports.follow(complaint, at=later(minutes=41))
    assert daily.report(at=later(hours=8, minutes=1)) is not None


def _before_there_is_a_complaint() -> None:
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


def _root_cause(complaint: Complaint) -> None:
    RecurrenceRule.objects.update(threshold=1)
    duty = recurring.count(complaint, at=later(hours=1))
    assert duty is not None
    recurring.submit(duty, cause="排产", redesign="改排产", actor=actor("supervisor"), at=later(hours=2))
    recurring.approve(duty, actor=actor("manager"), at=later(hours=3))
    assert not RootCauseDuty.objects.filter(approved_at=None).exists()


def _same_as_the_resolution(complaint: Complaint) -> None:
    """The work order's clock is the resolution's by definition, and no row of its own."""
    inputs = promises.Inputs(level="L3", cx="S")
    whole, order = (
        promises.deadline(current(), code, start=complaint.received_at, inputs=inputs)
        for code in ("CK-RESOLVE", "CK-ORDER")
    )
    assert whole is not None
    assert order is not None
    assert whole.due_at == order.due_at
