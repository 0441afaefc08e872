"""The palette: what it finds by number, words, telephone, name; and that it shows no more than the member may see."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.complaints.actions import keeping
from huiyin.complaints.models import Presence
from huiyin.org.actions import views
from tests import cast
from tests.cast import actor, member

Sits = Callable[[str], Client]


def found(client: Client, **asked: str) -> str:
    answer = client.get("/desk/palette", asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_complaint_is_found_by_its_number_the_end_of_it_its_words_and_the_telephone(sits: Sits) -> None:
    wanted = cast.filed(at=timezone.now(), phone="13700002222", text="空调外机异响，半夜吵得睡不着。", name="客户张伟")
    other = cast.filed(at=timezone.now(), phone="13900009999", text="宽带三天没有网。", name="客户王建国")
    client = sits("supervisor")
    day, figure = wanted.number.split("-")

    for typed in (wanted.number, wanted.number.lower(), str(int(figure)), "空调 异响", "张伟", "13700002222"):
        page = found(client, q=typed)
        assert wanted.number in page, typed
        assert other.number not in page, typed
    assert other.number in found(client, q=day)


def test_people_units_and_pages_are_found_by_name(sits: Sits) -> None:
    client = sits("agent")

    assert f"assignee={member('reviewer').pk}" in found(client, q=member("reviewer").name)
    assert f"unit={cast.unit('QM').pk}" in found(client, q="质量管理")
    assert "?view=overdue" in found(client, q="超时")
    assert "没有找到" in found(client, q="zzzqqq")


def links(client: Client, typed: str) -> list[str]:
    return [
        item["url"] for group in client.get("/desk/palette", {"q": typed}).context["groups"] for item in group["items"]
    ]


def test_settings_reports_and_the_board_are_found_in_chinese_by_initials_and_in_english_by_who_may_open_them(
    sits: Sits,
) -> None:
    for typed in ("派单规则", "pdgz", "routing", "协办"):  # the name, its sounds, English, another word for it
        assert "/desk/settings/routing" in links(sits("admin"), typed), typed
        assert "/desk/settings/routing" not in links(sits("supervisor"), typed), typed
    for typed in ("部门对比", "bmdb", "Departments"):
        assert "/desk/reports/departments" in links(sits("manager"), typed), typed
        assert "/desk/reports/departments" not in links(sits("handler"), typed), typed
    for typed in ("督办看板", "dbkb"):
        assert "/desk/board/" in links(sits("supervisor"), typed), typed
        assert "/desk/board/" not in links(sits("agent"), typed), typed
    assert "/desk/settings/hours" in links(sits("outlet"), "工作时间")  # sets the policy, configures nothing
    assert "/desk/settings/units" not in links(sits("outlet"), "单位与成员")


def test_every_place_that_is_offered_opens(sits: Sits) -> None:
    for username in ("admin", "manager", "agent", "outlet"):
        client = sits(username)
        urls = {url for typed in "设理报我时" for url in links(client, typed)}
        assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)
        assert urls


def test_views_kept_under_a_name_are_found_by_who_sees_them(sits: Sits) -> None:
    at = timezone.now()
    mine = views.keep(name="紧急的手机", scope="mine", query="view=all&severity=1", actor=actor("agent"), at=at)
    url = f"/desk/complaints/?view=all&severity=1&saved={mine.pk}"
    assert url in links(sits("agent"), "手机")
    assert url in links(sits("agent"), "jjdsj")
    assert url not in links(sits("reviewer"), "手机")


def test_the_open_complaint_offers_what_may_be_written(sits: Sits) -> None:
    complaint = cast.reviewed(cast.filed(), category="PQ-07", severity=3, by="supervisor")
    page = sits("supervisor").get(f"/desk/complaints/{complaint.number}").content.decode()
    tabs = page[page.index('class="composer-tabs"') : page.index('id="composer-body"')]
    assert "data-deeds" in tabs
    for label in ("写备注", "写信给客户", "记一次电话", "电话没有接通"):
        assert f'data-key-label="{label}"' in tabs


def test_what_a_person_is_answerable_for_is_listed(sits: Sits) -> None:
    theirs, other = cast.filed(), cast.filed()
    keeping.assign(theirs, to=member("agent"), actor=actor("reviewer"), at=timezone.now())

    page = (
        sits("supervisor")
        .get("/desk/complaints/", {"view": "all", "assignee": str(member("agent").pk)})
        .content.decode()
    )

    assert theirs.number in page
    assert other.number not in page


def test_nobody_finds_or_is_reminded_of_what_they_may_not_see(sits: Sits) -> None:
    complaint = cast.filed(phone="13700002222")
    client = sits("outsider")

    for typed in (complaint.number, "13700002222", "电饭煲", "客户张伟"):
        assert complaint.number not in found(client, q=typed).replace(typed, "")
    assert complaint.number not in found(client, recent=complaint.number)
    assert complaint.number in found(sits("agent"), recent=complaint.number)


def test_it_costs_the_same_queries_for_one_and_for_three(sits: Sits) -> None:
    client = sits("supervisor")

    def asked() -> int:
        with CaptureQueriesContext(connection) as made:
            found(client, q="电饭煲")
        return len(made)

    cast.filed()
    found(client, q="电饭煲")
    one = asked()
    cast.filed()
    cast.filed()
    assert asked() == one
    assert one <= 12


def test_a_heartbeat_is_kept_for_who_may_see_the_complaint_and_refused_as_if_there_were_none(sits: Sits) -> None:
    complaint = cast.filed()
    beat = {"number": complaint.number, "tab": "a1", "is": "viewing"}

    assert sits("agent").post("/desk/presence", beat).status_code == 204
    assert sits("agent").post("/desk/presence", beat | {"is": "editing"}).status_code == 204
    assert sits("outsider").post("/desk/presence", beat).status_code == 404
    assert sits("agent").post("/desk/presence", beat | {"is": "dancing"}).status_code == 400
    assert sits("agent").post("/desk/presence", beat | {"tab": "x" * 99}).status_code == 400
    assert [(each.member_id, each.status) for each in Presence.objects.all()] == [(member("agent").pk, "editing")]
    assert sits("agent").post("/desk/presence", {"tab": "a1", "is": "gone"}).status_code == 204
    assert Presence.objects.count() == 0
