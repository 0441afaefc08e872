import pytest

from huiyin.channels.models import Message
from huiyin.complaints.actions import closing, judging, noting, replying, waiting
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.models import Complaint, Event, Letter, Validity
from huiyin.complaints.models.complaint import Outcome
from huiyin.complaints.states import State
from huiyin.org.actors import CUSTOMER
from tests import cast
from tests.cast import actor, later

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


def state_of(complaint: Complaint) -> str:
    return Complaint.objects.values_list("state", flat=True).get(pk=complaint.pk)


@pytest.mark.req("A35", "A52")
def test_only_customer_service_answers_the_customer() -> None:
    complaint = cast.waiting_for_reply()

    with pytest.raises(MayNot):
        replying.send(
            complaint,
            channel=Letter.Channel.PHONE,
            body="换新",
            is_final=True,
            actor=actor("handler"),
            at=later(hours=7),
        )

    assert state_of(complaint) == State.REPLYING
    assert complaint.letters.count() == 0


@pytest.mark.req("A36", "A49")
def test_the_answer_stops_the_promise_and_a_mail_is_queued_with_it() -> None:
    complaint = cast.waiting_for_reply()
    Complaint.objects.get(pk=complaint.pk).customer.__class__.objects.update(email="zhang@example.com")
    complaint = Complaint.objects.get(pk=complaint.pk)

    letter = replying.send(
        complaint,
        channel=Letter.Channel.EMAIL,
        body="换新机明天送到。",
        is_final=True,
        actor=actor("agent"),
        at=later(hours=7),
    )

    assert state_of(complaint) == State.RESOLVED
    assert complaint.replied_at == later(hours=7)
    assert complaint.clocks.get(code="CK-RESOLVE").stopped_at == later(hours=7)
    assert letter.message is not None
    assert letter.message.status == Message.Status.QUEUED


@pytest.mark.req("B26")
def test_three_failed_calls_over_a_day_stand_for_the_contact_and_fewer_do_not() -> None:
    complaint = cast.waiting_for_reply()

    def call(hours: float) -> None:
        replying.send(
            complaint, channel=Letter.Channel.PHONE, body="无人接听", is_final=True, reached=False,
            actor=actor("agent"), at=later(hours=hours),
        )  # fmt: skip

    call(8)
    call(20)
    assert state_of(complaint) == State.REPLYING
    call(34)
    assert state_of(complaint) == State.RESOLVED


def test_without_an_address_a_mail_is_refused_and_nothing_changes() -> None:
    complaint = cast.waiting_for_reply()

    with pytest.raises(GuardFailed) as refusal:
        replying.send(
            complaint, channel=Letter.Channel.EMAIL, body="换新", is_final=True, actor=actor("agent"), at=later(hours=7)
        )

    assert refusal.value.field == "channel"
    assert state_of(complaint) == State.REPLYING


@pytest.mark.req("A22", "B43")
def test_what_the_front_desk_can_answer_is_resolved_on_the_spot() -> None:
    complaint = cast.filed(by=actor("agent"))

    with pytest.raises(GuardFailed):
        replying.resolve_on_spot(
            complaint, explanation="讲解了资费", customer_agreed=False, actor=actor("agent"), at=later(minutes=4)
        )
    replying.resolve_on_spot(
        complaint, explanation="讲解了资费", customer_agreed=True, actor=actor("agent"), at=later(minutes=5)
    )

    complaint.refresh_from_db()
    assert (complaint.state, complaint.is_on_spot, complaint.assignee) == (State.RESOLVED, True, cast.member("agent"))
    assert not complaint.clocks.filter(stopped_at=None).exists()


