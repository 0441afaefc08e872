"""One person is one customer, however often and by however many at once they are asked for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from huiyin.customers.actions.finding import Contact, find_or_make, find_or_make_many
from huiyin.customers.models import Customer
from huiyin.lib.tests.plans import indexes_used

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ZHANG = Contact(name="张伟", phone="13800138000", email="zhang@example.com")


@pytest.mark.django_db
def test_who_calls_again_is_the_same_customer_in_any_spelling() -> None:
    first = find_or_make(contacts=ZHANG, at=NOW)
    again = find_or_make(contacts=Contact(name="张先生", phone="+86 138-0013-8000"), at=NOW)
    mail = find_or_make(contacts=Contact(email="Zhang@Example.com"), at=NOW)
    assert (again, mail) == (first, first)
    assert Customer.objects.get().name == "张伟"


@pytest.mark.django_db
def test_where_telephone_and_mail_point_to_two_the_telephone_decides() -> None:
    zhang = find_or_make(contacts=Contact(phone="13800138000"), at=NOW)
    find_or_make(contacts=Contact(email="zhang@example.com"), at=NOW)
    assert find_or_make(contacts=ZHANG, at=NOW) == zhang
    assert Customer.objects.count() == 2


@pytest.mark.django_db
def test_who_leaves_nothing_is_somebody_new_each_time() -> None:
    people = find_or_make_many([Contact(name="匿名"), Contact(name="匿名"), Contact()], NOW)
    assert len({person.pk for person in people}) == 3
    assert find_or_make(contacts=Contact(phone="没有", email=" "), at=NOW).pk not in {p.pk for p in people}


@pytest.mark.django_db
def test_a_customer_who_needs_care_is_marked() -> None:
    person = find_or_make(contacts=Contact(name="张伟", phone="13800138000", tier="VUL"), at=NOW)
    assert (person.tier, person.is_vulnerable) == (Customer.Tier.VULNERABLE, True)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Contact,
            name=st.just("张伟"),
            phone=st.sampled_from(["", "13800138000", "13800138001", "13800138002"]),
            email=st.sampled_from(["", "a@example.com", "b@example.com", "c@example.com"]),
        ),
        max_size=8,
    )
)
def test_many_at_once_are_found_as_one_after_another(contacts: list[Contact]) -> None:
    with transaction.atomic():
        together = [customer.pk for customer in find_or_make_many(contacts, NOW)]
        count = Customer.objects.count()
        transaction.set_rollback(True)
    with transaction.atomic():
        single = [find_or_make(contacts=contact, at=NOW).pk for contact in contacts]
        assert Customer.objects.count() == count
        transaction.set_rollback(True)
    assert _pattern(together) == _pattern(single)


def _pattern(ids: list[int]) -> list[int]:
    """Which of them are the same, whatever their numbers."""
    return [ids.index(each) for each in ids]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3, 200])
def test_the_number_of_queries_does_not_grow(count: int, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    contacts = [Contact(phone=f"138{n:08}", email=f"z{n}@example.com") for n in range(count)] + [Contact()] * count
    with django_assert_max_num_queries(8):  # however many; COPY by way of a table of its own
        find_or_make_many(contacts, NOW)


@pytest.mark.django_db
def test_those_known_already_cost_one_look(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    contacts = [Contact(phone=f"138{n:08}") for n in range(50)]
    find_or_make_many(contacts, NOW)
    with django_assert_num_queries(1):
        find_or_make_many(contacts, NOW)


@pytest.mark.django_db
def test_a_long_list_is_still_looked_up_in_the_indexes() -> None:
    with CaptureQueriesContext(connection) as captured:
        find_or_make_many([Contact(phone=f"138{n:08}", email=f"z{n}@example.com") for n in range(300)], NOW)
    look = next(query["sql"] for query in captured if 'FROM "customers_customer"' in query["sql"])
    assert {"customer_phone_is_one", "customer_email_is_one"} <= indexes_used(look)


@pytest.mark.usefixtures("committed")
def test_many_who_ask_for_the_same_people_at_once_get_the_same_rows() -> None:
    contacts = [Contact(phone=f"139{n:08}", email=f"w{n}@example.com") for n in range(20)]
    start = Barrier(6)

    def ask(turn: int) -> dict[str, int]:
        try:
            start.wait()
            mine = contacts if turn % 2 else contacts[::-1]
            return {c.phone: row.pk for c, row in zip(mine, find_or_make_many(mine, NOW), strict=True)}
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(ask, range(6)))
        assert answers == [answers[0]] * 6
        assert Customer.objects.count() == 20
    finally:
        Customer.objects.all().delete()
