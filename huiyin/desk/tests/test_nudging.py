"""催办 on the pages: the button on the order's card, what the handler sees, and the same over the interface."""

from collections.abc import Callable

import pytest
from django.test import Client

from huiyin.api.tests.calling import Caller
from huiyin.dispatch.models import WorkOrder
from tests import cast

Sits = Callable[[str], Client]


@pytest.mark.req("B25")
def test_the_nudge_is_on_the_card_and_in_the_handlers_own_work(sits: Sits) -> None:
    [order] = cast.dispatched()
    page = f"/desk/complaints/{order.complaint.number}"

    assert "/nudge" in sits("supervisor").get(page).content.decode()
    assert "/nudge" not in sits("handler").get(page).content.decode()
    sits("supervisor").post(f"/desk/work-orders/{order.number}/nudge", {"seen": "0"})

    assert "催办 1 次" in sits("supervisor").get(page).content.decode()
    assert "催办 1 次" in sits("handler").get("/desk/").content.decode()


@pytest.mark.req("B25")
def test_over_the_interface_the_second_nudge_in_half_an_hour_is_told_why(sits: Sits) -> None:
    [order] = cast.dispatched()
    supervisor = Caller("supervisor")

    first = supervisor.post(f"/work-orders/{order.number}/nudge")
    second = supervisor.post(f"/work-orders/{order.number}/nudge")

    assert (first.status_code, first.json()["nudge_count"]) == (200, 1)
    assert second.status_code == 422
    assert "30 分钟内已催办过" in second.content.decode()
    assert WorkOrder.objects.get(pk=order.pk).nudge_count == 1
