"""The configuration site changes the organisation only through its actions, and only for an administrator."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from huiyin.org.models import Member, Token, Unit
from huiyin.org.queries import member_for_token
from huiyin.org.tests.factories import company, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def units() -> dict[str, Unit]:
    return company()


@pytest.fixture
def admin(units: dict[str, Unit], client: Client) -> Client:
    client.force_login(member(units["HQ"], "admin", name="孙志远"), backend="django.contrib.auth.backends.ModelBackend")
    return client


PAGES = ("unit", "member", "token", "company")


@pytest.mark.parametrize("page", PAGES)
def test_an_administrator_opens_every_page(admin: Client, page: str) -> None:
    assert admin.get(f"/admin/org/{page}/").status_code == 200


@pytest.mark.parametrize("role", ["frontline", "cc_manager", "executive", "stats_outlet"])
def test_nobody_else_opens_any(units: dict[str, Unit], client: Client, role: str) -> None:
    client.force_login(member(units["CC"], role), backend="django.contrib.auth.backends.ModelBackend")
    assert {client.get(f"/admin/org/{page}/").status_code for page in PAGES} <= {302, 403}


def test_a_placed_unit_has_its_path_and_its_line_in_the_log(admin: Client, units: dict[str, Unit]) -> None:
    given = {"code": "RD", "name_zh": "研发部", "name_en": "", "kind": "department", "time_zone": "Asia/Shanghai"}
    admin.post("/admin/org/unit/add/", {**given, "parent": units["HQ"].pk})
    assert Unit.objects.get(code="RD").path == "/HQ/RD/"
    assert LogEntry.objects.get().object_repr == "RD 研发部"


def change(unit: Unit, **given: object) -> dict[str, object]:
    kept = {"name_zh": unit.name_zh, "name_en": unit.name_en, "parent": unit.parent_id or "", "is_active": "on"}
    return {**kept, **given}


def test_a_move_takes_the_subtree_along(admin: Client, units: dict[str, Unit]) -> None:
    east = units["BR-EAST"]
    admin.post(f"/admin/org/unit/{east.pk}/change/", change(east, parent=units["BR-SOUTH"].pk))
    assert Unit.objects.get(code="CTY-E01").path == "/HQ/BR-SOUTH/BR-EAST/CTY-E01/"


def test_a_refused_move_is_said_and_changes_nothing(admin: Client, units: dict[str, Unit]) -> None:
    east = units["BR-EAST"]
    given = change(east, parent=units["CTY-E01"].pk, name_zh="改名")
    answer = admin.post(f"/admin/org/unit/{east.pk}/change/", given, follow=True)
    assert "不能移到自己或自己的下级之下" in answer.content.decode()
    assert (Unit.objects.get(code="BR-EAST").path, Unit.objects.get(code="BR-EAST").name_zh) == (
        "/HQ/BR-EAST/",
        "华东分公司",
    )


def test_a_member_is_added_changed_and_let_go(admin: Client, units: dict[str, Unit]) -> None:
    given = {"username": "lilei", "name": "李雷", "unit": units["CC"].pk, "roles": ["frontline"], "language": "zh-hans"}
    admin.post("/admin/org/member/add/", {**given, "new_password": "开门见山-回音-2026"})
    li = Member.objects.get(username="lilei")
    assert (li.check_password("开门见山-回音-2026"), li.roles) == (True, ["frontline"])
    admin.post(f"/admin/org/member/{li.pk}/change/", {**given, "roles": ["reviewer"]})
    li.refresh_from_db()
    assert (li.roles, li.is_active, li.check_password("开门见山-回音-2026")) == (["reviewer"], False, True)


def test_a_weak_password_is_refused(admin: Client, units: dict[str, Unit]) -> None:
    given = {"username": "lilei", "name": "李雷", "unit": units["CC"].pk, "language": "zh-hans"}
    admin.post("/admin/org/member/add/", {**given, "new_password": "123456"})
    assert not Member.objects.filter(username="lilei").exists()


def test_a_token_is_shown_once_and_can_be_revoked(admin: Client, units: dict[str, Unit]) -> None:
    li = member(units["CC"], "frontline")
    given = {"member": li.pk, "name": "脚本", "scopes": ["read"], "expires_at_0": "", "expires_at_1": ""}
    page = admin.post("/admin/org/token/add/", given, follow=True).content.decode()
    raw = next(word for word in page.replace("<", " ").split() if "hy_" in word).partition("：")[2]
    token = Token.objects.get()
    assert member_for_token(raw, token.created_at + timedelta(seconds=1)) == token
    assert raw not in admin.get("/admin/org/token/").content.decode()
    admin.post("/admin/org/token/", {"action": "revoke", "_selected_action": [token.pk]})
    assert member_for_token(raw, token.created_at + timedelta(seconds=1)) is None


def test_units_and_members_cannot_be_deleted(admin: Client, units: dict[str, Unit]) -> None:
    assert admin.post(f"/admin/org/unit/{units['QM-CASE'].pk}/delete/", {"post": "yes"}).status_code == 403
    assert Unit.objects.filter(code="QM-CASE").exists()
