"""质检评审 on the desk: drawn, scored once, seen by those who may."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.coaching.actions import drawing
from huiyin.coaching.models import Draw, Review, Sampled, SamplingRule, ScoreItem
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


def drawn(count: int = 1, *, twice: int = 0) -> list[Sampled]:
    SamplingRule.objects.update(twice_percent=twice)
    closed(count, at=last_month())
    drawing.draw_month(last_month().date(), actor=SYSTEM, at=timezone.now())
    return list(Sampled.objects.all())


def card(**marks: str) -> dict[str, str]:
    codes = ScoreItem.objects.filter(is_fatal=False).values_list("code", flat=True)
    return {**dict.fromkeys(codes, "full"), **marks, "comment": "先核查，再答复，很好。"}


@pytest.mark.req("C030", "B46")
def test_a_reviewer_sees_what_was_heard_scores_once_and_the_agent_reads_it(sits: Sits) -> None:
    SamplingRule.objects.update(twice_percent=0)
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
    mine = agent.get("/desk/").content.decode()  # told where an agent looks, and always in their menu
    assert "最近的质检结果" in mine
    assert f'id="result-{Sampled.objects.get(review__isnull=False).pk}" data-live-item' in mine
    assert mine.count('href="/desk/reviews/"') == 2
    assert "我的质检结果" in agent.get("/desk/palette", {"q": "质检"}).content.decode()
    assert "我的质检结果" not in manager.get("/desk/").content.decode()
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


def test_the_second_does_not_see_the_firsts_card_and_the_third_sees_both_and_settles(sits: Sits) -> None:
    [case] = drawn(twice=100)
    url, people = f"/desk/reviews/{case.pk}", [sits(name) for name in ("supervisor", "manager", "supervisor2")]
    first, second, third = people
    assert "双人评分" in first.get("/desk/reviews/").content.decode()
    page = first.post(url, card() | {"comment": "甲的评语", "seen": "0"}, follow=True).content.decode()
    assert "您评的分 100.0" in page
    assert "评分表" not in page
    assert "您已评，等另一位" in first.get("/desk/reviews/").content.decode()
    for other in (second, third, sits("director")):
        page = other.get(url).content.decode()
        assert "甲的评语" not in page
        assert "100.0" not in page
    assert "没有您的质检结果" in sits("agent").get("/desk/reviews/").content.decode()

    sent = second.post(url, card(**{"QS-6": "none"}) | {"comment": "乙的评语", "seen": "0"}, follow=True)
    assert "甲的评语" not in sent.content.decode()
    blind = third.post(url, card() | {"comment": "丙的评语", "seen": "0"})
    assert blind.status_code == 422
    assert all(words in blind.content.decode() for words in ("甲的评语", "乙的评语", "丙的评语", "请看过下面两份"))
    sent = third.post(url, card(**{"QS-6": "half"}) | {"comment": "丙的评语", "seen": "2"}, follow=True)
    assert all(words in sent.content.decode() for words in ("得分 94.0", "定分", "不一致", "甲的评语"))
    listed = first.get("/desk/reviews/?tab=done").content.decode()
    assert all(words in listed for words in ("样本还不能判断", "n = 1 件，12 项评分", "94.0"))
    page = sits("agent").get(url).content.decode()
    assert "丙的评语" in page
    assert not any(words in page for words in ("甲的评语", "乙的评语"))


def test_an_appeal_is_asked_for_by_whose_score_it_is_and_decided_on_the_same_page(sits: Sits) -> None:
    [case] = drawn()
    url, agent, manager = f"/desk/reviews/{case.pk}", sits("agent"), sits("manager")
    sits("supervisor").post(url, card(**{"QS-6": "none"}))
    assert "不同意这个评分" in agent.get(url).content.decode()
    assert "请写申诉理由" in (refused := agent.post(f"{url}/appeal", {"reason": ""})).content.decode()
    assert refused.status_code == 422
    others = [sits(name) for name in ("agent2", "manager", "handler")]
    assert [each.post(f"{url}/appeal", {"reason": "x"}).status_code for each in others] == [404, 403, 404]
    page = agent.post(f"{url}/appeal", {"reason": "政策引用有据"}, follow=True).content.decode()
    assert "申诉中，决定前原分有效" in page
    assert "得分 88.0" in page

    assert case.complaint.number in manager.get("/desk/reviews/?tab=appeals").content.decode()
    assert "决定申诉" not in sits("supervisor").get(url).content.decode()
    assert sits("supervisor").post(f"{url}/appeal/decision", card() | {"outcome": "keep"}).status_code in (403, 422)
    given = {"outcome": "revise", "answer": "第三封信引用了政策"}
    short = manager.post(f"{url}/appeal/decision", card() | given | {"QS-6": ""})
    assert short.status_code == 422
    assert "第三封信引用了政策" in short.content.decode()
    page = manager.post(f"{url}/appeal/decision", card() | given, follow=True).content.decode()
    assert all(words in page for words in ("得分 100.0", "申诉后改分", "原分 88.0"))
    again = manager.post(f"{url}/appeal/decision", card() | given)
    assert "另一位已经对这件申诉作出决定" in again.content.decode()
    page = agent.get(url).content.decode()
    assert all(words in page for words in ("得分 100.0", "第三封信引用了政策"))
    record = agent.get(f"/desk/complaints/{case.complaint.number}").content.decode()
    assert "对质检评分提出申诉" in record


def test_the_form_asks_what_was_asked_when_the_month_was_drawn(sits: Sits) -> None:
    [case] = drawn()
    given = card()
    ScoreItem.objects.filter(code="QS-2").update(weight=60, name_zh="另一种问法")
    ScoreItem.objects.create(code="QS-99", position=99, name_zh="后来的", weight=20)
    manager, url = sits("manager"), f"/desk/reviews/{case.pk}"
    page = manager.get(url).content.decode()
    assert "QS-2 倾听不打断并复述确认，10 分" in page
    assert "QS-99" not in page
    assert "得分 95.0" in manager.post(url, given | {"QS-2": "half"}, follow=True).content.decode()

    agent, other = sits("agent"), sits("supervisor")
    agent.post(f"{url}/appeal", {"reason": "政策引用有据"})
    page = other.get(url).content.decode()
    assert "另一种问法" not in page
    other.post(f"{url}/appeal/decision", given | {"outcome": "revise", "answer": "有据"})
    assert str(Review.objects.get().standing.score) == "100.0"


def test_a_card_that_is_begun_is_kept_on_the_server_and_goes_when_it_is_saved(sits: Sits) -> None:
    (case,) = drawn()
    client, url = sits("manager"), f"/desk/reviews/{case.pk}"
    store = f"/desk/drafts/review:{case.pk}"
    assert f'data-draft-store="{store}"' in client.get(url).content.decode()
    typed = json.dumps({"comment": ["先核查，再答复"], "QS-2": ["half"]})
    assert client.post(store, {"values": typed, "seen": "1"}).status_code == 200
    assert client.get(store).json()["draft"]["has_moved"] is False
    home = client.get("/desk/").content.decode()
    assert "先核查，再答复" in home
    assert f'href="{url}"' in home
    assert sits("agent").get(store).status_code == 404

    assert client.post(url, card()).status_code == 302
    assert client.get(store).json() == {"draft": None}
