"""The library on the desk, a method followed on the complaint page, and letters that mind their words."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from huiyin.complaints.actions import guiding
from huiyin.complaints.models import Complaint, Guidance, Letter, Validity
from huiyin.complaints.states import State
from huiyin.knowledge.models import LibraryCase, Script
from huiyin.knowledge.scripts import NOT_AT_FAULT
from tests import cast
from tests.cast import actor, later

Sits = Callable[[str], Client]
LIBRARY = "/desk/knowledge/"
EVIDENCE = "原话：“你们承认翻新就行”，录音 02:10。"


def words(answer: Any) -> str:
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


def place(complaint: Complaint, noun: str = "") -> str:
    return f"/desk/complaints/{complaint.number}" + (f"/{noun}" if noun else "")


def letter(body: str, **given: str) -> dict[str, str]:
    return {"purpose": "final", "channel": "phone", "body": body, "reached": "yes", "cause": "other", **given}


@pytest.mark.parametrize(
    ("shelf", "shown"),
    [
        ("scripts", "包裹丢失"),
        ("playbooks", "感情用事型"),
        ("methods", "客户投诉处理六步法"),
        ("cases", "老人担心热水器安全"),
        ("phrases", "不归我管"),
    ],
)
@pytest.mark.req("C056", "A15")
def test_every_shelf_of_the_library_shows_what_it_has_and_can_be_searched(sits: Sits, shelf: str, shown: str) -> None:
    assert shown in words(sits("agent").get(f"{LIBRARY}?shelf={shelf}"))
    assert "没有找到" in words(sits("agent").get(f"{LIBRARY}?shelf={shelf}&q=没有这样的词"))


def test_who_reads_complaints_reads_the_library_and_an_administrator_edits_it(sits: Sits) -> None:
    readers = ("agent", "reviewer", "handler", "auditor", "executive", "legal", "analyst", "outsider")
    assert {name: sits(name).get(LIBRARY).status_code for name in readers} == dict.fromkeys(readers, 200)
    assert sits("admin").get(LIBRARY).status_code == 403
    assert sits("admin").get("/admin/knowledge/script/").status_code == 200
    assert sits("agent").get("/admin/knowledge/script/").status_code == 302


@pytest.mark.req("A13")
def test_a_playbook_links_its_typical_case_or_asks_for_one(sits: Sits) -> None:
    page = words(sits("agent").get(f"{LIBRARY}?shelf=playbooks&q=SC-1"))
    assert "老人担心热水器安全" in page
    assert "还没有典型案例" not in page

    assert "还没有典型案例" in words(sits("agent").get(f"{LIBRARY}?shelf=playbooks&q=SC-4"))


def _leave_only(rows: QuerySet[Any], kept: int) -> None:
    rows.update(is_active=False)
    rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:kept])).update(is_active=True)


@pytest.mark.parametrize("shelf", ["scripts", "cases"])
def test_the_library_asks_the_same_few_questions_however_much_there_is(
    sits: Sits, shelf: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    member = sits("agent")
    member.get(LIBRARY)
    url = f"{LIBRARY}?shelf={shelf}"
    count = {"scripts": 5, "cases": 5}[shelf]
    for kept in (1, 3):
        _leave_only(Script.objects.all(), kept)
        _leave_only(LibraryCase.objects.all(), kept)
        with django_assert_num_queries(count):
            page = member.get(url)
        assert words(page).count('<section class="panel"') == kept


@pytest.mark.req("A15", "D26")
def test_any_complaint_can_be_handled_in_six_steps_ticked_one_by_one(sits: Sits) -> None:
    complaint = cast.reviewed()
    agent = sits("agent")
    assert "选择处理方法" in words(agent.get(place(complaint)))

    agent.post(place(complaint, "guidance"), {"method": "M-6"})
    page = words(agent.get(place(complaint)))
    for name in ("安抚与理解", "受理与记录", "核查与处理", "答复与协商", "升级与特办", "感谢与回访"):
        assert f"完成：{name}" in page

    agent.post(place(complaint, "guidance-steps"), {"step": "1"})
    page = words(agent.get(place(complaint)))
    assert "完成：安抚与理解" not in page
    assert "完成：受理与记录" in page
    assert agent.post(place(complaint, "guidance-steps"), {"step": "1"}).status_code == 422


@pytest.mark.req("D27")
def test_the_second_step_restates_the_question_and_the_wish(sits: Sits) -> None:
    complaint = cast.reviewed(cast.filed(expectation="希望换货", occurred_place="人民路旗舰店"))
    guiding.begin(complaint, method="M-7", actor=actor("agent"), at=later(minutes=30))

    page = words(sits("agent").get(place(complaint)))

    assert "我复述一下：您反映的问题，一是电饭煲不通电；二是没有人回电；地点是人民路旗舰店；您希望换货。" in page


@pytest.mark.req("C056")
def test_a_step_offers_each_script_for_three_channels(sits: Sits) -> None:
    complaint = cast.reviewed()
    guiding.begin(complaint, method="M-6", actor=actor("agent"), at=later(minutes=30))

    page = words(sits("agent").get(place(complaint)))

    said = {
        channel: found[1]
        for channel in ("phone", "chat", "mail")
        if (found := re.search(rf'id="say-4-RS-14-{channel}">([^<]+)<', page))
    }
    assert len(set(said.values())) == 3
    assert all("影响您正常使用，抱歉。" in text for text in said.values())


@pytest.mark.req("A01")
def test_a_playbook_is_chosen_by_evidence_confirmed_by_another_and_not_shown_after_closure(sits: Sits) -> None:
    complaint = cast.resolved()
    agent = sits("agent")
    refused = agent.post(place(complaint, "guidance"), {"method": "SC-2", "evidence": " "})
    assert refused.status_code == 422
    assert not Guidance.objects.exists()

    agent.post(place(complaint, "guidance"), {"method": "SC-2", "evidence": EVIDENCE})
    page = words(agent.get(place(complaint)))
    assert "固执己见型" in page
    assert "确认证据属实" not in page
    assert "确认证据属实" in words(sits("supervisor").get(place(complaint)))
    sits("supervisor").post(place(complaint, "guidance-confirmation"))
    assert Guidance.objects.get().confirmed_by == cast.member("supervisor")

    agent.post(place(complaint, "closure"), {"outcome": "satisfied"})
    after = words(agent.get(place(complaint)))
    assert [name for name in ("固执己见型", EVIDENCE, "SC-2") if name in after] == []


def test_who_only_reads_sees_no_method_and_chooses_none(sits: Sits) -> None:
    complaint = cast.reviewed()
    guiding.begin(complaint, method="SC-2", evidence=EVIDENCE, actor=actor("agent"), at=later(minutes=30))

    for name in ("auditor", "analyst", "executive"):
        assert EVIDENCE not in words(sits(name).get(place(complaint)))
        assert sits(name).post(place(complaint, "guidance"), {"method": "M-6"}).status_code == 403
    assert sits("outsider").post(place(complaint, "guidance"), {"method": "M-6"}).status_code == 404
    assert Guidance.objects.count() == 1


@pytest.mark.req("D28")
@pytest.mark.parametrize("comma", ["，", ",", ""])
def test_an_apology_with_a_but_is_not_sent_and_what_was_typed_stays(sits: Sits, comma: str) -> None:
    complaint = cast.waiting_for_reply()
    body = f"您好，我是李雷。对不起{comma}但是这是您操作的问题，三天内换新。"

    answer = sits("agent").post(place(complaint, "letters"), letter(body))

    assert answer.status_code == 422
    page = words(answer)
    assert "带辩解的道歉（FP-12）" in page
    assert "对不起，是我们没做好。接下来我们会" in page
    assert body in page
    assert not Letter.objects.exists()
    assert Complaint.objects.get(pk=complaint.pk).state == State.REPLYING


@pytest.mark.req("B21")
def test_a_first_letter_without_a_greeting_waits_for_a_tick(sits: Sits) -> None:
    complaint = cast.waiting_for_reply()
    given = letter("电饭煲已安排换新，三天内送到。", channel="post") | {"breach_reason": "配件晚到一天"}

    asked = sits("agent").post(place(complaint, "letters"), given)
    assert asked.status_code == 422
    assert "缺少问候（RP-01），例如：您好" in words(asked)
    assert "缺少自报身份（RP-02）" in words(asked)
    assert 'name="confirm_words"' in words(asked)

    sits("agent").post(place(complaint, "letters"), {**given, "confirm_words": "on"})
    assert Letter.objects.get().status == Letter.Status.SENT
    replied = complaint.events.get(kind="replied").particulars
    assert replied["phrases"] == ["RP-01", "RP-02"]


@pytest.mark.req("D28")
def test_what_is_explained_on_the_spot_minds_its_words_too(sits: Sits) -> None:
    complaint = cast.filed(by=actor("agent"))
    given = {
        "explanation": "对不起,但是规定就是这样。",
        "customer_agreed": "on",
        "cause": "other",
        "breach_reason": "漏看",
    }

    answer = sits("agent").post(place(complaint, "resolution"), given)

    assert answer.status_code == 422
    assert "生硬（FP-06）" in words(answer)
    assert Complaint.objects.get(pk=complaint.pk).state == State.RECEIVED


def test_a_draft_is_kept_whatever_its_words(sits: Sits) -> None:
    complaint = cast.waiting_for_reply()

    sits("agent").post(place(complaint, "letters"), {**letter("这事不归我管"), "keep_draft": "on"})

    assert Letter.objects.get().status == Letter.Status.DRAFT


@pytest.mark.req("D29")
def test_where_it_is_not_our_fault_the_reply_offers_regret_first(sits: Sits) -> None:
    complaint = cast.waiting_for_reply()
    Validity.objects.create(
        complaint=complaint, value=Validity.Value.MISUNDERSTOOD, reason="误解", evidence="页面截图",
        proposed_by=cast.member("supervisor"), proposed_at=later(hours=6),
    )  # fmt: skip

    page = words(sits("agent").get(place(complaint, "letters")))

    offered = re.findall(r'<span class="faint">(RS-\d\d)</span>', page[page.index('id="script-menu"') :])
    assert offered[:2] == ["RS-31", "RS-32"]
    assert "RS-33" not in offered


@pytest.mark.req("C056")
def test_the_reply_form_holds_scripts_to_insert_or_to_copy(sits: Sits) -> None:
    complaint = cast.waiting_for_reply()

    page = words(sits("agent").get(place(complaint, "letters"), headers={"HX-Request": "true"}))

    assert 'data-insert="#move_body"' in page
    assert "客户张伟您好，我是客户服务中心的" in page
    assert f"编号{complaint.number}" in page


def test_the_words_are_looked_at_while_they_are_written(sits: Sits) -> None:
    complaint = cast.waiting_for_reply()
    given = letter("抱歉，目前无法提前发货。这事不归我管。", channel="post")

    found = words(sits("agent").post(place(complaint, "wording"), given))

    assert "推诿（FP-03）" in found
    assert "最快【待填：下次联系时间】可以提前发货" in found
    assert sits("outsider").post(place(complaint, "wording"), given).status_code == 404


def test_the_judgements_that_ask_for_regret_are_ones_that_there_are() -> None:
    assert {*map(str, Validity.NOT_VALID), str(Validity.Value.THIRD_PARTY)} == NOT_AT_FAULT
