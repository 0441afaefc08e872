"""What callers get. Plain models: they are filled by showing.py and written by pydantic."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field


class Reason(BaseModel):
    rule: str
    text: str


class ClockOut(BaseModel):
    code: str = Field(examples=["CK-RESOLVE"])
    subject: str = Field(description="The work order's number; empty for the complaint's own.")
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    breached_at: datetime | None


class Explanation(BaseModel):
    """Why it is due when it is, in words."""

    zh: str
    en: str


class ClockWithWhy(ClockOut):
    why: dict[str, Any] = Field(description="From which rule and targets the deadline came.")
    explanation: Explanation
    paused_at: datetime | None = Field(description="It stands still since then.")
    first_due_at: datetime | None = Field(description="As first promised, where a pause or an extension has moved it.")
    extended_days: int = Field(description="Working days, approved.")
    breach_reason: str = Field(description="Why it was broken, as filed; empty where nobody has.")


class UnitOut(BaseModel):
    code: str
    name: str


class PersonOut(BaseModel):
    username: str
    name: str


class CustomerOut(BaseModel):
    """As much as the member's roles show: in full, masked, or empty."""

    name: str
    phone: str
    email: str
    tier: str


class Created(BaseModel):
    number: str
    state: str
    category: str
    severity: int
    emotion: int
    complexity: str
    reasons: list[Reason]
    unit: str
    due_at: datetime
    clocks: list[ClockOut]
    tracking_url: str = Field(description="For the customer. Whoever has it sees the progress: treat as a secret.")


class Brief(BaseModel):
    """One line of a list: everything but the text."""

    number: str
    title: str
    state: str
    kind: str
    channel: str
    category: str
    severity: int
    complexity: str
    emotion: int
    tier: str
    unit: UnitOut
    assignee: PersonOut | None
    customer: CustomerOut
    order_no: str
    external_id: str
    received_at: datetime
    due_at: datetime
    overdue: bool
    breached_at: datetime | None
    closed_at: datetime | None
    outcome: str
    reopened_count: int
    confidential: bool
    version: int


class ComplaintList(BaseModel):
    items: list[Brief]
    next: str | None = Field(description="URL of the next page; null on the last.")


class IssueOut(BaseModel):
    id: int
    text: str
    answer: str
    answered_at: datetime | None
    dropped: bool


class AnswerOut(BaseModel):
    issue: int
    text: str


class AuditOut(BaseModel):
    verdict: str
    reason: str
    auditor: PersonOut
    at: datetime
    round: int


class Move(BaseModel):
    name: str
    label: str


class WorkOrderOut(BaseModel):
    number: str
    complaint: str
    state: str
    unit: UnitOut
    assignee: PersonOut | None
    handler: PersonOut | None
    parent: str | None
    replaces: str | None
    issues: list[int]
    instructions: str
    findings: str
    result_code: str
    decline_reason: str
    answers: list[AnswerOut]
    audits: list[AuditOut]
    round: int
    dispatched_at: datetime | None
    signed_at: datetime | None
    completed_at: datetime | None
    audited_at: datetime | None
    sign_due_at: datetime | None
    due_at: datetime
    overdue: bool
    nudge_count: int
    last_nudged_at: datetime | None
    allowed_moves: list[Move]


class WorkOrderList(BaseModel):
    items: list[WorkOrderOut]
    next: str | None


class LetterOut(BaseModel):
    id: int
    channel: str
    purpose: str
    status: str
    subject: str
    body: str
    author: PersonOut | None
    created_at: datetime
    sent_at: datetime | None


class NoteOut(BaseModel):
    id: int
    kind: str = Field(description="note, reason (given with a move), or customer (added by the customer)")
    text: str
    author: PersonOut | None
    created_at: datetime


class AttachmentOut(BaseModel):
    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    from_customer: bool
    added_at: datetime


class ValidityOut(BaseModel):
    id: int
    value: str
    reason: str
    evidence: str
    proposed_by: PersonOut
    proposed_at: datetime
    confirmed_by: PersonOut | None
    confirmed_at: datetime | None


