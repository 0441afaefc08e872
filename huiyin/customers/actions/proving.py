"""A customer proves that an address is theirs: a code goes there; whoever brings it back may come in for a while."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from huiyin.customers.models import Code, Customer
from huiyin.lib import limits
from huiyin.lib.sealed import digest

CODE_LASTS = timedelta(minutes=10)
PASS_LASTS = timedelta(minutes=30)
MOST_TRIES = 5
_NOBODYS = digest("no such ticket")


class NotProven(Exception):
    """Wrong, too late, used already, or tried too often; which of them, and whether anybody has that address, is not
    said."""


@transaction.atomic
def issue(*, customer: Customer, ticket: str, at: datetime) -> str:
    """A new code for the browser that holds the ticket; what was issued for that ticket before is worth nothing now."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    Code.objects.update_or_create(
        ticket_digest=digest(ticket),
        defaults={
            "customer": customer,
            "code_digest": _together(ticket, code),
            "sent_at": at,
            "used_at": None,
            "pass_digest": "",
        },
    )
    return code


def prove(*, ticket: str, code: str, at: datetime) -> str:
    """The code is used up, and a pass to the customer's complaints returned. Raises NotProven.

    Not one transaction: a try is counted though it fails. The same work is done whether the ticket is known or not.
    """
    seconds = int(CODE_LASTS.total_seconds())
    in_time = limits.hit(f"customers:code:{ticket}", limit=MOST_TRIES, per_seconds=seconds, at=at)
    with transaction.atomic():
        found = Code.objects.select_for_update().filter(ticket_digest=digest(ticket)).first()
        is_live = found is not None and found.used_at is None and found.sent_at > at - CODE_LASTS
        is_right = hmac.compare_digest(_together(ticket, code), found.code_digest if found else _NOBODYS)
        if found is None or not (in_time and is_live and is_right):
            raise NotProven
        let_in = secrets.token_urlsafe(24)
        found.used_at, found.pass_digest = at, digest(let_in)
        found.save(update_fields=["used_at", "pass_digest"])
    return let_in


@transaction.atomic
def forget(*, before: datetime) -> int:
    """Codes and passes sent before that time leave no trace; returns how many."""
    return Code.objects.filter(sent_at__lt=before).delete()[0]


def _together(ticket: str, code: str) -> str:
    return digest(f"{ticket}:{code}")
