"""Clocks, pauses, extensions, and letters of supervision."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from huiyin.api.outgoing.people import PersonOut


class ClockOut(BaseModel):
    code: str = Field(examples=["CK-RESOLVE"])
    subject: str = Field(description="The work order's number; empty for the complaint's own.")
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    breached_at: datetime | None


class Explanation(BaseModel):
    """In words: what it is called, or why it is due when it is."""

    zh: str
    en: str


class BrokenOut(ClockOut):
    name: Explanation = Field(description="What the promise is called.")
    late_minutes: int = Field(
        description="From `due_at` to `stopped_at`, or to now where it still runs: begun minutes count."
    )


class ClockWithWhy(ClockOut):
    why: dict[str, Any] = Field(description="From which rule and targets the deadline came.")
    explanation: Explanation
    paused_at: datetime | None = Field(description="It stands still since then.")
    first_due_at: datetime | None = Field(description="As first promised, where a pause or an extension has moved it.")
    extended_days: int = Field(description="Working days, approved.")
    breach_reason: str = Field(description="Why it was broken, as filed; empty where nobody has.")


class PauseOut(BaseModel):
    reason: str = Field(examples=["WAIT_CUST"])
    words: str
    started_at: datetime
    until_at: datetime | None
    review_at: datetime | None = Field(description="Without a limit: when it is looked at again.")
    evidence: str = Field(description="What proves it: `letter:ID`, `note:ID`, `attachment:ID`, or empty.")
    ended_at: datetime | None
    ended_by: str = Field(description="member, customer or system")
    replied_at: datetime | None = Field(description="When the customer wrote while it ran.")


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


class Urged(BaseModel):
    number: str
    count: int  # how often by now, the customer's own among them
