"""The supervisor's board: what breaks next and who has it, and what is done from the row."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.desk import board
from huiyin.dispatch.actions import handling
from huiyin.dispatch.models import WorkOrder
from huiyin.duty.models import Absence
from huiyin.org.models import Member
from huiyin.org.rules import Role
from huiyin.supervision.actions import supervising
from tests import cast
from tests.cast import actor, member, unit

Sits = Callable[[str], Client]
HTMX = {"HX-Request": "true"}


def words(answer: Any) -> str:
    return str(answer.content.decode())


def due_in(minutes: int, *, phone: str = "13900001111") -> WorkOrder:
    """An order whose promises are due so soon, and nothing else of its complaint is."""
    now = timezone.now()
    complaint = cast.filed(at=now, phone=phone)
    [order] = cast.dispatched(cast.reviewed(complaint, at=now), at=now)
    Clock.objects.filter(complaint=complaint).update(due_at=now + timedelta(days=9))
    Clock.objects.filter(complaint=complaint, code="CK-HANDLE").update(due_at=now + timedelta(minutes=minutes))
    return order


def colleague(name: str) -> Member:
    return Member.objects.create(username=name, name=name, unit=unit("QM"), roles=[Role.HANDLER])


def test_the_longest_late_comes_first_and_what_is_due_later_is_left_out(sits: Sits) -> None:
    soon, late, far = due_in(90), due_in(-30, phone="13700000001"), due_in(60 * 7, phone="13700000002")

    page = words(sits("supervisor").get("/desk/board/?hours=4"))

    assert page.index(f"row-{late.complaint.number}") < page.index(f"row-{soon.complaint.number}")
    assert far.number not in page
    assert far.number in words(sits("supervisor").get("/desk/board/?hours=8"))


def test_however_much_is_late_what_can_still_be_kept_stands_on_the_board(
    sits: Sits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "MOST", 4)
    late = [due_in(-30 - each, phone=f"1370000001{each}") for each in range(5)]
    soon = [due_in(30 + each, phone=f"1370000002{each}") for each in range(3)]
    desk = sits("supervisor")

    page = words(desk.get("/desk/board/?hours=4"))

    assert [f"row-{order.complaint.number}" in page for order in (*late[3:], *soon[:2])] == [True] * 4
    assert [f"row-{order.complaint.number}" in page for order in (late[0], soon[2])] == [False, False]
    assert re.findall(r'<strong class="figures board-(?:late|near)">(\d+)<', page) == ["5", "3"]
    assert "各取最急的" in page

    WorkOrder.objects.filter(pk=late[0].pk).update(handler=colleague("only"))
    alone = words(desk.get("/desk/board/?hours=4&person=only"))
    assert [f"row-{order.complaint.number}" in alone for order in (late[0], late[1])] == [True, False]
    assert f"row-{late[0].complaint.number}" in words(desk.get("/desk/board/?hours=4&person=only&unit=QM"))
    Complaint.objects.filter(pk=late[1].complaint_id).update(assignee=None, reviewer=None)
    Clock.objects.filter(complaint=late[1].complaint_id, code="CK-RESOLVE").update(
        due_at=timezone.now() - timedelta(hours=9)
    )
    assert f"row-{late[1].complaint.number}-self" in words(desk.get("/desk/board/?hours=4&person=-"))


def test_a_paused_promise_is_not_about_to_break(sits: Sits) -> None:
    order = due_in(30)
    Clock.objects.filter(complaint=order.complaint).update(paused_at=timezone.now())

    assert "没有要超时的" in words(sits("supervisor").get("/desk/board/"))


def test_the_board_costs_the_same_with_one_row_and_with_three(sits: Sits) -> None:
    desk, url = sits("supervisor"), "/desk/board/"

    def cost() -> int:
        desk.get(url)
        with CaptureQueriesContext(connection) as made:
            assert desk.get(url).status_code == 200
        return len(made)

    due_in(30)
    one = cost()
    for place in range(2):
        due_in(40, phone=f"1370000000{place}")

    assert cost() == one


def test_who_may_not_see_a_complaint_does_not_find_it_on_the_board(sits: Sits) -> None:
    order = due_in(30)
    Complaint.objects.filter(pk=order.complaint_id).update(recused=[member("supervisor").pk])

    assert order.number not in words(sits("supervisor").get("/desk/board/"))
    assert sits("supervisor").post(f"/desk/board/{order.number}/nudge", headers=HTMX).status_code == 404
    assert order.number in words(sits("supervisor2").get("/desk/board/"))
    assert sits("handler").get("/desk/board/").status_code == 403


def test_urging_from_the_row_says_what_came_of_it_there(sits: Sits) -> None:
    order = due_in(30)
    url = f"/desk/board/{order.number}/nudge"

    done, again = (sits("supervisor").post(url, headers=HTMX) for _ in range(2))

    assert (done.status_code, "已催办" in words(done)) == (200, True)
    assert (again.status_code, "30 分钟内已催办过" in words(again)) == (422, True)
    assert "<html" not in words(done)


@pytest.mark.req("A62")
def test_an_unsigned_order_is_taken_back_from_the_row_and_goes_to_the_next(sits: Sits) -> None:
    Member.objects.filter(unit=unit("QM")).update(is_active=False)
    first, second = colleague("qm_first"), colleague("qm_second")
    order = due_in(30)
    WorkOrder.objects.filter(pk=order.pk).update(assignee=first)

    answer = sits("supervisor").post(f"/desk/board/{order.number}/taking-back", headers=HTMX)

    order.refresh_from_db()
    kinds = list(order.complaint.events.order_by("-seq").values_list("kind", "actor__username")[:2])
    if order.assignee == second:  # in opening hours; else nobody can be reached now, and the row says so
        assert "改由 qm_second 签收" in words(answer)
        assert kinds == [(Event.Kind.OFFERED_ON, "supervisor"), (Event.Kind.TAKEN_BACK, "supervisor")]
    else:
        assert "现在没有别人能接" in words(answer)


def test_what_has_been_signed_for_is_reassigned_within_the_unit_with_an_event(sits: Sits) -> None:
    other = colleague("qm_other")
    outsider = Member.objects.create(username="elsewhere", name="别处", unit=unit("LOG"), roles=[Role.HANDLER])
    order = due_in(30)
    handling.sign(order, actor=actor("handler"), at=timezone.now())
    url = f"/desk/board/{order.number}/reassignment"
    desk = sits("supervisor")

    assert "qm_other" in words(desk.get(url, headers=HTMX))
    assert desk.post(url, {"to": outsider.pk}, headers=HTMX).status_code == 422
    assert "已改派给 qm_other" in words(desk.post(url, {"to": other.pk}, headers=HTMX))

    order.refresh_from_db()
    assert (order.assignee, order.handler) == (other, other)
    event = order.complaint.events.get(kind=Event.Kind.OFFERED_ON)
    assert (event.particulars["member"], event.actor) == (other.pk, member("supervisor"))


def test_unsigned_orders_letters_owed_and_who_is_away_stand_below(sits: Sits) -> None:
    order, now = due_in(500), timezone.now()
    WorkOrder.objects.filter(pk=order.pk).update(sign_due_at=now - timedelta(minutes=5))
    letter = supervising.supervise(
        order.complaint, words="请说明", answer_by=now + timedelta(hours=3), actor=actor("supervisor"), at=now
    )
    away = member("agent2")
    Absence.objects.create(
        member=away, deputy=None, starts_at=now, ends_at=now + timedelta(days=2), made_by=away, made_at=now
    )

    page = words(sits("supervisor").get("/desk/board/"))

    assert f"unsigned-{order.number}" in page
    assert letter.number in page
    assert away.name in page[page.index("谁不在岗") :]


@pytest.mark.parametrize("asked", ["0", "-1", "x", "99999999999999999999", "４", ""])
def test_hours_that_are_none_leave_a_board_all_the_same(sits: Sits, asked: str) -> None:
    assert sits("manager").get("/desk/board/", {"hours": asked, "unit": "'", "person": "\x00"}).status_code == 200
