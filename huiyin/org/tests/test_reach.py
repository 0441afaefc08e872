"""Rights flow down the unit tree, and no other way."""

import pytest
from pytest_django import DjangoAssertNumQueries

from huiyin.org.models import Member, Unit
from huiyin.org.rules import NOWHERE, Reach
from huiyin.org.tests.factories import company, member

pytestmark = pytest.mark.django_db


def codes(reach: Reach) -> set[str]:
    return set(Unit.objects.filter(id__in=reach.unit_ids).values_list("code", flat=True))


EAST = {"BR-EAST", "BR-EAST-CC", "CTY-E01"}
SOUTH = {"BR-SOUTH", "BR-SOUTH-CC"}
ALL = {"HQ", "CC", "QM", "QM-CASE"} | EAST | SOUTH


@pytest.mark.req("A18")
@pytest.mark.parametrize(
    ("unit", "role", "seen"),
    [
        ("BR-EAST-CC", "frontline", {"BR-EAST-CC"}),
        ("BR-EAST-CC", "supervisor", EAST),
        ("BR-EAST-CC", "reviewer", EAST),
        ("BR-EAST", "director", EAST),
        ("CTY-E01", "store_agent", {"CTY-E01"}),
        ("CTY-E01", "supervisor", {"CTY-E01"}),
        ("BR-SOUTH-CC", "auditor_cc", SOUTH),
        ("CC", "frontline", {"CC"}),
        ("CC", "supervisor", ALL),
        ("CC", "cc_manager", ALL),
        ("QM", "handler", {"QM", "QM-CASE"}),
        ("QM-CASE", "handler", {"QM-CASE"}),
        ("QM", "dept_lead", {"QM", "QM-CASE"}),
        ("HQ", "director", ALL),
    ],
)
def test_a_branch_sees_its_own_and_what_is_below_it(unit: str, role: str, seen: set[str]) -> None:
    reach = member(company()[unit], role).reach
    assert (reach.everything, codes(reach), reach.content) == (False, seen, "full")


@pytest.mark.parametrize(
    ("role", "content"),
    [("executive", "full"), ("legal", "full"), ("dpo", "full"), ("analyst", "deidentified")]
    + [(role, "deidentified") for role in ("stats_outlet", "kb_editor", "trainer", "ext_auditor")],
)
def test_some_see_everything_and_most_of_them_not_whose_it_is(role: str, content: str) -> None:
    assert member(company()["QM"], role).reach == Reach(True, frozenset(), content)  # type: ignore[arg-type]  # parametrised


@pytest.mark.parametrize("roles", [("admin",), ("customer",), ()])
def test_some_see_nothing(roles: tuple[str, ...]) -> None:
    assert member(company()["HQ"], *roles).reach == NOWHERE


def test_who_has_left_sees_nothing() -> None:
    gone = member(company()["HQ"], "executive")
    gone.is_active = False
    assert gone.reach == NOWHERE


def test_two_roles_see_what_each_of_them_sees() -> None:
    units = company()
    assert codes(member(units["BR-EAST-CC"], "frontline", "supervisor").reach) == EAST


def test_a_code_that_begins_like_another_is_not_below_it() -> None:
    units = company()
    Unit.objects.create(code="BR-EAST2", name_zh="华东二", kind="branch", parent=units["HQ"], path="/HQ/BR-EAST2/")
    assert codes(member(units["BR-EAST"], "director").reach) == EAST


@pytest.mark.parametrize(("role", "queries"), [("frontline", 1), ("supervisor", 1), ("executive", 0), ("admin", 0)])
def test_what_a_member_sees_is_asked_once(
    role: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fresh = Member.objects.get(pk=member(company()["BR-EAST-CC"], role).pk)
    with django_assert_num_queries(queries):
        assert fresh.reach == fresh.reach


def test_an_administrator_enters_the_configuration_and_no_app_with_words_of_customers() -> None:
    admin = member(company()["HQ"], "admin")
    assert (admin.is_staff, admin.is_superuser) == (True, False)
    assert [admin.has_module_perms(app) for app in ("org", "triage", "sla")] == [True] * 3
    closed = ("complaints", "intake", "dispatch", "customers", "channels")
    assert [admin.has_perm(f"{app}.view_anything") for app in closed] == [False] * 5


@pytest.mark.req("A17")
def test_the_market_department_opens_the_policy_and_nothing_else() -> None:
    outlet = member(company()["HQ"], "stats_outlet")
    apps = ("org", "triage", "sla", "admin", "complaints", "intake", "dispatch", "customers", "channels")
    assert outlet.is_staff
    assert [app for app in apps if outlet.has_module_perms(app)] == ["sla"]


def test_nobody_else_enters_the_configuration() -> None:
    manager = member(company()["CC"], "cc_manager", "executive")
    assert (manager.is_staff, manager.has_perm("org.view_unit")) == (False, False)
