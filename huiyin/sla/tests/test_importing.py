"""Holidays out of files as they are found in the wild."""

from datetime import date

import pytest

from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.sla.actions import adopting
from huiyin.sla.errors import MayNotSetPolicy
from huiyin.sla.importing import NotACalendar, read
from huiyin.sla.models import DayException, PolicyVersion
from huiyin.sla.queries import current
from huiyin.sla.tests.conftest import NOW


def ical(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\nUID:{number}\n{event}\nEND:VEVENT\n" for number, event in enumerate(events))
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//回音//测试//ZH\n{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def event(title: str, day: str, after: str = "", more: str = "") -> str:
    lines = [f"SUMMARY:{title}", f"DTSTART;VALUE=DATE:{day}", f"DTEND;VALUE=DATE:{after}" if after else "", more]
    return "\n".join(line for line in lines if line)


SPRING = event("春节（休）", "20270205", "20270212")
MAKEUP = event("春节（班）", "20270214")


def test_titles_with_a_rest_or_a_work_mark_are_read_over_their_days() -> None:
    found = read(ical(SPRING, MAKEUP), "cn.ics")
    assert [day.day for day, each in found.days.items() if not each.is_working] == list(range(5, 12))
    assert found.days[date(2027, 2, 14)] == (True, "春节")
    assert found.whole_years() == [2027]
    assert found.tables("cn.ics")["holidays_2027"]["makeup_workdays"] == ["2027-02-14"]


@pytest.mark.parametrize(
    ("title", "more", "is_working"),
    [
        ("国庆节", "X-APPLE-SPECIAL-DAY:WORK-HOLIDAY", False),
        ("国庆节", "X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY", True),
        ("National Day", "X-MICROSOFT-CDO-BUSYSTATUS:OOF", False),
        ("国庆节 补班", "", True),
        ("国庆节 调休上班", "", True),
        ("[班] 国庆节", "", True),
        ("休：国庆节", "", False),
        ("国庆节 放假", "", False),
    ],
)
def test_each_calendar_has_its_own_way_to_say_it(title: str, more: str, is_working: bool) -> None:
    found = read(ical(event(title, "20271001", more=more)), "x.ics")
    assert found.days[date(2027, 10, 1)].is_working is is_working


def test_what_does_not_say_whether_it_is_worked_is_left_out_and_named() -> None:
    found = read(ical(SPRING, event("重阳节", "20271008"), "SUMMARY:例会\nDTSTART:20271011T010000Z"), "x.ics")
    assert found.unclear == ("2027-10-08 重阳节：没有写明休或班", "例会：不是全天事件")
    assert date(2027, 10, 8) not in found.days


def test_yaml_tables_and_lists_of_days_are_read_too() -> None:
    table = b"holidays_2027: {days_off: [2027-10-01], makeup_workdays: ['2027-10-09'], names: {'2027-10-01': x}}"
    assert read(table, "a.yaml").days == {date(2027, 10, 1): (False, "x"), date(2027, 10, 9): (True, "")}
    days = '{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}'.encode()
    assert read(days, "2027.json").days == {date(2027, 1, 1): (False, "元旦")}


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (ical(SPRING, event("春节（班）", "20270206")), "x.ics", "2027-02-06 既写作休息又写作上班"),
        (ical(event("重阳节", "20271008")), "x.ics", "没有能认出的放假或调休日期"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nX\r\n", "x.ics", "iCal"),
        (b"\xff\xfe\x00", "x.yaml", "读不成 YAML"),
        (b"- 1\n- 2", "x.yaml", "内容不是放假安排"),
        (b"holidays_2027: [1]", "x.yaml", "holidays_2027 须有"),
        (b"holidays_2027: {days_off: [2027-13-01]}", "x.yaml", "YAML：month"),
        (b"days: [{date: 2027-01-01}]", "x.yaml", "isOffDay"),
        (b"holidays_1999: {days_off: [1999-01-01]}", "x.yaml", "2000 至 2099"),
        (b" " * 1_000_001, "x.yaml", "太大"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_reason(content: bytes, name: str, said: str) -> None:
    with pytest.raises(NotACalendar, match=said):
        read(content, name)


@pytest.mark.usefixtures("loaded")
def test_a_whole_year_becomes_known_and_a_few_days_stay_single(admin: Member) -> None:
    imported = read(ical(SPRING, MAKEUP, event("元旦（休）", "20280101")), "cn.ics")
    done = adopting.adopt(
        imported, policy=current(), source="cn.ics", note="2027 年放假安排", actor=Actor.of(admin), at=NOW
    )
    calendar = current().calendar
    assert done == {"years": 1, "days": 1}
    assert calendar.covered_until(date(2026, 11, 22)) == date(2028, 1, 1)
    assert calendar.day(date(2027, 2, 5))[2] == "春节"
    assert calendar.is_working(date(2027, 2, 14))
    again = adopting.adopt(imported, policy=current(), source="cn.ics", note="再来", actor=Actor.of(admin), at=NOW)
    assert again == {"years": 1, "days": 0}
    assert PolicyVersion.objects.count() == 2


@pytest.mark.usefixtures("loaded")
def test_only_who_sets_the_policy_may_import(admin: Member, li_lei: Member) -> None:
    with pytest.raises(MayNotSetPolicy):
        adopting.adopt(
            read(ical(SPRING), "x.ics"), policy=current(), source="x", note="x", actor=Actor.of(li_lei), at=NOW
        )
    assert PolicyVersion.objects.count() == 1
    assert not DayException.objects.exists()
