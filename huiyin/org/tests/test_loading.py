"""The default organisation is there after loading, and an administrator's changes stay."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.auth import authenticate
from django.utils import translation

from huiyin.org.actions import demo_members
from huiyin.org.actions.arranging import deactivate_unit, move_unit, rename_unit
from huiyin.org.actions.loading import load, load_demo_units
from huiyin.org.actors import SYSTEM
from huiyin.org.models import Member, Unit
from huiyin.org.queries import company
from huiyin.org.rules import Right
from huiyin.org.tests.factories import NOW

pytestmark = pytest.mark.django_db
DEFAULTS = Path(__file__).parents[2] / "defaults"


def documents() -> dict[str, dict[str, Any]]:
    return {name: yaml.safe_load((DEFAULTS / f"{name}.yaml").read_text("utf-8")) for name in ("org", "routing")}


def test_the_default_organisation_stands_after_loading() -> None:
    given = documents()
    expected = 1 + len(given["org"]["org_units"] + given["org"]["departments"]) + len(given["routing"]["team_ids"])
    assert load(given, NOW) == expected + len(given["org"]["raci"])
    found = company()
    assert found is not None
    assert found.name_zh == given["org"]["company"]["name_zh"]
    assert Unit.objects.get(code="CC").kind == Unit.Kind.SERVICE_CENTRE
    assert Unit.objects.get(code="QM-CASE").path == "/HQ/QM/QM-CASE/"
    assert Unit.objects.get(code="OUT-001").path == "/HQ/BR-EAST/OUT-001/"


@pytest.mark.req("A63")
def test_billing_data_and_it_are_departments() -> None:
    load(documents(), NOW)
    found = Unit.objects.filter(code__in=["BIL", "VAS", "IT"], kind=Unit.Kind.DEPARTMENT)
    assert sorted(unit.name_zh for unit in found) == ["技术平台部", "数据与增值业务部", "计费账务中心"]


@pytest.mark.req("B62")
def test_all_twenty_six_departments_can_be_given_work() -> None:
    load(documents(), NOW)
    hq = Unit.objects.get(code="HQ")
    given = {department["id"] for department in documents()["org"]["departments"]}
    assert len(given) == 26
    assert set(Unit.objects.within(hq).active().filter(code__in=given).values_list("code", flat=True)) == given


def test_loading_again_adds_nothing_and_takes_back_no_change() -> None:
    load(documents(), NOW)
    rename_unit(Unit.objects.get(code="QM"), name_zh="品质部", actor=SYSTEM, at=NOW)
    move_unit(Unit.objects.get(code="LOG"), under=Unit.objects.get(code="BR-EAST"), actor=SYSTEM, at=NOW)
    deactivate_unit(Unit.objects.get(code="FRN-001"), actor=SYSTEM, at=NOW)
    assert load(documents(), NOW) == 0
    assert Unit.objects.get(code="QM").name_zh == "品质部"
    assert Unit.objects.get(code="LOG-CASE").path == "/HQ/BR-EAST/LOG/LOG-CASE/"
    assert Unit.objects.get(code="FRN-001").is_active is False


def test_the_demo_adds_a_county_office_and_the_branches_centres() -> None:
    load(documents(), NOW)
    assert load_demo_units(NOW) == 4
    assert load_demo_units(NOW) == 0
    assert Unit.objects.get(code="CTY-E01").path == "/HQ/BR-EAST/CTY-E01/"
    assert Unit.objects.filter(kind=Unit.Kind.SERVICE_CENTRE).count() == 4


def make() -> dict[str, Member]:
    load(documents(), NOW)
    load_demo_units(NOW)
    return {each.username: each for each in demo_members.make(password="回音-demo-2026", at=NOW)}


def test_the_demo_members_sign_in_with_their_role_as_name() -> None:
    cast = make()
    assert (cast["agent"].name, cast["supervisor"].name, cast["outsider"].name) == ("李雷", "韩梅梅", "王芳")
    assert authenticate(username="handler", password="回音-demo-2026") == cast["handler"]
    assert cast["agent"].line_manager == cast["supervisor"]
    assert cast["branch"].has_role("store_agent", "handler")


def test_making_the_demo_members_again_changes_none() -> None:
    make()["agent"].set_password("自己改的密码-1")
    agent = Member.objects.get(username="agent")
    agent.set_password("自己改的密码-1")
    agent.save()
    again = {each.username: each for each in demo_members.make(password="另一个", at=NOW)}
    assert again["agent"].check_password("自己改的密码-1")
    assert Member.objects.count() == len(demo_members.CAST)


@pytest.mark.req("A18")
def test_the_outsider_of_another_branch_reaches_none_of_the_others_units() -> None:
    cast = make()
    seen = {name: cast[name].reach.unit_ids for name in ("agent", "branch", "handler", "handler2")}
    assert [name for name, ids in seen.items() if ids & cast["outsider"].reach.unit_ids] == []
    assert cast["outsider"].reach.unit_ids < cast["supervisor"].reach.unit_ids


def test_every_second_person_rule_finds_its_second_person() -> None:
    make()
    for right in (Right.JUDGE_VALIDITY, Right.AUDIT, Right.REPLY, Right.HANDLE):
        assert Member.objects.with_right(right).count() >= 2, right


def test_names_follow_the_readers_language() -> None:
    load(documents(), NOW)
    unit, team = Unit.objects.get(code="QM"), Unit.objects.get(code="QM-CASE")
    with translation.override("zh-hans"):
        assert unit.name == "质量管理部"
    with translation.override("en"):
        assert (unit.name, team.name) == ("Quality management", "Quality complaints")
