"""The queue: what lies where, found, filtered, counted, paged, signed for in bulk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.complaints.models import Complaint
from huiyin.desk import queries
from huiyin.desk.shelves import SHELVES
from huiyin.dispatch.models import WorkOrder
from tests import cast

Sits = Callable[[str], Client]


def page(client: Client, **query: Any) -> str:
    return str(client.get("/desk/complaints/", query).content.decode())


def asked(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries_made:
        assert client.get(url).status_code == 200
    return len(queries_made)


def test_a_list_of_one_persons_complaints_says_whose_and_lets_go_of_it(sits: Sits) -> None:
    mine, other = cast.filed(), cast.filed(phone="13900008888")
    Complaint.objects.filter(pk=mine.pk).update(assignee=cast.member("agent2"))
    query = {"view": "all", "assignee": str(cast.member("agent2").pk), "owner": str(mine.owner_unit_id)}

    shown = page(sits("reviewer"), **query)

    assert (mine.number in shown, other.number in shown) == (True, False)
    assert f'负责人 <strong translate="no">{cast.member("agent2").name}</strong>' in shown
    assert f'归口单位 <strong translate="no">{mine.owner_unit.name}</strong>' in shown
    assert f'<input type="hidden" name="assignee" value="{query["assignee"]}">' in shown
    assert f'href="/desk/complaints/?view=all&amp;owner={query["owner"]}"' in shown


def test_all_of_a_customers_complaints_are_one_click_away_open_ones_first_and_nobody_else_lists_them(
    sits: Sits,
) -> None:
    every = [cast.filed(text=f"{cast.TEXT} 第 {each} 次", at=cast.MONDAY + timedelta(days=each)) for each in range(8)]
    Complaint.objects.filter(pk__in=[each.pk for each in every[2:7]]).update(state="closed")
    stranger = cast.filed(phone="13900008888")
    link = f"/desk/complaints/?view=all&amp;customer={every[0].customer_id}"

    opened = sits("reviewer").get(f"/desk/complaints/{every[-1].number}").content.decode()

    assert link in opened
    listed = opened.partition("这位客户以前的投诉")[2].partition("查看这位客户的全部投诉")[0]
    assert [each.number in listed for each in every[:7]] == [True, True, False, False, True, True, True]
    shown = page(sits("reviewer"), view="all", customer=every[0].customer_id)
    assert all(each.number in shown for each in every)
    assert stranger.number not in shown
    assert "同一位客户" in shown
    refused = page(sits("analyst"), view="all", customer=every[0].customer_id)
    assert not any(each.number in refused for each in (*every, stranger))  # nothing, and not the whole list
    assert "客户张伟" not in refused


def test_each_view_shows_what_waits_for_the_member_there(sits: Sits) -> None:
    received = cast.filed()
    accepted = cast.reviewed(cast.filed())
    [order] = cast.dispatched(cast.reviewed(cast.filed()))

    reviewer, handler = sits("reviewer"), sits("handler")

    assert received.number in page(reviewer, view="review")
    assert accepted.number not in page(reviewer, view="review")
    assert accepted.number in page(reviewer, view="dispatch")
    assert order.number in page(handler, view="sign")
    assert received.number not in page(handler, view="all")
    assert order.complaint.number in page(handler, view="all")


def test_a_view_that_is_not_for_the_member_is_not_shown(sits: Sits) -> None:
    cast.filed()

    assert "待复核" not in page(sits("agent"), view="review")


def test_the_counts_are_those_of_the_rows_and_stop_at_the_cap(sits: Sits, monkeypatch: pytest.MonkeyPatch) -> None:
    for _each in range(4):
        cast.filed()
    member = cast.member("reviewer")
    shelves = [shelf for shelf in SHELVES if shelf.is_for(member)]

    assert queries.counts(shelves, member, at=timezone.now())["review"] == 4
    monkeypatch.setattr(queries, "CAP", 2)
    assert queries.counts(shelves, member, at=timezone.now())["review"] == 3
    assert queries.shown(3) == "1+"


@pytest.mark.parametrize("view", ["all", "review", "unit", "overdue"])
def test_a_queue_costs_the_same_queries_for_one_row_and_for_three(sits: Sits, view: str) -> None:
    client = sits("supervisor")
    cast.filed()
    one = asked(client, f"/desk/complaints/?view={view}")
    cast.filed()
    cast.filed()

    assert asked(client, f"/desk/complaints/?view={view}") == one
    assert one <= 10


def test_a_queue_of_work_orders_costs_the_same_queries_for_one_row_and_for_three(sits: Sits) -> None:
    client = sits("handler")
    cast.dispatched()
    one = asked(client, "/desk/complaints/?view=sign")
    cast.dispatched(cast.reviewed(cast.filed()))
    cast.dispatched(cast.reviewed(cast.filed()))

    assert asked(client, "/desk/complaints/?view=sign") == one
    assert client.get("/desk/complaints/?view=sign").content.decode().count("签收已超时") == 3  # not the order's end


def test_my_work_costs_the_same_queries_for_one_row_and_for_three(sits: Sits) -> None:
    client = sits("reviewer")
    cast.filed()
    one = asked(client, "/desk/")
    cast.filed()
    cast.filed()

    assert asked(client, "/desk/") == one


def test_search_finds_by_word_number_order_and_telephone(sits: Sits) -> None:
    wanted = cast.filed(phone="13700002222", order_no="DD20261111", text="空调外机异响，半夜吵得睡不着。")
    other = cast.filed(phone="13900009999")
    client = sits("supervisor")

    for q in ("空调 异响", "13700002222", "DD20261111", "dd20261111"):
        found = page(client, q=q)
        assert wanted.number in found
        assert other.number not in found


def test_a_whole_number_leads_to_the_complaint_at_once(sits: Sits) -> None:
    [order] = cast.dispatched()
    number = order.complaint.number

    for typed in (number, number.lower(), f" {order.number} "):
        answer = sits("supervisor").get("/desk/complaints/", {"q": typed})
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/desk/complaints/{number}"
    assert sits("outsider").get("/desk/complaints/", {"q": number}).status_code == 200


@pytest.mark.parametrize(
    "q", ["'; DROP TABLE x; --", "a & | ! ( : *", "\\", "'", "😡😡", "\u202e\u0000", "繁體字", "x" * 5000, "%_", "<b>"]
)
def test_whatever_is_typed_into_the_search_the_page_comes(sits: Sits, q: str) -> None:
    assert sits("agent").get("/desk/complaints/", {"q": q}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"state": "nowhere"}, {"severity": "9"}, {"severity": "x"}, {"category": "QQ-99"}, {"unit": "-1"},
        {"unit": "9" * 40}, {"received_from": "2026-02-31"}, {"received_from": "0001-01-01"}, {"cursor": "junk"},
        {"received_to": "9999-12-31"}, {"sort": "nonsense"}, {"view": "nonsense"}, {"channel": "\u0000"},
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_breaks_nothing(sits: Sits, query: dict[str, str]) -> None:
    cast.filed()

    assert sits("agent").get("/desk/complaints/", query).status_code == 200


def test_filters_leave_what_fits(sits: Sits) -> None:
    mild = cast.reviewed(cast.filed(text="建议增加夜间客服。", channel="letter"), category="PQ-01", severity=3)
    other = cast.filed(tier="VIP")
    client = sits("supervisor")

    assert mild.number in page(client, category="PQ")
    assert mild.number in page(client, category="PQ-01", state="accepted", channel="letter", severity="3")
    assert other.number not in page(client, state="accepted")
    assert mild.number not in page(client, tier="VIP")
    assert mild.number not in page(client, received_from="2026-11-17")
    assert mild.number in page(client, received_from="2026-11-16", received_to="2026-11-16")


def test_the_pages_follow_each_other_without_gap_or_repetition(sits: Sits, monkeypatch: pytest.MonkeyPatch) -> None:
    from huiyin.desk.views import queue

    monkeypatch.setattr(queue, "SIZE", 2)
    for minutes in range(5):
        cast.filed(at=cast.later(minutes=minutes))
    client, seen = sits("supervisor"), []
    url: str | None = "/desk/complaints/?view=all"
    while url:
        answer = client.get(url)
        seen += [row["number"] for row in answer.context["rows"]]
        url = answer.context["next_url"]

    assert seen == list(Complaint.objects.order_by("-received_at").values_list("number", flat=True))


@pytest.mark.req("A45")
def test_five_orders_are_signed_at_once_and_each_leaves_its_event(sits: Sits) -> None:
    orders = [cast.dispatched(cast.reviewed(cast.filed()))[0] for _each in range(5)]
    taken = cast.dispatched(cast.reviewed(cast.filed()))[0]
    sits("handler").post(f"/desk/work-orders/{taken.number}/signature")

    numbers = [order.number for order in [*orders, taken]]
    answer = sits("handler").post("/desk/complaints/signatures", {"number": [*numbers, "GD20200101-00001-1"]})

    assert "5 件完成，2 件没有" in answer.content.decode()
    assert [order.complaint.events.filter(kind="signed").count() for order in orders] == [1] * 5
    assert WorkOrder.objects.filter(state="acknowledged").count() == 6


def test_bulk_assignment_says_for_each_row_what_became_of_it(sits: Sits) -> None:
    plain, hidden = cast.filed(), cast.filed()
    sits("supervisor").post(f"/desk/complaints/{hidden.number}/confidentiality", {"confidential": "yes"})

    answer = sits("supervisor").post(
        "/desk/complaints/assignments", {"to": cast.member("agent").pk, "number": [plain.number, hidden.number]}
    )

    assert "1 件完成，1 件没有" in answer.content.decode()
    assert Complaint.objects.get(pk=plain.pk).assignee == cast.member("agent")
    assert Complaint.objects.get(pk=hidden.pk).assignee is None


def test_the_export_is_for_those_who_may_take_cases_out(sits: Sits) -> None:
    complaint = cast.filed()

    assert sits("agent").get("/desk/complaints/export.csv").status_code == 403
    answer = sits("manager").get("/desk/complaints/export.csv")
    table = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # it is a streaming answer
    assert complaint.number in table
    assert table.startswith("\ufeffnumber,")
    book = sits("manager").get("/desk/complaints/export.xlsx")
    assert b"".join(book.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]  # it is a streaming answer


def test_overdue_is_what_is_open_and_past_its_time(sits: Sits) -> None:
    late = cast.filed(at=timezone.now() - timedelta(days=60))
    fresh = cast.filed(at=timezone.now())

    found = page(sits("supervisor"), view="overdue")

    assert late.number in found
    assert fresh.number not in found


def test_what_was_answered_in_time_is_not_overdue_while_the_customer_thinks(sits: Sits) -> None:
    answered = cast.resolved()

    assert answered.is_open
    assert answered.due_at < timezone.now() or not answered.is_overdue(timezone.now())
    assert answered.number not in page(sits("supervisor"), view="overdue")