@pytest.mark.req("B19", "B28", "B29")
def test_what_is_found_not_justified_takes_a_second_person_and_is_answered_all_the_same() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    judged = judging.judge(
        complaint, value=Validity.Value.MISUNDERSTOOD, reason="客户误解了活动规则", evidence="活动页面截图",
        actor=actor("supervisor"), at=later(hours=2),
    )  # fmt: skip

    with pytest.raises(GuardFailed):
        judging.confirm(judged, actor=actor("supervisor"), at=later(hours=3))
    judging.confirm(judged, actor=actor("supervisor2"), at=later(hours=3))

    complaint.refresh_from_db()
    assert complaint.state == State.NOT_VALID
    judging.answer_not_valid(complaint, actor=actor("supervisor"), at=later(hours=4))
    assert state_of(complaint) == State.REPLYING


@pytest.mark.req("A50")
def test_an_interim_solution_comes_back_by_itself_on_its_day() -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    with pytest.raises(GuardFailed):
        waiting.settle_for_now(
            complaint, plan="先给备用机", follow_up_on=later().date(), actor=actor("handler"), at=later(hours=2)
        )
    waiting.settle_for_now(
        complaint, plan="先给备用机", follow_up_on=later(days=3).date(), actor=actor("handler"), at=later(hours=2)
    )

    assert waiting.follow_up(today=later(days=2).date(), at=later(days=2)) == 0
    assert waiting.follow_up(today=later(days=3).date(), at=later(days=3)) == 1

    assert state_of(complaint) == State.IN_PROGRESS
    assert complaint.events.last().kind == Event.Kind.FOLLOW_UP_DUE  # type: ignore[union-attr]  # it has events


@pytest.mark.req("A16", "C145")
def test_seven_days_without_a_word_close_it_and_thirty_days_let_it_come_back() -> None:
    complaint = cast.resolved()

    assert closing.close_expired(at=later(days=7)) == 0
    assert closing.close_expired(at=later(days=7, hours=8)) == 1
    complaint.refresh_from_db()
    assert (complaint.state, complaint.outcome) == (State.CLOSED, Outcome.NO_ANSWER)

    closing.reopen(complaint, reason="又坏了", actor=CUSTOMER, at=later(days=30))
    assert state_of(complaint) == State.REOPENED


def test_after_thirty_days_it_is_a_new_complaint() -> None:
    complaint = cast.closed()

    with pytest.raises(GuardFailed, match="30"):
        closing.reopen(complaint, reason="又坏了", actor=CUSTOMER, at=later(days=32))

    assert state_of(complaint) == State.CLOSED


def test_a_withdrawn_complaint_is_over_for_everybody() -> None:
    complaint = cast.filed()
    closing.withdraw(complaint, reason="已自行解决", actor=CUSTOMER, at=later(hours=1))

    with pytest.raises(MoveRefused) as refusal:
        closing.withdraw(complaint, reason="再撤一次", actor=CUSTOMER, at=later(hours=2))

    assert refusal.value.allowed == []


@pytest.mark.req("C049")
def test_unlawful_collection_of_personal_data_does_not_close_without_a_legal_opinion() -> None:
    complaint = cast.filed(text="App 未经同意读取了我的通讯录。")
    cast.reviewed(complaint, category="RL-09", severity=2, by="supervisor")
    [order] = cast.dispatched(complaint)
    cast.passed(cast.completed(order))
    complaint.refresh_from_db()
    replying.send(
        complaint, channel=Letter.Channel.PHONE, body="已删除", is_final=True, actor=actor("agent"), at=later(hours=7)
    )

    with pytest.raises(GuardFailed, match="RT-009"):
        closing.accept(complaint, outcome=Outcome.SATISFIED, at=later(days=1))
    with pytest.raises(MayNot):
        noting.opine(complaint, text="不构成违法", actor=actor("supervisor"), at=later(days=1))
    assert closing.close_expired(at=later(days=30)) == 0
    assert state_of(complaint) == State.RESOLVED

    noting.opine(complaint, text="收集超出必要范围，应删除并告知。", actor=actor("legal"), at=later(days=1))
    closing.accept(complaint, outcome=Outcome.SATISFIED, at=later(days=1, hours=1))
    assert state_of(complaint) == State.CLOSED
