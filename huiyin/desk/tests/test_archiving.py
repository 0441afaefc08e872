"""A closed complaint becomes a typical case, without whose it was; and cases are offered where they help."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from huiyin.complaints.actions import archiving
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Complaint, Event
from huiyin.knowledge.models import LibraryCase, Playbook
from tests import cast

Sits = Callable[[str], Client]
TEXT = "我是张伟，电话13900001111，上周六买的电饭煲外壳烂了，李雷说会回电，单号 SO-88213 一直没有人联系我。"
GIVEN = {
    "name_zh": "电饭煲外壳破损，三天无人回电", "category": "PQ-01", "playbook": "SC-1", "situation": TEXT,
    "cause": "包装没有填充物；回电没有登记时间。", "handling": "李雷当天回电，换新并上门取回。",
    "result": "张先生认可。", "lesson": "答应回电就登记时间。",
}  # fmt: skip


@pytest.fixture
def closed() -> Complaint:
    cast.company()
    cast.filed(by=cast.actor("agent"), text=TEXT, name="客户张伟", order_no="SO-88213")
    order = cast.dispatched(cast.reviewed(Complaint.objects.get()))[0]
    cast.passed(cast.completed(order))
    complaint = Complaint.objects.get()
    Complaint.objects.filter(pk=complaint.pk).update(state="closed", is_open=False, closed_at=cast.later(days=1))
    return Complaint.objects.get()


def words(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.req("C097")
def test_a_closed_complaint_is_archived_in_two_steps_and_what_is_personal_is_shown_taken_out(
    sits: Sits, closed: Complaint
) -> None:
    place, supervisor = f"/desk/complaints/{closed.number}/archiving", sits("supervisor")
    drafted = words(supervisor.get(place)).partition('id="act"')[2]
    assert "[客户]" in drafted
    assert "13900001111" not in drafted.partition("</form>")[0]
    assert sits("agent").post(place, {**GIVEN, "confirmed": "on"}).status_code == 403

    first = supervisor.post(place, {**GIVEN, "confirmed": "on"})
    assert first.status_code == 422
    shown = words(first).partition('id="act"')[2].partition("</form>")[0]
    for hidden in (
        "<mark>[客户]</mark>",
        "<mark>[员工]</mark>",
        "<mark>[电话]</mark>",
        "<mark>[单号]</mark>",
        "电话 1 处",
    ):
        assert hidden in shown
    assert [name for name in ("张伟", "李雷", "13900001111", "SO-88213", "张先生") if name in shown] == []
    assert LibraryCase.objects.filter(code="LC-05").count() == 0

    masked = {name: first.context["opened"]["form"][name].value() for name in GIVEN}
    assert supervisor.post(place, {**masked, "confirmed": "on"}).status_code == 302
    case = LibraryCase.objects.get(code="LC-05")
    assert case.situation.startswith("我是[客户]，电话[电话]，")
    assert (case.categories, case.playbook, case.archived_by) == (
        ["PQ-01"], Playbook.objects.get(code="SC-1"), cast.member("supervisor"),
    )  # fmt: skip
    assert closed.events.get(kind=Event.Kind.ARCHIVED).particulars == {"case": "LC-05"}

    page = words(supervisor.get(f"/desk/complaints/{closed.number}"))
    assert "归档为典型案例" in page.partition('id="record"')[2]
    assert supervisor.post(place, {**masked, "confirmed": "on"}).status_code in {403, 409}
    assert LibraryCase.objects.filter(archived_at__isnull=False).count() == 1

    found = words(sits("agent").get("/desk/knowledge/?shelf=cases&q=外壳损坏"))
    assert "LC-05" in found
    assert "“损坏”与案例里的“破损”同义" in found


def test_words_that_tell_whose_they_are_do_not_get_into_the_library_by_any_way(closed: Complaint) -> None:
    values = {**GIVEN, "categories": ["PQ-01"], "playbook": None}
    values.pop("category")
    with pytest.raises(GuardFailed, match="个人信息"):
        archiving.archive(closed, values=values, actor=cast.actor("supervisor"), at=cast.later(days=2))
    Complaint.objects.filter(pk=closed.pk).update(is_confidential=True)
    with pytest.raises(GuardFailed, match="保密"):
        archiving.archive(closed, values=values, actor=cast.actor("supervisor"), at=cast.later(days=2))
    assert not closed.events.filter(kind=Event.Kind.ARCHIVED).exists()


@pytest.mark.req("C097")
def test_the_complaint_page_offers_cases_that_are_like_it_and_says_why(
    sits: Sits, django_assert_num_queries: Any
) -> None:
    said = "我叫欧阳明，燃气热水器点火有爆响，我妈一个人住，担心夜里出事。"
    complaint = cast.reviewed(cast.filed(text=said, name="客户欧阳明"), category="SP-01")
    LibraryCase.objects.filter(code="LC-01").update(cause="欧阳明科技的阀门老化。")
    page = words(sits("agent").get(f"/desk/complaints/{complaint.number}"))
    assert f'hx-get="/desk/complaints/{complaint.number}/similar-cases"' in page

    agent = sits("agent")
    agent.get("/desk/complaints/")
    counts = []
    for _kept in range(2):
        with django_assert_num_queries(QUERIES):
            answer = agent.get(f"/desk/complaints/{complaint.number}/similar-cases")
        counts.append(words(answer).count("<li"))
        LibraryCase.objects.exclude(code="LC-01").delete()
    assert "LC-01" in words(answer)
    assert "都有：" in words(answer)
    assert "热水器" in words(answer)
    assert "同属：" in words(answer)
    assert sits("outsider").get(f"/desk/complaints/{complaint.number}/similar-cases").status_code == 404
    assert "“欧阳明”" in words(agent.get(f"/desk/complaints/{complaint.number}/similar-cases"))
    assert "“欧阳明”" not in words(sits("analyst").get(f"/desk/complaints/{complaint.number}/similar-cases"))


QUERIES = 7
