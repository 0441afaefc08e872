"""From what a caller says about themselves to the one row that stands for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huiyin.customers.models import Customer
from huiyin.lib import phones, statements
from huiyin.lib.bulk import fresh_ids, insert, insert_or_leave, new_row
from huiyin.lib.clean import clean_line
from huiyin.lib.sealed import digest


@dataclass(frozen=True)
class Contact:
    name: str = ""
    phone: str = ""
    email: str = ""
    tier: str = Customer.Tier.STANDARD


class CustomerVanished(Exception):
    """The customer was erased between two statements; the caller may try again."""


def phone_digest(phone: str) -> str:
    return digest(phones.normalise(phone))


def _new(contact: Contact, at: datetime) -> Customer:
    email, phone = contact.email.strip(), phones.normalise(contact.phone)
    return new_row(
        Customer,
        name=clean_line(contact.name)[:100],
        tier=contact.tier,
        phone=phone,
        phone_digest=digest(phone),
        email=email,
        email_digest=digest(email),
        is_vulnerable=contact.tier == Customer.Tier.VULNERABLE,
        created_at=at,
    )


class _Book:
    """Customers by their digests: the telephone decides, then the mail address."""

    def __init__(self) -> None:
        self.by_phone: dict[str, Customer] = {}
        self.by_email: dict[str, Customer] = {}

    def add(self, customers: Iterable[Customer]) -> None:
        for customer in customers:
            if customer.phone_digest:
                self.by_phone.setdefault(customer.phone_digest, customer)
            if customer.email_digest:
                self.by_email.setdefault(customer.email_digest, customer)

    def find(self, candidate: Customer) -> Customer | None:
        return self.by_phone.get(candidate.phone_digest) or self.by_email.get(candidate.email_digest)


def _stored(candidates: Sequence[Customer]) -> _Book:
    book = _Book()
    phones_given = sorted({c.phone_digest for c in candidates if c.phone_digest})
    emails_given = sorted({c.email_digest for c in candidates if c.email_digest})
    book.add(statements.fetch(Customer, _KNOWN, [statements.array(phones_given), statements.array(emails_given)]))
    return book


# two look-ups joined: an OR of two partial indexes is read as a whole-table scan once the lists are long
_KNOWN = """id IN (
    SELECT id FROM customers_customer WHERE phone_digest = ANY(%s::text[]) AND phone_digest <> ''
    UNION SELECT id FROM customers_customer WHERE email_digest = ANY(%s::text[]) AND email_digest <> ''
) ORDER BY id"""


def _assign(candidates: Iterable[Customer], known: _Book) -> list[Customer]:
    """For each candidate the row that stands for it, stored or still to be made: as if they came one by one."""
    fresh = _Book()
    assigned = []
    for candidate in candidates:
        found = known.find(candidate) or fresh.find(candidate)
        if found is None:
            fresh.add([candidate])
            found = candidate
        assigned.append(found)
    return assigned


def _make(rows: Sequence[Customer]) -> dict[int, Customer]:
    """Insert them; one that another transaction inserted meanwhile is left standing. By id() of what was asked for."""
    # always in the same order, so that two imports of the same people wait for each other and do not deadlock
    asked = sorted(rows, key=lambda c: (c.phone_digest, c.email_digest))
    made = insert_or_leave(asked)
    if len(made) == len(asked):
        return {}
    stored = _stored(asked)
    found = {id(row): stored.find(row) for row in asked if row.pk not in made}
    if None in found.values():
        raise CustomerVanished
    return {key: row for key, row in found.items() if row is not None}


@transaction.atomic(savepoint=False)
def find_or_make_many(contacts: Sequence[Contact], at: datetime) -> list[Customer]:
    """The customer of each contact, in order; at most five queries however many there are.

    Whoever leaves neither telephone nor mail address is a new customer each time: there is nothing to know them by.
    """
    candidates = [_new(contact, at) for contact in contacts]
    nameless = [c for c in candidates if not (c.phone_digest or c.email_digest)]
    named = [c for c in candidates if c.phone_digest or c.email_digest]
    assigned = iter(_assign(named, _stored(named) if named else _Book()))
    found = [next(assigned) if c.phone_digest or c.email_digest else c for c in candidates]
    fresh = list({id(row): row for row in found if row.pk is None}.values())
    for row, key in zip(fresh, fresh_ids(Customer, len(fresh)) if fresh else (), strict=True):
        row.pk = key
    insert(nameless)
    instead = _make([row for row in fresh if row.phone_digest or row.email_digest])
    return [instead.get(id(row), row) for row in found]


def find_or_make(*, contacts: Contact, at: datetime) -> Customer:
    """The customer whom the contact data belongs to, new where it belongs to nobody yet."""
    return find_or_make_many([contacts], at)[0]
