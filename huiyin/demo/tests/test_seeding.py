"""The demo company after its sixty days: every state, a full worklist for each of the cast, a record that holds."""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import Lag
from pytest_django import DjangoDbBlocker

from huiyin import loading
from huiyin.compensation import queries as compensation
from huiyin.compensation.models import Offer
from huiyin.compensation.states import OfferState
from huiyin.complaints import auditing
from huiyin.complaints.models import Attachment, Complaint, Event, Letter
from huiyin.complaints.rules import may_do
from huiyin.complaints.states import State
from huiyin.demo import seeding
from huiyin.dispatch import queries
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.states import OrderState
from huiyin.insight import attainment, departments, forecasts, repeats
from huiyin.insight.models import Baseline
from huiyin.lib import store
from huiyin.notices.models import Notice
from huiyin.org.actions import demo_members
from huiyin.org.actions.loading import load_demo_units
from huiyin.org.models import Member
from huiyin.quality.models import Assessment, Incident, Investigation, Report, RootCauseDuty
from huiyin.supervision.models import Supervision
from huiyin.surveys.models import Answer
from huiyin.triage import queries as triage

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)  # a Friday, 15:00 in Shanghai

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("demo")]


@dataclass
class Seeded:
    made: int
    told: list[tuple[int, int]]
    warnings: list[str]


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Seeded]:
    """Seeded once for this module, and taken back at its end."""
    warnings: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: warnings.append(record.getMessage())  # type: ignore[method-assign]  # a list will do
    seeding.log.addHandler(listener)
    told: list[tuple[int, int]] = []
    with django_db_blocker.unblock(), transaction.atomic():
        loading.load(at=NOW - timedelta(days=90))
        load_demo_units(at=NOW - timedelta(days=90))
        demo_members.make(password="not-used-in-tests-1", at=NOW - timedelta(days=90))
        made = seeding.seed(at=NOW, progress=lambda begun, together: told.append((begun, together)))
        yield Seeded(made, told, warnings)
        transaction.set_rollback(True)
    seeding.log.removeHandler(listener)
    triage.forget()


def member(username: str) -> Member:
    return Member.objects.get(username=username)


def test_some_three_hundred_are_made_and_progress_is_told(demo: Seeded) -> None:
    assert 285 <= demo.made <= 320
    assert demo.made == Complaint.objects.count()
    assert demo.told[-1] == (demo.made, demo.made)


def test_some_customers_came_back_and_some_goods_were_sent_back(demo: Seeded) -> None:
    """What the pages of repeat complaints (K09) and returned goods (K13) show."""
    period = attainment.Period((NOW - timedelta(days=60)).date(), NOW.date())
    again = repeats.summed(repeats.repeats(member("manager"), period, at=NOW).values())
    assert again.rate.hits >= 2
    returned = Counter(vars(row)["outcome"] for row in departments.returns_of(member("manager"), period, at=NOW))
    assert returned["met"] >= 5
    assert sum(returned.values()) > returned["met"]  # some wait


def test_no_action_refused_a_step(demo: Seeded) -> None:
    assert demo.warnings == []


def test_the_second_time_nothing_happens(demo: Seeded) -> None:
    before = (Complaint.objects.count(), Event.objects.count(), Member.objects.count())
    assert seeding.seed(at=NOW + timedelta(hours=1)) == 0
    assert (Complaint.objects.count(), Event.objects.count(), Member.objects.count()) == before


def test_every_state_of_complaints_is_there(demo: Seeded) -> None:
    assert set(Complaint.objects.values_list("state", flat=True)) == {*map(str, State)} - {"draft"}


def test_every_lasting_state_of_work_orders_is_there(demo: Seeded) -> None:
    passing = {"pending_dispatch", "rejected"}
    assert set(WorkOrder.objects.values_list("state", flat=True)) == {*map(str, OrderState)} - passing


def test_the_record_holds_and_each_chain_runs_forward_in_time(demo: Seeded) -> None:
    verdict = auditing.Verdict()
    assert list(auditing.verify(verdict)) == []
    assert verdict.complaints == demo.made
    before = Window(Lag("at"), partition_by="complaint", order_by="seq")
    backward = Event.objects.annotate(before=before).filter(before__gt=F("at"))
    assert list(backward.values_list("complaint__number", "kind")) == []
    assert not Event.objects.filter(at__gt=NOW).exists()


def test_most_are_closed_and_a_fair_part_is_open_late_or_due_soon(demo: Seeded) -> None:
    open_ones = Complaint.objects.open()
    assert 60 <= open_ones.count() <= 110
    assert 8 <= open_ones.overdue(NOW).count() <= 45
    assert open_ones.filter(due_at__range=(NOW, NOW + timedelta(hours=24))).count() >= 4
    assert Complaint.objects.filter(state=State.CLOSED).count() >= 180


def test_handlers_have_orders_to_sign_and_to_handle(demo: Seeded) -> None:
    for name in ("handler", "handler2", "branch"):
        assert queries.to_sign(member(name)).count() >= 2, name
        assert queries.to_handle(member(name)).count() >= 2, name


def test_reviewer_and_auditor_have_work_waiting(demo: Seeded) -> None:
    waiting = Complaint.objects.visible_to(member("reviewer")).filter(state__in=[State.RECEIVED, State.IN_REVIEW])
    assert waiting.count() >= 4
    assert queries.to_redispatch(member("reviewer")).count() >= 2
    assert queries.to_audit(member("auditor")).count() >= 4


