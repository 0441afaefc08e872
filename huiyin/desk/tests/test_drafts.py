"""What was begun is found again from another machine, by its writer alone, and goes when it is sent or grows old."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.complaints.actions import drafting, keeping, noting
from huiyin.complaints.models import Complaint, Draft
from huiyin.complaints.tasks import forget_drafts
from huiyin.dispatch.actions import handling
from tests import cast
from tests.cast import actor, member

Sits = Callable[[str], Client]
WORDS = "暗号蓝鲸七十二号"


def at(key: str) -> str:
    return f"/desk/drafts/{key}"


def kept(client: Client, key: str, seen: object = "", **values: str) -> Any:
    written = json.dumps({name: [words] for name, words in values.items()})
    return client.post(at(key), {"values": written, "seen": seen})


def found(client: Client, key: str) -> Any:
    return client.get(at(key)).json()["draft"]


def test_a_draft_is_found_from_another_machine_by_its_writer_and_by_nobody_else(sits: Sits) -> None:
    number = cast.filed().number
    for key, field in ((f"notes:{number}", "text"), (f"letters:{number}", "body"), ("intake", "name")):
        assert kept(sits("agent"), key, **{field: WORDS}).status_code == 200
        assert found(sits("agent"), key)["values"] == {field: [WORDS]}
        assert found(sits("agent2"), key) is None
    assert sits("outsider").get(at(f"notes:{number}")).status_code == 404
    assert kept(sits("outsider"), f"notes:{number}", text="x").status_code == 404
    assert Draft.objects.count() == 3


def test_it_is_sealed_in_the_table() -> None:
    drafting.keep(
        member=member("agent"), form=Draft.Form.NOTE, complaint=cast.filed(), values={"text": [WORDS]}, seen_seq=1,
        at=timezone.now(),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT values FROM complaints_draft")
        stored = bytes(cursor.fetchone()[0])
    assert (WORDS.encode() in stored, stored[:1]) == (False, b"\x01")


def test_it_goes_when_it_is_sent_and_when_it_is_discarded(sits: Sits) -> None:
    complaint, client = cast.filed(), sits("agent")
    note, letter = f"notes:{complaint.number}", f"letters:{complaint.number}"
    kept(client, note, text=WORDS)
    kept(client, letter, body=WORDS)

    client.post(f"/desk/complaints/{complaint.number}/notes", {"text": WORDS})
    assert (found(client, note), found(client, letter)["values"]) == (None, {"body": [WORDS]})
    said = {"purpose": "progress", "channel": "phone", "reached": "yes", "body": "您好，工号 10086 为您核查，请放心。"}
    refused = client.post(f"/desk/complaints/{complaint.number}/letters", {**said, "body": ""})
    assert (refused.status_code, found(client, letter)["values"]) == (422, {"body": [WORDS]})
    client.post(f"/desk/complaints/{complaint.number}/letters", {**said, "keep_draft": "on"})
    assert found(client, letter) is None

    kept(client, note, text=WORDS)
    assert client.delete(at(note)).status_code == 204
    assert Draft.objects.count() == 0


def test_it_says_whether_others_moved_the_complaint_since(sits: Sits) -> None:
    complaint, client = cast.filed(), sits("agent")
    seen = complaint.events.count()
    kept(client, f"letters:{complaint.number}", seen=seen, body=WORDS)
    beside = noting.note(complaint, text="旁注", actor=actor("supervisor"), at=timezone.now())
    noting.withdraw(beside, actor=actor("supervisor"), at=timezone.now())
    assert found(client, f"letters:{complaint.number}")["has_moved"] is False
    assert "此后有新进展" not in client.get("/desk/").content.decode()

    keeping.assign(complaint, to=member("agent2"), actor=actor("reviewer"), at=timezone.now())

    assert found(client, f"letters:{complaint.number}")["has_moved"] is True
    assert "此后有新进展" in client.get("/desk/").content.decode()


def test_after_thirty_days_it_is_forgotten() -> None:
    now = timezone.now()
    for days, form in ((29, Draft.Form.NOTE), (31, Draft.Form.LETTER)):
        drafting.keep(
            member=member("agent"), form=form, complaint=cast.filed(), values={"text": ["x"]}, seen_seq=None,
            at=now - timedelta(days=days),
        )  # fmt: skip
    forget_drafts(0)
    assert [draft.form for draft in Draft.objects.all()] == ["notes"]


@pytest.mark.parametrize(
    ("key", "data", "status"),
    [
        ("intake", {"values": "{"}, 400),
        ("intake", {"values": "[" * 100_000}, 400),
        ("intake", {"values": '{"a": "b"}'}, 400),
        ("intake", {"values": '{"a b": ["x"]}'}, 400),
        ("intake", {"values": "{}", "seen": "9" * 5000}, 200),
        ("intake", {"values": json.dumps({"text": ["长" * 100_001]})}, 413),
        ("intake", {"values": json.dumps({"text": ["a\x00b"]})}, 200),
        ("intake", {"values": json.dumps({"text": ["\ud800"]})}, 400),
        ("nothing", {"values": "{}"}, 404),
        ("notes:TS20000101-00001", {"values": "{}"}, 404),
        ("notes:%00", {"values": "{}"}, 404),
    ],
)
def test_what_is_no_draft_is_refused_and_keeps_what_there_was(
    sits: Sits, key: str, data: dict[str, str], status: int
) -> None:
    assert sits("agent").post(at(key), data).status_code == status
    assert Draft.objects.count() == (status == 200)


def test_my_work_lists_them_at_one_cost_and_each_letter_once(sits: Sits) -> None:
    client = sits("agent")

    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            client.get("/desk/")
        return len(made)

    rows: list[Complaint] = [cast.filed(phone=f"1370000000{number}") for number in range(3)]
    kept(client, f"notes:{rows[0].number}", text="备注草稿一")
    first = cost()
    kept(client, f"letters:{rows[1].number}", body="答复草稿二")
    said = {"purpose": "progress", "channel": "phone", "reached": "yes", "body": "存下的旧草稿", "keep_draft": "on"}
    client.post(f"/desk/complaints/{rows[2].number}/letters", said)
    kept(client, "intake", name="登记草稿四")
    assert cost() == first

    shown = client.get("/desk/").content.decode()
    wanted = ("备注草稿一", "答复草稿二", "存下的旧草稿", "登记草稿四")
    assert {words: words in shown for words in wanted} == dict.fromkeys(wanted, True)
    kept(client, f"letters:{rows[2].number}", body="接着写的新草稿")
    shown = client.get("/desk/").content.decode()
    assert ("存下的旧草稿" in shown, "接着写的新草稿" in shown) == (False, True)


def test_a_work_orders_report_is_kept_by_its_order_and_listed_under_my_work(sits: Sits) -> None:
    now = timezone.now()
    (order,) = cast.dispatched(cast.reviewed(cast.filed(at=now), at=now), at=now)
    key, client = f"completion:{order.number}", sits("handler")
    handling.sign(order, actor=actor("handler"), at=now)
    place = f"/desk/work-orders/{order.number}/completion"
    assert kept(client, key, seen=99, findings=WORDS, result_code="").status_code == 200
    assert (found(client, key)["values"]["findings"], found(sits("agent"), key)) == ([WORDS], None)
    assert f'data-draft-store="/desk/drafts/{key}"' in client.get(place).content.decode()

    home = client.get("/desk/").content.decode()
    assert WORDS in home
    assert f'href="{place}"' in home
    assert sits("outsider").get(at(key)).status_code == 404

    assert client.post(place, {"findings": WORDS, "result_code": ""}).status_code == 422
    assert found(client, key) is not None
    answers = {f"answer_{issue.pk}": "已更换并通电试过。" for issue in order.issues.all()}
    assert client.post(place, {"findings": "主板虚焊。", "result_code": "已换新", **answers}).status_code == 302
    assert found(client, key) is None


def test_any_form_about_a_complaint_is_kept_and_its_draft_can_be_thrown_away_by_its_writer(sits: Sits) -> None:
    complaint, client = cast.filed(), sits("reviewer")
    assert kept(client, f"return:{complaint.number}", reason=WORDS).status_code == 200
    assert kept(client, f"no-such-deed:{complaint.number}", reason=WORDS).status_code == 404
    assert kept(client, "completion:GD-NO-SUCH", findings=WORDS).status_code == 404
    draft = Draft.objects.get()
    home = client.get("/desk/").content.decode()
    assert WORDS in home
    assert "退回补充" in home
    assert f"/desk/drafts/{draft.pk}/drop" in home

    assert sits("agent").post(f"/desk/drafts/{draft.pk}/drop").status_code == 404
    assert client.post(f"/desk/drafts/{draft.pk}/drop").status_code == 302
    assert Draft.objects.count() == 0
