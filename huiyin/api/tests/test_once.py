from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from huiyin.api import once
from huiyin.api.models import GivenAnswer
from huiyin.api.tests.calling import BODY, Caller
from huiyin.complaints.models import Complaint, Note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]


def test_the_same_key_and_body_give_the_same_answer_and_one_complaint() -> None:
    call = Caller("agent")

    first = call.post("/complaints", BODY, idempotency_key="k-1")
    second = call.post("/complaints", BODY, idempotency_key="k-1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert (first.get("Idempotent-Replayed"), second["Idempotent-Replayed"]) == (None, "true")
    assert Complaint.objects.count() == 1


def test_the_same_key_with_another_body_or_path_is_refused() -> None:
    call = Caller("agent")
    number = call.post("/complaints", BODY, idempotency_key="k-1").json()["number"]

    other_body = call.post("/complaints", BODY | {"text": "另一件事"}, idempotency_key="k-1")
    other_path = call.post(f"/complaints/{number}/notes", {"text": "备注"}, idempotency_key="k-1")

    assert (other_body.status_code, other_path.status_code) == (409, 409)
    assert other_body.json()["type"] == "urn:huiyin:idempotency-key-reused"
    assert (Complaint.objects.count(), Note.objects.count()) == (1, 0)


def test_a_key_is_the_members_own() -> None:
    answers = [Caller(name).post("/complaints", BODY, idempotency_key="k-1") for name in ("agent", "agent2")]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert Complaint.objects.count() == 2


def test_a_refused_question_may_be_mended_under_the_same_key() -> None:
    call = Caller("agent")

    refused = call.post("/complaints", BODY | {"channel": "鸽子"}, idempotency_key="k-1")
    mended = call.post("/complaints", BODY, idempotency_key="k-1")

    assert (refused.status_code, mended.status_code) == (422, 201)


def test_what_is_kept_of_an_answer_cannot_be_read_in_the_database() -> None:
    Caller("agent").post("/complaints", BODY, idempotency_key="k-1")

    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM api_givenanswer")
        [stored] = cursor.fetchone()
    assert b"portal" not in bytes(stored)


def test_answers_are_forgotten_after_two_days() -> None:
    Caller("agent").post("/complaints", BODY, idempotency_key="k-1")

    assert once.prune(at=timezone.now() + timedelta(hours=47)) == 0
    assert once.prune(at=timezone.now() + timedelta(hours=49)) == 1
    assert GivenAnswer.objects.count() == 0


def test_a_key_too_long_is_refused() -> None:
    assert Caller("agent").post("/complaints", BODY, idempotency_key="k" * 201).status_code == 422
