"""Time on the complaint page: stopped, resumed, extended, promised, explained, supervised; each says its effect."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.complaints.actions import clocks, replying, sweeping
from huiyin.complaints.models import Clock, Complaint, Extension, Letter, Pause
from huiyin.complaints.states import State
from huiyin.sla.actions import amending
from huiyin.sla.queries import current
from huiyin.supervision.models import Supervision
from tests import cast
from tests.cast import actor

Sits = Callable[[str], Client]


def words(answer: Any) -> str:
    return str(answer.content.decode())


def at_work() -> Complaint:
    """In hand since an hour."""
    now = timezone.now() - timedelta(hours=1)
    complaint = cast.filed(at=now)
    cast.dispatched(cast.reviewed(complaint, at=now), at=now)
    return Complaint.objects.get(pk=complaint.pk)


def place(row: Complaint, noun: str) -> str:
    return f"/desk/complaints/{row.number}/{noun}"


def the(complaint: Complaint, code: str = "CK-RESOLVE") -> Clock:
    return Clock.objects.get(complaint=complaint, code=code)


def late(complaint: Complaint) -> Clock:
    """The promised resolution is broken, and the sweep has seen it."""
    clock = the(complaint)
    Clock.objects.filter(pk=clock.pk).update(due_at=timezone.now() - timedelta(minutes=5), attention_at=timezone.now())
    sweeping.sweep(at=timezone.now() + timedelta(seconds=1))
    return the(complaint)


def as_typed(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def test_a_pause_shows_the_policys_reasons_with_their_limits_and_what_each_stops(sits: Sits) -> None:
    page = words(sits("agent").get(place(at_work(), "pause")))

    assert "等待客户补充材料或确认（最长 72 小时" in page
    assert "第三方检测鉴定（最长 20 个工作日" in page
    assert "等待客户补充材料或确认：停住" in page
    assert 'value="FORCE_MAJ"' not in page


def test_force_majeure_is_the_supervisors_to_give(sits: Sits) -> None:
    complaint = at_work()
    given = {"code": "FORCE_MAJ", "reason": "台风停工通知", "review": as_typed(timezone.now() + timedelta(days=2))}

    assert sits("agent").post(place(complaint, "pause"), given).status_code == 422
    assert sits("supervisor").post(place(complaint, "pause"), given).status_code == 302

    assert [each.reason for each in Pause.objects.filter(complaint=complaint)] == ["FORCE_MAJ"]
    complaint.refresh_from_db()
    assert complaint.state == State.IN_PROGRESS


def test_a_pause_past_its_limit_is_refused_and_what_was_typed_stays(sits: Sits) -> None:
    complaint = at_work()
    until = as_typed(timezone.now() + timedelta(days=30))

    answer = sits("agent").post(
        place(complaint, "pause"), {"code": "WAIT_CUST", "reason": "等发票照片", "until": until}
    )

    assert answer.status_code == 422
    assert "最长只能暂停到" in words(answer)
    assert "等发票" in words(answer)
    assert not complaint.pauses.exists()


def test_of_two_pauses_one_is_ended_and_the_other_holds_on(sits: Sits) -> None:
    complaint = at_work()
    desk = sits("supervisor")
    words_of = {"reason": "送检，委托单 123；请客户补发票"}
    assert "还没有告知客户的记录：请先“联系客户”" in words(desk.get(place(complaint, "pause")))
    refused = desk.post(place(complaint, "pause"), {"code": "WAIT_LAB", **words_of})
    assert (refused.status_code, "委托单 123" in words(refused)) == (422, True)
    told = cast.informed(complaint, at=timezone.now())
    assert f'value="{told}"' in words(desk.get(place(complaint, "pause")))
    desk.post(place(complaint, "pause"), {"code": "WAIT_LAB", **words_of, "evidence": told})
    desk.post(place(complaint, "pause"), {"code": "WAIT_CUST", **words_of})
    assert "进展告知（电话）" in words(desk.get(f"/desk/complaints/{complaint.number}"))

    assert "恢复哪一项" in words(desk.get(place(complaint, "resumption")))
    desk.post(place(complaint, "resumption"), {"which": "WAIT_CUST"})

    assert [each.reason for each in complaint.pauses.running()] == ["WAIT_LAB"]
    assert the(complaint).paused_at is not None
    assert "截止" in words(desk.get(place(complaint, "resumption")))
    desk.post(place(complaint, "resumption"))
    assert not complaint.pauses.running().exists()
    assert desk.get(place(complaint, "resumption")).status_code == 302  # nothing left to resume


def test_more_time_is_asked_for_with_the_new_due_time_shown_and_granted_by_another_once_the_customer_knows(
    sits: Sits,
) -> None:
    complaint = at_work()
    before = the(complaint)
    form = words(sits("agent").get(place(complaint, "extensions")))
    assert "延 1 天到" in form

    asked = {"clock": str(before.pk), "days": "2", "reason": "配件需从厂家调货，客户已书面同意等待"}
    sits("agent").post(place(complaint, "extensions"), asked)
    extension = Extension.objects.get()
    verdict = {"extension": str(extension.pk), "verdict": "grant"}
    assert "还没有告知客户" in words(sits("supervisor").get(place(complaint, "extension-verdicts")))
    assert sits("supervisor").post(place(complaint, "extension-verdicts"), verdict).status_code == 422
    replying.send(
        complaint, channel=Letter.Channel.PHONE, body="您好，需要多两天。", is_final=False,
        actor=actor("agent"), at=timezone.now(),
    )  # fmt: skip
    assert sits("supervisor").post(place(complaint, "extension-verdicts"), verdict).status_code == 302

    assert the(complaint).due_at > before.due_at
    assert f'value="{before.pk}"' not in words(sits("agent").get(place(complaint, "extensions")))
    assert sits("agent").get(place(complaint, "extension-verdicts")).status_code == 302


@pytest.mark.req("C027")
def test_a_late_final_answer_asks_why_and_files_it(sits: Sits) -> None:
    complaint = cast.waiting_for_reply()
    late(complaint)
    letter = {
        "purpose": "final",
        "channel": "phone",
        "body": "您好，已为您换新。",
        "reached": "yes",
        "cause": "product",
    }

    refused = sits("agent").post(place(complaint, "letters"), letter)
    sits("agent").post(place(complaint, "letters"), {**letter, "breach_reason": "主板缺货，等厂家发货"})

    assert refused.status_code == 422
    assert "请写明为什么超时" in words(refused)
    explained = the(complaint).explanation
    assert explained is not None
    assert explained.text == "主板缺货，等厂家发货"
    complaint.refresh_from_db()
    assert complaint.state == State.RESOLVED


@pytest.mark.req("C027")
def test_settling_a_late_one_on_the_spot_asks_why_in_its_own_form_and_keeps_what_was_typed(sits: Sits) -> None:
    complaint = cast.filed(at=timezone.now() - timedelta(days=9))
    given = {"explanation": "已当场换了新的", "customer_agreed": "on", "cause": "product"}
    url = place(complaint, "resolution")

    assert "解决已超时：请说明超时原因" in words(sits("agent").get(url))
    refused = sits("agent").post(url, given)
    sits("agent").post(url, {**given, "breach_reason": "排队排漏了"})

    assert refused.status_code == 422
    assert "已当场换了新的" in words(refused)
    assert 'name="breach_reason"' in words(refused)
    complaint.refresh_from_db()
    explained = the(complaint).explanation
    assert (complaint.state, explained and explained.text) == (State.RESOLVED, "排队排漏了")


def test_an_answer_in_time_is_not_asked_why(sits: Sits) -> None:
    complaint = cast.waiting_for_reply()
    Clock.objects.filter(complaint=complaint).update(due_at=timezone.now() + timedelta(days=1), breached_at=None)

    assert "breach_reason" not in words(sits("agent").get(place(complaint, "letters")))


def test_a_breach_is_explained_by_itself_and_then_no_longer_asked_for(sits: Sits) -> None:
    complaint = at_work()
    late(complaint)
    url = f"/desk/complaints/{complaint.number}"
    assert place(complaint, "breach-reasons") in words(sits("agent").get(url))

    sits("agent").post(place(complaint, "breach-reasons"), {"reason": "检测机构延误三天，有来函"})

    assert not Clock.objects.unexplained().filter(complaint=complaint).exists()
    assert place(complaint, "breach-reasons") not in words(sits("agent").get(url))


def moves(answer: Any) -> str:
    """The moves of the page, without their marks."""
    panel = words(answer).partition('id="now"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", panel))


def broken(complaint: Complaint, code: str, *, ago: int) -> str:
    """Late since so many minutes, and seen to be; returns when it was due."""
    due = timezone.now() - timedelta(minutes=ago)
    Clock.objects.filter(complaint=complaint, code=code).update(due_at=due, breached_at=timezone.now())
    return f"{timezone.localtime(due):%m-%d %H:%M}"


@pytest.mark.req("C027")
def test_the_button_names_what_is_late_since_when_and_whether_the_case_waits_for_the_reason(sits: Sits) -> None:
    complaint = at_work()
    url = f"/desk/complaints/{complaint.number}"
    Clock.objects.filter(complaint=complaint).update(breached_at=None)
    assert "超时说明" not in moves(sits("agent").get(url))

    first = broken(complaint, "CK-FR", ago=20)
    assert f"超时说明：首次响应 首次响应（应在 {first} 前）已超时；写明原因备案，不影响继续办理。" in moves(
        sits("agent").get(url)
    )

    whole, order = broken(complaint, "CK-RESOLVE", ago=30), complaint.work_orders.get()
    unit = broken(complaint, "CK-HANDLE", ago=10)
    assert (
        f"超时说明：解决等 3 项 解决（应在 {whole} 前）、处理时限 {order.number}（应在 {unit} 前）、"
        f"首次响应（应在 {first} 前）已超时；写明原因备案后才能继续。"
    ) in moves(sits("agent").get(url))

    broken(complaint, "CK-INITFB", ago=5)
    assert f"（应在 {first} 前）等 4 项已超时；" in moves(sits("agent").get(url))


def test_where_the_policy_asks_for_no_reason_the_button_says_that_nothing_waits(sits: Sits) -> None:
    complaint = at_work()
    body = {**current().body, "warnings": [{"at": 1.0, "notify": ["assignee"]}]}
    amending.amend(body=body, note="不要求说明超时", actor=actor("admin"), at=timezone.now())
    broken(complaint, "CK-RESOLVE", ago=30)
    assert "不影响继续办理。" in moves(sits("agent").get(f"/desk/complaints/{complaint.number}"))


def test_a_time_promised_to_the_customer_runs_as_a_clock(sits: Sits) -> None:
    complaint = at_work()
    until = timezone.now() + timedelta(hours=3)

    past = sits("agent").post(place(complaint, "promises"), {"until": as_typed(timezone.now() - timedelta(hours=1))})
    sits("agent").post(place(complaint, "promises"), {"until": as_typed(until)})

    assert past.status_code == 422
    assert the(complaint, "CK-PROMISE").due_at == until.replace(second=0, microsecond=0)


def test_a_letter_of_supervision_is_issued_owed_and_answered(sits: Sits) -> None:
    complaint = at_work()
    assert sits("agent").post(place(complaint, "supervisions"), {"words": "x"}).status_code == 403
    order = complaint.work_orders.get()
    given = {"order": order.number, "words": "请说明为何三天没有进展", "answer_by": as_typed(
        timezone.now() + timedelta(hours=4)
    )}  # fmt: skip
    sits("supervisor").post(place(complaint, "supervisions"), given)
    letter = Supervision.objects.get()
    assert letter.order == order

    handler = sits("handler")
    assert place(complaint, "supervision-answers") in words(handler.get(f"/desk/complaints/{complaint.number}"))
    assert "请说明为何三天没有进展" in words(handler.get(place(complaint, "supervision-answers")))
    handler.post(place(complaint, "supervision-answers"), {"letter": str(letter.pk), "words": "今天下午上门"})

    letter.refresh_from_db()
    assert letter.answer is not None
    assert letter.answer.text == "今天下午上门"
    assert place(complaint, "supervision-answers") not in words(handler.get(f"/desk/complaints/{complaint.number}"))


def test_who_may_not_pause_may_not_resume_either(sits: Sits) -> None:
    complaint = at_work()
    sits("supervisor").post(
        place(complaint, "pause"),
        {"code": "FORCE_MAJ", "reason": "停电", "review": as_typed(timezone.now() + timedelta(days=2))},
    )

    assert sits("auditor").post(place(complaint, "resumption")).status_code == 403

    assert complaint.pauses.running().exists()
    assert the(complaint).code == clocks.RESOLVE
