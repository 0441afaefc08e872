"""What an open page is told by one look: changes, rows, people, notices; never of what its member may not know."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.complaints import watching
from huiyin.complaints.actions import attending, keeping, noting
from huiyin.complaints.models import Complaint, Presence
from huiyin.desk.notices import waiting
from huiyin.desk.telling import look
from huiyin.desk.watchers import Memory, Watch
from huiyin.dispatch.actions import nudging
from tests import cast
from tests.cast import actor, member


def on_page(username: str, complaint: Complaint, seq: int = 1) -> Watch:
    return Watch(member(username).pk, complaint_id=complaint.pk, seq=seq, age=0)


def in_list(username: str) -> Watch:
    return Watch(member(username).pk, is_list=True, age=0)


def begun(*watches: Watch) -> Memory:
    """After their first look, which tells what there is already."""
    memory = Memory()
    look(watches, memory)
    return memory


def told(memory: Memory, *watches: Watch) -> list[list[tuple[str, dict[str, Any]]]]:
    found = look(watches, memory)
    return [[what for whom, what in found if whom is watch and what[0] != "inbox"] for watch in watches]


def test_a_change_is_told_once_to_the_others_in_their_language_and_not_to_who_made_it() -> None:
    complaint = cast.filed()
    reviewer, agent = on_page("reviewer", complaint), on_page("agent", complaint)
    memory = begun(reviewer, agent)
    noting.note(complaint, text="已联系装维。", actor=actor("reviewer"), at=timezone.now())

    done = {"who": member("reviewer").name, "what": "内部备注"}
    assert told(memory, reviewer, agent) == [
        [], [("changed", {"seq": 2, "number": complaint.number, "done": [done]})]
    ]  # fmt: skip
    assert told(memory, reviewer, agent) == [[], []]


def test_a_page_that_comes_back_is_told_what_it_missed() -> None:
    complaint = cast.filed()
    memory = begun(in_list("agent"))
    since = memory.position
    noting.note(complaint, text="已联系装维。", actor=actor("reviewer"), at=timezone.now())

    late = Watch(member("agent").pk, is_list=True, since=since)
    page = on_page("agent", complaint)
    assert told(Memory(), late, page) == [
        [("rows", {"numbers": [complaint.number], "more": False})],
        [("changed", {"seq": 2, "number": complaint.number,
                      "done": [{"who": member("reviewer").name, "what": "内部备注"}]})],
    ]  # fmt: skip


def test_nobody_is_told_of_what_they_may_not_know() -> None:
    complaint = cast.filed()
    insider, outsider = in_list("reviewer"), in_list("outsider")
    memory = begun(insider, outsider)
    noting.note(complaint, text="@outsider 请看一下。", actor=actor("agent"), at=timezone.now())
    attending.attend(complaint, member=member("agent"), tab="a", status=Presence.Status.VIEWING, at=timezone.now())

    people = [{"id": member("agent").pk, "name": member("agent").name, "is": "viewing"}]
    assert told(memory, insider, outsider) == [
        [("rows", {"numbers": [complaint.number], "more": False}), ("presence", {complaint.number: people})], []
    ]  # fmt: skip


def test_a_complaint_that_became_confidential_is_told_of_no_more() -> None:
    complaint = cast.filed()
    page, row = on_page("agent2", complaint), in_list("agent2")
    memory = begun(page, row)
    keeping.set_confidential(complaint, confidential=True, actor=actor("supervisor2"), at=timezone.now())

    assert told(memory, page, row) == [[], []]


def test_who_comes_and_who_goes_is_told_as_it_differs() -> None:
    complaint = cast.filed()
    page = on_page("agent", complaint)
    memory = begun(page)
    reviewer = member("reviewer")

    def now(status: Presence.Status) -> list[list[tuple[str, dict[str, Any]]]]:
        attending.attend(complaint, member=reviewer, tab="b", status=status, at=timezone.now())
        return told(memory, page)

    def people(status: str) -> list[list[tuple[str, dict[str, Any]]]]:
        return [[("presence", {complaint.number: [{"id": reviewer.pk, "name": reviewer.name, "is": status}]})]]

    assert now(Presence.Status.VIEWING) == people("viewing")
    assert now(Presence.Status.VIEWING) == [[]]
    assert now(Presence.Status.EDITING) == people("editing")
    attending.leave(member=reviewer, tab="b")
    assert told(memory, page) == [[("presence", {complaint.number: []})]]


def test_a_mention_an_order_and_an_urging_are_notices_for_whom_they_concern_and_are_counted() -> None:
    complaint = cast.reviewed()
    handler, agent = in_list("handler"), in_list("agent")
    memory = begun(handler, agent)
    [order] = cast.dispatched(complaint, at=timezone.now())
    nudging.nudge(order, actor=actor("supervisor"), at=timezone.now())
    noting.note(complaint, text="@agent 客户来电。", actor=actor("reviewer"), at=timezone.now())

    found = look([handler, agent], memory)
    notices = [(whom.member_id, what["text"]) for whom, (event, what) in found if event == "notice"]
    assert sorted(notices) == sorted(
        [
            (handler.member_id, f"有工单派给您：{order.number}"),
            (handler.member_id, f"工单被催办：{order.number}"),
            (agent.member_id, f"{member('reviewer').name} 在 {complaint.number} 的备注里提到了您"),
        ]
    )
    counts = {whom.member_id: what["count"] for whom, (event, what) in found if event == "inbox"}
    assert (counts[handler.member_id], counts[agent.member_id]) == (1, 1)


def test_one_look_costs_the_same_statements_for_two_pages_and_for_eight() -> None:
    complaint = cast.reviewed()

    def asked(*usernames: str) -> int:
        watches = [page for name in usernames for page in (in_list(name), on_page(name, complaint))]
        memory = begun(*watches)
        noting.note(complaint, text=f"@{usernames[0]} 请看。", actor=actor("supervisor"), at=timezone.now())
        cast.dispatched(cast.reviewed(cast.filed()), at=timezone.now())
        with CaptureQueriesContext(connection) as made:
            look(watches, memory)
        return len(made)

    one = asked("agent")
    assert asked("agent", "agent2", "reviewer", "auditor") == one
    assert one <= 10


def test_a_look_at_nothing_new_is_four_short_statements() -> None:
    complaint = cast.filed()
    watches = [in_list("agent"), on_page("reviewer", complaint)]
    memory = begun(*watches)
    with CaptureQueriesContext(connection) as made:
        assert look(watches, memory) == []
    assert len(made) <= 4


def test_what_waits_is_counted_for_more_members_than_one_statement_can_ask_for() -> None:
    [order] = cast.dispatched(None, "QM")
    handler, outsider = member("handler"), member("outsider")

    with CaptureQueriesContext(connection) as made:
        counts = waiting([*[outsider] * watching.AT_ONCE, handler])

    assert len([each for each in made.captured_queries if "count(*)" in each["sql"]]) == 2
    assert counts == {outsider.pk: 0, handler.pk: waiting([handler])[handler.pk]}
    assert counts[handler.pk] > 0, order.number
