from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from huiyin.api import tokens
from huiyin.api.tests.calling import BODY, Caller
from huiyin.complaints.models import Complaint
from huiyin.org.actions.tokens import create, revoke
from huiyin.org.models import Token
from tests.cast import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]


def problem(response: object) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"  # type: ignore[index]  # Django's test response
    said = response.json()  # type: ignore[attr-defined]  # json() is added by the test client
    assert said["status"] == response.status_code  # type: ignore[attr-defined]  # json() is added by the test client
    assert said["title"]
    assert said["detail"]
    return said["status"], said["type"]


def test_without_a_good_token_nothing_is_said() -> None:
    expired = create(
        member=member("agent"), name="旧", scopes=["read"], at=timezone.now(), expires_at=timezone.now() - timedelta(1)
    )[1]
    for header in (None, "Bearer", "Bearer hy_nonsense", f"Basic {expired}", f"Bearer {expired}", "Bearer \u00e9"):
        response = Client(headers={"Authorization": header} if header else {}).get("/api/v1/complaints")

        assert problem(response) == (401, "urn:huiyin:unauthorized")
        assert response["WWW-Authenticate"].startswith("Bearer")


def test_whoever_keeps_knocking_without_a_token_is_told_to_wait_and_who_has_one_is_not() -> None:
    stranger, call = Client(headers={"Authorization": "Bearer hy_nonsense"}), Caller("agent")

    answers = [stranger.get("/api/v1/me") for _ in range(tokens.FAILURES + 1)]

    assert {answer.status_code for answer in answers[:-1]} == {401}
    assert problem(answers[-1]) == (429, "urn:huiyin:too-many-requests")
    assert answers[-1]["Retry-After"] == "60"
    assert call.get("/me").status_code == 200


def test_while_the_database_is_away_a_call_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    call = Caller("agent")
    call.get("/me")

    def away(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("huiyin.api.complaints.take_in", away)
    response = call.post("/complaints", BODY)

    assert problem(response) == (503, "urn:huiyin:service-unavailable")
    assert response["Retry-After"] == "5"


def test_a_revoked_token_stops_working_and_so_does_that_of_one_who_left() -> None:
    call = Caller("agent")
    assert call.get("/me").status_code == 200

    revoke(Token.objects.get(member__username="agent"), at=timezone.now())
    tokens.forget()

    assert call.get("/me").status_code == 401


def test_a_token_is_believed_for_no_longer_than_three_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    call = Caller("agent")
    clock = [1000.0]
    monkeypatch.setattr("huiyin.api.tokens.time.monotonic", lambda: clock[0])
    assert call.get("/me").status_code == 200
    revoke(Token.objects.get(member__username="agent"), at=timezone.now())

    clock[0] += tokens.BELIEVED_FOR

    assert call.get("/me").status_code == 401


def test_a_reading_token_changes_nothing() -> None:
    call = Caller("agent", "read")

    assert problem(call.post("/complaints", BODY)) == (403, "urn:huiyin:scope")
    assert Complaint.objects.count() == 0
    assert call.get("/complaints").status_code == 200


def test_a_filing_token_files_and_nothing_else() -> None:
    call = Caller("agent", "file")

    number = call.post("/complaints", BODY, idempotency_key="f-1").json()["number"]

    assert problem(call.get(f"/complaints/{number}")) == (403, "urn:huiyin:scope")
    assert problem(call.post(f"/complaints/{number}/notes", {"text": "备注"})) == (403, "urn:huiyin:scope")


def test_no_such_path_and_no_such_method() -> None:
    call = Caller("agent")

    assert problem(call.get("/complaint")) == (404, "urn:huiyin:not-found")
    assert problem(call.put("/complaints", BODY))[0] == 405
    assert set(call.put("/complaints", BODY)["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"text": "\\ud800"}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"emotion": NaN}', "application/json", 400),
        (b"[]", "application/json", 422),
        (b'"text"', "application/json", 422),
        (b"", "application/json", 422),
        (b"text=1", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "text/xml", 415),
        (b"{" + b" " * 1024 * 1024, "application/json", 413),
        (b"{" + b" " * 5 * 1024 * 1024, "application/json", 413),
    ],
)
def test_what_is_no_complaint_is_refused_and_never_breaks_anything(
    content: bytes, media_type: str, status: int
) -> None:
    response = Caller("agent").client.post("/api/v1/complaints", content, content_type=media_type)

    assert problem(response)[0] == status
    assert Complaint.objects.count() == 0


def test_problems_are_told_in_the_language_asked_for() -> None:
    client = Caller("agent").client

    chinese = client.get("/api/v1/complaints/TS20260101-00001").json()
    english = client.get("/api/v1/complaints/TS20260101-00001", headers={"Accept-Language": "en"}).json()

    assert chinese["title"] == "没有找到"
    assert english["title"] == "Not found"
    assert english["detail"].isascii()


def test_an_unexpected_fault_shows_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.api.showing.moves", lambda *_args: 1 / 0)
    call = Caller("agent")
    number = call.post("/complaints", BODY).json()["number"]

    response = call.get(f"/complaints/{number}")

    assert problem(response)[0] == 500
    assert "ZeroDivision" not in response.content.decode()
