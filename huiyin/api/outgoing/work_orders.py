"""Work orders and their audits."""

from datetime import datetime

from pydantic import BaseModel

from huiyin.api.outgoing.people import PersonOut, UnitOut


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
