"""满意度、重复投诉率、部门对比、季度验证 on the desk: what stands there, for whom, at the same cost for much."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.complaints.models import Complaint
from huiyin.insight.tests.past import answered
from huiyin.org.actors import CUSTOMER
from huiyin.surveys.actions import answering
from huiyin.surveys.models import Answer
from tests import cast

Sits = Callable[[str], Client]
PERIOD = "from=2026-09-01&to=2026-12-31"
PAGES = ("satisfaction", "repeats", "departments", "effectiveness")


def page(client: Client, name: str, query: str = PERIOD) -> str:
    response = client.get(f"/desk/reports/{name}?{query}")
    assert response.status_code == 200, name
    return str(response.content.decode())


def past(count: int, *, phone: str, stars: int = 5) -> list[Complaint]:
    """Answered forty days before the week of the tests, all but one of them rated."""
    made = answered([5] * count, received_at=cast.later(days=-40), by=cast.actor("agent"), phone=phone)
    for complaint in made[1:]:
        answering.answer(
            complaint, stars=stars, words="", via=Answer.Via.PORTAL, actor=CUSTOMER, at=cast.MONDAY,
            more=answering.More(ces=6, nps=9),
        )  # fmt: skip
    return made


@pytest.mark.req("C028")
def test_the_satisfaction_page_says_value_interval_n_and_response_rate_and_leads_to_the_rows(sits: Sits) -> None:
    empty = page(sits("manager"), "satisfaction")
    made = past(5, phone="1390000{:04d}", stars=2)

    shown = page(sits("manager"), "satisfaction")
    link = re.search(r'href="(/desk/reports/rows\?[^"]*outcome=low)"', shown)

    assert "这段时间里没有评价" in empty
    for said in ("0.0%", "0.0–49.0%", "≥ 98%", "80.0%", "未达到目标", "100", "6.00", "2026-10"):
        assert said in shown, said
    assert "份数太少" in shown  # of four no interval of NPS or CES is told
    assert link is not None
    rows = sits("manager").get(link.group(1).replace("&amp;", "&")).content.decode()
    assert [each.number in rows for each in made] == [False, True, True, True, True]
    assert "这段时间里没有评价" in page(sits("lead"), "satisfaction")  # who sees none of them is told of none


@pytest.mark.req("C029", "C105", "C104")
def test_each_page_says_how_its_figures_are_made_with_the_rows_behind(sits: Sits) -> None:
    made = past(3, phone="13900000001")  # all of one customer and kind: but they were received before any answer
    again = answered([1], received_at=cast.later(days=-35), by=cast.actor("agent"), phone="13900000001")

    repeats = page(sits("manager"), "repeats")
    for said in ("≤ 2%", "答复之后 30 天内", "后来合并掉的重复件不算又来", "未满期的", "75.0%"):
        assert said in repeats, said
    link = re.search(r'href="(/desk/reports/rows\?[^"]*outcome=repeated)"', repeats)
    assert link is not None
    rows = sits("manager").get(link.group(1).replace("&amp;", "&")).content.decode()
    assert [each.number in rows for each in (*made, *again)] == [True, True, True, False]

    board = page(sits("manager"), "departments", f"{PERIOD}&sort=overdue")
    for said in ("闭环率", "超时占比", "≥ 85%", "退换货", "100.0%", "n=4", 'aria-sort="other"'):
        assert said in board, said
    assert "月度评分文件" not in board
    for bad in ("from=x&to=0001-01-01", "unit=99999999999&outcome=%00&of=x&sort=x", "of=open&outcome=overdue&unit=7"):
        for name in (*PAGES, "rows"):
            page(sits("manager"), name, bad)


@pytest.mark.req("C104")
def test_the_score_file_holds_a_line_for_each_unit_and_figure_and_no_person(sits: Sits) -> None:
    past(3, phone="1390000{:04d}")
    month = timezone.localtime(cast.later(days=-40)).strftime("%Y-%m")
    path = f"/desk/reports/departments/scores?month={month}"

    assert sits("manager").get(path).status_code == 403
    response = sits("outlet").get(path)
    lines = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))

    by = {line["kpi"]: line for line in lines}
    assert {"K03", "K06", "K09", "closed"} <= by.keys()
    assert (by["K06"]["hits"], by["K06"]["n"], by["K06"]["verdict"], by["K06"]["month"]) == ("2", "2", "unsure", month)
    assert (by["K09"]["n"], by["K09"]["target"]) == ("3", "≤ 2%")
    assert "13900" not in response.content.decode()
    assert sits("outlet").get("/desk/reports/departments/scores?month=x").status_code == 200


def test_figures_are_for_those_with_the_right_to_them(sits: Sits) -> None:
    for username in ("agent", "handler", "admin", "branch"):
        for name in (*PAGES, "rows"):
            assert sits(username).get(f"/desk/reports/{name}").status_code == 403, (username, name)


@pytest.mark.req("C096")
def test_every_page_costs_the_same_however_much_there_is(sits: Sits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.org.looks.LOOK_SECONDS", 3600.0)  # read anew every while, whatever is on the page
    client = sits("manager")
    lists = [f"rows?of={of}&{PERIOD}" for of in ("satisfaction", "repeats", "received", "open", "orders", "returns")]

    def asked() -> dict[str, int]:
        counts = {}
        for name in (*(f"{each}?{PERIOD}" for each in PAGES), *lists):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/desk/reports/{name}").status_code == 200
            counts[name] = len(queries)
        return counts

    past(2, phone="1390001{:04d}")
    cast.passed(cast.completed(cast.dispatched()[0]))
    asked()
    few = asked()
    past(6, phone="1390002{:04d}")
    for place in range(2):
        [order] = cast.dispatched(cast.reviewed(cast.filed(phone=f"1370000000{place}")), "LOG")
        cast.passed(cast.completed(order, by="handler2"))
    Complaint.objects.filter(state="in_audit").update(received_at=cast.MONDAY - timedelta(days=1))

    assert asked() == few
