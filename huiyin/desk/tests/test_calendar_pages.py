"""Opening hours, imported holidays and reckoning on screen: the effect is shown before anything is saved."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huiyin.complaints.actions import reckoning
from huiyin.complaints.models import Clock
from huiyin.org.models import Change
from huiyin.sla.actions import excepting
from huiyin.sla.models import DayException, PolicyVersion
from huiyin.sla.queries import current
from huiyin.sla.tests.test_importing import MAKEUP, SPRING, ical
from tests import cast

Sits = Callable[[str], Client]
S = "/desk/settings/"
LUNCH = {"hours": "09:00 – 12:00\n13：30-18:00", "workdays": ["1", "2", "3", "4", "5"], "expected": "1"}


def test_only_who_sets_the_policy_opens_these_pages(sits: Sits) -> None:
    for place in ("hours", "holidays", "reckoning"):
        opened = {name: sits(name).get(S + place).status_code for name in ("admin", "outlet", "manager", "agent")}
        assert opened == {"admin": 200, "outlet": 200, "manager": 403, "agent": 403}


def test_a_lunch_break_is_looked_at_first_and_then_saved_as_a_new_version(sits: Sits) -> None:
    complaint = cast.filed(at=timezone.now())
    before = list(Clock.objects.values_list("pk", "due_at"))
    admin = sits("admin")
    assert "保存为新的一版" not in admin.get(f"{S}hours").content.decode()
    answer = admin.post(f"{S}hours", {**LUNCH, "save": "1", "note": "午休"})  # not looked at yet: looked at now
    looked = answer.content.decode()
    assert "保存为新的一版" in looked
    assert f"看了 {len(before)} 项正在计时的时限" in looked
    assert complaint.number not in looked
    assert PolicyVersion.objects.count() == 1
    seen = {**LUNCH, "save": "1", "looked": answer.context["looked"]}
    assert admin.post(f"{S}hours", seen).status_code == 422  # no note
    assert admin.post(f"{S}hours", {**seen, "note": "午休"}).status_code == 302
    assert [f"{opens:%H:%M}" for opens, _closes in current().calendar.hours] == ["09:00", "13:30"]
    assert list(Clock.objects.values_list("pk", "due_at")) == before
    other = {**LUNCH, "hours": "08:00-17:00", "save": "1", "note": "晚了"}
    again = admin.post(f"{S}hours", {**other, "looked": answer.context["looked"]})  # of other hours
    assert (again.status_code, PolicyVersion.objects.count()) == (200, 2)
    assert admin.post(f"{S}hours", {**other, "looked": again.context["looked"]}).status_code == 422  # stale


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("09:00-12:00\n11:00-18:00", "互不重叠"),
        ("22:00-06:00", "不跨零点"),
        ("九点到六点", "须写成"),
        ("", "必填"),
    ],
)
def test_hours_that_make_no_sense_are_refused_and_kept_on_the_page(sits: Sits, hours: str, said: str) -> None:
    answer = sits("admin").post(f"{S}hours", {**LUNCH, "hours": hours, "preview": "1"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert hours.split("\n")[0] in answer.content.decode()
    assert PolicyVersion.objects.count() == 1


def test_a_holiday_file_is_looked_at_first_and_then_imported(sits: Sits) -> None:
    admin = sits("admin")
    file = SimpleUploadedFile("cn.ics", ical(SPRING, MAKEUP))
    looked = admin.post(f"{S}holidays", {"file": file, "preview": "1"})
    page = looked.content.decode()
    assert "整年：2027" in page
    assert "2027-02-05" in page
    assert PolicyVersion.objects.count() == 1
    kept = looked.context["form"].initial
    saved = admin.post(f"{S}holidays", {**kept, "note": "2027 年放假安排", "save": "1"})
    assert saved.status_code == 302
    assert current().calendar.day(date(2027, 2, 5)).name == "春节"
    for broken in (SimpleUploadedFile("x.ics", b"nonsense"), SimpleUploadedFile("x.yaml", b"\xff\xfe")):
        assert admin.post(f"{S}holidays", {"file": broken, "preview": "1"}).status_code == 422
    assert admin.post(f"{S}holidays", {"save": "1"}).status_code == 422


def test_a_day_shows_its_effect_without_being_set(sits: Sits) -> None:
    given = {"day": "2026-12-01", "is_working": "no", "name": "司庆"}
    admin = sits("admin")
    page = admin.post(f"{S}days", {**given, "save": "1"})
    assert page.status_code == 200
    assert "若让正在计时的也按它重算" in page.content.decode()
    assert not DayException.objects.exists()
    assert admin.post(f"{S}days", {**given, "save": "1", "looked": page.context["looked"]}).status_code == 302
    assert DayException.objects.count() == 1

    place = f"{S}days/2026-12-01/clearance"
    asked = admin.post(place)
    assert "若让正在计时的也按它重算" in asked.content.decode()
    assert "2026-12-01 恢复为日历本来的安排" in asked.content.decode()
    assert f'method="post" action="{S}days"' in asked.content.decode()  # the other form and the calendar lead on
    assert 'href="?year=' not in asked.content.decode()
    assert admin.get(f"{place}?year=2027").headers["Location"] == f"{S}days"
    assert DayException.objects.count() == 1
    assert admin.post(place, {"looked": asked.context["looked"]}).status_code == 302
    assert not DayException.objects.exists()


def test_reckoning_is_ordered_with_a_reason_and_seen_by_whom_the_complaint_is_for(sits: Sits) -> None:
    cast.reviewed(cast.filed(at=timezone.now()), category="PQ-01", severity=2, at=timezone.now())
    admin = sits("admin")
    assert admin.post(f"{S}reckoning", {"reason": " "}).status_code == 422
    assert admin.post(f"{S}reckoning", {"reason": "台风停业"}).status_code == 302
    ordered = Change.objects.get(subject="reckoning")
    assert (ordered.label, ordered.made_by) == ("台风停业", cast.member("admin"))
    assert sits("manager").post(f"{S}reckoning", {"reason": "x"}).status_code == 403


def test_the_timeline_says_from_when_to_when_a_promise_was_reckoned_and_why(sits: Sits) -> None:
    complaint = cast.reviewed(category="PQ-01", severity=2)
    cast.dispatched(complaint, "QM")
    at = cast.later(hours=1)
    excepting.set_day(day=date(2026, 11, 18), is_working=False, name="停业", actor=cast.actor("admin"), at=at)
    ordered = reckoning.order(reason="台风停业一天", actor=cast.actor("admin"), at=at)
    reckoning.reckon_all(current(), actor=cast.actor("admin"), at=at, ordered=ordered)
    page = sits("supervisor").get(f"/desk/complaints/{complaint.number}").content.decode()
    assert "2026-11-20 18:00 → 2026-11-23 18:00（台风停业一天）" in page
