"""The chain of events."""

from typing import Any

from pydantic import BaseModel, Field


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
