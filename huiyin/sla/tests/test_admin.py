from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.org.actors import SYSTEM
from huiyin.org.models import Member
from huiyin.sla.actions import amending
from huiyin.sla.models import DayException, PolicyVersion
from huiyin.sla.tests.documents import clock, shipped
from huiyin.sla.writing import as_text

pytestmark = pytest.mark.usefixtures("loaded")
POLICIES = "/admin/sla/policyversion/"
DAYS = "/admin/sla/dayexception/"


@pytest.fixture
def desk(admin: Member, client: Client) -> Client:
    client.force_login(admin)
    return client


def faster(minutes: int) -> dict[str, Any]:
    body = shipped()
    clock(body, "CK-FR")["targets"][0]["nm"] = minutes
    return body


def amendment(text: str, **more: str) -> dict[str, str]:
    return {"text": text, "note": "加快首次响应", "expected": "1", **more}


def test_the_newest_text_is_offered_and_saved_as_the_next_version(desk: Client, admin: Member) -> None:
    page = desk.get(f"{POLICIES}add/").content.decode()
    assert "{when: {level: [L1]}, nm: 30, seed: C026}" in page
    answer = desk.post(f"{POLICIES}add/", amendment(as_text(faster(20))))
    assert answer.status_code == 302
    newest = PolicyVersion.objects.select_related("created_by").first()
    assert newest is not None
    assert (newest.number, newest.created_by, newest.note, newest.body) == (2, admin, "加快首次响应", faster(20))


@pytest.mark.parametrize(
    ("text", "more", "sentence"),
    [
        (as_text(faster(0)), {}, "clocks[CK-FR].targets[1].nm：须是大于 0 的数"),
        ("a: [1\nb: 2", {}, "YAML 写法有误"),
        (as_text(shipped()), {}, "内容与第 1 版相同"),
        (as_text(faster(20)), {"expected": "0"}, "其他人刚保存了第 1 版"),
        (as_text(faster(20)), {"note": ""}, "这个字段是必填项"),
    ],
)
def test_what_is_wrong_is_said_on_the_page_and_nothing_is_saved(
    desk: Client, text: str, more: dict[str, str], sentence: str
) -> None:
    answer = desk.post(f"{POLICIES}add/", amendment(text, **more))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert PolicyVersion.objects.count() == 1


def test_the_history_shows_who_when_why_and_what(desk: Client) -> None:
    made = amending.amend(body=faster(20), note="加快首次响应", actor=SYSTEM, at=timezone.now())
    assert "加快首次响应" in desk.get(POLICIES).content.decode()
    page = desk.get(f"{POLICIES}{made.pk}/change/").content.decode()
    assert "-      - {when: {level: [L1]}, nm: 30, seed: C026}" in page
    assert "+      - {when: {level: [L1]}, nm: 20, seed: C026}" in page


def test_a_version_can_be_neither_changed_nor_deleted(desk: Client) -> None:
    pk = PolicyVersion.objects.get().pk
    assert desk.post(f"{POLICIES}{pk}/change/", amendment(as_text(faster(20)))).status_code == 403
    assert desk.post(f"{POLICIES}{pk}/delete/", {"post": "yes"}).status_code == 403
    assert PolicyVersion.objects.get().body == shipped()


def test_an_own_day_is_set_changed_and_taken_back(desk: Client, admin: Member) -> None:
    desk.post(f"{DAYS}add/", {"day": "2026-11-23", "name": "厂庆"})
    day = DayException.objects.get()
    assert (day.day, day.is_working, day.name, day.set_by) == (date(2026, 11, 23), False, "厂庆", admin)
    desk.post(f"{DAYS}{day.pk}/change/", {"is_working": "on", "name": "照常上班"})
    day.refresh_from_db()
    assert (day.day, day.is_working, day.name) == (date(2026, 11, 23), True, "照常上班")
    desk.post(f"{DAYS}{day.pk}/delete/", {"post": "yes"})
    assert not DayException.objects.exists()


def test_an_agent_is_not_let_in(client: Client, li_lei: Member) -> None:
    client.force_login(li_lei)
    assert client.get(POLICIES).status_code == 302
    assert client.post(f"{POLICIES}add/", amendment(as_text(faster(20)))).status_code == 302
    assert PolicyVersion.objects.count() == 1
