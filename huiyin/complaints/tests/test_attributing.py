"""投诉原因: known at the latest when the customer is answered, and from the list that the category offers."""

import pytest

from huiyin.complaints.actions import judging, replying
from huiyin.complaints.causes import category_of, offered
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Complaint, Event, Letter, Validity
from huiyin.complaints.states import State
from tests import cast
from tests.cast import actor, later

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


def answered(complaint: Complaint, cause: str) -> Complaint:
    replying.send(
        complaint, channel=Letter.Channel.PHONE, body="已向您说明资费。", is_final=True, cause=cause,
        actor=actor("agent"), at=later(hours=7),
    )  # fmt: skip
    return Complaint.objects.get(pk=complaint.pk)


@pytest.mark.req("A23")
def test_the_answer_keeps_the_cause_and_its_event_says_it() -> None:
    complaint = answered(cast.waiting_for_reply(), "explanation")

    assert (complaint.cause, complaint.state) == ("explanation", State.RESOLVED)
    assert complaint.events.get(kind=Event.Kind.REPLIED).particulars["cause"] == "explanation"


@pytest.mark.req("A23")
def test_what_is_solved_on_the_spot_and_what_is_judged_keeps_its_cause() -> None:
    spot = cast.filed()
    replying.resolve_on_spot(
        spot, explanation="已解释套餐", customer_agreed=True, cause="policy", actor=actor("agent"), at=later(minutes=5)
    )
    [order] = cast.dispatched(cast.reviewed(cast.filed(phone="13700000001")))
    judging.judge(
        order.complaint, value=Validity.Value.MISUNDERSTOOD, reason="资费已公示", evidence="公示截图",
        cause="explanation", actor=actor("handler"), at=later(hours=1),
    )  # fmt: skip

    kept = Complaint.objects.order_by("id").values_list("cause", flat=True)
    assert list(kept) == ["policy", "explanation"]


def test_a_cause_that_is_not_offered_is_refused_and_nothing_is_answered() -> None:
    complaint = cast.waiting_for_reply()

    with pytest.raises(GuardFailed, match="没有这个投诉原因"):
        answered(complaint, "weather")

    assert Complaint.objects.get(pk=complaint.pk).state == State.REPLYING
    assert not Letter.objects.filter(complaint=complaint).exists()


@pytest.mark.req("A23")
def test_a_category_with_causes_of_its_own_wants_one_of_them_before_the_answer() -> None:
    complaint = cast.filed()
    cast.reviewed(complaint, category="TD-09")
    [order] = cast.dispatched(complaint)
    cast.passed(cast.completed(order))
    complaint.refresh_from_db()

    assert [code for code, _name in offered(category_of(complaint))] == ["下错单", "点错数"]
    for cause in ("", "explanation"):
        with pytest.raises(GuardFailed):
            answered(complaint, cause)
    assert answered(complaint, "点错数").cause == "点错数"
