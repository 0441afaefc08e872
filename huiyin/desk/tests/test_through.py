"""Working through a shelf: from the first to the last without coming back to the list."""

from collections.abc import Callable

from django.test import Client

from tests import cast

Sits = Callable[[str], Client]


def test_from_the_first_one_goes_on_to_the_next_and_then_to_the_next_shelf(sits: Sits) -> None:
    first = cast.filed(phone="13900000001", at=cast.later(minutes=-30))
    second = cast.filed(phone="13900000002")
    client = sits("reviewer")
    assert f"/desk/complaints/{first.number}?through=review" in client.get("/desk/").content.decode()

    done = {"category": "PQ-03", "severity": "3", "complexity": "S", "issues": "不通电", "through": "review"}
    onward = f"/desk/complaints/{first.number}?through=dispatch"
    for complaint, then in ((first, f"/desk/complaints/{second.number}?through=review"), (second, onward)):
        client.post(f"/desk/complaints/{complaint.number}/taking-up", {"through": "review"})
        response = client.post(f"/desk/complaints/{complaint.number}/review", done)
        assert response["Location"] == then
    assert "待复核都办完了，接着是待派单。" in client.get(onward).content.decode()


def test_home_where_nothing_waits_on_any_shelf(sits: Sits) -> None:
    complaint = cast.filed()
    client = sits("reviewer")
    client.post(f"/desk/complaints/{complaint.number}/taking-up", {"through": "review"})

    sent_back = {"reason": "缺订单号", "through": "review"}
    response = client.post(f"/desk/complaints/{complaint.number}/return", sent_back)

    assert response["Location"] == "/desk/"


def test_one_that_still_waits_stays_open(sits: Sits) -> None:
    complaint = cast.filed()

    response = sits("reviewer").post(f"/desk/complaints/{complaint.number}/taking-up", {"through": "review"})

    assert response["Location"] == f"/desk/complaints/{complaint.number}?through=review"


def test_a_shelf_that_is_not_theirs_leads_nowhere(sits: Sits) -> None:
    complaint = cast.filed()

    page = sits("agent").get(f"/desk/complaints/{complaint.number}?through=review").content.decode()

    assert 'class="through"' not in page
