"""The same to several complaints at once: what was done, what was not and why, and taking it back."""

from collections.abc import Callable

import pytest
from django.test import Client

from huiyin.complaints.actions import keeping
from huiyin.complaints.models import Complaint, Note
from huiyin.desk.views import bulk
from tests import cast

Sits = Callable[[str], Client]
ASSIGN, UNDO, NOTE = "/desk/complaints/assignments", "/desk/complaints/assignments/undoing", "/desk/complaints/notes"


def assigned(client: Client, to: str, *complaints: Complaint) -> list[str]:
    """What the page offers to take back."""
    numbers = [each.number for each in complaints]
    return list(client.post(ASSIGN, {"to": cast.member(to).pk, "number": numbers}).context["undo"])


def owners(*complaints: Complaint) -> list[str | None]:
    return [Complaint.objects.values_list("assignee__username", flat=True).get(pk=each.pk) for each in complaints]


def test_an_assignment_is_taken_back_row_by_row_to_who_was_there_before() -> None:
    first, second = cast.filed(), cast.filed()
    keeping.assign(first, to=cast.member("supervisor"), actor=cast.actor("supervisor"), at=cast.MONDAY)
    before = first.events.get(kind="assigned")
    done = keeping.assign(first, to=cast.member("agent"), actor=cast.actor("supervisor"), at=cast.later(minutes=1))
    new = keeping.assign(second, to=cast.member("agent"), actor=cast.actor("supervisor"), at=cast.later(minutes=1))

    keeping.take_back(first, seq=done.seq, actor=cast.actor("supervisor"), at=cast.later(minutes=2))
    keeping.take_back(second, seq=new.seq, actor=cast.actor("supervisor"), at=cast.later(minutes=2))

    assert before.particulars["before"] is None
    assert owners(first, second) == ["supervisor", None]
    assert first.events.order_by("-seq")[0].particulars["undoes"] == done.seq


@pytest.mark.req("A45")
def test_undoing_says_for_each_row_whether_it_was_changed_since(sits: Sits) -> None:
    kept, changed = cast.filed(), cast.filed()
    client = sits("supervisor")
    undo = assigned(client, "agent", kept, changed)
    changed.refresh_from_db()
    keeping.assign(changed, to=cast.member("reviewer"), actor=cast.actor("reviewer"), at=cast.later(minutes=5))

    answer = client.post(UNDO, {"undo": undo}).content.decode()

    assert "1 件完成，1 件没有" in answer
    assert "之后负责人又有变动" in answer
    assert owners(kept, changed) == [None, "reviewer"]


def test_nobody_takes_back_what_another_assigned(sits: Sits) -> None:
    complaint = cast.filed()
    undo = assigned(sits("supervisor"), "agent", complaint)

    assert "只能撤销自己刚做的指定" in sits("reviewer").post(UNDO, {"undo": undo}).content.decode()
    assert "没有找到，或您无权查看" in sits("outsider").post(UNDO, {"undo": undo}).content.decode()
    assert owners(complaint) == ["agent"]


@pytest.mark.parametrize("undo", [["junk"], ["TS1:x"], ["TS20261116-00001:99999999999"], ["\x00:1"], []])
def test_whatever_is_sent_as_undo_nothing_breaks(sits: Sits, undo: list[str]) -> None:
    assert sits("supervisor").post(UNDO, {"undo": undo}).status_code == 200


def test_one_note_goes_to_each_complaint_once(sits: Sits) -> None:
    plain = cast.filed()
    first, second = cast.dispatched(cast.reviewed(cast.filed()), "QM", "LOG")
    numbers = [plain.number, first.number, second.number]
    client = sits("supervisor")

    assert 'name="text"' in client.post(NOTE, {"number": numbers}).content.decode()
    assert client.post(NOTE, {"number": numbers, "text": "  "}).status_code == 422
    answer = client.post(NOTE, {"number": numbers, "text": "同一批次，等质检结果。"}).content.decode()

    assert "2 件完成，1 件没有" in answer
    assert Note.objects.filter(kind=Note.Kind.NOTE).count() == 2


def test_a_note_needs_the_right_to_it_and_what_is_hidden_gets_none(sits: Sits) -> None:
    complaint = cast.filed()

    sits("outsider").post(NOTE, {"number": [complaint.number], "text": "看不到的"})

    assert sits("analyst").post(NOTE, {"number": [complaint.number], "text": "无权"}).status_code == 403
    assert Note.objects.filter(kind=Note.Kind.NOTE).count() == 0


def test_the_chosen_are_exported_and_no_others(sits: Sits) -> None:
    wanted, other = cast.filed(), cast.filed()
    given = {"number": [wanted.number], "kind": "csv"}

    answer = sits("manager").post("/desk/complaints/chosen", given)

    table = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # it is a streaming answer
    assert wanted.number in table
    assert other.number not in table
    assert sits("agent").post("/desk/complaints/chosen", given).status_code == 403


def test_what_is_over_the_limit_is_said_and_left_alone(sits: Sits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST", 1)
    first, second = cast.filed(), cast.filed()

    answer = sits("supervisor").post(ASSIGN, {"to": cast.member("agent").pk, "number": [first.number, second.number]})

    assert "一次最多 1 件" in answer.content.decode()
    assert owners(first, second) == ["agent", None]


def test_signing_says_before_that_it_cannot_be_undone_and_offers_no_undo(sits: Sits) -> None:
    [order] = cast.dispatched()
    client = sits("handler")

    assert "不能撤销" in client.get("/desk/complaints/?view=sign").content.decode()
    assert client.post("/desk/complaints/signatures", {"number": [order.number]}).context["undo"] == []


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/desk/complaintsx", ""])
def test_the_way_back_leads_to_the_queue_only(sits: Sits, back: str) -> None:
    answer = sits("supervisor").post(ASSIGN, {"number": ["TS1"], "to": "0", "back": back})

    assert answer.context["back"] == "/desk/complaints/"
