"""A customer's data must go: from their own row, and from what was written down about their behaviour or half-written
to them."""

from datetime import datetime

from django.db import transaction

from huiyin.complaints.models import Draft, Guidance
from huiyin.customers.actions import erasing
from huiyin.customers.models import Customer
from huiyin.org.actors import Actor

ERASED = "（已抹除）"  # a special method keeps that there was evidence; the words are gone, in every language


@transaction.atomic
def erase(customer: Customer, *, actor: Actor, at: datetime) -> None:
    """As `customers.erasing.erase`, with the evidence of behaviour on their complaints and every draft about them.

    Raises MayNotErase, AlreadyErased.
    """
    contacts = [each for each in (customer.phone, customer.email) if each]
    erasing.erase(customer, actor=actor, at=at)
    Guidance.objects.filter(complaint__customer=customer).exclude(evidence="").update(evidence=ERASED)
    Draft.objects.filter(complaint__customer=customer).delete()
    unfiled = Draft.objects.filter(complaint=None)
    about = [draft.pk for draft in unfiled if any(contact in draft.values for contact in contacts)]
    Draft.objects.filter(pk__in=about).delete()
