from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from huiyin.org import errors
from huiyin.org.actions import tokens
from huiyin.org.models import Token
from huiyin.org.queries import member_for_token
from huiyin.org.tests.factories import NOW, company, member

pytestmark = pytest.mark.django_db


def test_a_key_opens_until_it_is_revoked() -> None:
    li = member(company()["CC"], "frontline")
    token, raw = tokens.create(member=li, name="脚本", scopes=["write", "read"], at=NOW)
    assert raw.startswith("hy_")
    assert member_for_token(raw, NOW) == token
    assert (token.scopes, token.allows("write"), token.allows("admin")) == (["read", "write"], True, False)
    tokens.revoke(token, at=NOW)
    tokens.revoke(token, at=NOW + timedelta(days=1))
    assert member_for_token(raw, NOW) is None
    assert token.revoked_at == NOW


def test_the_key_itself_is_nowhere_in_the_table() -> None:
    _token, raw = tokens.create(member=member(company()["CC"]), name="脚本", scopes=["read"], at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM org_token t")
        rows = cursor.fetchall()
    assert raw.removeprefix("hy_") not in str(rows)


def test_a_key_ends_when_it_should() -> None:
    li = member(company()["CC"])
    _token, raw = tokens.create(member=li, name="脚本", scopes=["read"], at=NOW, expires_at=NOW + timedelta(days=1))
    assert member_for_token(raw, NOW + timedelta(hours=23)) is not None
    assert member_for_token(raw, NOW + timedelta(days=1)) is None


@given(st.text(max_size=60))
def test_anything_else_opens_nothing(raw: str) -> None:
    assert member_for_token(raw, NOW) is None
    assert member_for_token(f"hy_{raw}", NOW) is None


def test_a_key_with_its_member_and_unit_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    _token, raw = tokens.create(member=member(company()["CC"]), name="脚本", scopes=["read"], at=NOW)
    with django_assert_num_queries(1):
        found = member_for_token(raw, NOW)
        assert found is not None
        assert found.member.unit.code == "CC"


def test_use_is_noted_once_a_minute(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    token, _raw = tokens.create(member=member(company()["CC"]), name="脚本", scopes=["read"], at=NOW)
    tokens.touch(token, at=NOW)
    token.refresh_from_db()
    with django_assert_num_queries(0):
        tokens.touch(token, at=NOW + timedelta(seconds=59))
    assert token.last_used_at == NOW
    tokens.touch(token, at=NOW + timedelta(seconds=60))
    token.refresh_from_db()
    assert token.last_used_at == NOW + timedelta(seconds=60)


def test_an_unknown_scope_is_refused() -> None:
    with pytest.raises(errors.UnknownScope):
        tokens.create(member=member(company()["CC"]), name="脚本", scopes=["everything"], at=NOW)
    assert Token.objects.count() == 0


def test_a_member_sees_their_own_keys_and_an_administrator_all() -> None:
    units = company()
    li, wang, admin = (member(units["CC"], role) for role in ("frontline", "frontline", "admin"))
    token, _raw = tokens.create(member=li, name="脚本", scopes=["read"], at=NOW)
    assert list(Token.objects.visible_to(li)) == [token]
    assert list(Token.objects.visible_to(wang)) == []
    assert list(Token.objects.visible_to(admin)) == [token]
