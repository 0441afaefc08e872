import threading

import pytest
from django.db import connection

from huiyin.complaints.actions import merging
from huiyin.complaints.errors import GuardFailed, MayNot, Refused
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.states import State
from tests import cast
from tests.cast import actor, later


@pytest.mark.django_db
@pytest.mark.req("C006")
def test_merging_ends_the_one_and_both_records_say_so() -> None:
    cast.company()
    first, second = cast.filed(), cast.filed(text="还是那个电饭煲，仍然没人联系我。")

    merging.merge(second, into=first, actor=actor("reviewer"), at=later(hours=1))

    second.refresh_from_db()
    assert (second.state, second.merged_into) == (State.MERGED, first)
    assert second.events.last().kind == Event.Kind.MERGED  # type: ignore[union-attr]  # it has events
    assert first.events.last().kind == Event.Kind.ABSORBED  # type: ignore[union-attr]  # it has events
    assert not second.clocks.filter(stopped_at=None).exists()
    assert first.clocks.filter(stopped_at=None).count() == 4


@pytest.mark.django_db
def test_a_merger_can_be_undone_and_the_clocks_run_on_from_where_they_began() -> None:
    cast.company()
    first, second = cast.filed(), cast.filed(text="电饭煲不通电")
    due = second.due_at
    merging.merge(second, into=first, actor=actor("reviewer"), at=later(hours=1))

    merging.unmerge(second, reason="是两台不同的电饭煲", actor=actor("supervisor"), at=later(hours=2))

    second.refresh_from_db()
    assert (second.state, second.merged_into, second.due_at) == (State.IN_REVIEW, None, due)
    assert second.clocks.filter(stopped_at=None).count() == 4


@pytest.mark.django_db
def test_nothing_is_merged_into_what_has_ended_or_into_itself_or_by_an_agent() -> None:
    cast.company()
    first, second, third = (cast.filed(text=f"第{n}次反映同一问题") for n in range(3))
    merging.merge(second, into=first, actor=actor("reviewer"), at=later(hours=1))

    for complaint, into, who, refusal in (
        (third, second, "reviewer", GuardFailed),
        (third, third, "reviewer", GuardFailed),
        (third, first, "agent", MayNot),
    ):
        with pytest.raises(refusal):
            merging.merge(complaint, into=into, actor=actor(who), at=later(hours=2))
    third.refresh_from_db()
    assert third.state == State.RECEIVED


@pytest.mark.django_db(transaction=True)
def test_two_people_merging_in_opposite_directions_lose_neither() -> None:
    cast.company()
    first, second = cast.filed(), cast.filed(text="同一件事，另一个电话打来的")
    who, ready, refusals = actor("reviewer"), threading.Barrier(2), []

    def merge(complaint: Complaint, into: Complaint) -> None:
        try:
            ready.wait(5)
            merging.merge(complaint, into=into, actor=who, at=later(hours=1))
        except Refused as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    pair = [(pk, other) for pk, other in ((first.pk, second.pk), (second.pk, first.pk))]
    rows = [(Complaint.objects.get(pk=pk), Complaint.objects.get(pk=other)) for pk, other in pair]
    threads = [threading.Thread(target=merge, args=row) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    states = sorted(Complaint.objects.values_list("state", flat=True))
    assert len(refusals) == 1
    assert states == [State.MERGED, State.RECEIVED]
