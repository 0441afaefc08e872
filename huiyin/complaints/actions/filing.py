"""Filing: the complaint comes into being with its number, its clocks and the first link of its chain."""

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from huiyin.channels.models import Message
from huiyin.complaints import events
from huiyin.complaints.actions import clocks
from huiyin.complaints.models import Clock, Complaint, Event, Issue, Letter, Searchable
from huiyin.complaints.models.complaint import Outcome
from huiyin.complaints.numbering import numbers
from huiyin.complaints.searching import vector
from huiyin.complaints.states import State
from huiyin.customers.models import Customer
from huiyin.lib import statements
from huiyin.lib.bulk import fresh_ids, insert, new_row
from huiyin.lib.canonical import sha256_hex
from huiyin.org.actors import Actor
from huiyin.org.models import Member, Unit
from huiyin.triage.grading import Verdict


@dataclass(frozen=True, kw_only=True)
class History:
    """It was answered before it came here: what was said, and when."""

    reply: str
    replied_at: datetime


@dataclass(frozen=True, kw_only=True)
class Filing:
    """All that is known when a complaint is filed. `verdict` is the machine's proposal, the rest is what holds."""

    message: Message | None
    customer: Customer
    channel: str
    text: str
    received_at: datetime
    verdict: Verdict
    category_id: int
    owner_unit: Unit
    received_unit: Unit | None = None
    assignee: Member | None = None
    severity: int = 3
    complexity: str = "S"
    emotion: int = 1
    is_urgent: bool = False
    issues: tuple[str, ...] = ()
    history: History | None = None
    columns: dict[str, Any] = field(default_factory=dict)  # further columns of Complaint, as given by the customer


@dataclass(frozen=True)
class Filed:
    """The complaint, and the clocks that run for it now."""

    complaint: Complaint
    clocks: tuple[Clock, ...]


def file(filing: Filing, *, actor: Actor, at: datetime) -> Complaint:
    """File one; see file_many."""
    return file_many([filing], actor=actor, at=at)[0].complaint


@transaction.atomic(savepoint=False)
def file_many(filings: Sequence[Filing], *, actor: Actor, at: datetime) -> list[Filed]:
    """File them all or none: numbered, clocks running from `received_at`, searchable, chain begun, followers queued.

    The number of statements does not depend on how many are filed.
    """
    today = timezone.localtime(at, _TRADE_ZONE).date()
    fresh = numbers(today, len(filings))
    complaints = [_row(filing, number, actor, at) for filing, number in zip(filings, fresh, strict=True)]
    for complaint, key in zip(complaints, fresh_ids(Complaint, len(complaints)), strict=True):
        complaint.pk = key
    running = clocks.for_filing(complaints, filings)
    with statements.together() if len(filings) == 1 else nullcontext():
        insert(complaints)
        clocks.start_many([clock for begun in running for clock in begun])
        insert([_searchable(complaint, filing) for complaint, filing in zip(complaints, filings, strict=True)])
        _raise_issues(complaints, filings)
        _keep_replies(complaints, filings)
        facts = [_facts(complaint, filing) for complaint, filing in zip(complaints, filings, strict=True)]
        events.record_first(complaints, facts, actor=actor)
    events.follow_first(complaints, facts)
    return [Filed(each, tuple(begun)) for each, begun in zip(complaints, running, strict=True)]


_TRADE_ZONE = ZoneInfo("Asia/Shanghai")  # the day in a complaint's number is the company's day


def _row(filing: Filing, number: str, actor: Actor, at: datetime) -> Complaint:
    code = secrets.token_urlsafe(18)
    verdict = filing.verdict
    complaint = new_row(
        Complaint,
        number=number,
        channel=filing.channel,
        message=filing.message,
        text=filing.text,
        text_digest=sha256_hex(filing.text.encode()),
        customer=filing.customer,
        category_id=filing.category_id,
        severity=filing.severity,
        complexity=filing.complexity,
        emotion=filing.emotion,
        emotion_estimate=verdict.emotion,
        is_urgent=filing.is_urgent,
        grading=_proposal(verdict),
        owner_unit=filing.owner_unit,
        received_unit=filing.received_unit,
        assignee=filing.assignee,
        filed_by=actor.member,
        units=sorted({unit.pk for unit in (filing.owner_unit, filing.received_unit) if unit is not None}),
        state=State.RECEIVED,
        state_since=at,
        received_at=filing.received_at,
        filed_at=at,
        tracking_code=code,
        tracking_digest=tracking_digest(code),
        **filing.columns,
    )
    if filing.history is not None:
        complaint.state = State.CLOSED
        complaint.replied_at = complaint.closed_at = filing.history.replied_at
        complaint.outcome = Outcome.NO_ANSWER
    return complaint


def _searchable(complaint: Complaint, filing: Filing) -> Searchable:
    customer = filing.customer
    words = vector(complaint, phone_digest=customer.phone_digest, email_digest=customer.email_digest)
    return new_row(Searchable, complaint_id=complaint.pk, vector=words)


def _proposal(verdict: Verdict) -> dict[str, Any]:
    return {
        "category": verdict.category,
        "severity": verdict.severity,
        "complexity": verdict.complexity,
        "issue": verdict.issue_class,
        "confidence": verdict.confidence,
        "model": verdict.model,
        "reasons": [{"rule": reason.rule, "text": reason.text} for reason in verdict.reasons],
    }


def _facts(complaint: Complaint, filing: Filing) -> list[events.Fact]:
    facts: list[events.Fact] = [(Event.Kind.FILED, _particulars(complaint))]
    if filing.history is not None:
        replied = events.timestamp(filing.history.replied_at)
        closed = {"from": str(State.RECEIVED), "to": str(State.CLOSED), "historic": True, "replied": replied}
        facts.append((Event.Kind.CLOSED, closed))
    return facts


def _particulars(complaint: Complaint) -> dict[str, Any]:
    return {
        "from": str(State.DRAFT),
        "to": str(State.RECEIVED),
        "text": complaint.text_digest,
        "channel": str(complaint.channel),
        "received": events.timestamp(complaint.received_at),
        "category": complaint.grading["category"],
        "severity": complaint.severity,
        "owner": complaint.owner_unit.code,
    }


def _keep_replies(complaints: Sequence[Complaint], filings: Sequence[Filing]) -> None:
    letters = [
        Letter(
            complaint_id=complaint.pk,
            channel=Letter.Channel.POST,
            purpose=Letter.Purpose.FINAL,
            status=Letter.Status.SENT,
            body=filing.history.reply,
            created_at=filing.history.replied_at,
            sent_at=filing.history.replied_at,
        )
        for complaint, filing in zip(complaints, filings, strict=True)
        if filing.history is not None and filing.history.reply
    ]
    if letters:
        insert(letters)


def _raise_issues(complaints: Sequence[Complaint], filings: Sequence[Filing]) -> None:
    issues = [
        new_row(Issue, complaint_id=complaint.pk, position=position, text=text)
        for complaint, filing in zip(complaints, filings, strict=True)
        for position, text in enumerate(filing.issues, start=1)
    ]
    if issues:
        insert(issues)


def tracking_digest(code: str) -> str:
    """What the database keeps of a tracking code for looking it up; the code itself is sealed."""
    return hashlib.sha256(code.encode()).hexdigest()
