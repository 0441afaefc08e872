"""四级建议月报: what came of suggestions and enquiries, where each stands, and two clicks into the library."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.complaints.models import Complaint, Event
from huiyin.insight import monthly
from huiyin.insight.actions import monthly as telling
from huiyin.insight.monthly import Trend
from huiyin.insight.tests.past import NOW, answered
from huiyin.intake.actions.taking_in import take_in_many
from huiyin.intake.arrival import Arrival
from huiyin.knowledge.models import LibraryCase
from huiyin.notices.models import Notice
from huiyin.org.models import Member
from huiyin.quality.models import Incident, IncidentClass, IncidentComplaint
from tests import cast

Sits = Callable[[str], Client]
URL = "/desk/reports/monthly"
ZONE = ZoneInfo("Asia/Shanghai")
OCTOBER = datetime(2026, 10, 6, 10, tzinfo=ZONE)
SAID = "我是张伟，手机13900001111，建议你们把保修条款印大一点。另外周末能不能安装？"
REPLY = "张伟先生您好，周末可以安装，预约时选周六、周日即可；保修条款下月改版。有事拨13900001111联系您。"


def month(count: int, start: datetime, **columns: Any) -> list[Complaint]:
    given = {"severity": 4, "kind": "suggestion", **columns}
    return answered([5] * count, received_at=start, by=cast.actor("agent"), category="SG-01", **given)


@pytest.fixture
def october() -> list[Complaint]:
    """Six of October, of which one is in an incident, one at a counter, one withdrawn, one of level 3; two of
    September."""
    Member.objects.create(username="kb", name="知识", unit=cast.unit("CC"), roles=["kb_editor"])
    made = [*month(5, OCTOBER), *month(2, OCTOBER.replace(month=9))][:5]
    said = Arrival(
        text=SAID, channel="import", category="SG-01", name="客户张伟", phone="13900001111", received_at=OCTOBER,
        reply=REPLY, replied_at=OCTOBER.replace(day=7),
    )  # fmt: skip
    made.insert(0, take_in_many([said], actor=cast.actor("agent"), at=NOW)[0].complaint)
    change(made[0], severity=4)
    change(made[5], severity=3)
    change(made[4], state="withdrawn")
    change(made[3], channel="counter", received_unit=cast.unit("CTY-E01"), replied_at=None, state="in_progress")
    incident = Incident.objects.create(
        number="SJ1", title="x", kind=IncidentClass.objects.all()[0], lead_unit=cast.unit("QM"), opened_at=OCTOBER,
    )  # fmt: skip
    IncidentComplaint.objects.create(incident=incident, complaint=made[1], joined_at=OCTOBER)
    return made


def change(complaint: Complaint, **columns: Any) -> None:
    Complaint.objects.filter(pk=complaint.pk).update(**columns)


def page(client: Client, query: str = "month=2026-10", status: int = 200) -> str:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == status, query
    return str(response.content.decode())


def rows(words: str) -> list[str]:
    return re.findall(r'<li class="board-row" id="([^"]+)"', words)


@pytest.mark.req("C047")
def test_items_of_level_4_stand_in_the_monthly_report_and_two_clicks_make_knowledge_of_one(
    sits: Sits, october: list[Complaint]
) -> None:
    first, second, third, fourth, *_left_out = october
    editor, manager = sits("supervisor"), sits("manager")
    shown = page(manager)
    assert sorted(rows(shown)) == sorted(each.number for each in (first, second, third, fourth))
    assert re.findall(r'<strong class="figures"[^>]*>(\d+)</strong><span>', shown) == ["4", "1", "3", "0", "1"]
    for said in ("上个月受理 2 件", "件数太少，不作结论", "SG-01", "没有受理单位", "营业前台", "+2", "75.0%"):
        assert said in shown, said
    found = {fate: rows(page(manager, f"month=2026-10&fate={fate}")) for fate in ("waiting", "improved", "kept")}
    assert found == {"waiting": [fourth.number], "improved": [second.number], "kept": []}
    unit = cast.unit("CTY-E01").pk
    assert rows(page(manager, f"month=2026-10&unit={unit}&channel=counter")) == [fourth.number]
    assert len(rows(page(manager, "month=2026-10&unit=0"))) == 3
    assert rows(page(sits("lead"))) == []  # who sees none of them is told of none
    assert "这个月没有四级建议和咨询" in page(sits("lead"))

    [link] = re.findall(rf'href="(/desk/complaints/{first.number}/knowledge-draft)"', page(editor))
    entry = editor.get(link).context["form"]  # one click
    form = {name: entry[name].value() for name in ("name_zh", "situation", "handling")}
    assert "周末能不能安装" in form["situation"]
    assert "周末可以安装" in form["handling"]
    assert editor.post(link, form).headers["Location"] == f"{URL}?month=2026-10#{first.number}"  # and another
    case = LibraryCase.objects.get(source=first.number)
    assert (case.is_draft, case.is_active, case.categories, case.archived_by) == (
        True, False, ["SG-01"], cast.member("supervisor"),
    )  # fmt: skip
    assert [each for each in ("张伟", "13900001111") if each in case.text] == []
    assert case.name_zh.startswith("我是[客户]，手机[电话]")
    assert first.events.get(kind=Event.Kind.ARCHIVED).particulars == {"case": case.code}

    assert rows(page(editor, "month=2026-10&fate=kept")) == [first.number]
    assert "knowledge-draft" not in page(editor, "month=2026-10&fate=kept")
    assert f"shelf=drafts&amp;q={case.code}" in page(editor)
    assert "shelf=drafts" not in page(sits("outlet"))  # whose library has no such shelf
    assert editor.post(link, form).status_code == 409  # once only
    assert f'id="{case.code}"' not in found_in_library(editor, case.code)
    shelf = editor.get("/desk/knowledge/?shelf=drafts").content.decode()
    assert f'href="/desk/complaints/{first.number}"' in shelf
    assert "周末能不能安装" in shelf
    publication = f"/desk/knowledge/drafts/{case.code}/publication"
    assert editor.post(publication).status_code == 403  # another reads it: an editor
    library = sits("kb")  # whose report has the items, in words that tell of no customer, and no other figures
    assert rows(page(library)) == rows(shown)
    assert "13900001111" not in page(library)
    assert "/desk/reports/attainment" not in page(library)
    assert publication in library.get("/desk/knowledge/?shelf=drafts").content.decode()
    assert [library.post(publication).status_code for _twice in range(2)] == [302, 302]
    assert f'id="{case.code}"' in found_in_library(editor, case.code)
    case.refresh_from_db()
    assert (case.is_draft, case.is_active) == (False, True)


def found_in_library(client: Client, words: str) -> str:
    return str(client.get(f"/desk/knowledge/?shelf=cases&q={words}").content.decode())


def test_what_is_no_answered_item_of_level_4_or_a_secret_makes_no_knowledge_and_typed_names_go_out(
    sits: Sits, october: list[Complaint]
) -> None:
    first, second, _third, fourth, _withdrawn, level_3 = october
    editor = sits("supervisor")
    change(second, is_confidential=True)
    form = {"name_zh": "周末能否安装", "situation": "张伟问周末能否安装", "handling": "可以，13900001111"}
    for each in (second, fourth, level_3):
        url = f"/desk/complaints/{each.number}/knowledge-draft"
        assert "这一件不能转为知识" in editor.get(url).content.decode()
        assert editor.post(url, form).status_code == 409
    url = f"/desk/complaints/{first.number}/knowledge-draft"
    assert editor.post(url, {**form, "handling": ""}).status_code == 422
    assert sits("agent").get(url).status_code == 403
    assert editor.post(url, form).status_code == 302
    [case] = LibraryCase.objects.filter(is_draft=True)
    assert (case.situation, case.handling) == ("[客户]问周末能否安装", "可以，[电话]")
    assert sits("agent").get(URL).status_code == 403
    assert "待发布" not in sits("agent").get("/desk/knowledge/?shelf=drafts").content.decode()


@pytest.mark.req("A58")
def test_only_who_statistics_leave_through_takes_the_months_counts_out(sits: Sits, october: list[Complaint]) -> None:
    assert "monthly.csv" not in page(sits("manager"))
    assert sits("manager").get(f"{URL}.csv?month=2026-10").status_code == 403
    outlet = sits("outlet")
    assert "monthly.xlsx" in page(outlet)
    lines = b"".join(outlet.get(f"{URL}.csv?month=2026-10")).decode("utf-8-sig").splitlines()
    assert lines[1].split(",")[:11] == ["2026-10", "all", "", "", "4", "2", "few", "3", "0", "1", "yes"]
    assert lines[1].endswith(",outlet")
    assert {line.split(",")[1] for line in lines[2:]} == {"category", "unit", "channel"}
    assert b"".join(outlet.get(f"{URL}.xlsx?month=2026-10"))[:2] == b"PK"
    assert outlet.get(f"{URL}.pdf").status_code == 404
    for bad in ("month=x", "month=9999-99", "month=2026-10&category=%00&unit=99999999999&channel=x&fate=x&cursor=x"):
        assert outlet.get(f"{URL}?{bad}").status_code == 200


def test_the_page_asks_the_same_of_many_as_of_few(sits: Sits) -> None:
    counts: list[int] = []
    manager = sits("manager")
    page(manager)
    for start in (OCTOBER, OCTOBER.replace(day=12)):
        month(4 if not counts else 16, start)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(manager)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 16


def test_a_change_is_told_only_where_chance_does_not_explain_it_and_a_month_not_over_is_compared_with_as_much() -> None:
    assert [monthly.trend(*each, 0.5) for each in ((2, 3), (10, 14), (10, 40), (40, 10), (0, 0))] == [
        Trend.FEW, Trend.CHANCE, Trend.MORE, Trend.FEWER, Trend.FEW,
    ]  # fmt: skip
    half = monthly.the_month(date(2026, 3, 1), at=datetime(2026, 3, 11, tzinfo=ZONE))
    assert half.before_end == datetime(2026, 2, 11, tzinfo=ZONE)
    assert (half.is_over, half.share) == (False, 0.5)
    late = monthly.the_month(date(2026, 3, 1), at=datetime(2026, 3, 31, tzinfo=ZONE))
    assert late.before_end == datetime(2026, 3, 1, tzinfo=ZONE)  # never further than to its end


@pytest.mark.req("C047")
def test_when_a_month_is_over_who_looks_after_it_is_told_once_of_what_they_may_see(
    sits: Sits, october: list[Complaint]
) -> None:
    after = datetime(2026, 11, 1, 9, tzinfo=ZONE)
    assert telling.tell(at=after) == 4
    assert telling.tell(at=after.replace(day=3)) == 0
    told = {each.member.username: each for each in Notice.objects.filter(kind="monthly_l4")}
    assert set(told) == {"supervisor", "supervisor2", "manager", "kb"}
    assert told["manager"].values == {"month": "2026-10", "count": 4, "open": 1, "to_keep": 3}
    assert len(rows(str(sits("manager").get(told["manager"].link).content.decode()))) == 4
