"""催办 on the pages: the button on the order's card, what the handler sees."""

from collections.abc import Callable

import pytest
from django.test import Client

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
