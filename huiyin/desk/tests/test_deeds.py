"""What members do on the complaint page: done by those who may, refused with words to those who may not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.complaints.models import Complaint, Letter, Note
from huiyin.complaints.states import State
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.states import OrderState
from tests import cast

Sits = Callable[[str], Client]


def place(row: Complaint | WorkOrder, noun: str) -> str:
    kind = "complaints" if isinstance(row, Complaint) else "work-orders"
    return f"/desk/{kind}/{row.number}/{noun}"


def again(complaint: Complaint) -> Complaint:
    return Complaint.objects.get(pk=complaint.pk)


def words(answer: Any) -> str:
    return str(answer.content.decode())


REVIEW = {"category": "PQ-01", "severity": "3", "complexity": "C", "issues": "电饭煲不通电\n没有人回电", "note": ""}


@pytest.mark.req("A26", "A29", "A43")
def test_a_complaint_walks_from_review_to_closure_through_the_pages(sits: Sits) -> None:
    complaint = cast.filed(at=timezone.now())
    sits("reviewer").post(place(complaint, "review"), REVIEW)
    sits("reviewer").post(place(complaint, "dispatch"), {"unit_0": cast.unit("QM").pk})
    order = complaint.work_orders.get()
    sits("handler").post(place(order, "signature"))
    answers = {f"answer_{issue.pk}": "已核查，换新。" for issue in order.issues.all()}
    sits("handler").post(place(order, "completion"), {"findings": "主板虚焊。", "result_code": "已换新", **answers})
    sits("auditor").post(place(order, "pass"))
    letter = {"purpose": "final", "channel": "phone",
              "body": "您好，已为您换新。", "reached": "yes", "cause": "product"}  # fmt: skip
    sits("agent").post(place(complaint, "letters"), letter)
    answer = sits("agent").post(place(complaint, "closure"), {"outcome": "satisfied"})

    assert answer.status_code == 302
    assert again(complaint).state == State.CLOSED
    assert [issue.answer for issue in complaint.issues.all()] == ["已核查，换新。"] * 2


def test_the_page_offers_the_moves_of_the_member_and_no_others(sits: Sits) -> None:
    complaint = cast.filed()
    url = f"/desk/complaints/{complaint.number}"

    reviewer, agent = words(sits("reviewer").get(url)), words(sits("agent").get(url))

    assert f"{url}/review" in reviewer
    assert f"{url}/resolution" not in reviewer
    assert f"{url}/resolution" in agent
    assert f"{url}/review" not in agent


@pytest.mark.parametrize(
    "noun", ["taking-up", "review", "return", "dispatch", "merger", "assignment", "confidentiality"]
)
def test_what_may_not_be_done_changes_nothing(sits: Sits, noun: str) -> None:
    complaint = cast.filed()
    before = list(complaint.events.values_list("seq", "kind"))

    answer = sits("agent").post(place(complaint, noun), {**REVIEW, "reason": "试一试", "unit_0": cast.unit("QM").pk})

    assert answer.status_code in {403, 409}
    assert list(complaint.events.values_list("seq", "kind")) == before
    assert again(complaint).version == complaint.version


def test_an_outsider_finds_nothing_to_act_on(sits: Sits) -> None:
    [order] = cast.dispatched()

    assert sits("outsider").post(place(order.complaint, "notes"), {"text": "看看"}).status_code == 404
    assert sits("outsider").post(place(order, "signature")).status_code == 404
    assert WorkOrder.objects.get().state == OrderState.DISPATCHED
    assert not Note.objects.filter(text="看看").exists()


@pytest.mark.req("A44")
def test_signing_twice_is_refused_and_says_why(sits: Sits) -> None:
    [order] = cast.dispatched()
    sits("handler").post(place(order, "signature"))

    answer = sits("handler").post(place(order, "signature"))

    assert answer.status_code == 409
    assert "已签收" in words(answer)
    assert order.complaint.events.filter(kind="signed").count() == 1


@pytest.mark.req("A51", "A53")
def test_completing_with_an_issue_unanswered_is_refused_and_names_it(sits: Sits) -> None:
    [order] = cast.dispatched()
    sits("handler").post(place(order, "signature"))
    first, second = order.issues.all()

    answer = sits("handler").post(
        place(order, "completion"),
        {"findings": "换了主板。", "result_code": "已换新", f"answer_{first.pk}": "已修好", f"answer_{second.pk}": " "},
    )

    assert answer.status_code == 422
    assert f"问题点“{second.text}”还没有答复。" in words(answer)
    assert "换了主板。" in words(answer)
    assert WorkOrder.objects.get().state == OrderState.ACKNOWLEDGED


@pytest.mark.req("A53")
def test_completing_needs_content_and_a_result(sits: Sits) -> None:
    [order] = cast.dispatched()
    sits("handler").post(place(order, "signature"))
    answers = {f"answer_{issue.pk}": "已修好" for issue in order.issues.all()}

    for given in ({"findings": "", "result_code": "已换新"}, {"findings": "换了主板", "result_code": ""}):
        assert sits("handler").post(place(order, "completion"), {**given, **answers}).status_code == 422
    assert WorkOrder.objects.get().state == OrderState.ACKNOWLEDGED


@pytest.mark.req("A31")
def test_dispatching_to_a_person_of_another_unit_is_refused_with_what_was_typed(sits: Sits) -> None:
    complaint = cast.reviewed()

    answer = sits("reviewer").post(
        place(complaint, "dispatch"),
        {"unit_0": cast.unit("QM").pk, "assignee_0": cast.member("handler2").pk, "instructions": "请今天办完"},
    )

    assert answer.status_code == 422
    assert "不属于" in words(answer)
    assert "请今天办完" in words(answer)
    assert not WorkOrder.objects.exists()


def test_several_units_get_their_orders_at_once_each_with_its_issues(sits: Sits) -> None:
    complaint = cast.reviewed(at=timezone.now())
    first, second = complaint.issues.all()

    sits("reviewer").post(
        place(complaint, "dispatch"),
        {"unit_0": cast.unit("QM").pk, "issues_0": [first.pk], "unit_1": cast.unit("LOG").pk, "issues_1": [second.pk]},
    )

    orders = {order.unit.code: [issue.pk for issue in order.issues.all()] for order in WorkOrder.objects.all()}
    assert orders == {"QM": [first.pk], "LOG": [second.pk]}


def test_who_acts_on_an_old_page_sees_what_changed_and_keeps_what_was_typed(sits: Sits) -> None:
    complaint = cast.filed()
    sits("supervisor").post(place(complaint, "taking-up"), {"seen": "1"})

    stale = sits("reviewer").post(place(complaint, "return"), {"seen": "1", "reason": "缺订单号，请补充"})

    assert stale.status_code == 409
    assert "别人有了改动" in words(stale)
    assert "开始复核" in words(stale)
    assert "缺订单号，请补充" in words(stale)
    assert again(complaint).state == State.IN_REVIEW

    sits("reviewer").post(place(complaint, "return"), {"seen": "2", "reason": "缺订单号，请补充"})
    assert again(complaint).state == State.RETURNED_INTAKE


def test_a_note_keeps_its_words_and_tells_whom_it_mentions(sits: Sits) -> None:
    complaint = cast.filed()
    text = "<script>alert(1)</script> 'OR 1=1; -- 😡 \u202eabc @supervisor"

    sits("agent").post(place(complaint, "notes"), {"text": text})

    shown = words(sits("agent").get(f"/desk/complaints/{complaint.number}"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>alert(1)" not in shown
    assert Note.objects.get().text == text.replace("\u202e", "")
    assert complaint.number in words(sits("supervisor").get("/desk/"))


def test_a_text_of_a_megabyte_is_refused_with_its_length(sits: Sits) -> None:
    complaint = cast.filed()

    answer = sits("agent").post(place(complaint, "notes"), {"text": "长" * 1_000_000})

    assert answer.status_code == 422
    assert "1000000 字" in words(answer)
    assert not Note.objects.exists()


@pytest.mark.req("A52")
def test_a_handler_does_not_write_to_the_customer(sits: Sits) -> None:
    [order] = cast.dispatched()
    letter = {"purpose": "progress", "channel": "phone", "body": "您好", "reached": "yes"}

    answer = sits("handler").post(place(order.complaint, "letters"), letter)

    assert answer.status_code == 403
    assert not Letter.objects.exists()


def test_a_draft_is_kept_and_sent_later(sits: Sits) -> None:
    complaint = cast.waiting_for_reply()
    letter = {"purpose": "final", "channel": "phone",
              "body": "您好，正在为您换新。", "reached": "yes", "cause": "product",
              "breach_reason": "等配件"}  # fmt: skip

    sits("agent").post(place(complaint, "letters"), {**letter, "keep_draft": "on"})
    assert Letter.objects.get().status == Letter.Status.DRAFT
    assert "正在为您换新" in words(sits("agent").get(place(complaint, "letters")))
    sits("agent").post(place(complaint, "letters"), letter)

    assert Letter.objects.get().status == Letter.Status.SENT
    assert again(complaint).state == State.RESOLVED


def test_a_follow_up_date_that_is_none_or_past_is_refused(sits: Sits) -> None:
    [order] = cast.dispatched()

    for day in ("2020-01-01", "2026-13-45", "明天", "", "0001-01-01"):
        answer = sits("handler").post(place(order.complaint, "interim"), {"plan": "先换主板", "follow_up_on": day})
        assert answer.status_code == 422
        assert "先换主板" in words(answer)
    assert again(order.complaint).state == State.IN_PROGRESS


def test_merging_into_one_that_is_not_seen_is_refused(sits: Sits) -> None:
    complaint = cast.filed()

    answer = sits("reviewer").post(place(complaint, "merger"), {"into": "TS20990101-00001"})

    assert answer.status_code == 422
    assert "没有找到投诉 TS20990101-00001" in words(answer)


def test_validity_takes_two_people(sits: Sits) -> None:
    [order] = cast.dispatched()
    given = {"value": "misunderstood", "reason": "客户误解了保修期", "evidence": "保修卡照片"}

    sits("supervisor").post(place(order.complaint, "validity"), given)
    alone = sits("supervisor").post(place(order.complaint, "validity-confirmation"))
    assert alone.status_code in {403, 422}
    sits("supervisor2").post(place(order.complaint, "validity-confirmation"))

    assert again(order.complaint).state == State.NOT_VALID


def test_each_form_opens_by_itself_without_script(sits: Sits) -> None:
    complaint = cast.reviewed()

    page = sits("reviewer").get(place(complaint, "dispatch"))
    part = sits("reviewer").get(place(complaint, "dispatch"), headers={"HX-Request": "true"})

    assert "<html" in words(page)
    assert 'name="unit_0"' in words(page)
    assert "<html" not in words(part)
    assert 'name="unit_0"' in words(part)
