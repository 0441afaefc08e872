"""监管案件 at the desk: taken in, amended, answered, packed; the profiles in the settings; who waits, and paper."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.complaints.models import Clock, Complaint, RegulatoryCase
from huiyin.desk.tests.test_intake import FORM
from huiyin.intake.models import Paper, Waiting
from huiyin.sla.models import RegulatoryProfile
from tests import cast

Sits = Callable[[str], Client]
NEW = "/desk/complaints/new"


def words(answer: Any) -> str:
    return str(answer.content.decode())


def typed(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


@pytest.mark.req("A48")
def test_a_referral_is_taken_in_amended_answered_and_packed_at_the_desk(sits: Sits) -> None:
    agent, due = sits("agent"), timezone.now() + timedelta(hours=5)
    sent = {"channel": "hotline_12315", "referral_no": "SAMR-9", "referral_deadline": typed(due)}
    refused = agent.post(NEW, {**FORM, **sent, "referral_category": "complex"})
    assert (refused.status_code, "没有这种情形" in words(refused)) == (422, True)
    assert agent.post(NEW, {**FORM, **sent}).status_code == 302

    complaint = Complaint.objects.get()
    place = f"/desk/complaints/{complaint.number}"
    page = words(agent.get(place))
    for said in ("监管案件", "SAMR-9", "支持，未认证", "照录，不重算", "永不暂停", "受理机构自己的时限，只看不计"):
        assert said in page
    clock = Clock.objects.get(complaint=complaint, code="CK-REG")
    assert typed(complaint.due_at) == typed(clock.due_at) == typed(due)
    assert page.index("CN-12315 ODR") < page.index("首次响应</span>", page.index('id="clocks"'))  # the tightest leads
    assert complaint.number in words(agent.get("/desk/complaints/?view=regulatory"))

    case = RegulatoryCase.objects.get()
    given = {"case": case.pk, "number": "SAMR-9", "deadline": typed(due + timedelta(days=3))}
    assert agent.post(f"{place}/referral-amendments", given).status_code == 302
    lacking = agent.post(f"{place}/authority-answers", {"case": case.pk, "words": "已核实。", "outcome": "explained"})
    assert (lacking.status_code, "材料还不齐" in words(lacking)) == (422, True)
    package = f"{place}/reply-packages/{case.pk}"
    assert agent.post(package).status_code == 403  # takes no case out
    packed = sits("supervisor").post(package)
    assert packed.headers["Content-Disposition"].startswith("attachment")
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(b"".join(packed))).namelist()
    answer = {"case": case.pk, "words": "已核实。", "outcome": "explained", "anyway": "客户要求由贵局转告"}
    assert agent.post(f"{place}/authority-answers", answer).status_code == 302
    assert "已答复" in words(agent.get(place))
    assert complaint.number not in words(agent.get("/desk/complaints/?view=regulatory"))


def test_a_complaint_without_a_referral_asks_nothing_more_of_the_database(sits: Sits) -> None:
    complaint, agent = cast.filed(at=timezone.now()), sits("agent")
    agent.get(f"/desk/complaints/{complaint.number}")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        agent.get(f"/desk/complaints/{complaint.number}")
    assert not [each for each in asked.captured_queries if "regulatory" in each["sql"]]


def test_the_profiles_show_status_source_and_date_and_are_switched_by_who_sets_the_policy(sits: Sits) -> None:
    admin = sits("admin")
    page = words(admin.get("/desk/settings/regulations"))
    assert page.count("支持，未认证") > 9
    for said in ("2026-11-22", "2026-04-15", "SAMR Order 121", "常识，待法务确认", "8 周", "须更高一级审批"):
        assert said in page
    place = "/desk/settings/regulations/UK-FCA"
    assert sits("agent").post(place, {"reach": "every"}).status_code == 403
    assert admin.post(place, {"reach": "sometimes"}).status_code == 404
    assert admin.post(place, {"reach": "referred"}).status_code == 302
    assert RegulatoryProfile.objects.get(code="UK-FCA").reach == "referred"
    assert "UK-FCA" in words(sits("agent").get(f"/desk/complaints/{cast.filed().number}/referrals"))
    assert "UK-FCA" in words(admin.get("/desk/settings/history"))


@pytest.mark.req("C065", "C091")
def test_who_waits_and_paper_on_the_desk_are_timed_until_answered_and_typed(sits: Sits) -> None:
    agent = sits("agent")
    assert agent.post("/desk/waiting", {"reference": "A017", "way": "counter"}).status_code == 302
    assert agent.post("/desk/waiting", {"reference": "", "way": "counter"}).status_code == 422
    page = words(agent.get("/desk/waiting"))
    assert "A017" in page
    assert "Erlang C" in page
    assert agent.post(f"/desk/waiting/{Waiting.objects.get().pk}/answer").headers["Location"] == NEW
    assert "现在没有人在等" in words(agent.get("/desk/waiting"))

    assert agent.post("/desk/papers", {"label": "挂号信 3 号"}).status_code == 302
    paper = Paper.objects.get()
    form = words(agent.get(f"{NEW}?paper={paper.pk}"))
    assert f'name="paper" value="{paper.pk}"' in form
    assert agent.post(NEW, {**FORM, "channel": "letter", "paper": paper.pk}).status_code == 302
    paper.refresh_from_db()
    assert (paper.complaint, paper.confirmed_by) == (Complaint.objects.get(), cast.member("agent"))
    assert "挂号信 3 号" in words(agent.get("/desk/papers"))
    assert sits("handler").get("/desk/papers").status_code == 403
