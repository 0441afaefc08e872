"""The only door through which an offer changes its state."""

from datetime import datetime
from typing import Any

from django.db import connection

from huiyin.compensation.errors import OfferMoveRefused
from huiyin.compensation.models import Offer
from huiyin.compensation.states import MAY_BECOME, OfferState
from huiyin.complaints.actions import clocks
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.guards import PAYMENT
from huiyin.complaints.models import Complaint
from huiyin.sla import promises
from huiyin.sla.queries import current

REPORT = "CK-COMPFILE"  # the written report on what was given at once (C038)


def hold_offer(offer: Offer) -> None:
    """Lock the complaint and everything that is summed with it, then read the offer afresh."""
    hold(offer.complaint)
    hold_sums(offer.complaint)
    held = Offer.objects.select_for_update().get(pk=offer.pk)
    for field in Offer._meta.concrete_fields:
        setattr(offer, field.attname, getattr(held, field.attname))


def hold_sums(complaint: Complaint, *, member_id: int | None = None) -> None:
    """Until the transaction ends nobody else reckons with this matter, this customer, this member's day."""
    names = [f"matter:{complaint.merged_into_id or complaint.pk}", f"customer:{complaint.customer_id}"]
    if member_id is not None:
        names.append(f"member:{member_id}")
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"compensation:{name}"])


def move(offer: Offer, target: OfferState, **changes: Any) -> None:
    """Bring the offer into `target`. Of two callers one wins; the other gets OfferMoveRefused and nothing changes."""
    source = offer.state
    if target not in MAY_BECOME[source]:
        raise OfferMoveRefused(source, target)
    if not Offer.objects.filter(pk=offer.pk, state=source).update(state=target, **changes):
        offer.refresh_from_db()
        raise OfferMoveRefused(offer.state, target)
    for name, value in {"state": target, **changes}.items():
        setattr(offer, name, value)


def _subject(offer: Offer) -> str:
    return f"BC{offer.pk}"


def run_clock(offer: Offer, *, at: datetime, code: str = PAYMENT) -> None:
    """Ours to move now: reviewed within the promised time, and paid within it once chosen (C114)."""
    complaint = offer.complaint
    category = complaint.confirmed_category or complaint.category
    inputs = clocks.inputs_of(complaint, issue_class=category.issue_class, acts=category.acts)
    deadline = promises.deadline(current(), code, start=at, inputs=inputs)
    if deadline is not None:
        clocks.start(complaint, code, deadline, at=at, subject=_subject(offer))


def stop_clock(offer: Offer, *, at: datetime, code: str = PAYMENT) -> None:
    clocks.stop(offer.complaint, code, at=at, subject=_subject(offer))
