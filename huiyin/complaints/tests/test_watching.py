"""What those who watch are told: to whom, by how many statements, and for how long."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.complaints import watching
from huiyin.complaints.actions import attending, keeping, noting
from huiyin.complaints.models import Presence
from huiyin.complaints.watching import Here
from tests import cast
from tests.cast import MONDAY, actor, later, member

pytestmark = pytest.mark.django_db
Status = Presence.Status


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


def test_whoever_has_told_nothing_for_45_seconds_is_gone_and_then_forgotten() -> None:
    complaint = cast.filed()
    attending.attend(complaint, member=member("agent"), tab="a", status=Status.VIEWING, at=MONDAY)

    assert watching.here(later(seconds=44)) == {
        complaint.pk: (Here(member("agent").pk, member("agent").name, "viewing"),)
    }
    assert watching.here(later(seconds=45)) == {}
    assert attending.sweep(at=later(seconds=44)) == 0
    assert attending.sweep(at=later(seconds=45)) == 1


def test_a_hidden_page_may_be_silent_for_150_seconds_since_its_browser_lets_it_speak_once_a_minute() -> None:
    complaint = cast.filed()
    attending.attend(complaint, member=member("agent"), tab="a", status=Status.IDLE, at=MONDAY)

    assert [each.status for each in watching.here(later(seconds=149))[complaint.pk]] == ["idle"]
    assert watching.here(later(seconds=150)) == {}
    assert attending.sweep(at=later(seconds=149)) == 0
    assert attending.sweep(at=later(seconds=150)) == 1


def test_of_several_pages_of_one_member_the_busiest_counts_and_each_is_left_by_itself() -> None:
    complaint, agent = cast.filed(), member("agent")
    for tab, status in (("a", Status.IDLE), ("b", Status.EDITING), ("a", Status.VIEWING)):
        attending.attend(complaint, member=agent, tab=tab, status=status, at=MONDAY)

    assert Presence.objects.count() == 2
    assert [each.status for each in watching.here(MONDAY)[complaint.pk]] == ["editing"]
    attending.leave(member=agent, tab="b")
    assert [each.status for each in watching.here(MONDAY)[complaint.pk]] == ["viewing"]


def test_the_table_of_presence_costs_no_log_and_locks_no_complaint() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'complaints_presence'")
        assert cursor.fetchone() == ("u",)
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE conrelid = 'complaints_presence'::regclass "
                       "AND contype = 'f'")  # fmt: skip
        assert cursor.fetchone() == (0,)


def test_what_each_member_may_know_of_is_asked_in_one_statement_for_all() -> None:
    secret, plain = cast.filed(), cast.filed()
    keeping.set_confidential(secret, confidential=True, actor=actor("supervisor2"), at=later(minutes=1))
    both = {secret.pk, plain.pk}
    few = {member(name): both for name in ("agent", "supervisor2")}
    many = {member(name): both for name in ("agent", "supervisor2", "reviewer", "auditor", "outsider", "admin")}
    for each in (*few, *many):
        assert each.reach is not None

    with CaptureQueriesContext(connection) as for_few:
        assert watching.seen_by(few) == {member("agent").pk: {plain.pk}, member("supervisor2").pk: both}
    with CaptureQueriesContext(connection) as for_many:
        seen = watching.seen_by(many)

    asked = [sum("complaints_complaint" in query["sql"] for query in made) for made in (for_few, for_many)]
    assert asked == [1, 1]
    assert member("outsider").pk not in seen
    assert member("admin").pk not in seen


def test_links_come_in_order_and_only_beyond_what_was_seen() -> None:
    complaint = cast.filed()
    before = watching.position()
    noting.note(complaint, text="已联系装维。", actor=actor("agent"), at=later(minutes=5))
    noting.note(complaint, text="约了明天上门。", actor=actor("reviewer"), at=later(minutes=9))

    after = watching.links_after(before)
    assert [(link.number, link.seq, link.actor) for link in after] == [
        (complaint.number, 2, member("agent").name),
        (complaint.number, 3, member("reviewer").name),
    ]
    assert [link.seq for link in watching.links_beyond({complaint.pk: 2})] == [3]
    assert watching.heads([complaint.pk]) == {complaint.pk: 3}
    assert watching.here(MONDAY + timedelta(days=1)) == {}
