"""大类 on the settings pages: added, closed after saying what is in it, opened again; leaves moved and put in order."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.desk.forms.choices import category_choices
from huiyin.triage.models import Category
from tests import cast

Sits = Callable[[str], Client]
C = "/desk/settings/categories"


def row(code: str) -> Category:
    return Category.objects.get(code=code)


def test_a_group_is_added_and_a_leaf_moves_there_after_a_look(sits: Sits) -> None:
    admin = sits("admin")
    assert admin.post(f"{C}/new", {"code": "PQ", "name_zh": "重复"}).status_code == 422
    assert admin.post(f"{C}/new", {"code": "en", "name_zh": "能源", "name_en": "Energy"}).status_code == 302

    looked = admin.get(f"{C}/LG-08/move", {"under": "EN"}).content.decode()
    assert ("把“物流信息停滞”移到大类“能源”" in looked, "运单号" in looked) == (True, True)  # no longer asked
    assert row("LG-08").parent == row("LG")

    assert admin.post(f"{C}/LG-08/move", {"under": "EN"}).status_code == 302
    assert row("LG-08").parent == row("EN")
    assert "“LG-08”" not in admin.get(C).content.decode()
    refused = admin.post(f"{C}/LG-08/move", {"under": "EN"}, follow=True).content.decode()
    assert 'data-level="danger"' in refused


def test_a_group_says_what_is_in_it_before_it_is_closed_and_is_chosen_no_more(sits: Sits) -> None:
    complaint = cast.filed(text="电饭煲用了三次就不通电。")
    group = complaint.category.parent
    assert group is not None
    admin, leaves = sits("admin"), group.children.count()
    page = admin.get(f"{C}/{group.code}").content.decode()
    assert f"现在有 {leaves} 个在用类别、1 件未结投诉。" in page

    assert admin.post(f"{C}/{group.code}/retirement").status_code == 302

    offered = {code for _group, choices in category_choices() for code, _name in choices}
    assert not any(code.startswith(f"{group.code}-") for code in offered)
    held = {code for _group, choices in category_choices(complaint.category) for code, _name in choices}
    assert complaint.category.code in held  # what is there stays
    assert "随大类停用" in admin.get(C, {"closed": "1"}).content.decode()
    assert f'categories/{group.code}"' not in admin.get(C).content.decode()
    new = {"code": f"{group.code}-99", "name_zh": "新的", "severity": "3", "complexity": "S", "issue_class": "tech"}
    new |= {"owner": "QM", "element_set": "COMMON", "keywords": "新的词"}
    assert admin.post(f"{C}/{group.code}/new", new).status_code == 422

    assert admin.post(f"{C}/{group.code}/return").status_code == 302
    offered = {code for _group, choices in category_choices() for code, _name in choices}
    assert complaint.category.code in offered
    verbs = [change["verb"] for change in admin.get(f"{C}/{group.code}").context["changes"]]
    assert verbs == ["恢复", "停用"]


def test_leaves_are_put_in_order_by_buttons_or_by_their_numbers(sits: Sits) -> None:
    admin = sits("admin")
    was = list(row("LG").children.values_list("code", flat=True))
    swapped = [was[1], was[0], *was[2:]]
    assert admin.post(f"{C}/LG/order", {"row": swapped}).status_code == 302  # as the page stands after the buttons
    assert list(row("LG").children.values_list("code", flat=True)) == swapped
    numbers = {f"{code}-place": str(place) for place, code in enumerate(was, start=1)}
    admin.post(f"{C}/LG/order", {"row": swapped, **numbers})  # without script
    assert list(row("LG").children.values_list("code", flat=True)) == was
    stale = admin.post(f"{C}/LG/order", {"row": was[1:]}, follow=True).content.decode()
    assert "刚刚被别人改过" in stale
    assert list(row("LG").children.values_list("code", flat=True)) == was


def test_nobody_else_changes_the_top_of_the_tree(sits: Sits) -> None:
    before = list(Category.objects.order_by("pk").values())
    places = ("new", "LG/retirement", "LG/return", "LG/order", "LG-08/move")
    answers = {place: sits("manager").post(f"{C}/{place}", {"under": "PQ"}).status_code for place in places}
    assert (answers, list(Category.objects.order_by("pk").values()) == before) == (dict.fromkeys(places, 403), True)


def test_a_longer_group_costs_no_more_queries(sits: Sits) -> None:
    def count(code: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert sits("admin").get(f"{C}/{code}").status_code == 200
        return len(found)

    count("LG")
    fewest, most = sorted(Category.objects.groups(), key=lambda group: group.children.count())[::6]
    assert fewest.children.count() < most.children.count()
    assert count(fewest.code) == count(most.code)
