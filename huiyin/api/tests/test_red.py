"""The red channel by the interface: seen, confirmed, its task force and its war room, with everybody's rights."""

from datetime import timedelta

import pytest
from django.utils import timezone

from huiyin.api.tests.calling import Caller
from huiyin.complaints.models import Event
from huiyin.redchannel.actions import daily, paging
from huiyin.redchannel.models import Decision
from huiyin.redchannel.tests.test_paging import HURT
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]


@pytest.mark.req("C037", "C039", "C044")
def test_from_the_pages_to_the_minutes_everything_goes_by_the_interface_each_as_far_as_their_rights() -> None:
    complaint = cast.filed(text=HURT, at=timezone.now())
    paging.consider(complaint, at=timezone.now())
    place = f"/complaints/{complaint.number}/red-case"
    boss, chief, legal, agent = (Caller(who) for who in ("executive", "supervisor", "legal", "agent"))

    assert [each["number"] for each in boss.get("/red-cases").json()["items"]] == [complaint.number]
    assert Caller("outsider").get("/red-cases").json()["items"] == []
    assert Caller("outsider").get(place).status_code == Caller("outsider").post(f"{place}/confirmation").status_code
    assert Caller("outsider").get(place).status_code == 404
    assert (agent.get(place).json()["allowed"], agent.post(f"{place}/confirmation").status_code) == ([], 403)
    first = boss.post(f"{place}/confirmation", Idempotency_Key="k1")
    again = boss.post(f"{place}/confirmation", Idempotency_Key="k1")
    assert (first.status_code, again.content, again.headers["Idempotent-Replayed"]) == (200, first.content, "true")
    assert (first.json()["confirmed_by"]["username"], first.json()["next_at"]) == ("executive", None)
    assert complaint.events.filter(kind=Event.Kind.PAGE_CONFIRMED).count() == 1
    assert boss.post(f"{place}/confirmation").json()["errors"][0]["field"] == "page"

    team = {"plan": "INC-OUT", "lead": "legal", "members": ["supervisor"]}
    assert agent.post(f"{place}/task-force", team).status_code == 403
    assert chief.post(f"{place}/task-force", team | {"lead": "nobody"}).json()["errors"][0]["field"] == "lead"
    assert chief.post(f"{place}/reports", {"text": "定位中"}).status_code == 422  # no plan is followed yet
    assert chief.post(f"{place}/task-force", team).status_code == 200
    assert legal.post(f"{place}/formation").json()["formed_at"]
    reported = chief.post(f"{place}/reports", {"text": "已定位", "restored": True})
    assert (reported.status_code, [each["text"] for each in reported.json()["reports"]]) == (201, ["已定位"])

    assert legal.post(f"{place}/joining").status_code == 422  # there is no war room
    called = legal.post(f"{place}/rooms", {"topic": "是否停售", "place": "会议 12"})
    assert called.status_code == 201
    assert legal.post(f"{place}/invitations", {"members": ["executive"]}).status_code == 200
    assert legal.post(f"{place}/invitations", {"members": ["executive"]}).status_code == 422
    assert legal.post(f"{place}/decisions", {"text": "停售"}).status_code == 403  # not in the room yet
    for each in (legal, chief, Caller("handler")):
        joined = each.post(f"{place}/joining")
        assert joined.status_code == 200, joined.content
    [room] = joined.json()["rooms"]
    assert room["quorum_at"]
    came = {each["member"]["username"]: each["seconds"] for each in room["participants"]}
    assert (came["executive"], came["legal"] is not None) == (None, True)
    assert legal.post(f"{place}/decisions", {"text": "即日停售"}).status_code == 201
    ended = legal.post(f"{place}/end", {"minutes": "停售"})
    assert [each["text"] for each in ended.json()["rooms"][0]["decisions"]] == ["即日停售"]
    assert "call" in ended.json()["allowed"]
    assert Decision.objects.count() == 1

    assert chief.get(f"/complaints/{cast.filed().number}/red-case").status_code == 404


@pytest.mark.req("C045")
def test_managers_read_the_daily_reports_with_the_numbers_that_they_may_see() -> None:
    at = timezone.now()
    complaint = cast.reviewed(cast.filed(at=at - timedelta(days=2)), severity=2, at=at - timedelta(days=2))
    daily.report(at=at)

    [told] = Caller("manager").get("/red-daily-reports").json()["items"]
    assert (told["complaints"], told["hidden"]) == ([complaint.number], 0)
    assert Caller("agent").get("/red-daily-reports").status_code == 403


@pytest.mark.req("C040")
def test_a_monitoring_service_says_by_token_how_often_a_topic_is_mentioned_and_hears_what_was_opened() -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    call, topic = Caller("agent"), {"topic": "新品口碑", "count": 10}
    week = [topic | {"hour": (hour - timedelta(hours=back)).isoformat()} for back in range(1, 169)]
    assert call.post("/mentions", {"items": week}).json() == {"taken": 168, "opened": []}

    assert call.post("/mentions", {"items": [topic | {"hour": hour.isoformat(), "count": 29}]}).json()["opened"] == []
    now = {"items": [topic | {"hour": hour.isoformat(), "count": 30}]}
    first = call.post("/mentions", now, Idempotency_Key="h")
    [number] = first.json()["opened"]
    assert call.post("/mentions", now, Idempotency_Key="h").content == first.content
    assert call.post("/mentions", now).json()["opened"] == []  # once for each topic
    assert "为其 3.0 倍" in call.get(f"/complaints/{number}").json()["text"]

    assert call.post("/mentions", {"items": [{"topic": " ", "hour": "now", "count": -1}]}).status_code == 422
    assert Caller("handler2").post("/mentions", now).status_code == 403
    assert Caller("agent", "read").post("/mentions", now).status_code == 403
    assert Caller("outsider").post("/mentions", {"items": []}).json() == {"taken": 0, "opened": []}
