"""The administrator's pages: found, changed through actions, refused with a sentence, and never deleted."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from huiyin.org.models import Member, Unit
from huiyin.triage import queries
from huiyin.triage.models import Category, ElementSet, SeverityRule, Synonym, TreeChange

pytestmark = pytest.mark.usefixtures("tree")
TREE = "/admin/triage/category/"


@pytest.fixture
def administrator(tree: None) -> Member:
    return Member.objects.create(username="admin", name="赵敏", unit=Unit.objects.get(code="IT"), roles=["admin"])


@pytest.fixture
def desk(administrator: Member, client: Client) -> Client:
    client.force_login(administrator)
    return client


def leaf(code: str) -> Category:
    return Category.objects.select_related("owner", "element_set").get(code=code)


def form(row: Category, **changes: Any) -> dict[str, Any]:
    """The change form of a leaf as the page sends it back."""
    plain = ("name_zh", "name_en", "position", "severity", "complexity", "issue_class")
    lists = ("support_codes", "acts", "requires", "causes", "keywords")
    return {
        **{field: getattr(row, field) for field in plain},
        **{field: "\n".join(getattr(row, field)) for field in lists},
        "owner": row.owner_id,
        "element_set": row.element_set_id,
        "successor": "",
        **changes,
    }


def change(desk: Client, code: str, **changes: Any) -> Any:
    row = leaf(code)
    return desk.post(f"{TREE}{row.pk}/change/", form(row, **changes))


def test_leaves_are_found_by_code_name_keyword_and_group(
    desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(14):
        page = desk.get(TREE, {"q": "物流信息停滞"}).content.decode()
    assert "LG-08" in page
    assert "PQ-03" not in page
    grouped = desk.get(TREE, {"group": "TN", "use": "current"}).content.decode()
    assert "TN-15" in grouped
    assert "LG-08" not in grouped


def test_an_untouched_form_changes_nothing(desk: Client) -> None:
    assert change(desk, "LG-08").status_code == 302
    assert not TreeChange.objects.exists()


def test_a_change_is_made_by_the_action_and_on_record(desk: Client, administrator: Member) -> None:
    words = "物流信息^2\n没更新\n没更新\n\n"
    assert change(desk, "LG-08", severity=2, keywords=words).status_code == 302
    assert (leaf("LG-08").severity, leaf("LG-08").keywords) == (2, ["物流信息^2", "没更新"])
    made = TreeChange.objects.get()
    assert (made.made_by, made.before["severity"], made.after["severity"]) == (administrator, 3, 2)
    assert queries.book().leaves["LG-08"].severity == 2


@pytest.mark.req("A56")
def test_choosing_a_successor_closes_the_leaf(desk: Client) -> None:
    assert change(desk, "LG-08", successor=leaf("LG-01").pk).status_code == 302
    assert leaf("LG-08").valid_to is not None
    page = desk.get(f"{TREE}{leaf('LG-08').pk}/change/").content.decode()
    assert 'name="keywords"' not in page


def test_what_an_action_refuses_is_said_on_the_page(desk: Client) -> None:
    answer = change(desk, "SG-05", successor=leaf("SG-03").pk)
    page = desk.get(answer.url).content.decode()
    assert "“SG-05”收纳暂时无法归类的投诉，不能停用。" in page
    assert leaf("SG-05").valid_to is None


def test_a_keyword_that_cannot_be_used_is_refused(desk: Client) -> None:
    answer = change(desk, "LG-08", keywords="券\n物流信息")
    assert "“券”不能用作关键词。" in answer.content.decode()
    assert len(leaf("LG-08").keywords) > 2


def test_a_new_leaf_is_opened(desk: Client) -> None:
    row = leaf("SP-01")
    answer = desk.post(
        f"{TREE}add/", form(row, parent=row.parent_id, code="SP-20", name_zh="预约平台故障", keywords="预约小程序^3")
    )
    assert answer.status_code == 302
    assert (leaf("SP-20").owner_code, leaf("SP-20").keywords) == ("CC", ["预约小程序^3"])
    assert TreeChange.objects.get().kind == "opened"


def test_a_group_s_name_is_changed_and_nothing_else_is_offered(desk: Client) -> None:
    group = Category.objects.get(code="LG")
    page = desk.get(f"{TREE}{group.pk}/change/").content.decode()
    assert 'name="owner"' not in page
    given = {"name_zh": "物流与配送", "name_en": "Logistics", "position": group.position, "requires": "order_no"}
    assert desk.post(f"{TREE}{group.pk}/change/", given).status_code == 302
    assert Category.objects.get(code="LG").name_zh == "物流与配送"


@pytest.mark.parametrize("model", ["category", "severityrule", "elementset", "synonym", "treechange"])
def test_every_list_opens_and_nothing_can_be_deleted(model: str, desk: Client) -> None:
    assert desk.get(f"/admin/triage/{model}/").status_code == 200
    rows: Any = {"category": Category, "severityrule": SeverityRule, "elementset": ElementSet, "synonym": Synonym}
    if row := model in rows and rows[model].objects.first():
        assert desk.get(f"/admin/triage/{model}/{row.pk}/change/").status_code == 200
        assert desk.post(f"/admin/triage/{model}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ('{"claimed_loss_cny_gte": "many"}', "条件写法有误"),
        ('{"whenever": 1}', "条件写法有误：whenever"),
        ('{"any": ["flood"]}', "没有这样的信号：flood"),
        ("[1]", "条件写法有误"),
    ],
)
def test_a_rule_that_nobody_can_answer_is_refused(condition: str, sentence: str, desk: Client) -> None:
    rule = SeverityRule.objects.get(code="SEV-12")
    given = {"position": 120, "level": 2, "name_zh": rule.name_zh, "condition": condition, "is_active": "on"}
    answer = desk.post(f"/admin/triage/severityrule/{rule.pk}/change/", given)
    assert sentence in answer.content.decode()
    assert SeverityRule.objects.get(code="SEV-12").condition == {"claimed_loss_cny_gte": 20000}


def test_a_changed_rule_is_in_use_at_once(desk: Client) -> None:
    rule = SeverityRule.objects.get(code="SEV-12")
    queries.book()
    given = {"position": 120, "level": 2, "name_zh": "较大损失", "condition": '{"claimed_loss_cny_gte": 5000}'}
    url = f"/admin/triage/severityrule/{rule.pk}/change/"
    assert desk.post(url, {**given, "is_active": "on"}).status_code == 302
    changed = next(rule for rule in queries.book().rules if rule.code == "SEV-12")
    assert changed.condition.every == (("claimed_loss_cny", 5000.0),)


def test_an_agent_sees_none_of_it(client: Client, tree: None) -> None:
    unit = Unit.objects.get(code="CC")
    client.force_login(Member.objects.create(username="agent", name="李雷", unit=unit, roles=["frontline"]))
    assert client.get(TREE).status_code == 302
