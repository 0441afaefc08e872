"""The whole life over the interface, and every way a move is refused."""

from typing import Any

import pytest

from huiyin.api.tests.calling import BODY, Caller
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.states import State
from huiyin.dispatch.models import WorkOrder
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]


def done(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content.decode()
    return response.json()


def filed() -> str:
    return str(done(Caller("agent").post("/complaints", BODY), 201)["number"])


@pytest.mark.req("A21", "A32")
def test_a_complaint_goes_the_whole_way_over_the_interface() -> None:
    agent, reviewer, handler, auditor = (Caller(name) for name in ("agent", "reviewer", "handler", "auditor"))
    at = f"/complaints/{filed()}"

    review = {"category": "PQ-01", "severity": 3, "issues": ["不通电", "没有人回电"], "note": "已核对"}
    assert done(reviewer.put(f"{at}/review", review))["state"] == State.ACCEPTED
    accepted = done(reviewer.get(at))
    issues = [issue["id"] for issue in accepted["issues"]]
    assert accepted["work_orders"] == []
    order = done(
        reviewer.post(f"{at}/work-orders", {"unit": "QM", "issues": issues, "instructions": "请今天检测"}), 201
    )
    order_at = f"/work-orders/{order['number']}"
    assert (order["state"], order["issues"]) == ("dispatched", issues)

    assert [move["name"] for move in done(handler.get(order_at))["allowed_moves"]] == ["sign", "decline"]
    assert done(handler.post(f"{order_at}/signature"))["state"] == "acknowledged"
    assert done(handler.post(f"{order_at}/start"))["state"] == "handling"
    answers = [{"issue": issue, "text": "已检测，主板虚焊，换新。"} for issue in issues]
    completed = done(handler.post(f"{order_at}/completion", {"findings": "主板虚焊", "answers": answers}))
    assert (completed["state"], len(completed["answers"])) == ("completed", 2)

    sent_back = done(auditor.post(f"{order_at}/audit", {"verdict": "send_back", "reason": "没有说明时间。"}))
    assert (sent_back["state"], sent_back["round"]) == ("dispatched", 2)
    done(handler.post(f"{order_at}/signature"))
    done(handler.post(f"{order_at}/completion", {"findings": "三天内送到", "answers": answers}))
    assert done(auditor.post(f"{order_at}/audit", {"verdict": "pass"}))["audits"][-1]["verdict"] == "pass"

    letter = {"channel": "phone", "body": "您好，三天内为您换新。", "final": True, "breach_reason": "配件晚到一天"}
    assert done(agent.post(f"{at}/letters", letter), 201)["status"] == "sent"
    supervisor = Caller("supervisor")
    assert done(supervisor.post(f"{at}/reopening", {"reason": "客户来电说没有收到。"}))["state"] == State.REOPENED
    again = done(supervisor.post(f"{at}/work-orders", {"unit": "LOG", "assignee": "handler2"}), 201)
    assert again["assignee"]["name"] == "秦勇"
    assert done(agent.post(f"{at}/notes", {"text": "@supervisor 客户情绪平稳"}), 201)["author"]["name"] == "李雷"
    withdrawn = done(agent.post(f"{at}/withdrawal", {"reason": "客户自己解决了。"}))
    assert withdrawn["state"] == State.WITHDRAWN
    assert [move["name"] for move in withdrawn["allowed_moves"]] == [
        "note",
        "attach",
        "set_brand",
        "reveal",
        "receive_return",
    ]


def test_the_customers_consent_closes_it() -> None:
    complaint = cast.resolved()

    stands = done(Caller("agent").post(f"/complaints/{complaint.number}/closure", {"outcome": "satisfied"}))

    assert (stands["state"], stands["outcome"]) == (State.CLOSED, "satisfied")


def test_an_order_given_back_goes_to_another_unit_and_out_of_sight_of_the_first() -> None:
    [order] = cast.dispatched(None, "LOG")
    at = f"/work-orders/{order.number}"
    loser, reviewer = Caller("handler2"), Caller("reviewer")

    assert done(loser.post(f"{at}/decline", {"reason": "不是我部门的事。"}))["state"] == "transferred"
    assert loser.get(at).status_code == 404
    made = done(reviewer.post(f"{at}/redispatch", {"unit": "QM"}), 201)

    assert (made["replaces"], made["unit"]["code"]) == (order.number, "QM")
    again = reviewer.post(f"{at}/redispatch", {"unit": "AFS"})
    assert again.status_code == 422
    assert WorkOrder.objects.count() == 2


def test_the_other_moves() -> None:
    reviewer, supervisor, agent = Caller("reviewer"), Caller("supervisor"), Caller("agent")

    at = f"/complaints/{filed()}"
    assert done(reviewer.post(f"{at}/take-up"))["state"] == State.IN_REVIEW
    assert done(reviewer.post(f"{at}/return", {"reason": "缺少型号"}))["state"] == State.RETURNED_INTAKE
    resubmission = {"elements": {"model": "XQ-F40"}, "supplement": "型号是 XQ-F40"}
    assert done(agent.post(f"{at}/resubmission", resubmission))["state"] == State.IN_REVIEW
    other = filed()
    assert done(reviewer.post(f"{at}/merger", {"into": other}))["state"] == State.MERGED
    assert done(supervisor.post(f"{at}/separation", {"reason": "是两件事"}))["state"] == State.IN_REVIEW
    assert done(reviewer.put(f"{at}/assignee", {"member": "agent2"}))["state"] == State.IN_REVIEW
    assert done(supervisor.put(f"{at}/confidentiality", {"confidential": True}))["version"] > 1
    assert agent.get(at).status_code == 404
    assert done(Caller("agent2").get(at))["confidential"] is True
    done(supervisor.post(f"{at}/recusal", {"member": "agent2"}))
    assert Caller("agent2").get(at).status_code == 404
    assert supervisor.get(at).status_code == 404  # as the line manager of the one who keeps away
    supervisor = Caller("supervisor2")
    assert done(supervisor.post(f"{at}/disclosure", {"reason": "核对号码"}))["phone"] == "13900001111"
    assert done(supervisor.post(f"{at}/external", {"reason": "消协 2026-77"}))["state"] == State.EXTERNAL
    assert done(supervisor.post(f"{at}/external-result", {"reason": "已调解"}))["state"] == State.REPLYING

    spot = f"/complaints/{filed()}"
    solved = {"explanation": "当面解释了保修条款，客户认可。", "customer_agreed": True}
    assert done(agent.post(f"{spot}/on-spot-resolution", solved))["state"] == State.RESOLVED

    [order] = cast.dispatched(cast.reviewed(cast.filed(phone="13900004444")), "QM")
    worked = f"/complaints/{order.complaint.number}"
    assert done(agent.post(f"{worked}/pause", {"reason": "等发票"}))["state"] == State.AWAITING_CUSTOMER
    assert done(agent.post(f"{worked}/resumption"))["state"] == State.IN_PROGRESS
    interim = {"plan": "先发备用机", "follow_up_on": "2099-01-05"}
    assert done(Caller("handler").post(f"{worked}/interim", interim))["state"] == State.INTERIM
    done(Caller("handler").post(f"{worked}/resumption"))
    judged = {"value": "misunderstood", "reason": "说明书已写明", "evidence": "说明书第 3 页"}
    assert done(Caller("handler").post(f"{worked}/validity", judged), 201)["value"] == "misunderstood"
    assert done(supervisor.post(f"{worked}/validity/confirmation"))["state"] == State.NOT_VALID
    assert done(supervisor.post(f"{worked}/answering"))["state"] == State.REPLYING
    assert done(agent.post(f"{worked}/supplements", {"text": "客户又来电"}), 201)["kind"] == "customer"


@pytest.mark.req("D25")
def test_a_contact_is_shown_in_full_for_a_reason_that_goes_on_the_record() -> None:
    at = f"/complaints/{filed()}"
    supervisor = Caller("supervisor")

    assert supervisor.post(f"{at}/disclosure", {"reason": " "}).status_code == 422
    assert Event.objects.filter(kind=Event.Kind.REVEALED).count() == 0
    assert done(supervisor.post(f"{at}/disclosure", {"reason": "核对号码"}))["phone"] == "13900001111"
    assert Event.objects.filter(kind=Event.Kind.REVEALED, actor__username="supervisor").count() == 1


@pytest.mark.req("A26")
def test_a_move_that_the_state_does_not_allow_says_which_it_does() -> None:
    at = f"/complaints/{filed()}"

    response = Caller("supervisor").post(f"{at}/reopening", {"reason": "还没有答复就重开"})

    assert response.status_code == 409
    assert response.json()["type"] == "urn:huiyin:move-refused"
    assert response.json()["allowed"] == sorted(["external", "in_review", "resolved", "withdrawn", "closed"])
    assert Event.objects.count() == 1


def test_an_order_move_that_the_state_does_not_allow_says_which_it_does() -> None:
    [order] = cast.dispatched(None, "QM")
    cast.completed(order)

    response = Caller("handler").post(f"/work-orders/{order.number}/signature")

    assert response.status_code == 409
    assert response.json()["allowed"] == ["cancelled", "passed", "rejected"]


def test_who_looked_at_an_older_version_is_told() -> None:
    number = filed()
    version = done(Caller("reviewer").get(f"/complaints/{number}"))["version"]
    done(Caller("supervisor").put(f"/complaints/{number}/assignee", {"member": "agent2"}))

    body = {"category": "PQ-01", "severity": 3, "version": version}
    response = Caller("reviewer").put(f"/complaints/{number}/review", body)

    assert (response.status_code, response.json()["type"]) == (409, "urn:huiyin:changed")
    assert Complaint.objects.get(number=number).state == State.RECEIVED


@pytest.mark.req("A35")
@pytest.mark.parametrize(
    ("who", "path", "body"),
    [
        ("handler2", "review", {"category": "PQ-01", "severity": 3}),
        ("agent", "review", {"category": "PQ-01", "severity": 3}),
        ("auditor", "take-up", {}),
        ("agent", "work-orders", {"unit": "QM"}),
        ("reviewer", "letters", {"channel": "phone", "body": "您好", "final": False}),
        ("handler2", "letters", {"channel": "phone", "body": "您好", "final": False}),
        ("reviewer", "withdrawal", {"reason": "代撤"}),
        ("analyst", "notes", {"text": "备注"}),
        ("analyst", "supplements", {"text": "补充"}),
        ("reviewer", "external", {"reason": "消协"}),
        ("agent", "confidentiality", {"confidential": True}),
    ],
)
def test_visible_but_not_theirs_to_do(who: str, path: str, body: dict[str, object]) -> None:
    number = filed()
    if who == "handler2":
        cast.dispatched(cast.reviewed(Complaint.objects.get(number=number)), "LOG")
    events = Event.objects.count()
    call = Caller(who)

    send = call.put if path in {"review", "confidentiality"} else call.post
    response = send(f"/complaints/{number}/{path}", body)

    assert response.status_code == 403, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("who", "path", "body", "field"),
    [
        ("reviewer", "review", {"category": "没有", "severity": 3}, "category"),
        ("reviewer", "review", {"category": "PQ", "severity": 3}, "category"),
        ("reviewer", "review", {"category": "PQ-01", "severity": 1}, "severity"),
        ("reviewer", "review", {"category": "PQ-01", "severity": 5}, "severity"),
        ("reviewer", "review", {"severity": 3}, "category"),
        ("reviewer", "return", {"reason": " \x00"}, "reason"),
        ("agent", "withdrawal", {"reason": ""}, "withdrawal_record"),
        ("reviewer", "merger", {"into": "TS"}, ""),
        ("agent", "letters", {"channel": "pigeon", "body": "您好", "final": True}, "channel"),
        ("agent", "letters", {"channel": "phone", "body": " ", "final": False}, "body"),
        ("agent", "notes", {"text": " "}, "text"),
        ("agent", "notes", {"text": "好", "mentions": ["没有"]}, "mentions"),
        ("reviewer", "work-orders", {"unit": "没有"}, "unit"),
        ("reviewer", "work-orders", {"unit": "QM", "assignee": "没有"}, "assignee"),
        ("reviewer", "work-orders", {"unit": "QM", "issues": [10**30]}, "issues.0"),
        ("reviewer", "work-orders", {"unit": "QM", "issues": [1]}, "issues"),
        ("reviewer", "work-orders", {"unit": "HQ"}, "department_allowed"),
    ],
)
def test_what_is_missing_or_wrong_is_named(who: str, path: str, body: dict[str, object], field: str) -> None:
    number = filed()
    if path == "work-orders":
        cast.reviewed(Complaint.objects.get(number=number))
    call = Caller(who)

    response = (call.put if path == "review" else call.post)(f"/complaints/{number}/{path}", body)

    if not field:
        assert response.status_code == 404
        return
    assert response.status_code == 422, response.content.decode()
    assert [error["field"] for error in response.json()["errors"]] == [field]


@pytest.mark.req("A51")
def test_a_completion_must_answer_every_issue() -> None:
    [order] = cast.dispatched(None, "QM")
    handler = Caller("handler")
    done(handler.post(f"/work-orders/{order.number}/signature"))

    response = handler.post(f"/work-orders/{order.number}/completion", {"findings": "好", "answers": []})

    assert response.status_code == 422
    assert "不通电" in response.json()["detail"]
