"""Before and after: frozen once, seen by whom it lies within, compared with an interval and the aim of 40 %."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Complaint
from huiyin.insight.actions.freezing import AlreadyFrozen, freeze
from huiyin.insight.baselines import AIM, compare
from huiyin.insight.figures import figures
from huiyin.insight.models import Baseline
from huiyin.insight.tests.past import NOW, answered
from huiyin.lib.tests.plans import indexes_used
from huiyin.org.actors import Actor
from tests.cast import actor, member

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)


def september(hours: float, n: int = 40, *, by: Actor | None = None) -> None:
    rows = answered(
        [hours + place / 10 for place in range(n)], received_at=NOW - timedelta(days=70), by=by or actor("agent")
    )
    for row in rows:
        Complaint.objects.filter(pk=row.pk).update(first_contact_at=row.received_at + timedelta(hours=hours / 10))


def lately(hours: float, n: int = 40) -> None:
    rows = answered([hours + place / 10 for place in range(n)], received_at=NOW - timedelta(days=20))
    for row in rows:
        Complaint.objects.filter(pk=row.pk).update(first_contact_at=row.received_at + timedelta(hours=hours / 10))


@pytest.mark.req("C058")
def test_the_newest_days_are_compared_with_the_frozen_ones_with_an_interval() -> None:
    september(48)
    lately(20)
    baseline = freeze(first=FIRST, last=LAST, by=member("manager"), at=NOW)

    found = compare(baseline, member("manager"), today=NOW.date())

    assert found.closure is not None
    assert found.closure.low < found.closure.percent < found.closure.high < AIM
    assert found.closure.percent == pytest.approx(100 * (21.9 / 49.9 - 1), abs=0.5)
    assert found.first_response is not None
    assert (found.before.answered, found.after.answered) == (40, 40)


@pytest.mark.req("C058")
def test_a_baseline_is_frozen_once_and_nothing_changes_it() -> None:
    september(48)
    baseline = freeze(first=FIRST, last=LAST, by=member("manager"), at=NOW)

    with pytest.raises(AlreadyFrozen):
        freeze(first=FIRST, last=LAST, by=member("manager"), at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        Baseline.objects.update(note="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Baseline.objects.all().delete()

    september(99, 10)  # what is found out later of that month changes nothing
    assert compare(baseline, member("manager"), today=NOW.date()).before.answered == 40


def test_who_may_not_freeze_and_what_cannot_be_frozen() -> None:
    september(48)

    with pytest.raises(MayNot):
        freeze(first=FIRST, last=LAST, by=member("agent"), at=NOW)
    with pytest.raises(GuardFailed, match="已结束"):
        freeze(first=FIRST, last=NOW.date(), by=member("manager"), at=NOW)
    with pytest.raises(GuardFailed, match="不能早于"):
        freeze(first=LAST, last=FIRST, by=member("manager"), at=NOW)
    with pytest.raises(GuardFailed, match="没有已答复"):
        freeze(first=date(2020, 1, 1), last=date(2020, 1, 31), by=member("manager"), at=NOW)

    assert not Baseline.objects.exists()


@pytest.mark.req("C058")
def test_with_too_few_on_one_side_no_change_is_claimed() -> None:
    september(48)
    lately(20, 4)
    baseline = freeze(first=FIRST, last=LAST, by=member("manager"), at=NOW)

    found = compare(baseline, member("manager"), today=NOW.date())

    assert (found.closure, found.first_response, found.on_time) == (None, None, None)
    assert found.after.closure.n == 4


def test_a_baseline_of_everything_is_not_for_who_sees_a_part() -> None:
    september(48, by=actor("outsider"))
    whole = freeze(first=FIRST, last=LAST, by=member("executive"), at=NOW)

    assert whole.is_whole
    assert list(Baseline.objects.visible_to(member("executive"))) == [whole]
    assert not Baseline.objects.visible_to(member("lead")).exists()
    assert not Baseline.objects.visible_to(member("admin")).exists()
    assert whole.figures["answered"] == 40


def test_no_figure_reads_what_was_before_its_period() -> None:
    rows = Complaint.objects.visible_to(member("manager"))
    with CaptureQueriesContext(connection) as asked:
        figures(rows, first=FIRST, last=LAST)
    used = {name for each in asked.captured_queries for name in indexes_used(each["sql"])}
    assert {"complaint_heard", "complaint_replied", "complaint_closed"} <= used
