"""Who does what: exactly one answers for each step, on screen and in the tables; contacts; a file; a page to print."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from huiyin.org.models import Change, Part, Step, Unit
from tests import cast

Sits = Callable[[str], Client]
S = "/desk/settings/division"


def words(answer: Any) -> str:
    return str(answer.content.decode())


def posted(**letters: str) -> dict[str, str]:
    return {"name_zh": "审核", "name_en": "audit", "position": "6", **letters}


@pytest.mark.req("C098")
def test_every_step_has_exactly_one_who_answers_for_it(sits: Sits) -> None:
    admin, unit = sits("admin"), cast.unit("QM")
    assert Step.objects.count() == len(cast.documents()["org"]["raci"])
    page = words(admin.get(S))
    for shown in ("受理", "8D/纠正措施", "重大升级", "投诉主管", "R 执行"):
        assert shown in page

    none = admin.post(f"{S}/steps/audit", posted(role_auditor_cc="R"))
    both = admin.post(f"{S}/steps/audit", posted(role_supervisor="A", role_auditor_cc="A"))
    assert (none.status_code, both.status_code) == (422, 422)
    assert "还没有谁负责（A）" in words(none)
    assert "只能有一个负责（A），现在有：投诉主管、审核员（结案审核）" in words(both)

    by_unit = posted(role_auditor_cc="R", **{f"unit_{unit.pk}": "A"})
    assert admin.post(f"{S}/steps/audit", by_unit).status_code == 302
    step = Step.objects.get(code="audit")
    assert (step.accountable.unit, step.role) == (unit, "")
    assert {(part.party.code, part.letter) for part in step.parts.all()} == {("auditor_cc", "R")}
    change = Change.objects.filter(subject="audit").latest("id")
    assert (change.before["A"], change.after["A"]) == (["supervisor"], ["QM"])
    assert "投诉主管" in words(admin.get(f"{S}/steps/audit")).partition("最近的修改")[2]
    assert "质量管理部" in words(admin.get(f"{S}?q=审核"))

    new = {"code": "archive", "name_zh": "归档", "position": "13"}
    assert admin.post(f"{S}/new", new).status_code == 422
    assert admin.post(f"{S}/new", {**new, "role_kb_editor": "A"}).status_code == 302
    assert admin.post(f"{S}/new", {**new, "role_kb_editor": "A"}).status_code == 422
    assert admin.post(f"{S}/steps/archive/removal").status_code == 302
    assert not Step.objects.filter(code="archive").exists()


@pytest.mark.req("C098")
def test_the_tables_take_no_step_without_one_who_answers_and_none_with_two() -> None:
    cast.company()
    unit, step = cast.unit("QM"), Step.objects.get(code="audit")
    wrong: list[Callable[[], object]] = [
        lambda: Step.objects.create(code="x", name_zh="x"),
        lambda: Step.objects.filter(pk=step.pk).update(role=""),
        lambda: Step.objects.filter(pk=step.pk).update(unit=unit),
        lambda: Part.objects.create(step=step, role="legal", letter="A"),
        lambda: Part.objects.create(step=step, role="auditor_cc", letter="C"),
    ]
    for attempt in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


@pytest.mark.req("C098")
def test_contacts_are_named_and_all_of_it_is_exported_and_printed(sits: Sits) -> None:
    admin = sits("admin")
    missing = admin.post(f"{S}/interfaces/QM", {"people": "lead\nnobody"})
    assert missing.status_code == 422
    assert "没有这些在岗的工号：nobody" in words(missing)
    assert admin.post(f"{S}/interfaces/QM", {"people": "lead\nhandler"}).status_code == 302
    assert [each.member.username for each in cast.unit("QM").interfaces.all()] == ["lead", "handler"]

    agent = sits("agent")
    page = words(agent.get("/desk/division"))
    assert cast.member("lead").name in page
    assert "settings" not in page.partition("<main")[2]
    answer = agent.get("/desk/division.csv")
    rows = list(csv.reader(io.StringIO(words(answer).removeprefix("\ufeff"))))
    steps = {row[0]: row[1:] for row in rows[1:13]}
    assert {name: letters.count("A") for name, letters in steps.items()} == dict.fromkeys(steps, 1)
    assert len(steps) == 12
    quality = next(row for row in rows if row[:1] == ["质量管理部"])
    assert [cell.partition("（")[2] for cell in quality[1:]] == ["lead）", "handler）"]


def test_a_longer_division_costs_no_more_queries(sits: Sits, django_assert_num_queries: Any) -> None:
    admin = sits("admin")
    admin.get(S)
    for kept in (12, 1):
        Step.objects.exclude(code__in=list(Step.objects.values_list("code", flat=True)[:kept])).delete()
        with django_assert_num_queries(QUERIES):
            assert words(admin.get(S)).count('<th scope="row">') == kept
        Unit.objects.filter(code__in=["VAS", "PRC", "BSO"]).update(is_active=False)


QUERIES = 9
