"""What of a member's work is late or comes due: their orders, and every promise that waits for them."""

from datetime import datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.complaints.actions import keeping, waiting
from huiyin.complaints.models import Clock, Complaint
from huiyin.desk.nearing import Nearing
from huiyin.dispatch.actions import handling
from tests import cast
from tests.cast import actor, later, member

AN_HOUR = timedelta(hours=1)


def due(complaint: Complaint, code: str) -> datetime:
    return Clock.objects.get(complaint=complaint, code=code).due_at


def told(username: str, at: datetime) -> tuple[dict[str, str], dict[str, str]]:
    """By number, the promise that each row names: late ones, and those that come due."""
    nearing = Nearing(member(username), at)
    late, soon = (
        {row["number"]: next((str(flag["words"]) for flag in row["flags"]), "") for row in rows}
        for rows in (nearing.late, nearing.soon)
    )
    return late, soon


def test_a_handler_sees_their_orders_and_whoever_is_waited_for_the_promise_that_waits_for_them() -> None:
    fresh = cast.filed(phone="13900004441")
    review = due(fresh, "CK-REVIEW")
    assert told("reviewer", review - timedelta(minutes=5))[1] == {fresh.number: "复核"}

    [order] = cast.dispatched(cast.reviewed(fresh))
    complaint = order.complaint
    assert told("handler", due(complaint, "CK-ACK") - timedelta(minutes=5))[1] == {order.number: "签收"}
    handling.sign(order, actor=actor("handler"), at=later(minutes=40))
    handle = due(complaint, "CK-HANDLE")
    assert told("handler", handle - AN_HOUR) == ({}, {order.number: "处理时限"})
    assert told("handler", handle + AN_HOUR) == ({order.number: "处理时限"}, {})
    assert order.number not in told("handler2", handle - AN_HOUR)[1]

    keeping.assign(complaint, to=member("agent"), actor=actor("reviewer"), at=later(minutes=50))
    first = due(complaint, "CK-FR")
    assert told("agent", first - timedelta(minutes=1))[1] == {complaint.number: "首次响应"}
    assert told("agent", first + timedelta(minutes=1))[0] == {complaint.number: "首次响应"}
    waiting.pause(complaint, reason="请补发票", actor=actor("agent"), at=later(hours=2))
    assert told("handler", handle - AN_HOUR) == ({}, {})  # it stands still

    cast.completed(order, at=later(hours=3))
    assert told("auditor", due(complaint, "CK-AUDIT") - AN_HOUR)[1] == {order.number: "审核"}


def test_it_costs_as_many_statements_for_one_as_for_three() -> None:
    def cost() -> int:
        nearing = Nearing(member("reviewer"), later(minutes=55))
        with CaptureQueriesContext(connection) as made:
            assert nearing.soon or nearing.late
        return len(made)

    cast.filed(phone="13900004441")
    first = cost()
    for number in range(2):
        cast.filed(phone=f"1390000555{number}")
    assert (cost(), len(Nearing(member("reviewer"), later(minutes=55)).soon)) == (first, 3)
