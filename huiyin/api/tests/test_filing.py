from datetime import timedelta

import pytest

from huiyin.api.tests.calling import BODY, Caller
from huiyin.channels.models import Channel, Message
from huiyin.complaints.models import Complaint
from huiyin.complaints.states import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]


def test_a_complaint_is_filed_with_everything_that_happens_on_arrival() -> None:
    response = Caller("agent").post("/complaints", BODY)

    assert response.status_code == 201
    answer = response.json()
    row = Complaint.objects.get()
    assert answer["number"] == row.number
    assert answer["state"] == State.RECEIVED
    assert answer["unit"] == "CC"
    assert answer["category"] == row.category.code
    assert answer["severity"] == row.severity
    assert answer["reasons"] == row.grading["reasons"]
    assert [clock["code"] for clock in answer["clocks"]] == list(
        row.clocks.order_by("id").values_list("code", flat=True)
    )
    assert answer["clocks"] != []
    assert answer["tracking_url"].endswith(f"/portal/t/{row.tracking_code}")
    assert row.filed_by is not None
    assert row.filed_by.username == "agent"


def test_every_channel_brings_complaints() -> None:
    call = Caller("agent")

    taken = {channel: call.post("/complaints", BODY | {"channel": channel}).status_code for channel in Channel.values}

    assert taken == dict.fromkeys(Channel.values, 201)
    assert set(Complaint.objects.values_list("channel", flat=True)) == set(Channel.values)


@pytest.mark.req("C026")
def test_the_sender_may_say_that_it_is_urgent() -> None:
    answers = [Caller("agent").post("/complaints", BODY | {"urgent": urgent}).json() for urgent in (True, False)]
    rows = [Complaint.objects.get(number=each["number"]) for each in answers]
    assert [row.is_urgent for row in rows] == [True, False]
    first = [row.clocks.get(code="CK-FR") for row in rows]
    assert [clock.due_at - clock.started_at for clock in first] == [timedelta(minutes=30), timedelta(hours=2)]


def test_the_raw_body_is_kept_as_it_came() -> None:
    response = Caller("agent").post("/complaints", BODY)

    assert response.status_code == 201
    assert Message.objects.get().raw == response.wsgi_request.body


def test_what_is_given_holds_and_the_rest_is_proposed() -> None:
    given = {"category": "LG-01", "emotion": 5, "issues": ["没有送到", " "], "occurred_at": "2026-11-14T10:00:00+08:00"}

    answer = Caller("agent").post("/complaints", BODY | given).json()

    row = Complaint.objects.get(number=answer["number"])
    assert (answer["category"], answer["emotion"]) == ("LG-01", 5)
    assert list(row.issues.values_list("text", flat=True)) == ["没有送到"]


def test_the_same_external_id_on_one_channel_is_one_complaint() -> None:
    body = BODY | {"channel": "hotline_12345", "external_id": "HZ-2026-77"}
    call = Caller("agent")

    first, second = call.post("/complaints", body), call.post("/complaints", body)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Complaint.objects.count() == 1


def test_whoever_may_not_see_the_complaint_of_an_external_id_learns_nothing_of_it() -> None:
    body = BODY | {"external_id": "HZ-2026-77"}
    Caller("agent").post("/complaints", body)

    response = Caller("outsider").post("/complaints", body)

    assert response.status_code == 409
    assert "tracking_url" not in response.content.decode()


def test_only_those_who_take_complaints_in_may_file_one() -> None:
    response = Caller("handler").post("/complaints", BODY)

    assert response.status_code == 403
    assert Complaint.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "长" * 20_001}, "text"),
        ({"text": None}, "text"),
        ({"channel": "鸽子"}, "channel"),
        ({"kind": "诅咒"}, "kind"),
        ({"category": "没有"}, "category"),
        ({"emotion": 9}, "emotion"),
        ({"emotion": 10**40}, "emotion"),
        ({"customer": {"name": "客户张伟", "tier": "金"}}, "customer.tier"),
        ({"customer": {"email": "不是邮箱"}}, "customer.email"),
        ({"customer": "张伟"}, "customer"),
        ({"received_at": "2999-01-01T00:00:00Z"}, "received_at"),
        ({"received_at": "2026-11-14T10:00:00"}, "received_at"),
        ({"received_at": "昨天"}, "received_at"),
        ({"order_no": "九" * 65}, "order_no"),
        ({"custmer": {}}, "custmer"),
        ({"issues": "一条"}, "issues"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(change: dict[str, object], field: str) -> None:
    response = Caller("agent").post("/complaints", BODY | change)

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert Complaint.objects.count() == 0


@pytest.mark.parametrize(
    "text",
    [
        "退款\x00到现在没到账",
        "'; DROP TABLE complaints_complaint; --",
        "<script>alert(1)</script>",
        "😡😡😡 \u202e反着写\u202c 繁體字",
        "长" * 20_000,
    ],
)
def test_any_words_are_taken_and_come_back_as_they_were_but_for_control_signs(text: str) -> None:
    call = Caller("agent")

    number = call.post("/complaints", BODY | {"text": text}).json()["number"]

    kept = text.replace("\x00", "").replace("\u202e", "").replace("\u202c", "")
    assert call.get(f"/complaints/{number}").json()["text"] == kept


def test_filing_takes_the_same_few_statements_every_time(django_assert_max_num_queries: object) -> None:
    call = Caller("agent")
    call.post("/complaints", BODY)

    with django_assert_max_num_queries(24):  # type: ignore[operator]  # pytest-django types it as a fixture only
        assert call.post("/complaints", BODY).status_code == 201
