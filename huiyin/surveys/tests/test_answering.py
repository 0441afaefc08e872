import pytest
from django.db import IntegrityError, transaction

from huiyin.complaints.actions import closing
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Complaint, Event
from huiyin.org.actors import CUSTOMER
from huiyin.surveys.actions import answering
from huiyin.surveys.models import Answer
from huiyin.surveys.queries import latest
from tests import cast
from tests.cast import later, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]


def rated(complaint: Complaint, stars: int, *, hours: float) -> Answer:
    return answering.answer(
        complaint, stars=stars, words=" 等了太久 ", via=Answer.Via.PORTAL, actor=CUSTOMER, at=later(days=1, hours=hours)
    )


def test_stars_and_words_are_kept_and_the_record_holds_no_word_of_it() -> None:
    complaint = cast.closed()

    answer = rated(complaint, 2, hours=1)

    event = complaint.events.order_by("seq").last()
    assert event is not None
    assert (answer.stars, answer.words, answer.is_low) == (2, "等了太久", True)
    assert event.kind == Event.Kind.RATED
    assert {name: event.particulars[name] for name in ("answer", "stars", "is_low")} == {
        "answer": answer.pk, "stars": 2, "is_low": True,
    }  # fmt: skip
    assert "等了" not in str(event.particulars)


def test_one_answer_for_each_closure() -> None:
    complaint = cast.closed()
    first = rated(complaint, 4, hours=1)
    with pytest.raises(answering.AnsweredAlready):
        rated(complaint, 1, hours=2)

    closing.reopen(complaint, reason="又坏了", actor=CUSTOMER, at=later(days=2))
    with pytest.raises(answering.NotYetClosed):
        rated(complaint, 1, hours=30)

    assert list(complaint.answers.all()) == [first]
    assert latest(complaint) is None


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_stars_are_one_to_five(stars: int) -> None:
    complaint = cast.closed()
    with pytest.raises(GuardFailed):
        rated(complaint, stars, hours=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(complaint=complaint, stars=stars % 10 or 9, at=later(), resolved_at=later(), via="portal")


def test_who_may_not_see_the_complaint_sees_no_answer() -> None:
    rated(cast.closed(), 1, hours=1)

    assert Answer.objects.visible_to(member("agent")).count() == 1
    assert Answer.objects.visible_to(member("outsider")).count() == 0
