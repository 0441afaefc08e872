"""The settings pages: for whom they open, what they refuse, and that a longer list costs no more queries."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.complaints.models import Event
from huiyin.dispatch.models import RoutingRule
from huiyin.org import looks
from huiyin.org.actions import arranging, members, recording
from huiyin.org.actors import SYSTEM
from huiyin.org.models import Appearance, Change, Company, Member, SetupStep, Unit
from huiyin.redchannel.models import RedPolicy
from huiyin.sla.models import DayException, PolicyVersion, RegulatoryProfile
from huiyin.triage import queries
from huiyin.triage.models import Category, ElementSet
from tests import cast

Sits = Callable[[str], Client]
S = "/desk/settings/"
CONFIGURES = [
    "start", "company", "units", "units/new", "units/QM", "units/CTY-E01/move?under=BR-SOUTH", "members",
    "members/agent/move?under=QM", "members/new", "members/agent", "roles", "roles?role=supervisor", "categories",
    "categories/PQ-01", "categories/PQ", "categories/PQ/new", "elements", "elements/new", "elements/COMMON", "routing",
    "routing/new",
    "routing/RT-010", "channels", "scripts", "scripts/new", "scripts/RS-10", "scripts/frames/sms", "phrases",
    "phrases/new", "phrases/FP-12", "letters", "letters/receipt", "red", "scorecard", "sampling",
    "notices/words?q=超时", "live",
]  # fmt: skip
SETS_POLICY = ["", "history", "promises", "promises/document", "promises/1", "days", "hours", "holidays", "reckoning"]


def test_who_configures_opens_every_page_and_nobody_else_any(sits: Sits) -> None:
    for username, status in {"admin": 200, "outlet": 403, "manager": 403, "agent": 403}.items():
        client = sits(username)
        assert {place: client.get(S + place).status_code for place in CONFIGURES} == dict.fromkeys(CONFIGURES, status)


def test_who_sets_the_policy_opens_what_is_of_it(sits: Sits) -> None:
    for username, status in {"admin": 200, "outlet": 200, "manager": 403, "agent": 403}.items():
        client = sits(username)
        answers = {place: client.get(S + place).status_code for place in SETS_POLICY}
        assert answers == dict.fromkeys(SETS_POLICY, status)


def test_an_administrator_sees_counts_and_numbers_and_not_a_word_of_a_complaint(sits: Sits) -> None:
    complaint = cast.filed(text="暗号蓝鲸七十二号，电饭煲不通电。", name="客户张伟")
    places = [*CONFIGURES, *SETS_POLICY, f"units/{complaint.owner_unit.code}", f"categories/{complaint.category.code}"]
    leaks = [place for place in places if "蓝鲸" in sits("admin").get(S + place).content.decode()]
    assert leaks == []
    assert "客户张伟" not in sits("admin").get(f"{S}units/{complaint.owner_unit.code}").content.decode()


def test_the_administrator_is_told_where_no_live_updates_come_through(sits: Sits, settings: LazySettings) -> None:
    admin = sits("admin")
    assert "settings/live" in admin.get(S).content.decode()
    settings.HUIYIN_LIVE_URL = "http://127.0.0.1:9"
    told = admin.get(S + "live").content.decode()
    assert "实时更新没有接通" in told
    assert "http://127.0.0.1:9/live/" in told


def test_a_setting_is_found_by_other_words_for_it(sits: Sits) -> None:
    for asked, found in (
        ("颜色", "公司与外观"),
        ("节假日", "特殊日期"),
        ("离岗", "成员名册"),
        ("咖啡机", "没有找到这样的设置"),
    ):
        assert found in sits("admin").get(S, {"q": asked}).content.decode()


def everything() -> list[Any]:
    """What a refusal must leave as it was."""
    return [
        list(Unit.objects.values_list("code", "path", "name_zh", "is_active")),
        list(Member.objects.values_list("username", "name", "unit", "roles", "is_active")),
        list(Category.objects.values_list("code", "name_zh", "severity", "valid_to", "keywords")),
        list(ElementSet.objects.values_list("code", "required", "optional")),
        list(RoutingRule.objects.values_list("code", "position", "condition", "effect", "is_active")),
        PolicyVersion.objects.count(), DayException.objects.count(), Appearance.objects.count(),
        list(Company.objects.values_list("name_zh", "name_en", "time_zone")), SetupStep.objects.count(),
        Change.objects.count(), Event.objects.count(),
    ]  # fmt: skip


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("units/new", {"code": "小写", "name_zh": "坏", "kind": "team"}),
    ("units/new", {"code": "QM", "name_zh": "重复", "kind": "team"}),
    ("units/QM", {"name_zh": ""}),
    ("units/QM/retirement", {}),
    ("members/new", {"username": "agent", "name": "重复", "unit": "CC", "language": "zh-hans"}),
    ("members/new", {"username": "neu", "name": "没有单位", "unit": "NOPE", "language": "zh-hans"}),
    ("members/admin", {"name": "孙志远", "unit": "HQ", "language": "zh-hans", "roles": []}),
    ("members/agent", {"name": "李雷", "unit": "CC", "language": "zh-hans", "roles": ["emperor"]}),
    ("categories/PQ/new", {"code": "PQ-01", "name_zh": "重复"}),
    ("categories/PQ-01", {"name_zh": "改名", "severity": "9"}),
    ("elements/COMMON", {"name_zh": "每件都问"}),
    ("elements/new", {"name_zh": "", "row": "1", "q1-name_zh": "甲", "q1-kind": "line", "q1-must": "yes"}),
    ("elements/new", {"name_zh": "乙", "row": "1", "q1-name_zh": "甲", "q1-kind": "song", "q1-must": "yes"}),
    ("routing/RT-010", {"position": "1", "condition": "weather: rain", "effect": "team: QM-CASE"}),
    ("routing/RT-010", {"position": "1", "condition": "- not a mapping", "effect": "team: QM-CASE"}),
    ("promises/document", {"text": "clocks: [", "note": "坏", "expected": "1", "save": "1"}),
    ("promises/document", {"text": "{}", "note": "坏", "expected": "1", "save": "1"}),
    ("days", {"day": "2026-13-40", "is_working": "no", "name": "坏"}),
    ("days", {"day": "2026-12-25", "is_working": "no", "name": " "}),
    ("company", {"name_zh": "", "time_zone": "Asia/Shanghai"}),
    ("company/accent", {"accent": "#ffff00", "save": "1"}),
    ("company/accent", {"accent": "red;}", "save": "1"}),
    ("company/logo", {}),
    ("start/units", {}),
    ("start/clearance", {"typed": "移除演示数据"}),  # by a demo account
]


def test_what_is_refused_is_said_on_the_page_and_changes_nothing(sits: Sits) -> None:
    admin, before = sits("admin"), everything()
    for place, given in REFUSED:
        answer = admin.post(S + place, given)
        said = 'role="alert"' in answer.content.decode()
        assert (place, answer.status_code, said, everything() == before) == (place, 422, True, True), given


LED_BACK: list[tuple[str, dict[str, Any]]] = [
    ("units/BR-EAST/move", {"under": "CTY-E01"}),
    ("members/admin/retirement", {}),
    ("members/agent/second-factor", {}),
    ("categories/PQ-01/closing", {"successor": "PQ-01"}),
    ("days/2026-12-25/clearance", {}),
]


def test_a_refused_press_of_a_button_leads_back_with_the_reason(sits: Sits) -> None:
    admin, before = sits("admin"), everything()
    for place, given in LED_BACK:
        answer = admin.post(S + place, given, follow=True)
        said = 'data-level="danger"' in answer.content.decode()
        assert (place, answer.status_code, said, everything() == before) == (place, 200, True, True)


def test_nobody_else_may_post_at_all(sits: Sits) -> None:
    before = everything()
    places = {place for place, _given in REFUSED + LED_BACK}
    answers = {(place, sits("manager").post(S + place, {}).status_code) for place in places}
    assert (answers, everything() == before) == ({(place, 403) for place in places}, True)


def test_a_unit_that_owns_open_complaints_says_which(sits: Sits) -> None:
    complaint = cast.filed()
    unit = complaint.owner_unit
    Member.objects.filter(unit__path__startswith=unit.path).update(unit=cast.unit("HQ"))
    Unit.objects.within(unit).exclude(pk=unit.pk).update(is_active=False)

    answer = sits("admin").post(f"{S}units/{unit.code}/retirement")

    assert (answer.status_code, complaint.number in answer.content.decode()) == (422, True)
    assert Unit.objects.get(pk=unit.pk).is_active


def test_the_first_password_is_shown_once_and_works(sits: Sits) -> None:
    given = {"username": "chen", "name": "陈立", "unit": "HQ", "roles": ["admin"], "language": "zh-hans"}
    page = sits("admin").post(f"{S}members/new", given).content.decode()

    chen = Member.objects.get(username="chen")
    shown = [
        word for word in page.replace("<", " ").replace(">", " ").replace('"', " ").split() if word.count("-") == 2
    ]
    assert any(chen.check_password(word) for word in shown)
    again = sits("admin").get(f"{S}members/chen").content.decode()
    assert "只显示这一次，请现在交给本人" not in again


def test_a_category_is_opened_changed_and_closed(sits: Sits) -> None:
    admin = sits("admin")
    leaf = {
        "code": "PQ-90", "name_zh": "指示灯误亮", "severity": "3", "complexity": "S", "issue_class": "tech",
        "owner": "QM", "element_set": "COMMON", "keywords": "指示灯误亮",
    }  # fmt: skip
    seen = {"looked": admin.post(f"{S}categories/PQ/new", leaf).context["foreseen"]["looked"]}
    assert admin.post(f"{S}categories/PQ/new", leaf | seen).status_code == 302
    assert admin.post(f"{S}categories/PQ-90", {**leaf, "name_zh": "指示灯常亮"}).status_code == 302
    assert admin.post(f"{S}categories/PQ-90/closing", {"successor": "PQ-01"}).status_code == 302
    closed = Category.objects.get(code="PQ-90")
    assert (closed.name_zh, closed.successor) == ("指示灯常亮", Category.objects.get(code="PQ-01"))
    verbs = list(Change.objects.filter(subject="PQ-90").order_by("id").values_list("verb", "after"))
    assert [verb for verb, _after in verbs] == ["added", "amended", "retired"]
    assert verbs[1][1] == {"name_zh": "指示灯常亮"}


def test_a_promise_is_previewed_without_a_trace_and_then_saved(sits: Sits) -> None:
    admin = sits("admin")
    page = admin.get(f"{S}promises")
    assert '<span class="soft">再过 2 个工作日</span> ' in page.content.decode()  # the last rung of level 3
    given = {field.html_name: field.initial for field in page.context["form"] if field.initial is not None}
    given |= {"received": "2026-11-16T10:00", "CK-FR.1.0.nm": "20", "note": "加快首次响应"}

    seen = admin.post(f"{S}promises", {**given, "preview": "1"})
    assert (seen.status_code, PolicyVersion.objects.count()) == (200, 1)
    assert "11月16日 10:20" in seen.content.decode()

    assert admin.post(f"{S}promises", {**given, "save": "1"}).status_code == 302
    newest = PolicyVersion.objects.order_by("-number")[0]
    assert (newest.number, newest.note, newest.created_by) == (2, "加快首次响应", cast.member("admin"))
    assert admin.post(f"{S}promises", {**given, "save": "1"}).status_code == 422  # somebody else's version by now


def test_the_logo_and_the_colour_are_served_under_their_digest(sits: Sits, client: Client) -> None:
    admin = sits("admin")
    assert admin.post(f"{S}company/accent", {"accent": "#7a1f5c", "save": "1"}).status_code == 302
    looks.forget()
    look = looks.current()

    answer = client.get(look.css_url)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert "--accent:light-dark(#7a1f5c," in answer.content.decode()
    assert "immutable" in answer.headers["Cache-Control"]
    assert look.css_url in client.get("/accounts/login/").content.decode()
    assert client.get("/brand/000000000000.css").status_code == 404


def test_a_test_mail_goes_to_oneself_and_nobody_without_an_address_gets_one(sits: Sits, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.HUIYIN_MAIL = {"host": "mail.example.com"}
    before = SetupStep.objects.count()
    page = sits("admin").post(f"{S}channels/test", follow=True).content.decode()
    assert ("没有填邮箱" in page, len(mail.outbox), SetupStep.objects.count()) == (True, 0, before)

    Member.objects.filter(username="admin").update(email="sun@example.com")
    settings.HUIYIN_MAIL = {}
    page = sits("admin").post(f"{S}channels/test", follow=True).content.decode()
    assert ("存成了文件，没有发出" in page, SetupStep.objects.filter(code="mail", done_at__isnull=False).count()) == (
        True,
        0,
    )
    mail.outbox.clear()

    settings.HUIYIN_MAIL = {"host": "mail.example.com"}
    sits("admin").post(f"{S}channels/test")
    assert [message.to for message in mail.outbox] == [["sun@example.com"]]
    assert SetupStep.objects.get(code="mail").done_at is not None


def test_a_longer_list_costs_no_more_queries(sits: Sits) -> None:
    admin = sits("admin")

    def grow(number: int) -> None:
        at = timezone.now()
        unit = arranging.place_unit(
            code=f"NEU-{number}", name_zh="新部门", kind="department", parent=cast.unit("HQ"), actor=SYSTEM, at=at
        )
        members.add(username=f"neu{number}", name="新人", unit=unit, roles=["handler"], actor=SYSTEM, at=at)
        cast.filed(phone=f"1390000{number:04d}")
        RoutingRule.objects.create(code=f"RT-9{number:02d}", position=900 + number, condition={"always": True})

    places = ("units", "members", "categories", "history", "", "routing", "elements")
    grow(1)
    with_one = {place: _count(admin, S + place) for place in places}
    for number in (2, 3):
        grow(number)
    assert {place: _count(admin, S + place) for place in places} == with_one
    assert max(with_one.values()) <= 14, with_one


def _count(client: Client, url: str) -> int:
    queries.forget()  # as a process that has just begun
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_guide_reminds_administrators_alone_until_it_is_done(sits: Sits) -> None:
    assert "启用引导还剩" in sits("admin").get("/desk/").content.decode()
    assert "启用引导还剩" not in sits("manager").get("/desk/").content.decode()
    for step in ("company", "units", "members", "categories", "demo", "mail", "backup"):
        sits("admin").post(f"{S}start/steps/{step}", {"skip": "1"})
    assert "启用引导还剩" not in sits("admin").get("/desk/").content.decode()


def test_no_english_word_stands_on_the_tables_first_page(sits: Sits) -> None:
    page = sits("admin").get("/admin/").content.decode()
    for word in ("Routing rule", "Authenticator", "authenticators", "Dispatch", "Triage"):
        assert word not in page
    assert "派单规则" in page


def test_who_is_paged_how_often_is_arranged_on_a_page_and_stays_on_record(sits: Sits) -> None:
    page = S + "red"
    given: dict[str, Any] = {
        "levels": ["1", "2"], "rules": ["SEV-01"], "group_code": "EXE", "every_minutes": 3, "widen_after": 2,
        "times": 4, "at_least": 20, "reach": 100_000, "daily_level": 2,
    }  # fmt: skip
    refused = sits("admin").post(page, {**given, "levels": [], "rules": []})
    assert (refused.status_code, "至少选一个等级" in refused.content.decode()) == (422, True)
    assert sits("admin").post(page, {**given, "every_minutes": 0}).status_code == 422
    assert sits("manager").post(page, given).status_code == 403

    assert sits("admin").post(page, given).status_code == 302

    kept = RedPolicy.objects.get()
    assert (kept.levels, kept.rules, kept.every_minutes) == ([1, 2], ["SEV-01"], 3)
    assert (kept.mentions["times"], kept.mentions["days"]) == (4, 7)
    assert Change.objects.get(area="red").after["every_minutes"] == 3
    shown = sits("admin").get(page).content.decode()
    for words in ("隔几分钟再呼叫", "现在会呼叫谁", "第 1 次扩大", "投诉的主管单位"):
        assert words in shown


def test_long_settings_are_searched_and_show_what_was_changed(sits: Sits) -> None:
    admin = sits("admin")
    for place, asked, there, other in (
        ("elements", "E-FOOD", ">E-FOOD<", "E-REP"),
        ("regulations", "CFPB", "CFPB", "12345"),
        ("notices/words", "war_room", "war_room", "clock_breached"),
    ):
        found = admin.get(f"{S}{place}?q={asked}").content.decode()
        table = found[found.index('id="find"') :]
        assert there in table
        assert f">{other}<" not in table, place
        assert "没有这样的条目" in admin.get(f"{S}{place}?q=没有这个词").content.decode()
    profile = RegulatoryProfile.objects.exclude(reach="off").first() or RegulatoryProfile.objects.all()[0]
    reach = "off" if profile.reach != "off" else RegulatoryProfile.Reach.values[-1]
    admin.post(f"{S}regulations/{profile.code}", {"reach": reach})
    assert "最近的修改" in admin.get(f"{S}regulations").content.decode()


def test_roles_promises_and_days_are_searched(sits: Sits) -> None:
    admin = sits("admin")

    rights = admin.get(f"{S}roles?q=导出").content.decode()
    assert "导出" in rights[rights.index("<tbody>") :]
    assert "派单</th>" not in rights
    assert "没有这样的权限" in admin.get(f"{S}roles?q=没有这个词").content.decode()

    found = admin.get(f"{S}promises?q=CK-ACK").content.decode()
    hidden = found.count('<fieldset class="panel" hidden>')
    assert hidden == found.count('<fieldset class="panel"') - 1
    whole = admin.get(f"{S}promises?q=没有这个词").content.decode()
    assert "没有这样的时限；下面是全部" in whole
    assert '<fieldset class="panel" hidden>' not in whole

    days = admin.get(f"{S}days?year=2026&q=春节").content.decode()
    assert re.search(r"2026 年里找到 \d+ 天", days)
    assert "?year=2026&amp;day=2026-02-17" in days
    assert "没有这样的日子" in admin.get(f"{S}days?year=2026&q=没有").content.decode()


def test_every_long_page_shows_its_latest_changes_for_the_same_number_of_queries(
    sits: Sits, django_assert_max_num_queries: Any
) -> None:
    admin = sits("admin")
    actor, at = cast.actor("admin"), timezone.now()
    for area in (Change.Area.MEMBER, Change.Area.PROMISES, Change.Area.DAYS):
        for number in range(3):
            recording.record(area, f"x{number}", label=f"第 {number} 个", verb=Change.Verb.AMENDED,
                               before={"name": "甲"}, after={"name": "乙"}, actor=actor, at=at)  # fmt: skip
    for place in ("members", "roles", "promises", "hours", "holidays", "days"):
        with django_assert_max_num_queries(25):
            page = admin.get(f"{S}{place}").content.decode()
        assert "最近的修改" in page, place


def test_a_member_is_moved_after_the_page_has_said_what_that_changes(sits: Sits) -> None:
    admin, agent = sits("admin"), cast.member("agent")
    tree = admin.get(f"{S}units").content.decode()
    assert 'data-drag-person="agent"' in tree

    asked = admin.get(f"{S}members/agent/move?under=QM").content.decode()
    assert "把“李雷”移到" in asked
    assert Member.objects.get(pk=agent.pk).unit == agent.unit
    assert admin.get(f"{S}members/agent/move?under={agent.unit.code}").status_code == 302
    assert admin.get(f"{S}members/agent/move?under=NOWHERE").status_code == 302

    answer = admin.post(f"{S}members/agent/move", {"under": "QM"}, follow=True)
    moved = Member.objects.get(pk=agent.pk)
    assert "已移到" in answer.content.decode()
    assert (moved.unit.code, moved.roles, moved.line_manager_id) == ("QM", agent.roles, agent.line_manager_id)
    assert Change.objects.filter(area=Change.Area.MEMBER, subject="agent").exists()
