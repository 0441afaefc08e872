"""Time over the interface: stopped, resumed, extended, promised, explained, supervised."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from huiyin.api.tests.calling import Caller
from huiyin.complaints.actions import sweeping
from huiyin.complaints.models import Clock, Complaint
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]


def done(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content.decode()
    return response.json()


def at_work() -> Complaint:
    now = timezone.now() - timedelta(hours=1)
    complaint = cast.filed(at=now)
    cast.dispatched(cast.reviewed(complaint, at=now), at=now)
    return Complaint.objects.get(pk=complaint.pk)


def resolution(answer: Any) -> Any:
    return next(clock for clock in answer["clocks"] if clock["code"] == "CK-RESOLVE")


def test_a_pause_has_a_reason_a_limit_and_words_and_shows_in_the_complaint() -> None:
    place, supervisor, agent = f"/complaints/{at_work().number}", Caller("supervisor"), Caller("agent")

    assert agent.post(f"{place}/pause", {"reason": "停电", "code": "FORCE_MAJ"}).status_code == 403
    assert agent.post(f"{place}/pause", {"reason": "等配件", "code": "PARTS"}).status_code == 422
    past = (timezone.now() - timedelta(hours=1)).isoformat()
    assert agent.post(f"{place}/pause", {"reason": "等", "until": past}).status_code == 422
    powerless = {"reason": "停电", "code": "FORCE_MAJ"}
    unreviewed = supervisor.post(f"{place}/pause", powerless)
    assert (unreviewed.status_code, unreviewed.json()["errors"][0]["field"]) == (422, "review")
    unproven = agent.post(f"{place}/pause", {"reason": "送检", "code": "WAIT_LAB"})
    assert (unproven.status_code, unproven.json()["errors"][0]["field"]) == (422, "evidence")
    done(supervisor.post(f"{place}/pause", powerless | {"review": (timezone.now() + timedelta(days=1)).isoformat()}))
    done(agent.post(f"{place}/pause", {"reason": "请客户补发票"}))

    shown = done(agent.get(place))
    assert resolution(shown)["paused_at"] is not None
    assert [(each["reason"], each["words"]) for each in shown["pauses"]] == [
        ("FORCE_MAJ", "停电"),
        ("WAIT_CUST", "请客户补发票"),
    ]
    done(agent.post(f"{place}/resumption", {"codes": ["WAIT_CUST"]}))
    done(supervisor.post(f"{place}/resumption"))
    assert resolution(done(agent.get(place)))["paused_at"] is None


def test_why_it_is_due_then_is_said_in_both_languages() -> None:
    why = resolution(done(Caller("agent").get(f"/complaints/{at_work().number}")))["explanation"]

    assert why["zh"].startswith("收到")
    assert "from receipt on" in why["en"]


def test_more_time_is_asked_for_and_decided() -> None:
    place, supervisor, agent = f"/complaints/{at_work().number}", Caller("supervisor"), Caller("agent")
    asked = done(agent.post(f"{place}/extensions", {"days": 2, "reason": "等厂家来函"}), 201)

    assert agent.post(f"{place}/extensions", {"days": 1, "reason": "再来"}).status_code == 422
    verdict = f"{place}/extensions/{asked['id']}/verdict"
    assert agent.post(verdict, {"verdict": "grant"}).status_code == 403
    assert supervisor.post(verdict, {"verdict": "grant"}).status_code == 422  # the customer does not know
    done(agent.post(f"{place}/letters", {"channel": "phone", "body": "您好，需要多两天。", "final": False}), 201)
    granted = done(supervisor.post(verdict, {"verdict": "grant"}))

    assert (granted["verdict"], granted["due_after"] > granted["due_before"]) == ("granted", True)
    assert resolution(done(agent.get(place)))["extended_days"] == 2


@pytest.mark.req("C027")
def test_a_broken_promise_is_explained() -> None:
    complaint = at_work()
    place, agent = f"/complaints/{complaint.number}", Caller("agent")
    assert agent.post(f"{place}/breach-reason", {"reason": "缺货"}).status_code == 422
    past = timezone.now() - timedelta(hours=2)
    Clock.objects.filter(complaint=complaint, code="CK-RESOLVE").update(due_at=past, attention_at=past)
    sweeping.sweep(at=timezone.now())
    met = past + timedelta(minutes=89, seconds=1)
    Clock.objects.filter(complaint=complaint, code="CK-RESOLVE").update(stopped_at=met)

    told = done(agent.post(f"{place}/breach-reason", {"reason": "缺货"}))
    [broken] = told["explained"]

    assert (told["number"], told["state"]) == (complaint.number, "in_progress")
    assert (broken["code"], broken["subject"], broken["name"]) == ("CK-RESOLVE", "", {"zh": "解决", "en": "resolution"})
    assert (datetime.fromisoformat(broken["due_at"]), broken["late_minutes"]) == (past, 90)
    assert resolution(done(agent.get(place)))["breach_reason"] == "缺货"


def test_a_promise_runs_and_a_letter_of_supervision_is_answered() -> None:
    complaint = at_work()
    place, supervisor, agent = f"/complaints/{complaint.number}", Caller("supervisor"), Caller("agent")
    soon = (timezone.now() + timedelta(hours=2)).isoformat()
    assert done(agent.post(f"{place}/promises", {"until": soon}), 201)["code"] == "CK-PROMISE"

    told = {"channel": "phone", "body": "您好，还在查。", "final": False, "promise_until": soon}
    done(agent.post(f"{place}/letters", told), 201)
    kept = Clock.objects.filter(complaint=complaint, code="CK-PROMISE").order_by("id")
    assert [each.is_running for each in kept] == [False, True]

    asked = {"words": "请说明进展", "answer_by": soon, "work_order": complaint.work_orders.get().number}
    assert agent.post(f"{place}/supervisions", asked).status_code == 403
    letter = done(supervisor.post(f"{place}/supervisions", asked), 201)
    answered = done(agent.post(f"{place}/supervisions/{letter['id']}/answer", {"words": "今天上门"}))
    assert answered["answer"] == "今天上门"
    assert [each["number"] for each in done(agent.get(f"{place}/supervisions"))["items"]] == [letter["number"]]
    assert agent.post(f"{place}/supervisions/{letter['id'] + 1}/answer", {"words": "x"}).status_code == 404
