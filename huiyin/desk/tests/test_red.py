"""The red channel on screen: the banner, the page of one case, the list, the daily report."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from huiyin.complaints.models import Complaint, Event
from huiyin.desk.views import queue
from huiyin.org.models import Member
from huiyin.quality.actions import incidents
from huiyin.redchannel.actions import daily, paging
from huiyin.redchannel.models import DailyReport, RedCase, WarRoom
from huiyin.redchannel.tests.test_paging import HURT
from tests import cast
from tests.cast import member, unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company(db: None) -> None:
    cast.company()


def browser(username: str) -> Client:
    made = Client()
    made.force_login(member(username), backend="django.contrib.auth.backends.ModelBackend")
    return made


def red(phone: str = "13900001111") -> RedCase:
    at = timezone.now()
    complaint = cast.filed(text=HURT, phone=phone, at=at - timedelta(minutes=4))
    case = paging.consider(complaint, at=at - timedelta(minutes=3))
    assert case is not None
    assert paging.link_to(complaint.number) == reverse("desk:red-case", args=[complaint.number])
    return case


def post(who: str, case: RedCase, noun: str, **given: object) -> int:
    return browser(who).post(reverse("desk:red-deed", args=[case.complaint.number, noun]), given).status_code


def text(who: str, url: str) -> str:
    answer = browser(who).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.req("C036", "C037")
def test_the_banner_stands_on_the_complaint_and_its_button_ends_the_pages() -> None:
    case = red()
    page = reverse("desk:complaint", args=[case.complaint.number])
    assert "确认，由我接手" in text("executive", page)
    assert "正在呼叫，第 1 轮" in text("agent", page)
    assert "确认，由我接手" not in text("agent", page)

    assert post("agent", case, "confirmation") == 403
    assert post("executive", case, "confirmation") == 302
    assert post("executive", case, "confirmation") == 422

    assert "赵建国 已确认，耗时：3 分钟；共呼叫 1 轮" in text("agent", page)
    assert case.complaint.events.filter(kind=Event.Kind.PAGE_CONFIRMED).count() == 1


@pytest.mark.req("C036")
def test_the_emergency_lines_case_goes_before_all_others_on_every_page_of_the_queue_whatever_its_level(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = timezone.now()
    older = [cast.filed(phone=f"1390000300{each}", at=at - timedelta(hours=6 - each)) for each in range(3)]
    called = cast.filed(text=cast.TEXT, channel="red_channel", phone="13900004444", at=at - timedelta(minutes=4))
    assert paging.consider(called, at=at - timedelta(minutes=3)) is not None
    assert called.severity == 3
    monkeypatch.setattr(queue, "SIZE", 2)

    def walked(view: str) -> list[str]:
        seen, url = [], f"/desk/complaints/?view={view}"
        while url:
            answer = browser("reviewer").get(url)
            seen += [row["number"] for row in answer.context["rows"]]
            url = answer.context["next_url"]
        return seen

    assert walked("review") == [called.number, *(each.number for each in older)]
    assert f"/desk/complaints/{called.number}?through=review" in text("reviewer", "/desk/")

    for each in (*older, called):
        cast.reviewed(each, severity=3, at=at)  # a person says that it is an ordinary one: the line it came by counts
    paging.consider(called, at=at)
    assert walked("dispatch")[0] == called.number
    assert "红色通道" in text("agent", reverse("desk:complaint", args=[called.number]))
    [order] = cast.dispatched(called, at=at)
    cast.dispatched(older[0], at=at - timedelta(minutes=1))
    assert browser("handler").get("/desk/complaints/?view=sign").context["rows"][0]["number"] == order.number


@pytest.mark.req("C039", "C044")
def test_from_the_plan_to_the_minutes_on_one_page() -> None:
    case = red()
    url = reverse("desk:red-case", args=[case.complaint.number])
    seat = Member.objects.create(username="qs1", name="安全员", unit=unit("QS"), roles=["handler"])
    legal = member("legal")
    assert "安全员" in text("supervisor", url)
    plan = {"kind": "INC-SAFE", f"seat_{seat.unit_id}": seat.pk, f"seat_{legal.unit_id}": legal.pk, "lead": legal.pk}

    assert post("supervisor", case, "force", **{**plan, "lead": 0}) == 422
    assert post("supervisor", case, "force", **plan) == 302
    assert post("legal", case, "formation") == 302
    assert post("legal", case, "rooms", topic="") == 422
    assert post("legal", case, "rooms", topic="是否停售") == 302
    room = WarRoom.objects.filter(case=case)
    room.update(group_at=F("called_at") + timedelta(seconds=90))
    assert "企业微信群 1 分钟后建成" in text("legal", url)
    room.update(group_fault="40031 invalid userid list: qs1")
    assert "企业微信群没有建好：40031 invalid userid list: qs1。请按通知逐一联系。" in text("legal", url)
    assert "邀请其他人" in text("legal", url)
    assert "邀请其他人" not in text("agent", url)
    assert post("legal", case, "invitations", member=member("agent").pk) == 422
    assert post("legal", case, "invitations", member=member("executive").pk) == 302
    for who in ("legal", "supervisor", "qs1"):
        assert post(who, case, "joining") == 302
    assert post("agent", case, "decisions", text="停售") == 403
    assert post("legal", case, "decisions", text="即日停售该批次") == 302
    case.refresh_from_db()
    assert case.incident is not None
    [first, *_others] = case.incident.duties.all()
    other = cast.filed(phone="13900009999")
    Complaint.objects.filter(pk=other.pk).update(recused=[legal.pk])
    incidents.join_complaint(case.incident, complaint=other, actor=cast.actor("supervisor"), at=timezone.now())
    assert case.incident.number not in text("legal", url)
    assert post("legal", case, "duties", duty=first.pk, evidence="另一件投诉点名") == 404
    Complaint.objects.filter(pk=other.pk).update(recused=[])
    assert post("legal", case, "duties", duty=first.pk, evidence="报备函已发") == 302

    shown = text("qs1", url)
    for words in ("即日停售该批次", "报备函已发", "已到齐", "跨部门会诊集结"):
        assert words in shown
    assert post("legal", case, "end", minutes="停售，周三复会") == 302
    assert "停售，周三复会" in text("agent", url)


def test_the_list_asks_the_same_however_many_there_are() -> None:
    def asked() -> int:
        client = browser("supervisor")
        client.get(reverse("desk:red"))
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("desk:red")).status_code == 200
        return len(found)

    red()
    one = asked()
    red("13900002222")
    red("13900003333")

    assert asked() == one


@pytest.mark.req("C045")
def test_management_reads_the_daily_report_and_nobody_else() -> None:
    at = timezone.now()
    complaint = cast.reviewed(cast.filed(at=at - timedelta(days=2)), severity=2, at=at - timedelta(days=2))
    DailyReport.objects.all().delete()
    report = daily.report(at=at)
    assert report is not None
    url = reverse("desk:red-daily", args=[report.day.isoformat()])

    assert complaint.number in text("manager", url)
    assert report.day.isoformat() in text("director", reverse("desk:red"))
    assert browser("agent").get(url).status_code == 403
    assert browser("manager").get(reverse("desk:red-daily", args=["2001-01-01"])).status_code == 404
