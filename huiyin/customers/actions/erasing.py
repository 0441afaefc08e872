"""What is left of a customer whose data must go: the row that complaints point to, and nothing in it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin.customers.models import Customer
from huiyin.org.actors import Actor
from huiyin.org.rules import Right


class MayNotErase(Exception):
    """Only the privacy officer, and the system when the time of keeping has run out, erase a customer."""


class AlreadyErased(Exception):
    """There is nothing left to erase."""


@transaction.atomic
def erase(customer: Customer, *, actor: Actor, at: datetime) -> None:
    """Name, contact data, address and outside number are gone, digests too; tier and region stay for the figures.

    Whoever calls again from the same number is a new customer.
    """
    if not actor.may(Right.ERASE_CUSTOMER):
        raise MayNotErase
    blank = dict.fromkeys(
        ("name", "phone", "phone_digest", "email", "email_digest", "address", "external_id"),
        "",
    )
    erased = Customer.objects.filter(pk=customer.pk, erased_at__isnull=True).update(
        **blank, is_vulnerable=False, contribution=None, since=None, is_by_contract=False, tier_why={}, erased_at=at
    )
    if not erased:
        raise AlreadyErased
    customer.codes.all().delete()
    customer.overrides.update(reason="")
    customer.refresh_from_db()
