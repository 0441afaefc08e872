from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.utils import timezone

from huiyin.api.tests.calling import BODY, Caller
from huiyin.complaints.actions import keeping
from huiyin.complaints.models import Complaint
from huiyin.lib.canonical import GENESIS, link
from huiyin.org.models import Member
from tests import cast
from tests.cast import actor, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]

Counting = Callable[[int], AbstractContextManager[Any]]


def numbers(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [item["number"] for item in response.json()["items"]]


def test_the_list_shows_everything_but_the_text_newest_first() -> None:
    call = Caller("agent")
    first, second = (call.post("/complaints", BODY | {"order_no": no}).json()["number"] for no in ("A1", "A2"))

    response = call.get("/complaints")

    assert numbers(response) == [second, first]
    item = response.json()["items"][0]
    assert item["unit"] == {"code": "CC", "name": "客户服务中心"}
    assert item["order_no"] == "A2"
    assert "text" not in item
    assert BODY["text"] not in response.content.decode()


@pytest.mark.parametrize("sort", ["-received_at", "received_at", "due_at", "-due_at"])
def test_a_walk_through_the_pages_is_the_plain_list(sort: str) -> None:
    for day in range(7):
        cast.filed(at=cast.later(hours=day // 2), phone=f"1390000{day:04d}")
    call = Caller("supervisor")
    whole = numbers(call.get("/complaints", page_size=200, sort=sort))

    walked, response = [], call.get("/complaints", page_size=2, sort=sort)
    while True:
        walked += numbers(response)
        if (following := response.json()["next"]) is None:
            break
        response = call.client.get(following)

    assert len(whole) == 7
    assert walked == whole


def test_filters_find_what_they_say() -> None:
    call = Caller("agent")
    made = [
        call.post("/complaints", BODY | change).json()["number"]
        for change in (
            {"category": "PQ-01"},
            {"category": "LG-01", "customer": {"name": "李女士", "tier": "VIP", "phone": "13900002222"}},
            {"text": "发票抬头开错了，要求重开。", "order_no": "ZZ-9", "channel": "phone"},
        )
    ]
    row = Complaint.objects.get(number=made[0])
    keeping.assign(row, to=member("agent"), actor=actor("reviewer"), at=timezone.now())
    Complaint.objects.filter(number=made[2]).update(due_at=cast.MONDAY, severity=1)

    found = {
        "state=received": call.get("/complaints", state="received"),
        "state=closed": call.get("/complaints", state="closed"),
        "severity": call.get("/complaints", severity=1),
        "category": call.get("/complaints", category="LG-01"),
        "group": call.get("/complaints", category="PQ"),
        "unit": call.get("/complaints", unit="CC"),
        "no unit": call.get("/complaints", unit="NOWHERE"),
        "assignee": call.get("/complaints", assignee="agent"),
        "tier": call.get("/complaints", tier="VIP"),
        "channel": call.get("/complaints", channel="phone"),
        "overdue": call.get("/complaints", overdue=True),
        "not overdue": call.get("/complaints", overdue=False, category="LG-01"),
        "open": call.get("/complaints", open=True),
        "words": call.get("/complaints", q="发票 抬头"),
        "phone": call.get("/complaints", q="139-0000-2222"),
        "order": call.get("/complaints", q="zz-9"),
        "number": call.get("/complaints", q=made[1].lower()),
        "after": call.get("/complaints", received_after="2100-01-01T00:00:00Z"),
        "before": call.get("/complaints", received_before="2100-01-01T00:00:00Z"),
        "nothing": call.get("/complaints", q="'; DROP TABLE x; --\x00"),
    }

    everything = made[::-1]
    assert {name: numbers(response) for name, response in found.items()} == {
        "state=received": everything,
        "state=closed": [],
        "severity": [made[2]],
        "category": [made[1]],
        "group": [made[0]],
        "unit": everything,
        "no unit": [],
        "assignee": [made[0]],
        "tier": [made[1]],
        "channel": [made[2]],
        "overdue": [made[2]],
        "not overdue": [made[1]],
        "open": everything,
        "words": [made[2]],
        "phone": [made[1]],
        "order": [made[2]],
        "number": [made[1]],
        "after": [],
        "before": everything,
        "nothing": [],
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"page_size": 0}, "page_size"),
        ({"page_size": 201}, "page_size"),
        ({"page_size": "9" * 50}, "page_size"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"sort": "text"}, "sort"),
        ({"state": "lost"}, "state.0"),
        ({"severity": 5}, "severity.0"),
        ({"received_after": "0001-01-01T00:00:00+14:00"}, "received_after"),
        ({"overdue": "perhaps"}, "overdue"),
    ],
)
def test_a_wrong_filter_is_named(query: dict[str, object], field: str) -> None:
    response = Caller("agent").get("/complaints", **query)

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_what_a_member_may_not_see_is_not_there() -> None:
    number = Caller("agent").post("/complaints", BODY).json()["number"]
    order = cast.dispatched(cast.reviewed(cast.filed()))[0]
    outsider = Caller("outsider")

    assert numbers(outsider.get("/complaints")) == []
    assert numbers(outsider.get("/complaints", q=number)) == []
    for path in (f"/complaints/{number}", f"/complaints/{number}/events", f"/work-orders/{order.number}"):
        assert outsider.get(path).status_code == 404
    assert outsider.get("/work-orders").json()["items"] == []
    assert outsider.post(f"/complaints/{number}/notes", {"text": "备注"}).status_code == 404
    assert outsider.post(f"/complaints/{number}/withdrawal", {"reason": "看看"}).status_code == 404


