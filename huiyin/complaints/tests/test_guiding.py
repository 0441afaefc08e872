"""A method on a complaint: its steps on record, a playbook by evidence only, and gone when the complaint ends."""

from datetime import timedelta

import pytest
from django.db.models import Model

from huiyin.complaints.actions import closing, guiding
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.models import Complaint, Guidance
from huiyin.complaints.models.complaint import Outcome
from huiyin.org.actors import CUSTOMER
from tests import cast
from tests.cast import actor, later

pytestmark = pytest.mark.django_db
EVIDENCE = "11月16日来电三次，原话：“你们承认翻新就行”，录音 02:10。"


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


def guided(complaint: Complaint, method: str = "M-6", evidence: str = "") -> Guidance:
    return guiding.begin(complaint, method=method, evidence=evidence, actor=actor("agent"), at=later(minutes=30))


@pytest.mark.req("A15", "D26")
def test_each_step_says_who_took_it_and_when_and_is_an_event() -> None:
    complaint = cast.reviewed()
    guided(complaint)

    guiding.take_step(complaint, step=1, actor=actor("agent"), at=later(hours=1))
    guidance = guiding.take_step(complaint, step=3, actor=actor("supervisor"), at=later(hours=2))

    assert {number: each["by"] for number, each in guidance.done.items()} == {
        1: cast.member("agent").pk,
        3: cast.member("supervisor").pk,
    }
    assert guidance.done_at(3) == later(hours=2)
    events = complaint.events.filter(kind="guided").order_by("seq").values_list("particulars", flat=True)
    assert [(each["act"], each.get("step"), each["method"]) for each in events] == [
        ("begun", None, "M-6"),
        ("step", 1, "M-6"),
        ("step", 3, "M-6"),
    ]


@pytest.mark.parametrize("step", [0, 7, -1, 1])
def test_a_step_that_is_not_there_or_is_done_is_refused_and_nothing_changes(step: int) -> None:
    complaint = cast.reviewed()
    guided(complaint)
    guiding.take_step(complaint, step=1, actor=actor("agent"), at=later(hours=1))

    with pytest.raises(GuardFailed):
        guiding.take_step(complaint, step=step, actor=actor("agent"), at=later(hours=2))

    assert [each["step"] for each in Guidance.objects.get().steps] == [1]


@pytest.mark.req("A01")
def test_a_playbook_needs_evidence_of_behaviour_and_a_second_person() -> None:
    complaint = cast.reviewed()
    with pytest.raises(GuardFailed) as refusal:
        guided(complaint, "SC-2", "  ")
    assert refusal.value.field == "evidence"
    assert not Guidance.objects.exists()

    guidance = guided(complaint, "SC-2", EVIDENCE)
    with pytest.raises(GuardFailed):
        guiding.confirm(complaint, actor=actor("agent"), at=later(hours=1))
    guiding.confirm(complaint, actor=actor("supervisor"), at=later(hours=1))

    guidance.refresh_from_db()
    assert (guidance.evidence, guidance.confirmed_by) == (EVIDENCE, cast.member("supervisor"))


def stored_about(row: Model) -> str:
    return repr([getattr(row, field.attname) for field in row._meta.concrete_fields])


@pytest.mark.req("A01")
def test_after_closure_neither_the_customer_nor_the_record_holds_the_type() -> None:
    complaint = cast.resolved()
    guided(complaint, "SC-2", EVIDENCE)
    assert complaint.guidances.current().count() == 1

    closing.accept(complaint, outcome=Outcome.SATISFIED, at=later(days=1))

    complaint.refresh_from_db()
    assert complaint.guidances.current().count() == 0
    told = [
        stored_about(complaint.customer),
        stored_about(complaint),
        *map(str, complaint.events.values_list("particulars")),
    ]
    assert [words for words in told if "SC-2" in words or "固执己见" in words] == []
    closing.reopen(complaint, reason="又坏了", actor=CUSTOMER, at=later(days=2))
    assert complaint.guidances.current().count() == 0


def test_a_new_method_takes_the_place_of_the_old_one() -> None:
    complaint = cast.reviewed()
    first = guided(complaint)

    second = guiding.begin(complaint, method="M-7", actor=actor("agent"), at=later(hours=1))

    first.refresh_from_db()
    assert first.ended_at == later(hours=1)
    assert complaint.guidances.current().get() == second
    guiding.end(complaint, actor=actor("agent"), at=later(hours=2))
    assert not complaint.guidances.current().exists()


def test_who_may_not_guide_changes_nothing_and_an_ended_complaint_is_not_guided() -> None:
    complaint = cast.reviewed()
    with pytest.raises(MayNot):
        guiding.begin(complaint, method="M-6", actor=actor("auditor"), at=later(hours=1))
    with pytest.raises(GuardFailed):
        guided(complaint, "M-9")
    done = cast.closed()
    with pytest.raises(MoveRefused):
        guiding.begin(done, method="M-6", actor=actor("agent"), at=later(days=1) + timedelta(hours=1))

    assert not Guidance.objects.exists()


def test_who_may_not_see_the_complaint_does_not_see_how_it_is_handled() -> None:
    guidance = guided(cast.reviewed())

    assert list(Guidance.objects.visible_to(cast.member("supervisor"))) == [guidance]
    assert list(Guidance.objects.visible_to(cast.member("outsider"))) == []
