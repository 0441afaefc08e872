"""质检评审 on the desk: drawn, scored once, seen by those who may."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.coaching.actions import drawing
from huiyin.coaching.models import Draw, Review, Sampled, ScoreItem
from huiyin.coaching.tests.closed import closed
from huiyin.complaints.actions import replying
from huiyin.complaints.models import Complaint, Letter
from huiyin.org.actors import SYSTEM
from huiyin.surveys.models import Answer
from tests import cast

Sits = Callable[[str], Client]
CALL = "客户：坏了。\n客服：我复述一下：用了三次不通电。我这样记对吗？"


def last_month() -> datetime:
    month = drawing.month_before(timezone.now())
    return datetime(month.year, month.month, 9, 12, tzinfo=timezone.get_current_timezone())


def drawn(count: int = 1) -> list[Sampled]:
    closed(count, at=last_month())
    drawing.draw_month(last_month().date(), actor=SYSTEM, at=timezone.now())
    return list(Sampled.objects.all())


def card(**marks: str) -> dict[str, str]:
    codes = ScoreItem.objects.filter(is_fatal=False).values_list("code", flat=True)
    return {**dict.fromkeys(codes, "full"), **marks, "comment": "先核查，再答复，很好。"}


@pytest.mark.req("C030", "B46")
def test_a_reviewer_sees_what_was_heard_scores_once_and_the_agent_reads_it(sits: Sits) -> None:
    [complaint] = closed(1, at=last_month())
    Complaint.objects.update(state="replying")
    replying.send(
        complaint, channel=Letter.Channel.PHONE, body=CALL, is_final=False, listened=["received", "restated"],
        actor=cast.actor("agent"), at=timezone.now(),
    )  # fmt: skip
    Complaint.objects.update(state="closed")
    manager, agent = sits("manager"), sits("agent")
    assert "还没有抽取过" in manager.get("/desk/reviews/").content.decode()

    month = last_month().date().replace(day=1)
    page = manager.post("/desk/reviews/draws", {"month": month.isoformat()}, follow=True).content.decode()
    made, case = Draw.objects.get(), Sampled.objects.get()
    assert all(words in page for words in (made.seed, complaint.number, "随机抽取", "待评审"))
    assert "没有您的质检结果" not in page
    assert complaint.number not in agent.get("/desk/reviews/").content.decode()

    url = f"/desk/reviews/{case.pk}"
    assert agent.get(url).status_code == 404
    page = manager.get(url).content.decode()
    assert "QS-2 倾听不打断并复述确认，10 分" in page
    assert "不与客户争论。通话记录 1 份，1 份先复述、再问客户对不对" in page
    refused = manager.post(url, card() | {"QS-2": "", "comment": "我写的评语"})
    assert (refused.status_code, Review.objects.count()) == (422, 0)
    assert "我写的评语" in refused.content.decode()
    assert "得分 95.0" in manager.post(url, card(**{"QS-2": "half"}), follow=True).content.decode()
    assert "不能再改" in manager.post(url, card(), follow=True).content.decode()
    assert str(Review.objects.get().score) == "95.0"

    assert complaint.number in agent.get("/desk/reviews/").content.decode()
    assert "先核查，再答复，很好。" in agent.get(url).content.decode()
    assert sits("agent2").get(url).status_code == 404
    assert agent.post("/desk/reviews/draws", {"month": month.isoformat()}).status_code == 403
    record = agent.get(f"/desk/complaints/{complaint.number}").content.decode()
    assert "倾听三步 接收、复述" in record


def test_what_customers_rated_low_is_reviewed_in_any_case(sits: Sits) -> None:
    for each in closed(12, at=last_month()):
        Answer.objects.create(
            complaint=each, stars=2, at=timezone.now(), resolved_at=timezone.now(), via=Answer.Via.PORTAL
        )
    assert {case.reason for case in drawn(0)} == {"random", "certain"}
    assert Sampled.objects.count() == 12


def test_the_list_costs_the_same_with_two_cases_and_with_eight(sits: Sits) -> None:
    client, costs = sits("manager"), []
    complaints = [case.complaint_id for case in drawn(40)]
    for shown in (2, 8):
        Complaint.objects.update(put_away_at=None)
        Complaint.objects.filter(pk__in=complaints[shown:]).update(put_away_at=timezone.now())
        client.get("/desk/reviews/")
        with CaptureQueriesContext(connection) as made:
            page = client.get("/desk/reviews/").content.decode()
        costs.append(len(made))
        assert page.count('class="cell-title"') == shown

    assert costs[0] == costs[1] <= 12
