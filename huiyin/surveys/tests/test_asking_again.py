"""More than stars: what else is asked, one reminder and then rest, and a call for three stars."""

from datetime import timedelta
from typing import Any

import pytest

from huiyin.channels.models import Message
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.states import State
from huiyin.customers.models import Customer
from huiyin.org.actors import CUSTOMER
from huiyin.surveys.actions import answering, caring, inviting
from huiyin.surveys.actions.answering import More
from huiyin.surveys.models import ADVICE, EASE, Answer, Invitation, PutOff, Reason
from tests import cast
from tests.cast import actor, later

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]
A_MOMENT = timedelta(seconds=1)


@pytest.mark.req("C028")
def test_what_is_asked_and_its_scales_are_those_of_the_shipped_survey() -> None:
    survey = cast.documents()["surveys"]
    asked = {each["metric"]: each for each in survey["questions"]}

    assert survey["scale"] == {"csat": "1-5", "ces": f"{EASE[0]}-{EASE[-1]}", "nps": f"{ADVICE[0]}-{ADVICE[-1]}"}
    assert [str(each.label) for each in Reason] == asked["reason_low"]["options"]
    assert (inviting.REMIND_AFTER.total_seconds(), inviting.REST_AFTER.days) == (
        3600 * survey["send"]["reminder_nh"], survey["send"]["expire_days"],
    )  # fmt: skip


def test_scores_out_of_their_scale_are_refused_and_those_given_stand_in_the_record() -> None:
    complaint = cast.closed()
    for bad in (More(ces=0), More(ces=8), More(nps=11), More(nps=-1), More(reasons=["x"])):
        with pytest.raises(GuardFailed):
            answer(complaint, 4, bad)

    kept = answer(complaint, 4, More(nps=0, reasons=["other", "wait"]))

    assert (kept.ces, kept.nps, kept.reasons) == (None, 0, ["wait", "other"])
    last = complaint.events.order_by("seq").last()
    assert last is not None
    assert last.particulars["nps"] == 0
    assert "ces" not in last.particulars


def answer(complaint: Complaint, stars: int, more: More) -> Answer:
    return answering.answer(
        complaint, stars=stars, words="", via=Answer.Via.PORTAL, actor=CUSTOMER, at=later(days=1, hours=1), more=more
    )


def asked() -> Complaint:
    complaint = cast.resolved()
    customer = complaint.customer
    customer.email, customer.email_digest = "zhangwei@example.com", "0" * 64
    customer.save()
    inviting.begin(complaint, at=later(hours=7))
    assert inviting.send(at=later(hours=24)) == 1
    return complaint


@pytest.mark.req("C061")
def test_who_does_not_answer_is_reminded_once_by_day_and_then_left_in_peace_without_a_score() -> None:
    complaint = asked()

    assert inviting.remind(at=later(hours=95)) == 0  # not yet three days
    assert inviting.remind(at=later(hours=108)) == 0  # ten at night
    assert inviting.remind(at=later(hours=120)) == 1
    assert inviting.remind(at=later(hours=121)) == 0
    mails = Message.objects.filter(external_id__startswith=complaint.number).values_list("external_id", flat=True)
    assert sorted(mails)[-1] == f"{complaint.number}.survey.0.again"
    ways = [each.particulars["via"] for each in complaint.events.filter(kind=Event.Kind.SURVEYED).order_by("seq")]
    assert ways == ["email", "reminder"]

    assert (inviting.rest(at=later(days=7)), inviting.rest(at=later(days=9)), inviting.rest(at=later(days=9))) == (
        0,
        1,
        0,
    )
    assert Answer.objects.count() == 0


def test_who_answered_or_whose_complaint_came_back_is_not_reminded() -> None:
    complaint = asked()
    Complaint.objects.filter(pk=complaint.pk).update(replied_at=later(hours=30))  # answered anew since

    assert inviting.remind(at=later(hours=120)) == 0
    assert Invitation.objects.get().ended_at == later(hours=120)


@pytest.mark.req("C061")
def test_who_cannot_be_asked_is_put_off_longer_each_time_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """One at a time, so that the first in line would stand in the way of the second for ever."""
    first, second = cast.resolved(), cast.resolved()
    for complaint, address in ((first, "no address"), (second, "zhangwei@example.com")):
        complaint.customer = Customer.objects.create(email=address, email_digest=address, created_at=later())
        complaint.save(update_fields=["customer"])
        inviting.begin(complaint, at=later(hours=7))

    assert [inviting.send(at=later(hours=24, seconds=n), limit=1) for n in range(3)] == [0, 1, 0]
    waits = []
    for _again in range(3):
        held = PutOff.objects.get()
        assert inviting.send(at=held.until - A_MOMENT) == 0
        assert PutOff.objects.get().tries == held.tries
        assert inviting.send(at=held.until + A_MOMENT) == 0
        waits.append(PutOff.objects.get().until - held.until)
    assert waits == sorted(waits)
    assert PutOff.objects.get().tries == 4
    assert (
        list(Message.objects.filter(channel="email").values_list("external_id", flat=True)).count(
            f"{second.number}.survey.0"
        )
        == 1
    )

    def breaks(*_: Any) -> Any:
        raise RuntimeError

    Customer.objects.filter(email_digest="no address").update(email="right@example.com")
    at = PutOff.objects.get().until + A_MOMENT
    with monkeypatch.context() as broken:
        broken.setattr(inviting, "_mail", breaks)
        assert inviting.send(at=at) == 0
    assert PutOff.objects.get().tries == 5
    assert inviting.send(at=PutOff.objects.get().until + A_MOMENT) == 1
    assert not PutOff.objects.exists()


def test_less_than_three_stars_on_the_telephone_count_and_bring_it_back() -> None:
    complaint = cast.resolved()

    kept = inviting.call(complaint, stars=1, words="", more=More(ces=1), actor=actor("agent"), at=later(hours=30))

    complaint.refresh_from_db()
    assert (complaint.state, kept.stars, kept.ces, kept.resolved_at) == (State.REOPENED, 1, 1, later(hours=7))
    assert Answer.objects.filter(complaint=complaint).count() == 1


def test_no_care_call_is_recorded_where_none_is_owed() -> None:
    complaint = cast.closed()
    answer(complaint, 3, More(reasons=["wait"]))

    with pytest.raises(GuardFailed):
        caring.called(complaint, reasons=["unclear"], words="", actor=actor("agent"), at=later(days=2))