def test_contacts_are_shown_as_far_as_the_role_goes() -> None:
    number = Caller("agent").post("/complaints", BODY | {"text": "我的电话是13900001111，快回电。"}).json()["number"]

    shown = {name: Caller(name).get(f"/complaints/{number}").json() for name in ("agent", "supervisor", "analyst")}

    assert shown["agent"]["customer"] | {"tier": ""} == {
        "name": "客*", "phone": "139****1111", "email": "z***@example.com", "tier": "",
    }  # fmt: skip
    assert shown["supervisor"]["customer"]["phone"] == "13900001111"
    assert shown["analyst"]["customer"] | {"tier": ""} == {"name": "", "phone": "", "email": "", "tier": ""}
    assert shown["analyst"]["text"] == "我的电话是[电话]，快回电。"
    assert (shown["analyst"]["attachments"], shown["analyst"]["allowed_moves"]) == ([], [])


def test_one_complaint_comes_whole_with_the_moves_that_are_allowed() -> None:
    complaint = cast.resolved()

    whole = Caller("agent").get(f"/complaints/{complaint.number}").json()

    assert whole["text"] == complaint.text
    assert [issue["text"] for issue in whole["issues"]] == ["电饭煲不通电", "没有人回电"]
    [order] = whole["work_orders"]
    assert (order["state"], order["unit"]["code"], order["handler"]["name"]) == ("passed", "QM", "杨帆")
    assert [answer["issue"] for answer in order["answers"]] == [issue["id"] for issue in whole["issues"]]
    assert order["audits"][0]["verdict"] == "pass"
    assert {clock["code"] for clock in whole["clocks"]} >= {"CK-RESOLVE"}
    assert all("why" in clock for clock in whole["clocks"])
    assert [letter["purpose"] for letter in whole["letters"]] == ["final"]
    assert {"close", "note", "attach"} <= {move["name"] for move in whole["allowed_moves"]}
    assert "review" not in {move["name"] for move in whole["allowed_moves"]}


def test_anybody_can_check_the_chain_by_its_description() -> None:
    complaint = cast.closed()

    chain = Caller("agent").get(f"/complaints/{complaint.number}/events").json()

    previous = GENESIS
    assert len(chain["items"]) == complaint.events.count()
    for place, event in enumerate(chain["items"], start=1):
        record = {
            "seq": event["seq"],
            "ts": event["at"],
            "actor": event["actor"],
            "action": event["kind"],
            "data": {"complaint": chain["complaint"], **event["particulars"]},
            "prev": event["previous_hash"],
        }
        assert (event["seq"], event["previous_hash"], event["hash"]) == (place, previous, link(record))
        previous = event["hash"]


def test_reference_lists_and_who_asks() -> None:
    call = Caller("agent")

    categories = call.get("/categories").json()["items"]
    units = call.get("/units").json()["items"]
    members = call.get("/members", page_size=3).json()
    me = call.get("/me").json()

    assert {"PQ-01", "PQ"} <= {row["code"] for row in categories}
    assert next(row["parent"] for row in units if row["code"] == "QM") == "HQ"
    assert (len(members["items"]), bool(members["next"])) == (3, True)
    assert call.client.get(members["next"]).json()["items"][0]["username"] > members["items"][-1]["username"]
    assert (me["username"], me["name"], me["unit"]["code"], me["roles"]) == ("agent", "李雷", "CC", ["frontline"])
    assert me["scopes"] == ["read", "write"]
    assert "file_complaint" in me["rights"]
    assert len(members["items"]) <= Member.objects.count()


def test_a_list_and_a_complaint_cost_the_same_with_one_row_and_with_three(
    django_assert_num_queries: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huiyin.api.tokens.BELIEVED_FOR", 3600.0)
    call = Caller("supervisor")
    call.get("/me")
    orders = cast.dispatched(cast.reviewed(cast.filed()), "QM")

    with django_assert_num_queries(1):
        assert len(numbers(call.get("/complaints"))) == 1
    with django_assert_num_queries(13):
        call.get(f"/complaints/{orders[0].complaint.number}")

    for place in range(2):
        cast.dispatched(cast.reviewed(cast.filed(phone=f"1390000333{place}")), "QM", "LOG", "MKT")

    with django_assert_num_queries(1):
        assert len(numbers(call.get("/complaints"))) == 3
    with django_assert_num_queries(3):
        assert len(call.get("/work-orders").json()["items"]) == 7
    number = Complaint.objects.latest("id").number
    with django_assert_num_queries(13):
        assert len(call.get(f"/complaints/{number}").json()["work_orders"]) == 3
