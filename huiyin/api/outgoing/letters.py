"""Letters, notes, files."""

from datetime import datetime

from pydantic import BaseModel, Field

from huiyin.api.outgoing.people import PersonOut


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
