from typing import Any

import pytest
from django.test import Client

from huiyin.channels.models import Message
from huiyin.portal import tasks
from huiyin.portal.tests.visiting import number_of
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]


@pytest.fixture
def deferred(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was queued."""
    queued: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.send_link, "defer", lambda **given: queued.append(given))
    return queued


def look_up(client: Client, number: str, phone: str) -> Any:
    form = number_of(client.get("/portal/find").content.decode())
    return client.post("/portal/find", {"form": form, "number": number, "phone": phone})


def test_whoever_knows_number_and_telephone_is_mailed_the_link(client: Client, deferred: list[dict[str, Any]]) -> None:
    complaint = cast.filed(email="zhangwei@example.com")

    look_up(client, complaint.number.lower(), "139 0000 1111")

    [job] = deferred
    assert "139" not in str(job["phone_digest"])[:3]
    tasks.send_link(**job)
    message = Message.objects.get(direction="out")
    assert (message.recipient, complaint.tracking_code in message.text) == ("zhangwei@example.com", True)


def test_the_answer_tells_nobody_whether_there_is_such_a_complaint(
    client: Client, deferred: list[dict[str, Any]]
) -> None:
    complaint = cast.filed(email="zhangwei@example.com")
    pairs = [
        (complaint.number, "13900001111"),
        (complaint.number, "13900002222"),
        ("TS20200101-00001", "13900001111"),
        ("'; --", "?"),
    ]

    answers = {look_up(client, number, phone).content for number, phone in pairs}
    for job in deferred:
        tasks.send_link(**job)

    assert len(answers) == 1
    assert complaint.tracking_code not in answers.pop().decode()
    assert Message.objects.filter(direction="out").count() == 1


def test_nobody_is_flooded_with_mail(client: Client, deferred: list[dict[str, Any]]) -> None:
    complaint = cast.filed(email="zhangwei@example.com")

    codes = [look_up(client, complaint.number, "13900001111").status_code for _each in range(11)]

    assert codes == [200] * 10 + [429]
    assert len(deferred) == 3
