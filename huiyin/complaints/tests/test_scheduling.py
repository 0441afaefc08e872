"""A letter that waits: it goes out by itself, can be taken back until then, and never goes twice."""

from datetime import datetime, timedelta

import pytest

from huiyin.channels.models import Message
from huiyin.complaints.actions import closing, keeping, replying, scheduling
from huiyin.complaints.errors import GuardFailed, Refused
from huiyin.complaints.models import Complaint, Event, Letter
from huiyin.complaints.states import State
from tests import cast
from tests.cast import actor, later

pytestmark = pytest.mark.django_db
BODY = "您好，我是客服李雷。经核查是主板故障，很抱歉给您添了麻烦，已为您安排换新，三天内送到。感谢您的理解。"


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


def written(
    complaint: Complaint, *, at: datetime, waits: timedelta = timedelta(seconds=15), body: str = BODY
) -> Letter:
    return scheduling.schedule(
        complaint,
        channel=Letter.Channel.EMAIL,
        body=body,
        cause="product",
        is_final=True,
        send_at=at + waits,
        actor=actor("agent"),
        at=at,
    )


def waiting_for_reply() -> Complaint:
    """At the desk, of a customer who has a mail address."""
    [order] = cast.dispatched(cast.reviewed(cast.filed(email="zhang@example.com")))
    cast.passed(cast.completed(order))
    return Complaint.objects.get(pk=order.complaint_id)


def mails(complaint: Complaint) -> int:
    return Message.objects.filter(external_id__startswith=f"{complaint.number}/").count()


def test_it_goes_out_when_its_time_has_come_and_only_then() -> None:
    complaint, at = waiting_for_reply(), later(hours=8)
    letter = written(complaint, at=at)
    assert (Complaint.objects.get(pk=complaint.pk).state, mails(complaint)) == (State.REPLYING, 0)

    assert not scheduling.release(letter, at=at + timedelta(seconds=14))
    assert scheduling.release(letter, at=at + timedelta(seconds=15))

    complaint.refresh_from_db()
    letter.refresh_from_db()
    assert (complaint.state, complaint.replied_at) == (State.RESOLVED, at + timedelta(seconds=15))
    assert (letter.status, mails(complaint)) == (Letter.Status.SENT, 1)
    assert complaint.events.latest("seq").kind == Event.Kind.REPLIED


def test_of_two_workers_one_sends_it() -> None:
    complaint, at = waiting_for_reply(), later(hours=8)
    letter = written(complaint, at=at)

    assert [scheduling.release(letter, at=at + timedelta(minutes=2)) for _worker in range(2)] == [True, False]
    assert mails(complaint) == 1


def test_taken_back_in_time_nothing_was_said_and_the_words_are_a_draft_again() -> None:
    complaint, at = waiting_for_reply(), later(hours=8)
    letter = written(complaint, at=at)
    said = complaint.events.count()

    scheduling.take_back(letter, actor=actor("agent"))

    assert not scheduling.release(letter, at=at + timedelta(hours=1))
    letter.refresh_from_db()
    assert (letter.status, letter.body, letter.send_at) == (Letter.Status.DRAFT, BODY, None)
    assert (complaint.events.count(), mails(complaint)) == (said, 0)


def test_what_was_begun_since_is_put_under_the_letter_that_is_taken_back() -> None:
    complaint, at = waiting_for_reply(), later(hours=8)
    letter = written(complaint, at=at)
    replying.draft(complaint, channel=Letter.Channel.EMAIL, body="还有一句。", actor=actor("agent"), at=at)

    scheduling.take_back(letter, actor=actor("agent"))

    [draft] = complaint.letters.filter(status=Letter.Status.DRAFT)
    assert draft.body == f"{BODY}\n\n还有一句。"


@pytest.mark.parametrize("who", ["agent2", "supervisor"])
def test_only_its_author_takes_it_back(who: str) -> None:
    letter = written(waiting_for_reply(), at=later(hours=8))

    with pytest.raises(scheduling.AlreadyGone):
        scheduling.take_back(letter, actor=actor(who))

    letter.refresh_from_db()
    assert letter.status == Letter.Status.WAITING


def test_after_it_went_it_cannot_be_taken_back() -> None:
    letter = written(waiting_for_reply(), at=later(hours=8))
    scheduling.release(letter, at=later(hours=9))

    with pytest.raises(scheduling.AlreadyGone):
        scheduling.take_back(letter, actor=actor("agent"))


def test_what_could_not_be_sent_now_is_refused_now() -> None:
    complaint, at = waiting_for_reply(), later(hours=8)

    with pytest.raises(Refused):
        written(complaint, at=at, body="您好，这个不归我管。")
    with pytest.raises(GuardFailed):
        written(complaint, at=at, waits=timedelta(days=31))
    with pytest.raises(GuardFailed):
        written(complaint, at=at, waits=timedelta(seconds=-1))

    assert complaint.letters.filter(status__in=Letter.UNSAID).count() == 0


def test_one_that_cannot_go_any_more_is_given_back_to_its_author_with_the_reason() -> None:
    complaint, at = waiting_for_reply(), later(hours=8)
    letter = written(complaint, at=at, waits=timedelta(hours=2))
    closing.withdraw(complaint, reason="客户来电：问题已解决，不再投诉。", actor=actor("supervisor"), at=later(hours=9))

    assert not scheduling.release(letter, at=later(hours=10))

    letter.refresh_from_db()
    assert (letter.status, letter.body) == (Letter.Status.DRAFT, BODY)
    assert "客户撤回" in letter.returned_because
    assert mails(complaint) == 0


def test_a_letter_whose_job_was_lost_with_its_worker_goes_all_the_same() -> None:
    complaint, at = waiting_for_reply(), later(hours=8)
    written(complaint, at=at)

    assert scheduling.release_lost(at=at + timedelta(seconds=30)) == 0
    assert scheduling.release_lost(at=at + timedelta(seconds=80)) == 1
    assert mails(complaint) == 1


def test_the_same_letter_sent_twice_waits_once() -> None:
    complaint, at = waiting_for_reply(), later(hours=8)
    written(complaint, at=at)

    with pytest.raises(GuardFailed):
        written(complaint, at=at)

    assert complaint.letters.filter(status=Letter.Status.WAITING).count() == 1


def test_one_whose_author_may_not_see_the_complaint_any_more_does_not_go() -> None:
    complaint, at = waiting_for_reply(), later(hours=8)
    letter = written(complaint, at=at, waits=timedelta(days=2))
    keeping.recuse(complaint, employee=cast.member("agent"), actor=actor("supervisor2"), at=later(hours=9))

    assert not scheduling.release(letter, at=at + timedelta(days=2))

    letter.refresh_from_db()
    assert (letter.status, mails(complaint)) == (Letter.Status.DRAFT, 0)


def test_an_address_that_is_none_is_told_and_stops_no_other_letter() -> None:
    complaint, at = waiting_for_reply(), later(hours=8)
    letter = written(complaint, at=at)
    type(complaint.customer).objects.update(email="wang@")

    assert scheduling.release_lost(at=at + timedelta(minutes=5)) == 0

    letter.refresh_from_db()
    assert letter.status == Letter.Status.DRAFT
    assert "电子邮箱" in letter.returned_because
