import threading

import pytest
from django.db import connection

from huiyin.complaints.actions import reviewing
from huiyin.complaints.errors import GuardFailed, Refused
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.states import State
from huiyin.triage.models import Category
from tests import cast
from tests.cast import actor, later


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("A28")
def test_two_reviewers_claim_at_once_and_exactly_one_gets_it() -> None:
    cast.company()
    complaint, refusals, ready = cast.filed(), [], threading.Barrier(2)
    people = [actor("reviewer"), actor("supervisor")]

    def claim(position: int) -> None:
        try:
            mine = Complaint.objects.get(pk=complaint.pk)
            ready.wait(5)
            reviewing.take_up(mine, actor=people[position], at=later(minutes=5))
        except Refused as refusal:
            refusals.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=claim, args=(position,)) for position in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert Complaint.objects.get(pk=complaint.pk).state == State.IN_REVIEW
    assert complaint.events.filter(kind=Event.Kind.TAKEN_UP).count() == 1
    assert len(refusals) == 1
    assert "复核中" in refusals[0]


@pytest.mark.django_db
@pytest.mark.req("C016", "C044")
def test_the_most_severe_is_confirmed_by_a_supervisor_and_nobody_makes_it_milder_alone() -> None:
    cast.company()
    complaint = cast.filed(text="电饭煲起火，孩子手被烧伤，正在住院。")
    assert complaint.severity == 1
    leaf = Category.objects.get(code="PQ-11")

    for severity, who, note in ((1, "reviewer", ""), (3, "reviewer", "不严重"), (3, "supervisor", "")):
        with pytest.raises(GuardFailed):
            reviewing.review(
                complaint, category=leaf, severity=severity, note=note, actor=actor(who), at=later(minutes=9)
            )
    reviewing.review(complaint, category=leaf, severity=1, actor=actor("supervisor"), at=later(minutes=9))

    assert Complaint.objects.get(pk=complaint.pk).severity == 1


@pytest.mark.django_db
@pytest.mark.req("A29", "A43", "A62")
def test_the_review_keeps_old_and_new_and_who_changed_it_and_makes_it_effective() -> None:
    cast.company()
    complaint = cast.filed()
    before = complaint.category.code

    cast.reviewed(complaint, category="SP-02")

    event = complaint.events.get(kind=Event.Kind.REVIEWED)
    assert event.particulars["before"]["category"] == before
    assert event.particulars["after"]["category"] == "SP-02"
    assert event.actor == cast.member("reviewer")
    assert Complaint.objects.get(pk=complaint.pk).effective_at == later(minutes=20)
