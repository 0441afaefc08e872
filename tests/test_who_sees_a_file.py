"""A file that came with words, by every way to it: the page, its address, the interface."""

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.api.tests.calling import Caller
from huiyin.complaints.actions import attaching, noting, replying
from huiyin.complaints.models import Attachment, Letter
from huiyin.org.actors import CUSTOMER
from huiyin.org.field_access import FIELD_ACCESS
from tests import cast
from tests.cast import actor

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def at_desk(username: str) -> Client:
    client = Client()
    client.force_login(cast.member(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_files_are_seen_by_whoever_reads_the_words_they_came_with(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.company()
    at = timezone.now()
    [order] = cast.dispatched(cast.reviewed(cast.filed(at=at), at=at), at=at)
    cast.passed(cast.completed(order, at=at), at=at)
    complaint = order.complaint
    complaint.refresh_from_db()
    given = {
        "客户的.png": attaching.attach(complaint, name="客户的.png", chunks=[PNG], actor=CUSTOMER, at=at).pk,
        "单独的.png": attaching.attach(complaint, name="单独的.png", chunks=[PNG], actor=actor("agent"), at=at).pk,
    }
    note = noting.note(complaint, text="见图", files=[("备注的.png", [PNG])], actor=actor("agent"), at=at)
    gone = noting.note(complaint, text="写错", files=[("撤回的.png", [PNG])], actor=actor("agent"), at=at)
    noting.withdraw(gone, actor=actor("agent"), at=at)
    sent = noting.note(complaint, text="也写错", files=[("也寄给客户的.png", [PNG])], actor=actor("agent"), at=at)
    replying.send(
        complaint, channel=Letter.Channel.POST, body="请见附图。", is_final=False, actor=actor("agent"), at=at,
        kept=Attachment.objects.filter(pk__in=sent.enclosed).values_list("pk", flat=True),
    )  # fmt: skip
    noting.withdraw(sent, actor=actor("agent"), at=at)
    letter = replying.send(
        complaint, channel=Letter.Channel.PHONE, body="已说明。", is_final=False, actor=actor("agent"), at=at,
        files=[("电话的.png", [PNG])], kept=[given["客户的.png"]],
    )  # fmt: skip
    given["也寄给客户的.png"] = sent.enclosed[0]
    given |= {"备注的.png": note.enclosed[0], "撤回的.png": gone.enclosed[0], "电话的.png": letter.enclosed[-1]}

    def found(username: str) -> set[str]:
        """The same on the page, by its address, and by the interface."""
        place, desk = f"/desk/complaints/{complaint.number}", at_desk(username)
        page, call = desk.get(place).content.decode(), Caller(username)
        ways = (
            {name for name in given if name in page},
            {name for name, pk in given.items() if desk.get(f"{place}/attachments/{pk}").status_code == 200},
            {each["name"] for each in call.get(f"/complaints/{complaint.number}").json()["attachments"]},
            {
                name
                for name, pk in given.items()
                if call.get(f"/complaints/{complaint.number}/attachments/{pk}").status_code == 200
            },
        )
        assert [each for each in ways if each != ways[0]] == []
        return ways[0]

    assert found("supervisor") == set(given) - {"撤回的.png"}
    monkeypatch.setitem(FIELD_ACCESS["supervisor"], "comm_log", "-")  # as finance has it
    assert found("supervisor") == {"客户的.png", "单独的.png"}

    assert {each.name for each in Attachment.objects.beside_notes()} == set(given) - {"备注的.png", "撤回的.png"}
