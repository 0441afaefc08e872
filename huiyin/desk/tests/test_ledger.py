"""One person's 1+1+1 on the desk: three counters, entries by those who may, and the plan."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.coaching.actions import planning
from huiyin.coaching.models import Entry, Plan
from tests import cast

Sits = Callable[[str], Client]
URL = "/desk/courses/people/agent"


def given(**more: str) -> dict[str, str]:
    on = timezone.localdate().isoformat()
    return {"kind": "hours", "on": on, "title": "情景模拟演练", "hours": "12.5", "evidence": "签到表 12", **more}


@pytest.mark.req("C031")
def test_the_page_of_a_person_shows_three_counters_and_takes_entries_with_evidence(sits: Sits) -> None:
    lead, agent = sits("supervisor"), sits("agent")
    assert "这一年还没有登记" in agent.get(URL).content.decode()

    refused = lead.post(URL, given(evidence=""))
    assert (refused.status_code, Entry.objects.count()) == (422, 0)
    assert "情景模拟演练" in refused.content.decode()
    newcomer = {"kind": "newcomer", "newcomer": str(cast.member("agent2").pk), "title": "岗位认证"}
    for entry in ({}, newcomer, {"kind": "project", "title": "退款流程优化"}):
        assert lead.post(URL, given(**entry)).status_code == 302

    page = agent.get(URL).content.decode()
    assert all(
        words in page for words in ("12.5</strong>", "/ 100 学时", "还差 87.5 学时", "退款流程优化", "签到表 12")
    )
    assert page.count("已达标") == 2
    assert 'id="enter"' not in page
    assert agent.post(URL, given()).status_code == 422
    assert "12.5 + 1 + 1" in lead.get("/desk/courses/people").content.decode()
    assert "还差 87.5 学时" in agent.get("/desk/courses/").content.decode()
    for name in ("agent2", "analyst", "lead"):
        assert sits(name).get(URL).status_code == 404

    wrong = Entry.objects.get(kind="hours")
    lead.post(f"{URL}/entries/{wrong.pk}/removal", {"because": "重复登记"})
    page = lead.get(URL).content.decode()
    assert all(words in page for words in ("已作废", "重复登记", "还差 100 学时"))
    assert sits("agent2").post(f"{URL}/entries/{wrong.pk}/removal", {"because": "x"}).status_code == 404


@pytest.mark.req("C031")
def test_the_plan_of_a_year_that_fell_short_is_set_and_ended_by_who_leads(sits: Sits) -> None:
    year = timezone.localdate().year
    planning.open_plans(at=datetime(year + 1, 1, 2, 9, 0, tzinfo=UTC))
    plan, lead = Plan.objects.get(member__username="agent"), sits("supervisor")
    place = f"{URL}/plans/{plan.pk}"

    assert "专业培训 100 学时" in sits("agent").get(URL).content.decode()
    assert sits("agent").post(place, {"steps": "x", "due_on": "2027-03-01"}).status_code == 422
    assert lead.post(place, {"steps": "", "due_on": "2027-03-01"}).status_code == 422
    assert lead.post(place, {"steps": "每周两次演练", "due_on": "2027-03-01"}).status_code == 302
    assert lead.post(place, {"result": "补足", "finish": "1"}).status_code == 302

    plan.refresh_from_db()
    assert (plan.steps, plan.due_on, plan.result) == ("每周两次演练", date(2027, 3, 1), "补足")
    assert "计划已结束" in lead.get(URL).content.decode()


def test_the_page_costs_the_same_with_one_entry_and_with_nine(sits: Sits) -> None:
    client, costs = sits("supervisor"), []
    for count in (1, 8):
        for _each in range(count):
            client.post(URL, given())
        for url in (URL, "/desk/courses/people"):
            client.get(url)
            with CaptureQueriesContext(connection) as made:
                client.get(url)
            costs.append(len(made))
    assert costs[:2] == costs[2:]
