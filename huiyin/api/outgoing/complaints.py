"""A complaint: just made, a line of a list, whole, and after a move."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from huiyin.api.outgoing.letters import AttachmentOut, LetterOut, NoteOut
from huiyin.api.outgoing.people import CustomerOut, PersonOut, UnitOut
from huiyin.api.outgoing.times import BrokenOut, ClockOut, ClockWithWhy, PauseOut
from huiyin.api.outgoing.work_orders import Move, WorkOrderOut


class Reason(BaseModel):
    rule: str
    text: str


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


class ValidityOut(BaseModel):
    id: int
    value: str
    reason: str
    evidence: str
    proposed_by: PersonOut
    proposed_at: datetime
    confirmed_by: PersonOut | None
    confirmed_at: datetime | None


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


class Standing(BaseModel):
    """How the complaint stands after a move."""

    number: str
    state: str
    severity: int
    due_at: datetime
    outcome: str
    version: int
    allowed_moves: list[Move]


class Explained(Standing):
    """How it stands, and what the reason was filed for."""

    explained: list[BrokenOut] = Field(description="The broken promises that had no reason, the earliest due first.")
