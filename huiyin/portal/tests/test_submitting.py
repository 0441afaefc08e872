from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.channels.models import Message
from huiyin.complaints.actions import receipting
from huiyin.complaints.models import Attachment, Complaint
from huiyin.portal import days, guarding
from huiyin.portal.tests.visiting import GIVEN, fill_in, number_of, photo, submit, submit_with_work, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]


def test_a_customer_files_and_sees_number_and_link_at_once(client: Client) -> None:
    response = submit(client, photos=[photo(), photo("发票.png")])

    complaint = Complaint.objects.get()
    assert response.status_code == 303
    shown = client.get(response["Location"]).content.decode()
    assert complaint.number in shown
    assert f"/portal/t/{complaint.tracking_code}" in shown
    assert (complaint.text, complaint.expectation, complaint.channel) == (GIVEN["text"], "换一台新的", "portal")
    assert complaint.occurred_at is not None
    assert timezone.localtime(complaint.occurred_at).date() == date(2026, 11, 14)
    assert (complaint.customer.phone, complaint.owner_unit.code, complaint.filed_by) == ("13900001111", "CC", None)
    assert list(Attachment.objects.values_list("name", "is_from_customer")) == [("插头.png", True), ("发票.png", True)]
    assert [event.actor_kind for event in complaint.events.all()] == ["customer"] * 3


def test_the_link_is_also_mailed(client: Client) -> None:
    submit(client)
    complaint = Complaint.objects.get()

    receipting.acknowledge(complaint, at=timezone.now())

    assert complaint.tracking_code in Message.objects.get(direction="out").text


def test_a_double_click_makes_one_complaint_and_an_edited_form_another(client: Client) -> None:
    given = fill_in(client)

    first, twin = client.post("/portal/", given), client.post("/portal/", given)
    edited = client.post("/portal/", given | {"text": "还有一件事：赠品没有给。"})

    assert first["Location"] == twin["Location"] != edited["Location"]
    assert Complaint.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "长" * 20_001}, "text"),
        ({"phone": "", "email": ""}, "phone"),
        ({"phone": "没有"}, "phone"),
        ({"email": "不是邮箱"}, "email"),
        ({"name": ""}, "name"),
        ({"kind": "curse"}, "kind"),
        ({"occurred_on": "2999-01-01"}, "occurred_on"),
        ({"occurred_on": "31/31/31"}, "occurred_on"),
        ({"order_no": "九" * 65}, "order_no"),
        ({"form": "1:2:3"}, "form"),
        ({"site": "https://spam.example"}, "site"),
        ({"photos": [photo(f"{n}.png") for n in range(7)]}, "photos"),
        ({"photos": [photo("页面.png", b"<html><script>alert(1)</script>")]}, "photos"),
        ({"photos": [photo("空.png", b"")]}, "photos"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client: Client, change: dict[str, object], field: str) -> None:
    response = submit(client, **change)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    page = response.content.decode()
    for name in {"text", "expectation", "order_no", "name", "phone"} - set(change):
        assert GIVEN[name] in page
    assert (Complaint.objects.count(), Attachment.objects.count()) == (0, 0)
    assert number_of(page)


def test_who_chose_files_is_asked_to_choose_them_again(client: Client) -> None:
    page = submit(client, name="", photos=[photo()]).content.decode()

    assert "照片和文件请重新选择" in page


def test_no_cookie_is_needed_and_none_is_set() -> None:
    client = Client(enforce_csrf_checks=True)

    response = submit(client)

    assert response.status_code == 303
    assert client.cookies == {}


def test_who_files_often_adds_a_sum_then_works_then_waits_and_loses_nothing(client: Client) -> None:
    free = [client.post("/portal/", fill_in(client, sum="")).status_code for _each in range(4)]
    wrong = client.post("/portal/", fill_in(client, sum="1"))
    summed = [submit(client).status_code for _each in range(6)]
    worked = [submit_with_work(client).status_code for _each in range(13)]

    assert free == [303] * 3 + [422]
    assert wrong.status_code == 422
    assert GIVEN["text"] in wrong.content.decode()
    assert "请算一下" in wrong.content.decode()
    assert summed == [303] * 5 + [422]
    assert worked == [303] * 12 + [429]
    assert Complaint.objects.count() == 20
    assert submit(Client(REMOTE_ADDR="203.0.113.7")).status_code == 303


