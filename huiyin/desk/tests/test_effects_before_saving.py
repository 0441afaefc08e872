"""A routing rule and a category's keywords show what they would have done before they are saved."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.dispatch.foreseeing import MOST, by_keywords, by_rule
from huiyin.dispatch.models import RoutingRule
from huiyin.org.models import Change, Member
from huiyin.triage.models import Category
from tests import cast

Sits = Callable[[str], Client]
S = "/desk/settings/"
RULE = {
    "code": "RT-901",
    "position": "1",
    "condition": "code: PQ-07",
    "effect": "team: IT\nstop: true",
    "is_active": "on",
}
TEXT = "电饭煲外壳有划痕，蓝鲸七十二号。"


def leaf_form(client: Client, **other: str) -> dict[str, Any]:
    form = client.get(f"{S}categories/PQ-07").context["form"]
    return {name: form[name].value() for name in form.fields} | other


def test_a_rule_says_whom_it_would_send_where_and_is_saved_after_that(sits: Sits) -> None:
    reviewed = cast.reviewed(cast.filed(text=TEXT), category="PQ-07", severity=3, by="supervisor")
    cast.filed(text="快递寄丢了", phone="13900000002")
    admin, at_first = sits("admin"), RoutingRule.objects.count()

    for sent in ({}, {"preview": "1"}, {"looked": "made up"}):  # not looked at yet: looked at now
        answer = admin.post(f"{S}routing/new", RULE | sent)
        assert (answer.status_code, RoutingRule.objects.count()) == (200, at_first)
    foreseen, page = answer.context["foreseen"], answer.content.decode()
    assert (foreseen["found"].looked, foreseen["found"].changed) == (2, 1)
    [row] = foreseen["rows"]
    old = f"{cast.unit('QM-CASE').name}、{cast.unit('MFG-ENG').name}"
    assert (row["category"], row["old"], row["new"]) == ("PQ-07", old, cast.unit("IT").name)
    assert (reviewed.number in page, "蓝鲸" in page) == (False, False)  # an administrator reads no complaint

    seen = {"looked": foreseen["looked"]}
    other = admin.post(f"{S}routing/new", RULE | seen | {"effect": "team: QM-CASE"})  # another rule than looked at
    assert (other.status_code, RoutingRule.objects.count()) == (200, at_first)
    assert admin.post(f"{S}routing/new", RULE | seen).status_code == 302
    assert RoutingRule.objects.get(code="RT-901").effect == {"team": "IT", "stop": True}

    off = {**RULE, "is_active": ""}
    answer = admin.post(f"{S}routing/RT-901", off)
    assert [row["old"] for row in answer.context["foreseen"]["rows"]] == [cast.unit("IT").name]
    assert admin.post(f"{S}routing/RT-901", off | {"looked": answer.context["foreseen"]["looked"]}).status_code == 302
    assert not RoutingRule.objects.get(code="RT-901").is_active


def test_the_number_is_there_for_who_may_see_the_complaint(sits: Sits) -> None:
    reviewed = cast.reviewed(cast.filed(text=TEXT), category="PQ-07", severity=3, by="supervisor")
    Member.objects.filter(username="supervisor").update(roles=["supervisor", "admin"])
    page = sits("supervisor").post(f"{S}routing/new", RULE).content.decode()
    assert f'href="/desk/complaints/{reviewed.number}"' in page


def test_keywords_say_whose_suggestion_they_would_change_and_are_saved_after_that(sits: Sits) -> None:
    cast.filed(text="蓝鲸七十二号，请回电。")
    cast.filed(text="快递寄丢了", phone="13900000002")
    admin = sits("admin")
    before = Category.objects.get(code="PQ-07").keywords
    given = leaf_form(admin, keywords="\n".join([*before, "蓝鲸^3"]))

    answer = admin.post(f"{S}categories/PQ-07", given)
    foreseen = answer.context["foreseen"]
    assert (answer.status_code, foreseen["found"].looked, foreseen["found"].changed) == (200, 2, 1)
    assert foreseen["rows"][0]["new"] == Category.objects.get(code="PQ-07").name
    assert "蓝鲸七十二号" not in answer.content.decode()
    assert (Category.objects.get(code="PQ-07").keywords, Change.objects.count()) == (before, 0)

    assert admin.post(f"{S}categories/PQ-07", given | {"looked": foreseen["looked"]}).status_code == 302
    assert Category.objects.get(code="PQ-07").keywords == [*before, "蓝鲸^3"]
    renamed = leaf_form(admin, name_zh="外观不良")  # nothing about words: nothing to look at
    assert admin.post(f"{S}categories/PQ-07", renamed).status_code == 302


def test_the_cost_does_not_hang_on_how_many_there_are() -> None:
    def count() -> tuple[int, int]:
        leaf = Category.objects.get(code="PQ-07")
        with CaptureQueriesContext(connection) as rule:
            by_rule("RT-901", position=1, condition={"always": True}, effect={"team": "IT"})
        with CaptureQueriesContext(connection) as words:
            by_keywords(leaf)
        return len(rule), len(words)

    cast.filed()
    count()  # the book is read once in a process
    with_one = count()
    for number in (2, 3):
        cast.filed(phone=f"1390000{number:04d}")
    assert count() == with_one
    assert (MOST, max(with_one) <= 8) == (200, True), with_one


def test_a_rule_that_keeps_its_place_and_words_changes_nothing() -> None:
    cast.reviewed(cast.filed(text=TEXT), category="PQ-07", severity=3, by="supervisor")
    for rule in RoutingRule.objects.filter(is_active=True):
        same = by_rule(rule.code, position=rule.position, condition=rule.condition, effect=rule.effect)
        assert (same.looked, same.changed) == (1, 0)