class PauseOut(BaseModel):
    reason: str = Field(examples=["WAIT_CUST"])
    words: str
    started_at: datetime
    until_at: datetime | None
    ended_at: datetime | None
    ended_by: str = Field(description="member, customer or system")
    replied_at: datetime | None = Field(description="When the customer wrote while it ran.")


class RegulatoryOut(BaseModel):
    """Supported, not certified."""

    id: int
    profile: str
    number: str
    category: str
    authority: str
    received_at: datetime
    deadline: datetime | None = Field(description="As the authority gave it.")
    answered_at: datetime | None
    outcome: str
    clocks: list[ClockWithWhy]
    hints: list[str] = Field(description="What the profile's eligibility rule would say; nothing is refused by it.")


class RegulatoryList(BaseModel):
    items: list[RegulatoryOut]


class ProfileOut(BaseModel):
    code: str
    name: str
    standing: str = Field(description="Always `supported, not certified`.")
    reach: str = Field(description="off, referred or every")
    in_force: str
    checked_on: str
    status: str
    clocks: list[dict[str, Any]]


class ProfileList(BaseModel):
    items: list[ProfileOut]


class AccountableOut(BaseModel):
    role: str
    unit: str = Field(description="The unit's code.")


class Whole(Brief):
    accountable: AccountableOut = Field(description="Who answers for a complaint of this level.")
    text: str
    text_digest: str
    expectation: str
    sku: str
    batch: str
    occurred_at: datetime | None
    occurred_place: str
    region: str
    elements: dict[str, str]
    reasons: list[Reason]
    proposed_category: str
    proposed_severity: int
    reviewer: PersonOut | None
    state_since: datetime
    filed_at: datetime
    effective_at: datetime | None
    first_contact_at: datetime | None
    replied_at: datetime | None
    follow_up_on: date | None
    merged_into: str | None
    cause: str = Field(description="Why the customer complained: a code of /causes, or the category's own words.")
    brand: str
    brand_source: str = Field(description="manual or boss; empty without a brand.")
    issues: list[IssueOut]
    work_orders: list[WorkOrderOut]
    clocks: list[ClockWithWhy]
    pauses: list[PauseOut]
    letters: list[LetterOut]
    notes: list[NoteOut]
    attachments: list[AttachmentOut]
    validities: list[ValidityOut]
    allowed_moves: list[Move] = Field(description="What this token's member may do with it now.")


class ExtensionOut(BaseModel):
    id: int
    clock: str
    subject: str
    days: int
    verdict: str = Field(description="asked, granted, refused or lapsed")
    asked_by: PersonOut
    asked_at: datetime
    due_before: datetime
    due_after: datetime | None
    target_at: datetime | None = Field(description="When due if granted, where another grading asks for it; days is 0.")


class SupervisionOut(BaseModel):
    id: int
    number: str
    words: str
    issued_by: PersonOut
    issued_at: datetime
    answer_by: datetime
    answer: str
    answered_at: datetime | None


class SupervisionList(BaseModel):
    items: list[SupervisionOut]


class Standing(BaseModel):
    """How the complaint stands after a move."""

    number: str
    state: str
    severity: int
    due_at: datetime
    outcome: str
    version: int
    allowed_moves: list[Move]


class EventOut(BaseModel):
    seq: int
    kind: str
    at: str = Field(examples=["2026-11-22T02:00:00.000000Z"])
    actor: str = Field(description="member:ID, customer or system: as it is in the hash.")
    actor_name: str
    particulars: dict[str, Any]
    hash: str
    previous_hash: str


class Chain(BaseModel):
    complaint: str
    items: list[EventOut]
    next: str | None


class ContactOut(BaseModel):
    name: str
    phone: str
    email: str


class WaitingOut(BaseModel):
    id: int
    reference: str
    way: str
    unit: UnitOut
    entered_at: datetime
    ended_at: datetime | None
    lost: bool
    seconds: int = Field(description="Waited so far, or in all.")


class WaitingList(BaseModel):
    items: list[WaitingOut]
    agents_needed: int = Field(
        description="By Erlang C, so that less than 1 % wait longer than the policy's 15 minutes."
    )
    agents_on_duty: int