def test_the_agent_has_answers_to_give_and_returned_ones_to_complete(demo: Seeded) -> None:
    agent = member("agent")
    theirs = Complaint.objects.visible_to(agent).filter(assignee=agent)
    states = Counter(theirs.values_list("state", flat=True))
    assert states[State.REPLYING] >= 3
    assert states[State.RETURNED_INTAKE] >= 1
    assert states[State.AWAITING_CUSTOMER] >= 1
    assert agent.mentions.filter(seen_at=None).count() >= 2


def test_the_supervisor_has_something_to_decide(demo: Seeded) -> None:
    supervisor = member("supervisor")
    seen = list(Complaint.objects.visible_to(supervisor).open())
    states = Counter(complaint.state for complaint in seen)
    assert states[State.REOPENED] >= 2
    assert states[State.NOT_VALID] >= 1
    assert any(complaint.severity == 1 and complaint.state == State.IN_REVIEW for complaint in seen)
    assert any(may_do("redispatch_reopened", complaint, supervisor) for complaint in seen)


def test_the_outsider_sees_a_few_of_their_own_branch_and_none_of_ours(demo: Seeded) -> None:
    theirs = Complaint.objects.visible_to(member("outsider"))
    assert 5 <= theirs.count() <= 40
    assert set(theirs.values_list("owner_unit__code", flat=True)) == {"BR-SOUTH-CC"}
    assert Complaint.objects.visible_to(member("agent")).filter(owner_unit__code="CC").count() > 200


def test_what_was_answered_was_answered_in_words_of_its_own(demo: Seeded) -> None:
    finals = Letter.objects.filter(purpose=Letter.Purpose.FINAL, status=Letter.Status.SENT)
    bodies = list(finals.values_list("body", flat=True))
    assert len(bodies) > 180
    assert len(set(bodies)) == len(bodies)
    closed = WorkOrder.objects.filter(state=OrderState.PASSED, complaint__state=State.CLOSED)
    assert not closed.filter(issues__answer="").exists()


def test_offers_stand_in_every_state_and_some_wait_for_the_supervisor_and_the_manager(demo: Seeded) -> None:
    assert set(Offer.objects.values_list("state", flat=True)) == {*map(str, OfferState)}
    assert compensation.to_decide(member("supervisor")).count() >= 2
    assert compensation.to_decide(member("manager")).count() >= 3


def test_two_incidents_an_investigation_and_root_causes_stand_there(demo: Seeded) -> None:
    assert set(Incident.objects.values_list("kind__code", "state")) == {("INC-SAFE", "open"), ("INC-OUT", "open")}
    assert Report.objects.exclude(missed_at=None).count() == 1
    assert Investigation.objects.get().steps.filter(signed_at=None).first().code == "D2"  # type: ignore[union-attr]  # there are nine
    assert RootCauseDuty.objects.filter(approved_at=None).exists()
    assert Assessment.objects.filter(unit__code="AFS").exists()


def test_some_customers_sent_pictures_and_reports(demo: Seeded) -> None:
    kinds = Counter(Attachment.objects.values_list("media_type", flat=True))
    assert sum(kinds.values()) >= 10
    assert set(kinds) == {"image/png", "application/pdf"}
    assert all(store.holds(digest) for digest in Attachment.objects.values_list("sha256", flat=True))


def test_the_machine_grades_them_much_as_people_do(demo: Seeded) -> None:
    graded = [
        (complaint.grading, complaint)
        for complaint in Complaint.objects.exclude(confirmed_category=None).select_related("confirmed_category")
    ]
    wrong_code = [
        c for proposal, c in graded if c.confirmed_category and proposal["category"] != c.confirmed_category.code
    ]
    wrong_level = [c for proposal, c in graded if proposal["severity"] != c.severity]
    assert len(wrong_code) < 0.25 * len(graded)
    assert len(wrong_level) < 0.08 * len(graded)


def test_most_answers_know_their_cause_and_the_forecast_has_been_tried(demo: Seeded) -> None:
    answered = Complaint.objects.exclude(replied_at=None)
    report = forecasts.proof()

    assert answered.exclude(cause="").count() == answered.count()
    assert report is not None
    assert report.n > 20
    assert Baseline.objects.count() == 1
    assert WorkOrder.objects.exclude(auto_nudged_at=None).exists()


def test_the_company_keeps_its_promises_as_a_decent_one_does(demo: Seeded) -> None:
    period = attainment.Period((NOW - timedelta(days=60)).date(), NOW.date())
    rows = attainment.clocks_of(member("manager"), period, attainment.Chosen(), at=NOW)
    kept = {line.key: line.share for line in attainment.by_clock(rows, str) if line.n >= 30 and line.share is not None}

    assert 0.8 <= (attainment.whole(rows).share or 0) <= 0.97
    assert {"CK-FR", "CK-SR", "CK-HANDLE", "CK-RESOLVE"} <= kept.keys()
    assert {code: share for code, share in kept.items() if share < 0.65} == {}


def test_some_customers_said_how_we_did_and_no_mark_brings_a_complaint_back_once_workers_run(demo: Seeded) -> None:
    given = Answer.objects.exclude(complaint__is_demo=False)
    low = given.filter(stars__lt=4)

    assert given.count() >= 30
    assert low.count() >= 3
    assert not low.filter(complaint__closed_at__gt=NOW - timedelta(days=30)).exists()


def test_people_were_told_and_letters_of_supervision_stand_there(demo: Seeded) -> None:
    assert Supervision.objects.count() == 3
    assert Supervision.objects.open().count() == 2
    assert Supervision.objects.exclude(reported_at=None).count() == 1
    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert {"clock_warned", "clock_breached", "supervised", "supervision_answered", "supervision_unanswered"} <= kinds
    assert Notice.objects.unseen().filter(member__username="supervisor").exists()
