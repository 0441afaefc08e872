"""Whose stream ends: who signed out, left, was given another password, or may see the complaint no more."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.complaints.actions import keeping
from huiyin.desk.lapsing import lapsed
from huiyin.desk.watchers import Memory, Watch, Watchers
from huiyin.org.actions import members
from huiyin.org.actors import SYSTEM
from tests import cast
from tests.cast import actor, member

Sits = Callable[[str], Client]


def listening(client: Client, username: str, complaint_id: int | None = None) -> Watch:
    return Watch(member(username).pk, complaint_id, session=client.session.session_key or "")


def test_who_signs_out_hears_no_more_and_their_other_browser_does(sits: Sits) -> None:
    here, there = sits("agent"), Client()
    there.force_login(member("agent"), backend="django.contrib.auth.backends.ModelBackend")
    watches = [listening(here, "agent"), listening(there, "agent")]
    assert lapsed(watches, Memory()) == []
    here.post("/accounts/logout/")
    assert lapsed(watches, Memory()) == watches[:1]


def test_who_leaves_or_gets_another_password_hears_no_more(sits: Sits) -> None:
    gone, changed, stays = (listening(sits(name), name) for name in ("agent2", "handler", "agent"))
    members.deactivate(member("agent2"), actor=SYSTEM, at=timezone.now())
    members.set_password(member("handler"), password="渔舟唱晚响穷彭蠡之滨", actor=SYSTEM, at=timezone.now())
    assert lapsed([gone, changed, stays], Memory()) == [gone, changed]


def test_the_page_of_a_complaint_that_became_confidential_hears_no_more(sits: Sits) -> None:
    complaint = cast.filed()
    client = sits("agent2")
    page, list_beside = listening(client, "agent2", complaint.pk), listening(client, "agent2")
    assert lapsed([page, list_beside], Memory()) == []
    keeping.set_confidential(complaint, confidential=True, actor=actor("supervisor2"), at=timezone.now())
    assert lapsed([page, list_beside], Memory()) == [page]


def test_nobody_listens_without_a_session_or_with_another_ones(sits: Sits) -> None:
    watches = [Watch(member("agent").pk), Watch(member("agent").pk, session=sits("handler").session.session_key or "")]
    assert lapsed(watches, Memory()) == watches


def test_asking_for_many_costs_as_much_as_for_one(sits: Sits) -> None:
    complaint = cast.filed()
    one = [listening(sits("agent"), "agent", complaint.pk)]
    many = [*one, *(listening(sits(name), name, complaint.pk) for name in ("reviewer", "supervisor", "agent2"))]
    for watches in (one, many):
        memory = Memory()
        lapsed(watches, memory)
        with CaptureQueriesContext(connection) as asked:
            lapsed(watches, memory)
        assert len(asked) == 2


def test_a_stream_that_lapses_is_ended_and_told_nothing_more() -> None:
    told: list[list[Watch]] = []

    def look(watches: object, memory: Memory) -> list[object]:
        told.append(list(watches))  # type: ignore[call-overload]  # a sequence of them
        return []

    kept, gone = Watch(1), Watch(2)
    watchers = Watchers(look, lambda watches, memory: [gone])  # type: ignore[arg-type]  # tells nothing
    assert watchers._found([kept, gone]) == [(gone, None)]
    assert told == [[kept]]