def test_one_proof_is_worth_one_complaint_and_a_double_click_is_one(client: Client) -> None:
    for _each in range(3):
        submit(client)
    given = fill_in(client)
    given["proof"] = work(given["form"].partition(":")[0])

    first, twin = client.post("/portal/", given), client.post("/portal/", given)
    other = client.post("/portal/", given | {"text": "同一张表，另一件事。"})

    assert first["Location"] == twin["Location"]
    assert other.status_code == 422
    assert Complaint.objects.count() == 4


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-14", date(2026, 11, 14)),
        ("2026年11月14日", date(2026, 11, 14)),
        ("2026/1/5", date(2026, 1, 5)),
        ("11月14日", date(2026, 11, 14)),
        ("12-24", date(2025, 12, 24)),
        ("昨天", date(2026, 11, 21)),
        ("today", date(2026, 11, 22)),
    ],
)
def test_a_day_is_read_as_people_write_it(written: str, meant: date) -> None:
    assert days.read(written, today=date(2026, 11, 22)) == meant


def test_the_code_at_the_counter_names_the_unit_that_received_it(client: Client) -> None:
    page = client.get("/portal/?unit=CTY-E01").content.decode()
    assert "临江县营业部" in page
    assert 'name="unit" value="CTY-E01"' in page

    submit(client, unit="CTY-E01")
    submit(client, unit="没有这个单位", text="另一件事")

    known, unknown = Complaint.objects.order_by("id")
    assert known.received_unit is not None
    assert (known.received_unit.code, known.owner_unit.code) == ("CTY-E01", "BR-EAST-CC")
    assert known.received_unit_id in known.units
    assert unknown.received_unit is None


def test_behind_our_own_proxy_each_customer_has_their_own_limit() -> None:
    def seen(direct: str, forwarded: str) -> str:
        request = Client().get("/portal/", REMOTE_ADDR=direct, HTTP_X_FORWARDED_FOR=forwarded).wsgi_request
        return guarding.address(request)

    assert seen("127.0.0.1", "1.1.1.1, 203.0.113.9") == "203.0.113.9"
    assert seen("203.0.113.5", "198.51.100.1") == "203.0.113.5"
    assert seen("10.0.0.2", "") == "10.0.0.2"
    assert seen("2001:db8:1:2::9", "") == seen("2001:db8:1:2:ffff::1", "") == "2001:db8:1:2::/64"
    assert seen("::ffff:203.0.113.9", "") == "203.0.113.9"


def test_too_much_at_once_is_refused_before_it_is_read(client: Client) -> None:
    response = client.generic(
        "POST", "/portal/", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=10**9
    )

    assert response.status_code == 413


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'; DROP TABLE x; --", "😡\u202e反着\u202c 繁體"])
def test_hostile_words_are_kept_as_words(client: Client, text: str) -> None:
    response = submit(client, text=text, name=text[:20], expectation=text)

    page = client.get(f"/portal/t/{Complaint.objects.get().tracking_code}").content.decode()
    assert response.status_code == 303
    assert "<script>alert" not in page


@pytest.mark.parametrize("path", ["/portal/", "/portal/find", "/portal/t/none", "/portal/language"])
def test_no_page_is_kept_indexed_or_told_to_others(client: Client, path: str) -> None:
    response = client.get(path)

    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert (
        "script-src" not in response.get("Content-Security-Policy", "")
        or "unsafe" not in response["Content-Security-Policy"]
    )


def test_the_portal_speaks_english_when_asked(client: Client) -> None:
    response = client.post("/portal/language", {"language": "en", "next": "/portal/find"})

    assert (response.status_code, response["Location"]) == (302, "/portal/find")
    page = client.get("/portal/").content.decode()
    assert 'lang="en"' in page
    assert "What happened" in page


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/desk/", ""])
def test_the_language_switch_leads_nowhere_else(client: Client, back: str) -> None:
    assert client.post("/portal/language", {"language": "en", "next": back})["Location"] == "/portal/"
