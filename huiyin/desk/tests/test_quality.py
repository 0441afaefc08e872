"""质量改进 at the desk: incidents and their checklists, 8D step by step, root causes and assessments as lists."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.complaints.models import Complaint
from huiyin.quality.actions import assessing, incidents, investigating, recurring, reporting
from huiyin.quality.models import Discipline, Incident, IncidentClass, Investigation, Notice, RootCauseDuty
from tests import cast
from tests.cast import actor

Sits = Callable[[str], Client]
BOARD = "/desk/quality/"


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def opened(code: str = "INC-SAFE", complaint: Complaint | None = None, title: str = "电饭煲批次起火") -> Incident:
    kind = IncidentClass.objects.get(code=code)
    return incidents.open_incident(
        kind=kind, title=title, complaint=complaint, actor=actor("supervisor"), at=timezone.now()
    )


@pytest.mark.req("C052", "C044")
def test_a_level_one_complaint_is_brought_into_an_incident_whose_checklist_is_worked_through(sits: Sits) -> None:
    complaint = cast.reviewed(severity=1, by="supervisor")
    second = cast.reviewed(cast.filed(phone="13700000001"))
    client = sits("supervisor")
    assert "一级投诉，尚未列入事件" in page(client, f"/desk/complaints/{complaint.number}")

    url = f"/desk/complaints/{complaint.number}/incident"
    assert client.post(url, {"title": "", "incident": ""}).status_code == 422
    client.post(url, {"kind": "INC-SAFE", "title": "电饭煲起火", "incident": ""})
    incident = Incident.objects.get()
    client.post(f"/desk/complaints/{second.number}/incident", {"incident": incident.number})

    shown = page(client, f"{BOARD}incidents/{incident.number}")
    for words in ("召回评估", "政府报备预案", "媒体沟通预案", "质量安全部", complaint.number, second.number):
        assert words in shown
    duty = incident.duties.first()
    assert duty is not None
    at = f"{BOARD}incidents/{incident.number}/duties/{duty.pk}"
    legal = cast.member("legal").pk
    client.post(at, {"owner": legal, "due_at": "2026-12-01T10:00", "evidence": ""})
    client.post(at, {"owner": legal, "evidence": "报备回执 118 号"})
    assert "报备回执 118 号" in page(sits("legal"), f"{BOARD}incidents/{incident.number}")
    assert client.post(f"{BOARD}incidents/{incident.number}/end", {"conclusion": "完"}).status_code == 422
    assert "尚未列入事件" not in page(client, f"/desk/complaints/{complaint.number}")


@pytest.mark.req("C053")
def test_a_missed_outage_report_stands_red_on_the_page_and_on_the_executives_list(sits: Sits) -> None:
    incident = opened("INC-OUT", title="支付中断")
    reporting.sweep_missed(at=timezone.now() + timedelta(hours=2, minutes=1))

    shown = page(sits("supervisor"), f"{BOARD}incidents/{incident.number}")
    assert 'data-level="danger"' in shown
    assert "漏报 1 份报告" in shown
    told = incident.notices.filter(member__username="executive").latest("id")
    assert f'id="told-{told.pk}" data-live-item' in page(sits("executive"), "/desk/")
    assert "支付中断" in page(sits("executive"), BOARD)
    mine = [str(each.pk) for each in incident.notices.filter(member__username="executive")]
    sits("executive").post(f"{BOARD}notices/seen", {"notice": mine})
    assert "需要您知道" not in page(sits("executive"), BOARD)

    client = sits("supervisor")
    client.post(f"{BOARD}incidents/{incident.number}/reports", {"text": "网关证书过期，正在更换。"})
    client.post(f"{BOARD}incidents/{incident.number}/restoration", {"text": "已恢复。"})
    incident.refresh_from_db()
    assert (incident.state, incident.next_report_due_at) == ("restored", None)


@pytest.mark.req("C054")
def test_the_flag_brings_the_board_secretary_onto_the_page(sits: Sits) -> None:
    incident = opened("INC-MAJ", title="媒体追问")
    client = sits("supervisor")
    assert "董事会秘书办公室</dd>" not in page(client, f"{BOARD}incidents/{incident.number}")

    client.post(f"{BOARD}incidents/{incident.number}/market")

    shown = page(client, f"{BOARD}incidents/{incident.number}")
    assert "董事会秘书办公室" in shown
    assert "可能引发股价波动" in shown


def test_an_incident_may_be_opened_before_anybody_complains_by_who_may(sits: Sits) -> None:
    given = {"kind": "INC-OUT", "title": "宽带大面积中断", "summary": "监控告警"}

    assert sits("handler").post(f"{BOARD}incidents/new", given).status_code == 403
    assert sits("supervisor").post(f"{BOARD}incidents/new", {}).status_code == 422
    assert sits("supervisor").post(f"{BOARD}incidents/new", given).status_code == 302
    assert Incident.objects.get().lead_unit.code == "OPS"


@pytest.mark.req("B30")
def test_an_investigation_is_opened_at_the_complaint_and_goes_on_discipline_by_discipline(sits: Sits) -> None:
    complaint = cast.reviewed(category="PQ-03")
    cast.dispatched(complaint, "QM")
    client = sits("quality")
    client.post(f"/desk/complaints/{complaint.number}/investigation", {"title": "电源板虚焊"})
    investigation = Investigation.objects.get()
    url = f"{BOARD}investigations/{investigation.number}"
    assert "电源板虚焊" in page(client, f"/desk/complaints/{complaint.number}")

    assert client.post(f"{url}/d2", {"who": "装配线", "sign": ""}).status_code == 409
    client.post(f"{url}/d0", {"symptom": "不通电", "era_verified": "已验证", "sign": ""})
    few = {"name_0": "沈国强", "role_0": "champion", "authority_0": "可停线", "sign": ""}
    answer = client.post(f"{url}/d1", few)
    assert answer.status_code == 422
    assert "D1 须有一名组长" in answer.content.decode()
    assert "沈国强" in answer.content.decode()

    roles = ("champion", "leader", "member", "member")
    team = {f"{key}_{row}": value for row, role in enumerate(roles)
            for key, value in (("name", f"成员{row}"), ("role", role), ("authority", "可封存"))}  # fmt: skip
    client.post(
        f"{url}/d1",
        {**team, "scope": "电源板", "kickoff_at": "2026-11-17T10:00", "kickoff_minutes": "分工", "sign": ""},
    )
    shown = page(sits("legal"), url)
    for words in ("成员3", "启动会", "有倡导者和组长，成员有处置权限", "不通电"):
        assert words in shown
    assert investigation.steps.get(code="D1").signed_by == cast.member("quality")
    assert page(sits("outsider"), url, 404)


def five_of_a_kind() -> RootCauseDuty:
    for number in range(5):
        complaint = cast.reviewed(cast.filed(phone=f"1370000{number:04d}"), category="SP-12")
        recurring.count(complaint, at=timezone.now())
        assessing.assess(complaint, at=timezone.now())
    return RootCauseDuty.objects.get()


@pytest.mark.req("C055")
def test_the_okr_list_of_the_quarter_shows_the_root_cause_with_its_project(sits: Sits) -> None:
    duty = five_of_a_kind()
    client = sits("supervisor")
    given = {"quarter": "2026Q4", "project": "XM-2026-07 维修排程", "objective": "O2-KR1"}
    client.post(f"{BOARD}causes/{duty.pk}/plan", given)

    shown = page(client, f"{BOARD}?tab=causes&quarter=2026Q4")
    for words in ("SP-12", "流程优化部", "XM-2026-07", "O2-KR1"):
        assert words in shown
    assert client.post(f"{BOARD}causes/{duty.pk}/plan", {"quarter": "26Q9"}).status_code == 422
    client.post(f"{BOARD}causes/{duty.pk}/report", {"cause": "配件断供", "redesign": "备件前置"})
    assert client.post(f"{BOARD}causes/{duty.pk}/approval").status_code == 422
    sits("manager").post(f"{BOARD}causes/{duty.pk}/approval")
    assert "已批准" in page(client, f"{BOARD}?tab=causes&quarter=2026Q4")
    assert page(sits("outsider"), f"{BOARD}causes/{duty.pk}", 404)


@pytest.mark.req("C050")
def test_the_months_assessments_stand_by_department(sits: Sits) -> None:
    duty = five_of_a_kind()

    shown = page(sits("manager"), f"{BOARD}?tab=assessments&month={duty.month}")

    assert shown.index("售后维修部") < shown.index("RT-011")


def test_the_lists_are_for_who_works_with_them_and_say_when_they_are_empty(sits: Sits) -> None:
    for tab, words in (
        ("incidents", "没有事件"),
        ("investigations", "没有 8D 调查"),
        ("causes", "这个季度没有根因任务"),
        ("assessments", "这个月没有时限考核记录"),
    ):
        assert words in page(sits("supervisor"), f"{BOARD}?tab={tab}")
        assert sits("agent").get(f"{BOARD}?tab={tab}").status_code == 403


def cost(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as made:
        assert client.get(url).status_code == 200
    return len(made)


@pytest.mark.parametrize("tab", ["incidents", "investigations", "causes", "assessments"])
def test_a_list_costs_the_same_with_one_row_and_with_three(sits: Sits, tab: str) -> None:
    client, url = sits("supervisor"), f"{BOARD}?tab={tab}"
    five_of_a_kind()

    def one_more(number: int) -> None:
        complaint = cast.reviewed(cast.filed(phone=f"1360000{number:04d}"))
        opened(complaint=complaint)
        investigating.open_investigation(complaint, title="查", actor=actor("supervisor"), at=timezone.now())
        RootCauseDuty.objects.create(
            category=complaint.category, month=f"2026-0{number}-01", unit=cast.unit("POD"), quarter="2026Q4",
            opened_at=timezone.now(), due_at=timezone.now(),
        )  # fmt: skip

    one_more(1)
    Notice.objects.update(seen_at=timezone.now())
    first = cost(client, url)
    one_more(2)
    one_more(3)
    Notice.objects.update(seen_at=timezone.now())

    assert cost(client, url) == first <= 10


def test_only_the_notices_that_were_shown_are_seen(sits: Sits) -> None:
    client = sits("executive")
    first = opened("INC-OUT", title="支付中断").notices.get(member__username="executive")
    later_one = opened("INC-OUT", title="短信中断").notices.get(member__username="executive")

    client.post(f"{BOARD}notices/seen", {"notice": [str(first.pk), "9" * 5000, "x"]})

    first.refresh_from_db()
    later_one.refresh_from_db()
    assert (first.seen_at is None, later_one.seen_at) == (False, None)
    assert f'name="notice" value="{later_one.pk}"' in page(client, BOARD)


@pytest.mark.req("B30")
def test_who_would_overwrite_a_step_reads_what_stands_there_and_keeps_what_they_typed(sits: Sits) -> None:
    complaint = cast.reviewed()
    row = investigating.open_investigation(complaint, title="查", actor=actor("supervisor"), at=timezone.now())
    url, field = f"{BOARD}investigations/{row.number}/d0", Discipline.objects.get(code="D0").fields[0]["name"]
    assert sits("supervisor").post(url, {field: "甲的话", "seen_at": ""}).status_code == 302

    answer = sits("supervisor2").post(url, {field: "乙的话", "seen_at": ""})

    body = answer.content.decode()
    assert (answer.status_code, "甲的话" in body, "乙的话" in body) == (409, True, True)
    saved = row.steps.get(code="D0").saved_at
    assert saved is not None
    assert f'name="seen_at" value="{saved.isoformat()}"' in body
    assert sits("supervisor2").post(url, {field: "乙的话", "seen_at": saved.isoformat()}).status_code == 302
