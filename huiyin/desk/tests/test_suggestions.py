"""Suggestions on the product: from any screen, answered, and rate limited."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin import __version__
from huiyin.org.models import Suggestion
from tests import cast

Sits = Callable[[str], Client]


def made(client: Client, text: str = "希望队列可以按区县筛选。", screen: str = "/desk/complaints/") -> int:
    return client.post("/desk/suggestions/new", {"text": text, "screen": screen}).status_code


@pytest.mark.req("A59")
def test_every_screen_has_the_form_and_the_list_says_what_became_of_it(sits: Sits) -> None:
    agent = sits("agent")
    for url in ("/desk/", "/desk/complaints/", "/desk/account", "/desk/courses/"):
        page = agent.get(url).content.decode()
        assert f'<input type="hidden" name="screen" value="{url}">' in page
        assert "/desk/suggestions/new?from=" in page

    assert made(agent) == 302
    row = Suggestion.objects.get()
    answered = sits("admin").post(f"/desk/suggestions/{row.pk}/answer", {"state": "planned", "answer": "下个版本做。"})

    assert answered.status_code == 302
    page = agent.get("/desk/suggestions/").content.decode()
    assert "已列入计划" in page
    assert "下个版本做。" in page


@pytest.mark.req("A60")
def test_it_carries_screen_and_version_and_never_which_complaint_was_open(sits: Sits) -> None:
    complaint = cast.filed()
    made(sits("agent"), screen=f"/desk/complaints/{complaint.number}?q=13900001111")
    made(sits("agent"), screen="/no/such/place")

    unknown, known = Suggestion.objects.all()

    assert (known.screen, known.version) == ("desk:complaint", __version__)
    assert known.path == "/desk/complaints/<str:number>"
    assert (unknown.screen, unknown.path) == ("", "")


def test_others_see_neither_list_nor_may_they_answer(sits: Sits) -> None:
    made(sits("agent"), text="只有我知道的建议")
    row = Suggestion.objects.get()

    seen = {
        name: "只有我知道的建议" in sits(name).get("/desk/suggestions/").content.decode()
        for name in ("agent", "agent2", "supervisor", "manager", "admin")
    }

    assert seen == {"agent": True, "agent2": False, "supervisor": False, "manager": True, "admin": True}
    for name in ("agent", "supervisor"):
        assert sits(name).post(f"/desk/suggestions/{row.pk}/answer", {"state": "done"}).status_code == 403
    refused = sits("manager").post(f"/desk/suggestions/{row.pk}/answer", {"state": "declined", "answer": ""})
    assert refused.status_code == 422
    assert Suggestion.objects.get().state == "new"


def test_an_empty_one_is_refused_and_the_eleventh_within_the_hour_waits(sits: Sits) -> None:
    agent = sits("agent")
    assert made(agent, text="  ") == 422

    codes = [made(agent, text=f"第 {n} 条") for n in range(11)]

    assert codes == [302] * 10 + [429]
    assert Suggestion.objects.count() == 10


def test_the_list_costs_the_same_with_one_row_and_with_three(sits: Sits) -> None:
    manager, costs = sits("manager"), []
    for names in (("agent",), ("agent2", "supervisor")):
        for name in names:
            made(sits(name))
        manager.get("/desk/suggestions/")
        with CaptureQueriesContext(connection) as found:
            manager.get("/desk/suggestions/")
        costs.append(len(found))

    assert costs[0] == costs[1]
