"""Step 1 and 2 of a complaint's life: a message arrives and opens a complaint, all in one transaction or not at all."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.channels.actions.receiving import Incoming, Kept, keep_many
from huiyin.complaints.actions import filing, regulating
from huiyin.complaints.models import Clock, Complaint
from huiyin.customers.actions.finding import Contact, find_or_make_many
from huiyin.customers.models import Customer
from huiyin.intake.arrival import Arrival, NotTaken
from huiyin.intake.owning import Owners
from huiyin.lib import statements
from huiyin.org.actors import Actor
from huiyin.triage.grading import Verdict, grade
from huiyin.triage.queries import book


@dataclass(frozen=True)
class Taken:
    """The complaint, and whether this arrival made it or had been taken before; of a new one the clocks it began."""

    complaint: Complaint
    is_new: bool
    clocks: tuple[Clock, ...] = ()


def take_in(arrival: Arrival, *, actor: Actor, at: datetime) -> Taken:
    """Take one; see take_in_many. Raises NotTaken."""
    return take_in_many([arrival], actor=actor, at=at)[0]


@transaction.atomic
def take_in_many(arrivals: Sequence[Arrival], *, actor: Actor, at: datetime) -> list[Taken]:
    """Each arrival's raw message is kept, its customer found or made, its grading proposed, its complaint filed.

    One that its channel brought before (same external id) gives the complaint there is, and makes nothing. Raises
    NotTaken for the first that cannot be taken; then none is. The number of statements does not depend on how many.
    """
    checked = [arrival.checked(at=at) for arrival in arrivals]
    with statements.together() if len(checked) == 1 else nullcontext():
        kept = keep_many([_incoming(arrival) for arrival in checked], at=at)
        fresh = [(arrival, message) for arrival, message in zip(checked, kept, strict=True) if message.is_new]
        customers = find_or_make_many([_contact(arrival) for arrival, _message in fresh], at) if fresh else []
        made = iter(_file(fresh, customers, actor=actor, at=at) if fresh else [])
    made = iter(_referred(list(made), [arrival for arrival, _message in fresh], actor=actor, at=at))
    before = _before([message for message in kept if not message.is_new])
    return [next(made) if message.is_new else Taken(before[message.message.pk], False) for message in kept]


def _referred(made: list[Taken], arrivals: Sequence[Arrival], *, actor: Actor, at: datetime) -> list[Taken]:
    """What an authority sent runs by its clocks from the beginning."""
    found = []
    for taken, arrival in zip(made, arrivals, strict=True):
        if arrival.referral is not None:
            case = regulating.refer(taken.complaint, arrival.referral, actor=actor, at=at)
            taken = Taken(taken.complaint, True, (*taken.clocks, *regulating.running(case)))
        found.append(taken)
    return found


def _contact(arrival: Arrival) -> Contact:
    return Contact(arrival.name, arrival.phone, arrival.email, arrival.tier)


def _incoming(arrival: Arrival) -> Incoming:
    raw = arrival.raw or json.dumps(
        {"text": arrival.text, "title": arrival.title, "name": arrival.name, "phone": arrival.phone}, ensure_ascii=False
    ).encode("utf-8", "surrogatepass")
    return Incoming(
        channel=arrival.channel,
        raw=raw,
        external_id=arrival.external_id,
        sender=arrival.phone or arrival.email,
        subject=arrival.title,
    )


def _before(known: Sequence[Kept]) -> dict[int, Complaint]:
    if not known:
        return {}
    rows = Complaint.objects.filter(message__in=[each.message.pk for each in known])
    return {row.message_id: row for row in rows if row.message_id is not None}


def _file(
    fresh: Sequence[tuple[Arrival, Kept]], customers: Sequence[Customer], *, actor: Actor, at: datetime
) -> list[Taken]:
    owners = Owners()
    filings = [
        _filing(arrival, message, customer, owners, actor, at)
        for (arrival, message), customer in zip(fresh, customers, strict=True)
    ]
    filed = filing.file_many(filings, actor=actor, at=at)
    return [Taken(each.complaint, True, each.clocks) for each in filed]


def _filing(
    arrival: Arrival, kept: Kept, customer: Customer, owners: Owners, actor: Actor, at: datetime
) -> filing.Filing:
    reference = book()
    if arrival.category and arrival.category not in reference.category_ids:
        raise NotTaken({"category": _("没有这个受理类型：%s。") % arrival.category})
    verdict = grade(
        arrival.text,
        title=arrival.title,
        kind=arrival.kind,
        channel=arrival.channel,
        tier=_tier(arrival, customer),
        signals=arrival.signals,
        category=arrival.category or None,
        book=reference,
    )
    return filing.Filing(
        message=kept.message,
        customer=customer,
        channel=arrival.channel,
        text=arrival.text,
        received_at=arrival.received_at or at,
        verdict=verdict,
        category_id=reference.category_ids[arrival.category or verdict.category],
        owner_unit=owners.of(arrival.received_unit, actor),
        received_unit=arrival.received_unit,
        assignee=arrival.assignee,
        severity=verdict.severity,
        complexity=verdict.complexity,
        emotion=arrival.emotion or verdict.emotion,
        is_urgent=verdict.urgent or arrival.urgent,
        issues=arrival.issues,
        history=filing.History(reply=arrival.reply, replied_at=arrival.replied_at) if arrival.replied_at else None,
        columns=_columns(arrival, customer, verdict),
    )


def _tier(arrival: Arrival, customer: Customer) -> str:
    """The better of what is given and what is known: a tier never makes anything worse (severity.yaml tier_guard)."""
    return max(arrival.tier, str(customer.tier), key=("STD", "VIP", "VUL").index)


def _columns(arrival: Arrival, customer: Customer, verdict: Verdict) -> dict[str, object]:
    return {
        "kind": arrival.kind,
        "title": arrival.title,
        "external_id": arrival.external_id,
        "complainant_name": arrival.name,
        "order_no": arrival.order_no,
        "sku": arrival.sku,
        "batch": arrival.batch,
        "occurred_at": arrival.occurred_at,
        "occurred_place": arrival.occurred_place,
        "region": arrival.region,
        "expectation": arrival.expectation,
        "elements": arrival.elements,
        "cause": arrival.cause,
        "brand": arrival.brand,
        "brand_source": arrival.brand_source,
        "intake_seconds": arrival.intake_seconds,
        "tier": _tier(arrival, customer),
    }
