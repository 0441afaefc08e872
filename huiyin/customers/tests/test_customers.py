"""What a customer's row shows, to whom, and what is left of it in the end."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from huiyin.customers.actions import erasing
from huiyin.customers.actions.finding import Contact, find_or_make
from huiyin.customers.models import Customer
from huiyin.org.actors import CUSTOMER, SYSTEM, Actor
from huiyin.org.tests.factories import company, member

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ZHANG = Contact(name="张伟", phone="13812341234", email="zhang@example.com")


@pytest.mark.req("D25")
def test_masked_data_shows_enough_to_recognise_and_not_enough_to_use() -> None:
    zhang = find_or_make(contacts=ZHANG, at=NOW)
    assert (zhang.phone_masked, zhang.email_masked, zhang.name_masked) == ("138****1234", "z***@example.com", "张*")
    nobody = Customer(created_at=NOW)
    assert (nobody.phone_masked, nobody.email_masked, nobody.name_masked) == ("", "", "")


def test_the_database_keeps_one_row_for_one_telephone() -> None:
    zhang = find_or_make(contacts=ZHANG, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.create(phone_digest=zhang.phone_digest, created_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.create(email_digest=zhang.email_digest, created_at=NOW)


@pytest.mark.req("D25")
def test_who_reads_no_complaint_sees_no_customer() -> None:
    zhang = find_or_make(contacts=ZHANG, at=NOW)
    units = company()
    assert list(Customer.objects.visible_to(member(units["CC"], "frontline"))) == [zhang]
    assert list(Customer.objects.visible_to(member(units["HQ"], "admin"))) == []


def test_an_erased_customer_is_a_row_without_a_person() -> None:
    zhang = find_or_make(contacts=ZHANG, at=NOW)
    erasing.erase(zhang, actor=SYSTEM, at=NOW)
    left = Customer.objects.get()
    assert [left.name, left.phone, left.phone_digest, left.email, left.email_digest, left.address] == [""] * 6
    assert left.erased_at == NOW
    assert find_or_make(contacts=ZHANG, at=NOW) != zhang
    with pytest.raises(erasing.AlreadyErased):
        erasing.erase(zhang, actor=SYSTEM, at=NOW)


def test_only_the_privacy_officer_erases() -> None:
    zhang = find_or_make(contacts=ZHANG, at=NOW)
    units = company()
    for actor in (Actor.of(member(units["CC"], "supervisor", "cc_manager")), CUSTOMER):
        with pytest.raises(erasing.MayNotErase):
            erasing.erase(zhang, actor=actor, at=NOW)
    assert Customer.objects.get().phone == "13812341234"
    erasing.erase(zhang, actor=Actor.of(member(units["HQ"], "dpo")), at=NOW)
    assert Customer.objects.get().phone == ""
