"""统计报告: every figure leads to its complaints, none tells of what the member may not see."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.complaints.models import Complaint
from huiyin.insight.actions import fitting
from huiyin.insight.models import Baseline
from huiyin.insight.tests.past import answered
from tests import cast

Sits = Callable[[str], Client]
NOW = timezone.now()


def page(client: Client) -> str:
    return str(client.get("/desk/reports/").content.decode())


@pytest.fixture
def lately() -> list[Complaint]:
    """Six that only wanted explaining and two that did not, of this month or the last."""
    by = cast.actor("agent")
    explained = answered([5] * 6, received_at=cast.MONDAY, by=by, cause="explanation")
    return explained + answered([5] * 2, received_at=cast.MONDAY + timedelta(hours=1), by=by, cause="product")


@pytest.mark.req("A23")
def test_the_share_of_explanations_leads_to_the_complaints_behind_it(sits: Sits, lately: list[Complaint]) -> None:
    shown = page(sits("manager"))
    link = re.search(r'href="(/desk/complaints/\?[^"]*owner=[^"]*)">6</a>/8', shown)

    assert link is not None
    listed = sits("manager").get(link.group(1).replace("&amp;", "&")).content.decode()
    assert [row.number in listed for row in lately] == [True] * 6 + [False] * 2


def test_who_sees_none_of_them_is_told_of_none(sits: Sits, lately: list[Complaint]) -> None:
    assert "6 / 8" in page(sits("manager"))
    assert "还没有写明原因的投诉" in page(sits("lead"))


def test_the_report_is_for_those_with_the_right_to_figures(sits: Sits) -> None:
    for username in ("agent", "handler", "admin", "branch"):
        assert sits(username).get("/desk/reports/").status_code == 403
        assert "/desk/reports/" not in sits(username).get("/desk/").content.decode()
    assert "/desk/reports/" in sits("manager").get("/desk/").content.decode()


def test_the_report_costs_the_same_however_much_there_is(sits: Sits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.org.looks.LOOK_SECONDS", 3600.0)  # read anew every while, whatever is on the page

    def asked() -> int:
        with CaptureQueriesContext(connection) as made:
            page(client)
        return len(made)

    client = sits("executive")
    answered([5], received_at=cast.MONDAY, by=cast.actor("agent"), cause="product")
    asked()
    small = asked()
    answered([5] * 3, received_at=cast.MONDAY, by=cast.actor("outsider"), cause="explanation")
    answered([5] * 3, received_at=cast.MONDAY, by=cast.actor("branch"), cause="expectation", category="SP-03")

    assert asked() == small


@pytest.mark.req("C058")
def test_a_baseline_is_frozen_on_the_page_and_then_compared(sits: Sits) -> None:
    past = timezone.localdate(cast.MONDAY) - timedelta(days=60)
    answered([10] * 12, received_at=cast.MONDAY - timedelta(days=50), by=cast.actor("agent"))
    period = {"first": past.isoformat(), "last": (past + timedelta(days=29)).isoformat(), "note": "上线前"}

    first, second = (sits("manager").post("/desk/reports/baselines", period) for _each in range(2))

    assert (first.status_code, second.status_code) == (302, 409)
    assert "已经冻结，不能重做" in second.content.decode()
    assert Baseline.objects.get().note == "上线前"
    shown = page(sits("manager"))
    for words in ("上线前", "-40%", "件数太少，不作结论", "按时答复率"):
        assert words in shown
    assert sits("supervisor").post("/desk/reports/baselines", period).status_code == 403
    assert "还没有您能看到的基线" in page(sits("lead"))


@pytest.mark.req("C057")
def test_the_report_says_how_the_forecast_proved(sits: Sits) -> None:
    assert "还没有预测" in page(sits("manager"))
    answered(range(1, 101), received_at=cast.MONDAY - timedelta(days=30))

    fitting.fit(at=NOW)

    shown = page(sits("manager"))
    assert "只有 20 件留作检验，不足 30 件" in shown
    assert "落在 P90 以内（应为 90%）" in shown


@pytest.mark.req("A12")
def test_the_use_of_methods_by_outcome_is_on_the_page(sits: Sits) -> None:
    shown = page(sits("manager"))

    assert "方法使用与结果" in shown
    assert "引导客户" in shown


@pytest.mark.req("C057")
def test_the_complaint_page_fetches_what_may_be_expected(sits: Sits) -> None:
    answered(range(1, 102), received_at=cast.MONDAY - timedelta(days=30), by=cast.actor("agent"))
    fitting.fit(at=NOW)
    rows = [cast.filed(phone=f"1370000000{place}", at=NOW, category="PQ-01", by=cast.actor("agent"))
            for place in range(5)]  # fmt: skip
    Complaint.objects.update(severity=3)
    place = f"/desk/complaints/{rows[0].number}"

    assert f'hx-get="{place}/outlook"' in sits("agent").get(place).content.decode()
    told = sits("supervisor").get(f"{place}/outlook").content.decode()

    for words in ("同类投诉通常 51 小时，九成在 91 小时内", "优先级", "等级"):
        assert words in told
    assert sits("outsider").get(f"{place}/outlook").status_code == 404


@pytest.mark.req("C057")
def test_a_kind_that_grew_brings_its_plan_to_the_complaint(sits: Sits) -> None:
    rows = [cast.filed(phone=f"1370000000{place}", at=NOW, category="PQ-01", by=cast.actor("agent"))
            for place in range(6)]  # fmt: skip

    told = sits("supervisor").get(f"/desk/complaints/{rows[0].number}/outlook").content.decode()

    assert "近 30 天同类投诉 6 件" in told
    assert "产品质量批量预案" in told
    assert "PQ-01" in page(sits("manager"))
