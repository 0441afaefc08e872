"""A customer's data must go: from their own row, from complaints' names and what these are found by, and from what was
written down about their behaviour, half-written to them, or written of them in the chat and placed nowhere."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.postgres.search import SearchVectorField
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Cast

from huiyin.channels.models import ChatMessage
from huiyin.complaints import searching
from huiyin.complaints.models import Complaint, Draft, Guidance, Searchable
from huiyin.customers.actions import erasing
from huiyin.customers.models import Customer
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change

A_DAY = timedelta(days=1)
ERASED = "（已抹除）"  # a special method keeps that there was evidence; the words are gone, in every language


@transaction.atomic
def erase(customer: Customer, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """As `customers.erasing.erase`, with the evidence of behaviour on their complaints, every draft about them, and
    what was written of or by them in the chat and waits to be placed. Whom a registration not filed yet is about cannot
    be told for sure: those older than a day go too. That it was done, by whom and why, is on record; whose data it was
    is not.

    Raises MayNotErase, AlreadyErased.
    """
    words, digits = _plain(customer.name, customer.email), _digits(customer.phone)
    known_as = [each for each in (customer.external_id, customer.phone) if each]
    erasing.erase(customer, actor=actor, at=at)
    for complaint in Complaint.objects.filter(customer=customer).order_by("pk"):
        _forget_name(complaint)
    Guidance.objects.filter(complaint__customer=customer).exclude(evidence="").update(evidence=ERASED)
    Draft.objects.filter(complaint__customer=customer).delete()
    unfiled = Draft.objects.filter(complaint=None)
    unfiled.filter(saved_at__lt=at - A_DAY).delete()
    about = [draft.pk for draft in unfiled if _speaks_of(draft.values, words, digits)]
    Draft.objects.filter(pk__in=about).delete()
    _forget_chat(customer, [*words, *_plain(*known_as)], digits, senders=known_as)
    record(
        Change.Area.PRIVACY, f"customer-{customer.pk}", label=f"#{customer.pk}", verb=Change.Verb.REMOVED, actor=actor,
        at=at, after={"why": reason},
    )  # fmt: skip


def _forget_name(complaint: Complaint) -> None:
    """Neither the name on it nor the number it was found by is left."""
    complaint.complainant_name = ""
    Complaint.objects.filter(pk=complaint.pk).update(complainant_name="")
    words = searching.vector(complaint, phone_digest="", email_digest="")
    Searchable.objects.filter(complaint=complaint).update(vector=Cast(Value(words), SearchVectorField()))


def _forget_chat(customer: Customer, words: Sequence[str], digits: str, *, senders: Sequence[str]) -> None:
    """What is placed is a note, and its words are there alone. Of the rest that goes which names one of their
    complaints, speaks of them, or comes from them."""
    waiting = ChatMessage.objects.exclude(outcome=ChatMessage.Outcome.NOTED)
    numbers = Complaint.objects.filter(customer=customer).values("number")
    waiting.filter(Q(number__in=numbers) | Q(sender__in=senders)).delete()
    about = [row.pk for row in waiting.iterator() if _speaks_of(row.text, words, digits)]
    ChatMessage.objects.filter(pk__in=about).delete()


def _speaks_of(written: str, words: Sequence[str], digits: str) -> bool:
    """However the number is grouped, and the name spaced; a word more or less deleted is no harm."""
    [plain] = _plain(written)
    return (bool(digits) and digits in _digits(written)) or any(word in plain for word in words)


def _plain(*given: str) -> list[str]:
    return [plain for each in given if (plain := re.sub(r"\s", "", unicodedata.normalize("NFKC", each)).casefold())]


def _digits(given: str) -> str:
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", given))
