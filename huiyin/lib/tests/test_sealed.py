"""What is sealed cannot be read without the key, and is found only by its digest."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from huiyin.customers.models import Customer
from huiyin.lib.sealed import Unreadable, digest, seal, unseal

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_to_what_it_was(plain: bytes) -> None:
    assert unseal(seal(plain)) == plain


def test_the_same_value_is_sealed_differently_each_time() -> None:
    assert seal(b"13800138000") != seal(b"13800138000")


@pytest.mark.parametrize("position", [0, 5, 20, -1])
def test_one_changed_byte_is_found_out(position: int) -> None:
    sealed = bytearray(seal("张伟 13800138000".encode()))
    sealed[position] ^= 1
    with pytest.raises(Unreadable):
        unseal(bytes(sealed))


def test_another_key_opens_nothing(settings: Settings) -> None:
    sealed = seal(b"13800138000")
    settings.HUIYIN_DATA_KEY = bytes(32)
    with pytest.raises(Unreadable):
        unseal(sealed)


def test_a_digest_is_the_same_for_the_same_value_in_another_spelling() -> None:
    assert digest(" Zhang.Wei@Example.com ") == digest("ｚhang.wei@example.com")
    assert digest("13800138000") != digest("13800138001")
    assert digest("  ") == ""


def test_a_digest_needs_the_key(settings: Settings) -> None:
    before = digest("13800138000")
    settings.HUIYIN_DATA_KEY = bytes(32)
    assert digest("13800138000") != before


@pytest.mark.django_db
@pytest.mark.req("D25")
def test_the_database_holds_no_telephone_number_in_the_clear() -> None:
    customer = Customer.objects.create(name="张伟", phone="13800138000", email="zhang@example.com", created_at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, email, address FROM customers_customer WHERE id = %s", [customer.pk])
        phone, email, address = (bytes(column) for column in cursor.fetchone() or ())
    assert b"13800138000" not in phone
    assert b"example" not in email
    assert address == b""
    assert Customer.objects.get(pk=customer.pk).phone == "13800138000"


@pytest.mark.django_db
def test_sealed_columns_survive_bulk_writes() -> None:
    Customer.objects.bulk_create(Customer(phone=f"1380013800{n}", created_at=NOW) for n in range(3))
    rows = list(Customer.objects.order_by("id"))
    for row in rows:
        row.address = f"解放路{row.pk}号"
    Customer.objects.bulk_update(rows, ["address"])
    assert [row.address for row in Customer.objects.order_by("id")] == [row.address for row in rows]


@pytest.mark.django_db
def test_a_sealed_column_refuses_to_be_searched() -> None:
    with pytest.raises(FieldError):
        Customer.objects.filter(phone__contains="138")
    with pytest.raises(FieldError):
        Customer.objects.filter(phone="13800138000")
