"""Members come, change and leave; who may, and what is left behind."""

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from huiyin.org import errors
from huiyin.org.actions import members, tokens
from huiyin.org.actors import CUSTOMER, SYSTEM, Actor
from huiyin.org.models import Member
from huiyin.org.queries import member_for_token
from huiyin.org.rules import Right
from huiyin.org.tests.factories import NOW, company, member

pytestmark = pytest.mark.django_db


def test_a_new_member_signs_in_by_agent_id() -> None:
    units = company()
    li = members.add(
        username="lilei", name="李雷", unit=units["CC"], roles=["frontline"], password="开门-2026", actor=SYSTEM, at=NOW
    )
    assert authenticate(username="lilei", password="开门-2026") == li
    assert authenticate(username="lilei", password="关门") is None
    assert (li.get_full_name(), li.role_labels, li.date_joined) == ("李雷", ["一线客服"], NOW)


def test_without_a_password_nobody_signs_in() -> None:
    li = members.add(username="lilei", name="李雷", unit=company()["CC"], roles=[], actor=SYSTEM, at=NOW)
    assert not li.has_usable_password()


def test_what_cannot_be_is_refused() -> None:
    units = company()
    member(units["CC"], "frontline", username="lilei")
    with pytest.raises(errors.UsernameTaken):
        members.add(username="lilei", name="李雷", unit=units["CC"], roles=[], actor=SYSTEM, at=NOW)
    with pytest.raises(errors.UnknownRole):
        members.add(username="wang", name="王芳", unit=units["CC"], roles=["boss"], actor=SYSTEM, at=NOW)
    with pytest.raises(errors.BadUsername):
        members.add(username="a b", name="王芳", unit=units["CC"], roles=[], actor=SYSTEM, at=NOW)
    assert Member.objects.count() == 1


def test_only_an_administrator_makes_members_and_gives_roles() -> None:
    units = company()
    li = member(units["CC"], "frontline")
    for actor in (Actor.of(member(units["CC"], "cc_manager", "executive")), Actor.of(li), CUSTOMER):
        with pytest.raises(errors.MayNotConfigure):
            members.change_roles(li, roles=["admin"], actor=actor, at=NOW)
        with pytest.raises(errors.MayNotConfigure):
            members.add(username="new", name="新人", unit=units["CC"], roles=["admin"], actor=actor, at=NOW)
    assert Member.objects.get(pk=li.pk).roles == ["frontline"]


def test_who_leaves_is_shut_out_and_stays_on_record() -> None:
    li = member(company()["CC"], "frontline")
    _token, raw = tokens.create(member=li, name="脚本", scopes=["read"], at=NOW)
    members.deactivate(li, actor=SYSTEM, at=NOW)
    assert member_for_token(raw, NOW) is None
    assert Member.objects.get(pk=li.pk).is_active is False
    assert not li.may(Right.REPLY)
    with pytest.raises(errors.AlreadyLeft):
        members.deactivate(li, actor=SYSTEM, at=NOW)


def test_who_returns_does_not_get_the_old_keys_back() -> None:
    li = member(company()["CC"], "frontline")
    _token, raw = tokens.create(member=li, name="脚本", scopes=["read"], at=NOW)
    members.deactivate(li, actor=SYSTEM, at=NOW)
    members.reactivate(li, actor=SYSTEM, at=NOW)
    assert li.may(Right.REPLY)
    assert member_for_token(raw, NOW) is None


def test_a_unit_with_members_cannot_be_deleted() -> None:
    units = company()
    member(units["QM-CASE"], "handler")
    with pytest.raises(ProtectedError):
        units["QM-CASE"].delete()


def test_the_last_administrator_stays() -> None:
    admin = member(company()["HQ"], "admin")
    with pytest.raises(errors.LastAdministrator):
        members.deactivate(admin, actor=Actor.of(admin), at=NOW)
    with pytest.raises(errors.LastAdministrator):
        members.change_roles(admin, roles=["analyst"], actor=Actor.of(admin), at=NOW)
    assert Member.objects.get(pk=admin.pk).may(Right.CONFIGURE)


def test_of_two_administrators_one_may_go() -> None:
    units = company()
    admin, other = member(units["HQ"], "admin"), member(units["HQ"], "admin")
    members.deactivate(other, actor=Actor.of(admin), at=NOW)
    assert Member.objects.active().with_role("admin").get() == admin


def test_a_transfer_changes_what_is_seen_at_once() -> None:
    units = company()
    li = member(units["CC"], "frontline")
    assert li.reach.unit_ids == {units["CC"].pk}
    members.transfer(li, unit=units["BR-SOUTH-CC"], line_manager=None, actor=SYSTEM, at=NOW)
    assert li.reach.unit_ids == {units["BR-SOUTH-CC"].pk}


def test_nobody_stands_above_themselves() -> None:
    units = company()
    han, li = member(units["CC"], "supervisor", name="韩梅梅"), member(units["CC"], "frontline")
    members.transfer(li, unit=units["CC"], line_manager=han, actor=SYSTEM, at=NOW)
    with pytest.raises(errors.ManagerLoop):
        members.transfer(han, unit=units["CC"], line_manager=li, actor=SYSTEM, at=NOW)
    assert Member.objects.get(pk=han.pk).line_manager is None


def test_the_database_refuses_a_role_that_is_none() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        member(company()["CC"], "boss")


def test_a_record_names_its_actor_by_agent_id() -> None:
    li = member(company()["CC"], "frontline", "handler", username="8008")
    actors = [Actor.of(li), SYSTEM, CUSTOMER]
    assert [actor.label for actor in actors] == ["8008", "system", "customer"]
    assert [sorted(actor.roles) for actor in actors] == [["frontline", "handler"], ["system"], ["customer"]]
    with pytest.raises(ValueError, match="member"):
        Actor("member")
    with pytest.raises(ValueError, match="member"):
        Actor("system", li)


def test_members_are_found_by_what_they_may_do() -> None:
    units = company()
    han = member(units["CC"], "supervisor", name="韩梅梅")
    member(units["CC"], "frontline")
    assert list(Member.objects.with_right(Right.JUDGE_VALIDITY)) == [han]
