"""受理要素 in the settings: rows with names in both languages, put in order; what is saved is asked from then on."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from huiyin.org.models import Change
from huiyin.triage.models import Category, ElementSet, Question
from tests import cast

Sits = Callable[[str], Client]
S = "/desk/settings/elements"


def rows(*given: tuple[str, str, str, str, str], **more: str) -> dict[str, Any]:
    """(key, Chinese, English, kind, must) of each row, in order."""
    made: dict[str, Any] = {"name_zh": "净水器", "name_en": "Water filter", "row": [], **more}
    for number, (key, zh, en, kind, must) in enumerate(given, start=1):
        made["row"].append(str(number))
        fields = {"key": key, "name_zh": zh, "name_en": en, "kind": kind, "must": must, "place": str(number)}
        made |= {f"q{number}-{name}": value for name, value in fields.items()}
    return made


def as_shown(client: Client, code: str) -> dict[str, Any]:
    """The form as the page has it."""
    context = client.get(f"{S}/{code}").context
    made: dict[str, Any] = {name: context["form"][name].value() for name in context["form"].fields}
    made["row"] = [row.number for row in context["rows"].forms]
    for row in context["rows"].forms:
        made[f"q{row.number}-key"] = row.key
        made |= {f"q{row.number}-{name}": row[name].value() for name in row.fields if name != "gone"}
    return made


@pytest.mark.req("A39")
def test_a_question_of_ones_own_is_asked_kept_and_called_by_its_name(sits: Sits) -> None:
    admin = sits("admin")
    answer = admin.post(
        f"{S}/new",
        rows(
            ("", "滤芯编号", "Filter number", "line", "yes"),
            ("", "水质", "", "words", "no"),
            ("", "故障现象", "", "line", "yes"),  # there is one of this name
            ("", "", "", "line", "yes"),  # opened and not used
        ),
    )
    assert answer.status_code == 302
    made = ElementSet.objects.get(name_zh="净水器")
    assert (made.required, made.optional) == (["filter_number", "symptom"], ["own_1"])
    leaf = Category.objects.get(code="PQ-01")
    leaf.element_set = made
    leaf.save()

    form = sits("agent").get("/desk/complaints/new/elements", {"category": "PQ-01"}).content.decode()
    assert ("滤芯编号" in form, 'name="el_filter_number"' in form, '<textarea name="el_own_1"' in form) == (True,) * 3
    complaint = cast.filed(category="PQ-01", elements={"filter_number": "L-88", "own_1": "发黄"})
    page = sits("agent").get(f"/desk/complaints/{complaint.number}").content.decode()
    assert ("滤芯编号" in page, "水质" in page, "发黄" in page, "own_1" in page) == (True, True, True, False)
    history = admin.get(f"{S}/{made.code}").content.decode()
    assert "滤芯编号 / Filter number / 一行文字" in history


def test_rows_are_put_in_order_renamed_and_taken_away_without_losing_what_complaints_hold(sits: Sits) -> None:
    admin, before = sits("admin"), ElementSet.objects.get(code="E-PRD")
    given = as_shown(admin, "E-PRD")
    assert admin.post(f"{S}/E-PRD", given).status_code == 302
    assert (ElementSet.objects.get(code="E-PRD").required, Change.objects.count()) == (before.required, 0)
    first, second, third = given["row"][:3]
    given |= {f"q{first}-place": "2", f"q{second}-place": "1", f"q{third}-gone": "on"}
    given[f"q{first}-name_zh"] = "买的是什么"

    assert admin.post(f"{S}/E-PRD", given).status_code == 302

    after = ElementSet.objects.get(code="E-PRD")
    assert after.required == [before.required[1], before.required[0], *before.required[3:]]
    assert Question.objects.get().name_zh == "买的是什么"
    assert "买的是什么" in sits("agent").get("/desk/complaints/new/elements", {"category": "SP-03"}).content.decode()


def test_what_is_wrong_in_a_row_is_said_there_and_nothing_is_lost(sits: Sits) -> None:
    admin, kept = sits("admin"), ElementSet.objects.count()
    twice = rows(("", "滤芯编号", "", "line", "yes"), ("", "滤芯编号", "", "line", "no"))
    answer = admin.post(f"{S}/new", twice)
    assert (answer.status_code, answer.content.decode().count('value="滤芯编号"')) == (422, 2)
    assert "这一组里已经有“滤芯编号”" in answer.content.decode()
    assert admin.post(f"{S}/new", rows(("", "长" * 61, "", "line", "yes"))).status_code == 422
    assert admin.post(f"{S}/new", rows(("", "甲", "", "line", "yes"), name_zh="")).status_code == 422
    assert (ElementSet.objects.count(), Question.objects.count(), Change.objects.count()) == (kept, 0, 0)


@pytest.mark.req("A39")
def test_what_every_complaint_may_tell_is_asked_of_every_category(sits: Sits) -> None:
    for category in ("PQ-01", "LG-02"):
        form = sits("agent").get("/desk/complaints/new/elements", {"category": category}).content.decode()
        assert ("还可以填" in form, 'name="el_on_behalf_of"' in form) == (True, True)
